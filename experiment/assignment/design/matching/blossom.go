package matching

import (
	"context"
	"errors"
)

const (
	inner = -1 // at an odd distance from the root of the tree
	free  = 0  // not in the tree
	outer = 1
)

// node is a vertex, or a blossom: an odd cycle of nodes joined by tight edges, of which all but the first are matched to each other.
type node struct {
	label  int8
	since  int64 // time of the search when pi and dual were last brought up to date
	dual   int64 // of a blossom; never negative
	base   int32 // the vertex that is not matched inside
	parent int32 // the blossom around it; -1: none
	via    int32 // the edge by which the tree reached it
	kids   []int32
	cycle  []int32 // the edge from each kid to the next
	inside []int32 // its vertices
}

// solver finds a perfect matching of least cost. Its dual variables are those of the vertices and blossoms of
//
//	max sum y_v + sum Y_B,  cost(uv) - y_u - y_v - sum of Y_B over blossoms with one end inside >= 0,  Y_B >= 0;
//
// pi_v = y_v + the Y_B of the blossoms around v, so that the slack of an edge between nodes that are not inside each other is
// cost - pi_u - pi_v. During a search pi of outer nodes grows with time and that of inner ones falls; it is written down late.
type solver struct {
	*graph
	nodes   []node  // vertices, then blossoms
	unused  []int32 // numbers of blossoms that are no more
	top     []int32 // the outermost node around each vertex
	pi      []int64
	mate    []int32 // matched edge of each vertex; -1: none
	heap    events
	now     int64
	touched []int32 // nodes that were labelled in this search
	seen    []int64 // when a node was last climbed over
	climbs  int64
}

var errNoPerfectMatching = errors.New("matching: the graph has no perfect matching")

// newSolver starts from dual variables of vertices that leave every edge a slack.
func newSolver(g *graph, dual []int64) *solver {
	s := &solver{graph: g, pi: dual, top: make([]int32, g.n), mate: make([]int32, g.n)}
	for v := range int32(g.n) {
		s.nodes = append(s.nodes, node{base: v, parent: -1, inside: []int32{v}})
		s.top[v], s.mate[v] = v, -1
	}
	s.start()
	return s
}

// solve finds a mate for every vertex that has none.
func (s *solver) solve(ctx context.Context) error {
	for v := range int32(s.n) {
		if s.mate[v] >= 0 {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.search(v); err != nil {
			return err
		}
	}
	return nil
}

// start gives vertices all the slack of their edges, one after the other, and matches greedily what becomes tight.
func (s *solver) start() {
	for v := range int32(s.n) {
		if s.mate[v] >= 0 || len(s.incident[v]) == 0 {
			continue
		}
		least := s.slack(s.incident[v][0])
		for _, e := range s.incident[v] {
			least = min(least, s.slack(e))
		}
		s.pi[v] += least
		for _, e := range s.incident[v] {
			if w := s.other(e, v); s.slack(e) == 0 && s.mate[w] < 0 {
				s.mate[v], s.mate[w] = e, e
				break
			}
		}
	}
}

// potential is pi of a vertex at the time of the search.
func (s *solver) potential(v int32) int64 {
	t := &s.nodes[s.top[v]]
	return s.pi[v] + int64(t.label)*(s.now-t.since)
}

func (s *solver) slack(e int32) int64 {
	d := &s.edges[e]
	return d.cost - s.potential(d.u) - s.potential(d.v)
}

// setLabel brings a node up to date first.
func (s *solver) setLabel(b int32, label int8) {
	t := &s.nodes[b]
	if shift := int64(t.label) * (s.now - t.since); shift != 0 {
		for _, v := range t.inside {
			s.pi[v] += shift
		}
		if len(t.kids) > 0 {
			t.dual += shift
		}
	}
	t.label, t.since = label, s.now
	s.touched = append(s.touched, b)
}

// search grows a tree from a vertex without a mate until it finds another.
func (s *solver) search(root int32) error {
	s.heap, s.now, s.touched = s.heap[:0], 0, s.touched[:0]
	s.nodes[s.top[root]].via = -1
	s.setLabel(s.top[root], outer)
	s.scan(s.nodes[s.top[root]].inside)
	for found := false; !found; {
		if len(s.heap) == 0 {
			return errNoPerfectMatching
		}
		next := s.heap.pop()
		s.now = max(s.now, next.time)
		if next.what >= 0 {
			found = s.tighten(next.what)
		} else if b := ^next.what; s.isDue(b) {
			s.expand(b)
		}
	}
	for _, b := range s.touched {
		if s.nodes[b].parent < 0 {
			s.setLabel(b, free)
		}
	}
	return nil
}

// isDue reports whether a blossom is there, outermost, inner, and without a dual variable.
func (s *solver) isDue(b int32) bool {
	t := &s.nodes[b]
	return t.label == inner && t.parent < 0 && len(t.kids) > 0 && t.dual-(s.now-t.since) <= 0
}

// scan notes when the edges of vertices that became outer will be tight.
func (s *solver) scan(vertices []int32) {
	for _, v := range vertices {
		for _, e := range s.incident[v] {
			w := s.other(e, v)
			if s.top[w] == s.top[v] {
				continue
			}
			switch s.nodes[s.top[w]].label {
			case free:
				s.heap.push(event{s.now + s.slack(e), e})
			case outer:
				s.heap.push(event{s.now + s.slack(e)/2, e})
			}
		}
	}
}

// rescan does so for vertices that left the tree.
func (s *solver) rescan(vertices []int32) {
	for _, v := range vertices {
		for _, e := range s.incident[v] {
			if s.nodes[s.top[s.other(e, v)]].label == outer {
				s.heap.push(event{s.now + s.slack(e), e})
			}
		}
	}
}

// tighten makes use of an edge that has become tight, and reports whether the matching has grown.
func (s *solver) tighten(e int32) bool {
	u, v := s.edges[e].u, s.edges[e].v
	if s.nodes[s.top[u]].label != outer {
		u, v = v, u
	}
	a, b := s.top[u], s.top[v]
	if a == b || s.nodes[a].label != outer || s.nodes[b].label == inner {
		return false
	}
	if slack := s.slack(e); slack > 0 { // noted before an end changed its label
		if s.nodes[b].label == outer {
			slack /= 2
		}
		s.heap.push(event{s.now + slack, e})
		return false
	}
	switch {
	case s.nodes[b].label == outer:
		s.shrink(e)
	case s.mate[s.nodes[b].base] < 0:
		s.augment(e, u, v)
		return true
	default:
		s.grow(e, b)
	}
	return false
}

// grow adds a free node and its mate to the tree.
func (s *solver) grow(e, b int32) {
	s.addInner(b, e)
	base := s.nodes[b].base
	matched := s.mate[base]
	s.addOuter(s.top[s.other(matched, base)], matched)
}

func (s *solver) addInner(b, via int32) {
	s.setLabel(b, inner)
	s.nodes[b].via = via
	if len(s.nodes[b].kids) > 0 {
		s.heap.push(event{s.now + s.nodes[b].dual, ^b})
	}
}

func (s *solver) addOuter(b, via int32) {
	s.setLabel(b, outer)
	s.nodes[b].via = via
	s.scan(s.nodes[b].inside)
}
