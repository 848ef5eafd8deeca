package causal

import (
	"fmt"
	"maps"
	"slices"

	"liftgate/stats"
	"liftgate/stats/internal/magnitude"
)

func (r Rows) check(level float64) error {
	if !(level > 0 && level < 1) {
		return fmt.Errorf("%w: a level of %v, it must lie between 0 and 1", stats.ErrInvalid, level)
	}
	if r.Cluster != nil && len(r.Cluster) != len(r.Y) {
		return fmt.Errorf("%w: %d outcomes, and %d clusters", stats.ErrInvalid, len(r.Y), len(r.Cluster))
	}
	for k, column := range append([][]float64{r.Y, r.D, r.Z}, r.X...) {
		if len(column) != len(r.Y) {
			return fmt.Errorf("%w: %d outcomes, and a column of %d", stats.ErrInvalid, len(r.Y), len(column))
		}
		for i, v := range column {
			if !magnitude.Fits(v) {
				return fmt.Errorf("%w: unit %d has %v (column %d of outcome, treatment, instrument, covariates)", stats.ErrInvalid, i, v, k)
			}
		}
	}
	return nil
}

func centred(column []float64) []float64 {
	mean := 0.0
	for i, v := range column {
		mean += (v - mean) / float64(i+1)
	}
	out := make([]float64, len(column))
	for i, v := range column {
		out[i] = v - mean
	}
	return out
}

// less is a - share * b.
func less(a []float64, share float64, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		out[i] = a[i] - share*b[i]
	}
	return out
}

// sortedValues are in the order of their keys, so that sums do not depend on the map's.
func sortedValues(m map[int64]float64) []float64 {
	out := make([]float64, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, m[k])
	}
	return out
}
