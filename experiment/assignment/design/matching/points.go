package matching

import (
	"context"
	"slices"
)

// points are what is matched: coordinates in one slice, and strata numbered from 0.
type points struct {
	n, dim  int
	x       []float64
	stratum []int
	members [][]int // by stratum, in the order of the points
}

func newPoints(x [][]float64, strata []int) *points {
	p := &points{n: len(x), stratum: strata}
	if p.n > 0 {
		p.dim = len(x[0])
	}
	for i, row := range x {
		p.x = append(p.x, row...)
		for len(p.members) <= strata[i] {
			p.members = append(p.members, nil)
		}
		p.members[strata[i]] = append(p.members[strata[i]], i)
	}
	return p
}

// distance is squared.
func (p *points) distance(i, j int) float64 {
	a, b := p.x[i*p.dim:(i+1)*p.dim], p.x[j*p.dim:(j+1)*p.dim]
	sum := 0.0
	for k, v := range a {
		d := v - b[k]
		sum += d * d
	}
	return sum
}

// near is a neighbour of a point.
type near struct {
	distance float64
	point    int32
}

// nearest lists the k closest of some others to each of some points, closest first. Of equally close ones those next in order come first, so
// that identical points do not all have the same neighbours. When the context ends there are none, and whoever asks has to say so.
func (p *points) nearest(ctx context.Context, of, others []int, k int) [][]near {
	out := make([][]near, len(of))
	for a, i := range of {
		if ctx.Err() != nil {
			break
		}
		list := make([]near, 0, k+1)
		start, _ := slices.BinarySearch(others, i)
		for step := range others {
			j := others[(start+step)%len(others)]
			if j == i {
				continue
			}
			d := p.distance(i, j)
			if len(list) == k && d >= list[k-1].distance {
				continue
			}
			at := len(list)
			for at > 0 && list[at-1].distance > d {
				at--
			}
			list = slices.Insert(list, at, near{d, int32(j)})
			list = list[:min(len(list), k)]
		}
		out[a] = list
	}
	return out
}
