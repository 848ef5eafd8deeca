package skewed

import "math"

// Sum is a sum with twice the precision of a float64. Its value is Hi + Lo, Lo being what was lost in Hi.
type Sum struct{ Hi, Lo float64 }

// add takes in hi + lo, lo being small against hi.
func (s *Sum) add(hi, lo float64) {
	t := s.Hi + hi
	virtual := t - s.Hi
	s.Lo += (s.Hi - (t - virtual)) + (hi - virtual) + lo
	s.Hi = t
}

// product is x*y, and what its rounding lost.
func product(x, y float64) (hi, lo float64) {
	hi = float64(x * y)
	return hi, math.FMA(x, y, -hi)
}

// Powers are the sums that moments of a vector are made of: of the Dim components, of their products (i, j), i <= j, row by row, and of
// third powers of the first Parts components, 1 or 2, in the order of [Moments].Third. Numbers far from 0 cost third powers digits: of a
// thousand around 1e9 with a spread of 1 two are left, while squares keep ten. Whoever knows a number close by takes it off first.
type Powers struct {
	Dim, Parts int
	// Whole promises that components are whole numbers and no sum ever exceeds 2^53: nothing is lost in such sums, and they are faster.
	Whole bool
}

// Len is the number of sums.
func (p Powers) Len() int { return p.thirds() + 3*p.Parts - 2 }

func (p Powers) thirds() int { return p.Dim + p.Dim*(p.Dim+1)/2 }

// Of gives the powers of one vector.
func (p Powers) Of(sums []Sum, x []float64) {
	k := p.Dim
	for i, v := range x[:p.Dim] {
		sums[i] = Sum{Hi: v}
		for _, w := range x[i:p.Dim] {
			sums[k].Hi, sums[k].Lo = product(v, w)
			k++
		}
	}
	first := x[0]
	sums[k] = sums[p.Dim].scaled(first)
	if p.Parts == 2 {
		second, squares := x[1], sums[place(p.Dim, 1, 1)+p.Dim]
		sums[k+1] = sums[p.Dim].scaled(second)
		sums[k+2] = squares.scaled(first)
		sums[k+3] = squares.scaled(second)
	}
}

// scaled is s * x, and nearly what its rounding lost.
func (s Sum) scaled(x float64) Sum {
	hi, lo := product(s.Hi, x)
	return Sum{hi, math.FMA(s.Lo, x, lo)}
}

// Merge adds other sums of the same powers.
func (p Powers) Merge(sums, others []Sum) {
	others = others[:p.Len()]
	sums = sums[:len(others)]
	if p.Whole {
		for i := range others {
			sums[i].Hi += others[i].Hi
		}
		return
	}
	for i := range others {
		sums[i].add(others[i].Hi, others[i].Lo)
	}
}

// Remove takes other sums, which were merged, out again.
func (p Powers) Remove(sums, others []Sum) {
	others = others[:p.Len()]
	sums = sums[:len(others)]
	if p.Whole {
		for i := range others {
			sums[i].Hi -= others[i].Hi
		}
		return
	}
	for i := range others {
		sums[i].add(-others[i].Hi, -others[i].Lo)
	}
}

// rounded is how much of a sum of squares may be left around the mean from rounding alone.
const rounded = 1e-30

// Moments makes moments of the sums of n vectors. A component whose values agree to 15 digits has no spread.
func (p Powers) Moments(n int64, sums []Sum) Moments {
	m := Moments{N: n, Means: make([]float64, p.Dim), Cross: make([]float64, p.thirds()-p.Dim), Third: make([]float64, p.Len()-p.thirds())}
	if n == 0 {
		return Moments{}
	}
	means, cross := make([]Sum, p.Dim), make([]Sum, len(m.Cross))
	for i := range means {
		means[i] = sums[i].over(float64(n))
		m.Means[i] = means[i].Hi + means[i].Lo
	}
	if n == 1 {
		return m
	}
	flat := make([]bool, p.Dim)
	for i := range p.Dim {
		k := place(p.Dim, i, i)
		square := sums[p.Dim+k]
		flat[i] = square.less(means[i].times(sums[i])).normal().Hi <= rounded*square.Hi
	}
	k := 0
	for i := range p.Dim {
		for j := i; j < p.Dim; j++ {
			if !flat[i] && !flat[j] {
				cross[k] = sums[p.Dim+k].less(means[i].times(sums[j]))
				m.Cross[k] = cross[k].Hi + cross[k].Lo
			}
			k++
		}
	}
	for k, t := range triples(p.Parts) {
		if flat[t[0]] || flat[t[2]] {
			continue
		}
		third := sums[p.thirds()+k].less(means[t[0]].times(means[t[1]]).times(sums[t[2]]))
		for turn, i := range t {
			third = third.less(means[i].times(cross[m.cross(t[(turn+1)%3], t[(turn+2)%3])]))
		}
		m.Third[k] = third.Hi + third.Lo
	}
	return m
}

// less is s - o.
func (s Sum) less(o Sum) Sum {
	s.add(-o.Hi, -o.Lo)
	return s
}

// times is s * o to about twice the precision of a float64.
func (s Sum) times(o Sum) Sum {
	s, o = s.normal(), o.normal()
	hi, lo := product(s.Hi, o.Hi)
	return Sum{hi, lo + (s.Hi*o.Lo + s.Lo*o.Hi)}
}

// over is s / n.
func (s Sum) over(n float64) Sum {
	s = s.normal()
	hi := s.Hi / n
	return Sum{hi, (math.FMA(-hi, n, s.Hi) + s.Lo) / n}
}

// normal is the same number with the nearest float64 in front.
func (s Sum) normal() Sum {
	out := Sum{Hi: s.Hi}
	out.add(s.Lo, 0)
	return out
}
