package calibration

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"liftgate/stats"
)

// population is a finite distribution of a unit's vector: what a sample of any size can be drawn from as sufficient statistics, by
// the number of units in each cell.
type population struct {
	cells  [][]float64
	shares []float64
}

// mean is the population mean of a component.
func (p population) mean(i int) float64 {
	total := 0.0
	for c, cell := range p.cells {
		total += p.shares[c] * cell[i]
	}
	return total
}

// scaled multiplies a component.
func (p population) scaled(i int, by float64) population {
	out := population{shares: p.shares}
	for _, cell := range p.cells {
		cell = slices.Clone(cell)
		cell[i] *= by
		out.cells = append(out.cells, cell)
	}
	return out
}

// sample draws n units. Counts of cells are multinomial: binomials, each given those before it. The skewness is that of the value, in
// a population of two components of first - ratio * second.
func (p population) sample(r *rand.Rand, n int64) (moments stats.Moments, skewness float64) {
	counts := p.counts(r, n)
	dim := len(p.cells[0])
	moments = stats.Moments{N: n, Means: make([]float64, dim), Cross: make([]float64, dim*(dim+1)/2)}
	for c, count := range counts {
		for i, x := range p.cells[c] {
			moments.Means[i] += x * (float64(count) / float64(n))
		}
	}
	for c, count := range counts {
		k := 0
		for i := range dim {
			for j := i; j < dim; j++ {
				moments.Cross[k] += float64(count) * (p.cells[c][i] - moments.Means[i]) * (p.cells[c][j] - moments.Means[j])
				k++
			}
		}
	}
	return moments, p.skewness(counts, moments)
}

func (p population) skewness(counts []int64, m stats.Moments) float64 {
	second, third := 0.0, 0.0
	for c, count := range counts {
		x := p.cells[c][0] - m.Means[0]
		if m.Dim() == 2 {
			x = p.cells[c][0] - m.Means[0]/m.Means[1]*p.cells[c][1]
		}
		second += float64(count) * x * x
		third += float64(count) * x * x * x
	}
	return third / float64(m.N) / math.Pow(second/float64(m.N), 1.5)
}

func (p population) counts(r *rand.Rand, n int64) []int64 {
	counts := make([]int64, len(p.cells))
	left, share := n, 1.0
	for c := range counts {
		if left == 0 {
			break
		}
		if c == len(counts)-1 || p.shares[c] >= share {
			counts[c] = left
			break
		}
		counts[c] = int64(distuv.Binomial{N: float64(left), P: min(p.shares[c]/share, 1), Src: r}.Rand())
		left -= counts[c]
		share -= p.shares[c]
	}
	return counts
}

// money is a value per shopper: mostly zero, else lognormal, in cells of equal probability that become finer in the upper tail, where the
// variance lies. Values above the cap, a share of the buyers', are set to it.
func money(buyers, sigma, capped float64) population {
	p := population{cells: [][]float64{{0}}, shares: []float64{1 - buyers}}
	upper := 1.0 // share of buyers above
	for upper > 1e-7 {
		lower := upper * 0.9
		middle := distuv.UnitNormal.Quantile(min(1-(upper+lower)/2, capped))
		p.cells = append(p.cells, []float64{40 * math.Exp(sigma*middle)})
		p.shares = append(p.shares, buyers*(upper-lower))
		upper = lower
	}
	return p
}

// chiSquare draws from a chi-square distribution.
func chiSquare(r *rand.Rand, df float64) float64 {
	return distuv.ChiSquared{K: df, Src: r}.Rand()
}
