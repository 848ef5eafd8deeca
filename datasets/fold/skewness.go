package fold

import (
	"math"

	"liftgate/stats"
)

// spreadless is the standard deviation, relative to the size of the numbers, up to which they do not spread.
const spreadless = 1e-12

// skewness is that of the units as they are now, by their moments: BlockEvidence.UncappedSkewness before the cap, Skewness after it.
func (b *block) skewness(moments []stats.Moments) []float64 {
	n := len(b.query.Variants)
	out := make([]float64, n)
	if b.spec.Binary {
		return out
	}
	lines := make([]contribution, n)
	for v := range lines {
		lines[v] = contributionOf(&moments[v], len(b.spec.Parts) == 2)
	}
	parts := make([][][2]float64, Partitions)
	b.each(func(i int) {
		parts[i] = make([][2]float64, n)
		for v := range lines {
			parts[i][v] = lines[v].powers(b.all(i, v))
			if n := b.parts[i].othersOf(v); n > 0 {
				lines[v].addOthers(&parts[i][v], b.parts[i].Row, float64(n))
			}
		}
	})
	for v := range out {
		var squares, cubes float64
		for i := range parts {
			squares += parts[i][v][0]
			cubes += parts[i][v][1]
		}
		units := float64(moments[v].N)
		spread := math.Sqrt(squares / units)
		if s := cubes / units / (spread * spread * spread); spread > spreadless && Finite(s) {
			out[v] = s
		}
	}
	return out
}

// contribution is what a unit adds to an estimate: its first part less the mean, less, in a ratio, R times the second less its mean; over
// the size of such numbers, so that no power of it overflows.
type contribution struct {
	x, y, ratio, size float64
	second            int // column of the second part
}

func contributionOf(m *stats.Moments, ratio bool) contribution {
	if m.N == 0 {
		return contribution{}
	}
	c := contribution{x: m.Means[0], size: rootMeanSquare(m, 0)}
	if ratio {
		c.second, c.y = 1, m.Means[1]
		c.ratio = c.x / c.y // not finite with a mean of 0, and then nothing is
		c.size += math.Abs(c.ratio) * rootMeanSquare(m, 1)
	}
	return c
}

func rootMeanSquare(m *stats.Moments, i int) float64 {
	return math.Sqrt(m.Means[i]*m.Means[i] + m.Cov(i, i)*float64(m.N-1)/float64(m.N))
}

// powers are the sums of the squares and of the cubes of the units' contributions.
func (c *contribution) powers(columns [][]float64, units []Run) (sums [2]float64) {
	var squares, cubes float64
	line := *c
	for _, r := range units {
		x, y := columns[0][r.From:r.To], columns[line.second][r.From:r.To]
		for i, first := range x {
			d := (first - line.x - line.ratio*(y[i]-line.y)) / line.size
			squares += d * d
			cubes += d * d * d
		}
	}
	return [2]float64{squares, cubes}
}

// addOthers adds those of n units with one row in common.
func (c *contribution) addOthers(sums *[2]float64, row []float64, n float64) {
	d := (row[0] - c.x - c.ratio*(row[c.second]-c.y)) / c.size
	sums[0] += n * (d * d)
	sums[1] += n * (d * d * d)
}
