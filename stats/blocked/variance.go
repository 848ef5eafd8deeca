package blocked

// piece is what a unit of a group contributes to both variants, less the mean of its group: to the level, own, and to the means of what adjusts
// it, away. Their squares with the weight n/(n-1) add up to the variance.
type piece struct {
	weight float64
	own    [2]float64
	away   [2][]float64
}

func newPiece(weight float64, k int) piece {
	return piece{weight: weight, away: [2][]float64{make([]float64, k), make([]float64, k)}}
}

func (p *piece) add(s *side, arm, cluster int, times float64) {
	p.own[arm] += times * s.own[cluster]
	for j, v := range s.away[cluster] {
		p.away[arm][j] += times * v
	}
}

// merge adds another piece so many times.
func (p *piece) merge(o piece, times float64) {
	for arm := range p.own {
		p.own[arm] += times * o.own[arm]
		for j, v := range o.away[arm] {
			p.away[arm][j] += times * v
		}
	}
}

// difference is what the piece contributes to treatment minus control.
func (p piece) difference() float64 { return p.own[0] - p.own[1] }

func (p piece) imbalance(j int) float64 { return p.away[0][j] - p.away[1][j] }

// pieces takes a comparison apart.
func (c *comparing) pieces() []piece {
	var out []piece
	k := len(c.sides[0].means)
	for _, g := range c.groups {
		n := float64(len(g))
		if n < 2 {
			continue
		}
		mean := newPiece(1, k)
		from := len(out)
		for _, unit := range g {
			p := newPiece(n/(n-1), k)
			for _, i := range unit {
				arm, at := c.place(i)
				p.add(c.sides[arm], arm, at, 1)
			}
			mean.merge(p, 1/n)
			out = append(out, p)
		}
		for i := from; i < len(out); i++ {
			out[i].merge(mean, -1)
		}
	}
	return append(out, c.odds(k)...)
}

// odds are what the chance that rounded a block's share contributes: so many clusters more that are treated like the mean of those that are, and
// less of the others.
func (c *comparing) odds(k int) []piece {
	var out []piece
	for i := range c.layout.large {
		b := &c.layout.large[i]
		odd := c.layout.odd(b)
		if odd*odd < 1e-12 {
			continue
		}
		p := newPiece(1, k)
		for arm, members := range b.members {
			sign := [2]float64{1, -1}[arm]
			for _, i := range members {
				_, at := c.place(i)
				p.add(c.sides[arm], arm, at, sign*odd/float64(len(members)))
			}
		}
		out = append(out, p)
	}
	return out
}

// covariance is V of the two levels.
type covariance struct{ v11, v00, v10 float64 }

func (v covariance) difference() float64 { return v.v11 + v.v00 - 2*v.v10 }

func (v covariance) times(treated, control, both float64) covariance {
	return covariance{v.v11 * treated, v.v00 * control, v.v10 * both}
}

func (v covariance) plus(o covariance) covariance {
	return covariance{v.v11 + o.v11, v.v00 + o.v00, v.v10 + o.v10}
}

// spread adds up the pieces for given slopes of the kept adjustments. With slopes, the mean that both variants are read at has noise too.
func (c *comparing) spread(pieces []piece, kept []int, slopes []float64) (v covariance) {
	for _, p := range pieces {
		m := p.own
		shared := 0.0
		for i, j := range kept {
			for arm, s := range c.sides {
				m[arm] -= slopes[i] * p.away[arm][j]
				shared += slopes[i] * p.away[arm][j] * s.counts[j] / (c.sides[0].counts[j] + c.sides[1].counts[j])
			}
		}
		m[0] += shared
		m[1] += shared
		v.v11 += p.weight * m[0] * m[0]
		v.v00 += p.weight * m[1] * m[1]
		v.v10 += p.weight * m[0] * m[1]
	}
	return v
}
