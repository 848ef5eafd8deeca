package matching

import (
	"context"
	"slices"
)

// Groups are blocks of several points; the last one is smaller when the points do not divide. Across counts blocks of several strata. Total is the
// sum of squared distances between all points of a block.
type Groups struct {
	Blocks [][]int
	Across int
	Total  float64
}

// Group finds blocks of a size above two. With exchange, points change places between blocks of their stratum while that lowers the total.
// The error is that of a context that ends.
func Group(ctx context.Context, x [][]float64, strata []int, size int, exchange bool) (Groups, error) {
	p := newPoints(x, strata)
	var out Groups
	var left []int
	for _, members := range p.members {
		blocks, rest := p.farthestFirst(ctx, members, size)
		if exchange {
			p.exchange(ctx, blocks)
		}
		out.Blocks, left = append(out.Blocks, blocks...), append(left, rest...)
	}
	slices.Sort(left)
	blocks, rest := p.farthestFirst(ctx, left, size)
	out.Blocks = append(out.Blocks, blocks...)
	if len(rest) > 0 {
		out.Blocks = append(out.Blocks, rest)
	}
	for _, b := range out.Blocks {
		slices.Sort(b)
		out.Total += p.spread(b)
		if slices.ContainsFunc(b, func(i int) bool { return strata[i] != strata[b[0]] }) {
			out.Across++
		}
	}
	return out, ctx.Err()
}

// spread is the sum of squared distances inside a block.
func (p *points) spread(block []int) float64 {
	sum := 0.0
	for a, i := range block {
		for _, j := range block[:a] {
			sum += p.distance(i, j)
		}
	}
	return sum
}

// farthestFirst takes the point farthest from the mean of what is left with its closest neighbours, then the one farthest from that, and so on;
// rest are fewer than make a block.
func (p *points) farthestFirst(ctx context.Context, members []int, size int) (blocks [][]int, rest []int) {
	rest = slices.Clone(members)
	for len(rest) >= size && ctx.Err() == nil {
		centre := p.mean(rest)
		i := p.farthest(rest, centre)
		reference := p.x[i*p.dim : (i+1)*p.dim]
		blocks, rest = p.take(ctx, blocks, rest, i, size)
		if len(rest) >= size {
			blocks, rest = p.take(ctx, blocks, rest, p.farthest(rest, reference), size)
		}
	}
	return blocks, rest
}

func (p *points) take(ctx context.Context, blocks [][]int, rest []int, i, size int) (more [][]int, less []int) {
	block := []int{i}
	for _, n := range p.nearest(ctx, block, rest, size-1)[0] {
		block = append(block, int(n.point))
	}
	return append(blocks, block), slices.DeleteFunc(rest, func(k int) bool { return slices.Contains(block, k) })
}

func (p *points) mean(some []int) []float64 {
	out := make([]float64, p.dim)
	for _, i := range some {
		for k := range out {
			out[k] += p.x[i*p.dim+k] / float64(len(some))
		}
	}
	return out
}

func (p *points) farthest(some []int, from []float64) int {
	at, most := some[0], -1.0
	for _, i := range some {
		sum := 0.0
		for k, v := range from {
			d := p.x[i*p.dim+k] - v
			sum += d * d
		}
		if sum > most {
			at, most = i, sum
		}
	}
	return at
}

const (
	exchangeRounds = 10 // the total has long stopped to fall
	exchangeWith   = 10 // neighbours, whose blocks a point may go to
)

// exchange lets points of different blocks change places while the total falls.
func (p *points) exchange(ctx context.Context, blocks [][]int) {
	at := map[int]int{}
	var all []int
	for b, block := range blocks {
		for _, i := range block {
			at[i] = b
			all = append(all, i)
		}
	}
	slices.Sort(all)
	neighbours := p.nearest(ctx, all, all, exchangeWith)
	for range exchangeRounds {
		moved := false
		for a, i := range all {
			for _, n := range neighbours[a] {
				if to := at[int(n.point)]; to != at[i] {
					moved = p.swap(blocks, at, i, to) || moved
				}
			}
		}
		if !moved || ctx.Err() != nil {
			return
		}
	}
}

// swap puts a point into a block in place of whichever of its points makes the total smallest, if that is smaller than now.
func (p *points) swap(blocks [][]int, at map[int]int, i, to int) bool {
	from := at[i]
	best, gain := -1, 1e-12*p.away(i, i, blocks[from])
	for _, j := range blocks[to] {
		g := p.away(i, i, blocks[from]) + p.away(j, j, blocks[to]) - p.away(i, j, blocks[to]) - p.away(j, i, blocks[from])
		if g > gain {
			best, gain = j, g
		}
	}
	if best < 0 {
		return false
	}
	blocks[from][slices.Index(blocks[from], i)] = best
	blocks[to][slices.Index(blocks[to], best)] = i
	at[i], at[best] = to, from
	return true
}

// away is the sum of distances from a point to those of a block but one.
func (p *points) away(i, but int, block []int) float64 {
	sum := 0.0
	for _, j := range block {
		if j != but {
			sum += p.distance(i, j)
		}
	}
	return sum
}
