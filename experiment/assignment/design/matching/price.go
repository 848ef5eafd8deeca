package matching

import "context"

// admit makes room for an edge that joined the graph with a negative slack: one end gives up its blossoms, its mate, and so much of its dual
// variable. The blossoms' dual variables are dropped, which only adds to slacks.
func (s *solver) admit(e int32) {
	slack := s.slack(e)
	v := s.edges[e].v
	if s.top[v] == s.top[s.edges[e].u] || slack < 0 {
		for s.top[v] != v {
			s.dissolve(s.top[v])
		}
	}
	if slack = s.slack(e); slack < 0 {
		s.part(v)
		s.pi[v] += slack
	}
}

// dissolve undoes an outermost blossom between searches. Its first vertex loses its mate, the others keep theirs.
func (s *solver) dissolve(b int32) {
	t := s.nodes[b]
	s.part(t.base)
	for _, v := range t.inside {
		s.pi[v] -= t.dual
	}
	s.uncover(b)
}

// part takes a vertex from its mate, if it has one.
func (s *solver) part(v int32) {
	if e := s.mate[v]; e >= 0 {
		s.mate[s.other(e, v)], s.mate[v] = -1, -1
	}
}

// layout is the vertices in an order in which every blossom is an interval. The blossoms around two vertices are those around all that lie
// between, so the sum of their dual variables is the least of shared from the first to before the second.
type layout struct {
	order  []int32
	shared []int64 // of each vertex with the next
}

func (s *solver) layout() *layout {
	l := &layout{}
	for v := range int32(s.n) {
		if b := s.top[v]; s.nodes[b].inside[0] == v {
			s.lay(b, 0, l)
			l.shared = append(l.shared, 0)
		}
	}
	return l
}

// lay appends a node; around is the sum of the dual variables of the blossoms that it lies in.
func (s *solver) lay(b int32, around int64, l *layout) {
	t := &s.nodes[b]
	if len(t.kids) == 0 {
		l.order = append(l.order, b)
		return
	}
	around += t.dual
	for i, k := range t.kids {
		if i > 0 {
			l.shared = append(l.shared, around)
		}
		s.lay(k, around, l)
	}
}

// reduced is a pair that would improve the matching, by how much.
type reduced struct {
	slack, cost int64
	point       int
}

// price adds pairs with a negative slack to the solver's graph, the worst of each point. When there is none the matching is optimal over all
// pairs: its dual solution is feasible.
func (m *matcher) price(ctx context.Context, s *solver) error {
	l := s.layout()
	for a, i := range l.order {
		if err := ctx.Err(); err != nil {
			return err
		}
		var worst []reduced
		shared := l.shared[a]
		for b := a + 1; b < len(l.order); b++ {
			j := l.order[b]
			cost, ok := m.cost(int(i), int(j))
			if slack := cost - s.pi[i] - s.pi[j] + 2*shared; ok && slack < 0 {
				worst = keep(worst, reduced{slack, cost, int(j)})
			}
			shared = min(shared, l.shared[b])
		}
		for _, r := range worst {
			s.add(int(i), r.point, r.cost)
		}
	}
	return nil
}

// keep holds the least few.
func keep(worst []reduced, r reduced) []reduced {
	if len(worst) < addedEach {
		return append(worst, r)
	}
	most := 0
	for k := range worst {
		if worst[k].slack > worst[most].slack {
			most = k
		}
	}
	if r.slack < worst[most].slack {
		worst[most] = r
	}
	return worst
}
