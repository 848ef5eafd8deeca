package cluster

import (
	"fmt"

	"liftgate/stats"
	"liftgate/stats/internal/magnitude"
)

// Totals are the total and the size of a cluster.
type Totals struct{ Y, M float64 }

// HajekLevel is a ratio of totals over the clusters of one variant with its linearised variance.
type HajekLevel struct {
	Ratio    float64
	Variance float64 // G/(G-1) sum (y_g - R m_g)² / M²
	CR0      float64 // the same without G/(G-1)
	Clusters int
}

// Hajek estimates sum y / sum m over clusters, which are taken as drawn from many (W. Cochran, Sampling Techniques, 1977, section 6.5,
// without finite population). Its variance is too small with few or unequal clusters: [Compare] corrects for that. Errors:
// stats.ErrTooFew below two clusters, stats.ErrZeroDenominator, stats.ErrInvalid.
func Hajek(clusters []Totals) (HajekLevel, error) {
	out := HajekLevel{Clusters: len(clusters)}
	if len(clusters) < 2 {
		return out, fmt.Errorf("%w: %d clusters, a variance needs 2: wait for more", stats.ErrTooFew, len(clusters))
	}
	y, m := 0.0, 0.0
	for i, c := range clusters {
		if !magnitude.Fits(c.Y) || !(c.M >= 0) || c.M > magnitude.Largest {
			return out, fmt.Errorf("%w: cluster %d has a total of %v and a size of %v", stats.ErrInvalid, i+1, c.Y, c.M)
		}
		y += c.Y
		m += c.M
	}
	if m == 0 {
		return out, fmt.Errorf("%w: every cluster has size zero", stats.ErrZeroDenominator)
	}
	out.Ratio = y / m
	for _, c := range clusters {
		e := (c.Y - out.Ratio*c.M) / m
		out.CR0 += e * e
	}
	g := float64(len(clusters))
	out.Variance = out.CR0 * g / (g - 1)
	return out, nil
}
