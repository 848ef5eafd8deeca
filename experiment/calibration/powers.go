package calibration

import (
	"math"

	"liftgate/stats"
)

// powers are the sums that moments and skewness are made of: of a vector around a centre, of its products, and of the third powers of its
// first parts, as (0), (00, 01, 11) and (000, 001, 011, 111). The centre lies amid the values, so that sums keep their digits.
type powers struct {
	dim    int
	thirds int // parts whose third powers are wanted: 0, 1 or 2
	center []float64
}

func (p *powers) width() int {
	return p.dim + p.dim*(p.dim+1)/2 + [...]int{0, 1, 4}[p.thirds]
}

// of writes the powers of a vector that is centred already.
func (p *powers) of(x, out []float64) {
	k := copy(out, x)
	for i := range x {
		for j := i; j < len(x); j++ {
			out[k] = x[i] * x[j]
			k++
		}
	}
	switch p.thirds {
	case 1:
		out[k] = x[0] * x[0] * x[0]
	case 2:
		out[k], out[k+1] = x[0]*x[0]*x[0], x[0]*x[0]*x[1]
		out[k+2], out[k+3] = x[0]*x[1]*x[1], x[1]*x[1]*x[1]
	}
}

// moments are those of n units with these sums.
func (p *powers) moments(n int64, sums []float64) stats.Moments {
	m := stats.Moments{N: n}
	if n == 0 {
		return m
	}
	m.Means, m.Cross = make([]float64, p.dim), make([]float64, p.dim*(p.dim+1)/2)
	k := 0
	for i := range p.dim {
		shift := sums[i] / float64(n)
		m.Means[i] = p.center[i] + shift
		for j := i; j < p.dim; j++ {
			m.Cross[k] = sums[p.dim+k] - shift*sums[j]
			if i == j {
				m.Cross[k] = max(m.Cross[k], 0)
			}
			k++
		}
	}
	return m
}

// spreadless is the standard deviation, relative to the size of the numbers, up to which they do not spread, as for
// datasets.BlockEvidence.Skewness.
const spreadless = 1e-12

// skewness is that of a unit's contribution, the first part, or first - R * second with R the ratio of their means; 0 without spread.
func (p *powers) skewness(n int64, sums []float64) float64 {
	if n == 0 || p.thirds == 0 {
		return 0
	}
	units := float64(n)
	var mean, shift [2]float64
	for i := range p.thirds {
		shift[i] = sums[i] / units
		mean[i] = p.center[i] + shift[i]
	}
	c := p.central(units, shift, sums)
	squares, cubes, size := c[0], c[3], math.Sqrt(mean[0]*mean[0]+c[0]/units)
	if p.thirds == 2 {
		r := mean[0] / mean[1]
		squares = c[0] - 2*r*c[1] + r*r*c[2]
		cubes = c[3] - 3*r*c[4] + 3*r*r*c[5] - r*r*r*c[6]
		size += math.Abs(r) * math.Sqrt(mean[1]*mean[1]+c[2]/units)
	}
	spread := math.Sqrt(squares / units)
	if !(spread > spreadless*size) {
		return 0
	}
	s := cubes / units / (spread * spread * spread)
	if math.IsNaN(s) || math.IsInf(s, 0) {
		return 0
	}
	return s
}

// central are the second (00, 01, 11) and third (000, 001, 011, 111) powers of the parts around their means.
func (p *powers) central(n float64, d [2]float64, sums []float64) (c [7]float64) {
	q := sums[p.dim:]
	c[0] = q[0] - n*d[0]*d[0]
	t := sums[p.width()-[...]int{0, 1, 4}[p.thirds]:]
	c[3] = t[0] - 3*d[0]*q[0] + 2*n*d[0]*d[0]*d[0]
	if p.thirds == 1 {
		return c
	}
	xx, xy, yy := q[0], q[1], q[p.dim]
	c[1], c[2] = xy-n*d[0]*d[1], yy-n*d[1]*d[1]
	c[4] = t[1] - 2*d[0]*xy - d[1]*xx + 2*n*d[0]*d[0]*d[1]
	c[5] = t[2] - 2*d[1]*xy - d[0]*yy + 2*n*d[0]*d[1]*d[1]
	c[6] = t[3] - 3*d[1]*yy + 2*n*d[1]*d[1]*d[1]
	return c
}
