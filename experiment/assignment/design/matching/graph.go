package matching

import "slices"

// edge joins two vertices at an even cost.
type edge struct {
	u, v int32
	cost int64
}

// graph is undirected, without loops and with one edge between two vertices.
type graph struct {
	n        int
	edges    []edge
	incident [][]int32 // edges, by vertex
	has      map[[2]int32]bool
}

func newGraph(n int) *graph {
	return &graph{n: n, incident: make([][]int32, n), has: map[[2]int32]bool{}}
}

// add is of no effect when the edge is there.
func (g *graph) add(u, v int, cost int64) {
	if u > v {
		u, v = v, u
	}
	key := [2]int32{int32(u), int32(v)}
	if g.has[key] {
		return
	}
	g.has[key] = true
	e := int32(len(g.edges))
	g.edges = append(g.edges, edge{key[0], key[1], cost})
	g.incident[u] = append(g.incident[u], e)
	g.incident[v] = append(g.incident[v], e)
}

// other is the end of an edge that is not v.
func (g *graph) other(e, v int32) int32 {
	return g.edges[e].u ^ g.edges[e].v ^ v
}

// events is a heap of what happens when the dual variables of a search have changed by so much: at equal times in a fixed order.
type events []event

type event struct {
	time int64
	what int32 // an edge becomes tight; or, as its complement, a blossom loses its dual variable
}

func (h *events) push(e event) {
	*h = append(*h, e)
	list := *h
	for i := len(list) - 1; i > 0; {
		up := (i - 1) / 2
		if !list[i].before(list[up]) {
			return
		}
		list[i], list[up] = list[up], list[i]
		i = up
	}
}

func (h *events) pop() event {
	list := *h
	first := list[0]
	last := len(list) - 1
	list[0] = list[last]
	list = list[:last]
	*h = list
	for i := 0; ; {
		down := 2*i + 1
		if down >= last {
			return first
		}
		if down+1 < last && list[down+1].before(list[down]) {
			down++
		}
		if !list[down].before(list[i]) {
			return first
		}
		list[i], list[down] = list[down], list[i]
		i = down
	}
}

func (e event) before(f event) bool {
	return e.time < f.time || e.time == f.time && e.what < f.what
}

// rotate puts the element at i first.
func rotate(list []int32, i int) []int32 {
	return slices.Concat(list[i:], list[:i])
}
