package bootstrap

import (
	"fmt"

	"liftgate/stats"
	"liftgate/stats/internal/magnitude"
)

// Level is a metric's level in one variant as a function of how often each of its units counts. At must not change the weights,
// may be called by several goroutines at once, and gives NaN where the level does not exist. quantile.Rows is another one.
type Level interface {
	Units() int
	At(weights []float64) float64
}

// Mean is the mean of one value a unit.
type Mean []float64

// Units is the number of units.
func (m Mean) Units() int { return len(m) }

// At is the weighted mean.
func (m Mean) At(weights []float64) float64 {
	var sum, total float64
	for i, w := range weights {
		sum += w * m[i]
		total += w
	}
	return sum / total
}

// Ratio is a ratio of totals over units, of the same length.
type Ratio struct{ Numerators, Denominators []float64 }

// Units is the number of units.
func (r Ratio) Units() int { return len(r.Numerators) }

// At is the ratio of the weighted totals.
func (r Ratio) At(weights []float64) float64 {
	var y, d float64
	for i, w := range weights {
		y += w * r.Numerators[i]
		d += w * r.Denominators[i]
	}
	return y / d
}

// full is the level of the units as they are.
func full(name string, l Level) (float64, error) {
	if l.Units() < 2 {
		return 0, fmt.Errorf("%w: the %s has %d units, resampling needs 2", stats.ErrTooFew, name, l.Units())
	}
	if r, ok := l.(Ratio); ok && len(r.Denominators) != len(r.Numerators) {
		return 0, fmt.Errorf("%w: the %s has %d numerators and %d denominators", stats.ErrInvalid, name, len(r.Numerators), len(r.Denominators))
	}
	at := l.At(ones(l.Units()))
	if !exists(at) {
		return 0, fmt.Errorf("%w: the level of the %s is %v: look for NaN, huge values or a denominator of zero", stats.ErrInvalid, name, at)
	}
	return at, nil
}

// exists says whether a level is a number whose fourth power is one.
func exists(level float64) bool { return magnitude.Fits(level) }

func ones(n int) []float64 {
	w := make([]float64, n)
	for i := range w {
		w[i] = 1
	}
	return w
}
