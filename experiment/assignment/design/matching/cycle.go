package matching

import "slices"

// above is the node that the tree reached b from; -1 at the root.
func (s *solver) above(b int32) int32 {
	via := s.nodes[b].via
	if via < 0 {
		return -1
	}
	u, v := s.top[s.edges[via].u], s.top[s.edges[via].v]
	return u ^ v ^ b
}

// branches are the ways from the two ends of an edge up to the node where they meet, without that node. Both are climbed in turn, so that the
// work is that of the cycle and not of the tree.
func (s *solver) branches(a, b int32) (left, right []int32, meet int32) {
	for len(s.seen) < len(s.nodes) {
		s.seen = append(s.seen, 0)
	}
	s.climbs++
	for x, y := a, b; ; x, y = y, x {
		if x < 0 {
			continue
		}
		if s.seen[x] == s.climbs {
			meet = x
			break
		}
		s.seen[x] = s.climbs
		x = s.above(x)
	}
	return s.upTo(a, meet), s.upTo(b, meet), meet
}

func (s *solver) upTo(b, meet int32) (path []int32) {
	for ; b != meet; b = s.above(b) {
		path = append(path, b)
	}
	return path
}

// shrink makes a blossom of the cycle that a tight edge between two outer nodes closes.
func (s *solver) shrink(e int32) {
	left, right, meet := s.branches(s.top[s.edges[e].u], s.top[s.edges[e].v])
	t := node{base: s.nodes[meet].base, parent: -1, via: s.nodes[meet].via, label: outer, since: s.now}
	t.kids = append(t.kids, meet)
	for _, k := range slices.Backward(left) {
		t.kids, t.cycle = append(t.kids, k), append(t.cycle, s.nodes[k].via)
	}
	t.cycle = append(t.cycle, e)
	for _, k := range right {
		t.kids, t.cycle = append(t.kids, k), append(t.cycle, s.nodes[k].via)
	}
	b := s.number()
	var joined []int32
	for _, k := range t.kids {
		if s.nodes[k].label == inner {
			joined = append(joined, s.nodes[k].inside...)
		}
		s.setLabel(k, free)
		s.nodes[k].parent = b
		t.inside = append(t.inside, s.nodes[k].inside...)
	}
	s.nodes[b] = t
	s.touched = append(s.touched, b)
	for _, v := range t.inside {
		s.top[v] = b
	}
	s.scan(joined)
}

// number is that of a new blossom.
func (s *solver) number() int32 {
	if last := len(s.unused) - 1; last >= 0 {
		b := s.unused[last]
		s.unused = s.unused[:last]
		return b
	}
	s.nodes = append(s.nodes, node{})
	return int32(len(s.nodes) - 1)
}

// expand undoes an inner blossom whose dual variable is used up: the tree goes on along the half of the cycle that alternates.
func (s *solver) expand(b int32) {
	s.setLabel(b, free)
	t := s.nodes[b]
	s.uncover(b)
	entry := s.top[s.edges[t.via].u]
	if !slices.Contains(t.kids, entry) {
		entry = s.top[s.edges[t.via].v]
	}
	path, edges := alternating(&t, slices.Index(t.kids, entry))
	onPath := map[int32]bool{}
	for i, k := range path {
		onPath[k] = true
		label := int8(inner)
		if i%2 == 1 {
			label = outer
		}
		s.setLabel(k, label)
		s.nodes[k].via = t.via
		if i > 0 {
			s.nodes[k].via = edges[i-1]
		}
	}
	for i, k := range path {
		switch {
		case i%2 == 1:
			s.scan(s.nodes[k].inside)
		case len(s.nodes[k].kids) > 0:
			s.heap.push(event{s.now + s.nodes[k].dual, ^k})
		}
	}
	for _, k := range t.kids {
		if !onPath[k] {
			s.rescan(s.nodes[k].inside)
		}
	}
}

// uncover makes the kids of an outermost blossom outermost.
func (s *solver) uncover(b int32) {
	for _, k := range s.nodes[b].kids {
		s.nodes[k].parent, s.nodes[k].label, s.nodes[k].since = -1, free, s.now
		for _, v := range s.nodes[k].inside {
			s.top[v] = k
		}
	}
	s.nodes[b] = node{parent: -1}
	s.unused = append(s.unused, b)
}

// alternating is the way from a kid to the first one that begins with a matched edge, and its edges. Matched edges of a cycle are those at odd
// places.
func alternating(t *node, from int) (path, edges []int32) {
	path = append(path, t.kids[from])
	if from%2 == 0 {
		for i := from; i > 0; i-- {
			path, edges = append(path, t.kids[i-1]), append(edges, t.cycle[i-1])
		}
		return path, edges
	}
	for i := from; i < len(t.kids); i++ {
		path, edges = append(path, t.kids[(i+1)%len(t.kids)]), append(edges, t.cycle[i])
	}
	return path, edges
}

// augment changes over the edges between the root and a vertex v outside of the tree that has no mate.
func (s *solver) augment(e, u, v int32) {
	s.rebase(s.top[v], v)
	s.mate[v] = e
	for {
		b := s.top[u]
		matched := s.mate[s.nodes[b].base]
		root := s.nodes[b].base
		s.rebase(b, u)
		s.mate[u] = e
		if matched < 0 {
			return
		}
		p := s.top[s.other(matched, root)]
		e = s.nodes[p].via
		v, u = s.edges[e].u, s.edges[e].v
		if s.top[v] != p {
			v, u = u, v
		}
		s.rebase(p, v)
		s.mate[v] = e
	}
}

// rebase matches a blossom inside so that v is what is left.
func (s *solver) rebase(b, v int32) {
	t := &s.nodes[b]
	if len(t.kids) == 0 || t.base == v {
		return
	}
	kid := s.kid(b, v)
	s.rebase(kid, v)
	at := slices.Index(t.kids, kid)
	_, edges := alternating(t, at)
	for i := 1; i < len(edges); i += 2 {
		e := edges[i]
		for _, w := range []int32{s.edges[e].u, s.edges[e].v} {
			s.rebase(s.kid(b, w), w)
			s.mate[w] = e
		}
	}
	t.kids, t.cycle, t.base = rotate(t.kids, at), rotate(t.cycle, at), v
}

// kid is the part of a blossom that a vertex lies in.
func (s *solver) kid(b, v int32) int32 {
	for s.nodes[v].parent != b {
		v = s.nodes[v].parent
	}
	return v
}
