package matching

import (
	"container/heap"
	"context"
	"slices"
)

// Greedy pairs the two closest points, then the two closest of those left, and so on: inside strata first, then across. It is for comparison, or
// for more points than [Optimal] takes. The error is that of a context that ends.
func Greedy(ctx context.Context, x [][]float64, strata []int) (Pairing, error) {
	p := newPoints(x, strata)
	return p.pairing(p.greedy(ctx)), ctx.Err()
}

func (p *points) greedy(ctx context.Context) []int {
	mate := make([]int, p.n)
	for i := range mate {
		mate[i] = -1
	}
	var left []int
	for _, members := range p.members {
		left = append(left, p.pairClosest(ctx, members, mate)...)
	}
	slices.Sort(left)
	p.pairClosest(ctx, left, mate)
	return mate
}

// candidate is a point's closest neighbour, as long as that is free.
type candidate struct {
	near
	point int32
}

type candidates []candidate

func (c candidates) Len() int { return len(c) }
func (c candidates) Less(a, b int) bool {
	if c[a].distance != c[b].distance {
		return c[a].distance < c[b].distance
	}
	return c[a].point < c[b].point
}
func (c candidates) Swap(a, b int) { c[a], c[b] = c[b], c[a] }
func (c *candidates) Push(x any)   { *c = append(*c, x.(candidate)) }
func (c *candidates) Pop() any {
	last := (*c)[len(*c)-1]
	*c = (*c)[:len(*c)-1]
	return last
}

// pairClosest pairs some points and returns the one that is left, if any.
func (p *points) pairClosest(ctx context.Context, some, mate []int) []int {
	lists := map[int][]near{}
	var queue candidates
	for a, list := range p.nearest(ctx, some, some, firstNeighbours) {
		lists[some[a]] = list
		if len(list) > 0 {
			queue = append(queue, candidate{list[0], int32(some[a])})
		}
	}
	heap.Init(&queue)
	unmatched := slices.Clone(some)
	for len(queue) > 0 {
		c := heap.Pop(&queue).(candidate)
		i, j := int(c.point), int(c.near.point)
		if mate[i] >= 0 {
			continue
		}
		if mate[j] < 0 {
			mate[i], mate[j] = j, i
			continue
		}
		list := slices.DeleteFunc(lists[i], func(n near) bool { return mate[n.point] >= 0 })
		if len(list) == 0 {
			unmatched = slices.DeleteFunc(unmatched, func(k int) bool { return mate[k] >= 0 })
			list = p.nearest(ctx, []int{i}, unmatched, firstNeighbours)[0]
		}
		if lists[i] = list; len(list) > 0 {
			heap.Push(&queue, candidate{list[0], c.point})
		}
	}
	return slices.DeleteFunc(unmatched, func(k int) bool { return mate[k] >= 0 })
}
