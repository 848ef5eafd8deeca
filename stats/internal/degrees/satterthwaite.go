// Package degrees counts degrees of freedom.
package degrees

// Satterthwaite is the degrees of freedom of a sum of independent variance estimates, each with its own: F. E. Satterthwaite,
// Biometrics Bulletin 2 (1946) 110-114. A variance of zero adds nothing, whatever its degrees of freedom; a sum of zero gives NaN.
func Satterthwaite(variances, df []float64) float64 {
	total := 0.0
	for _, v := range variances {
		total += v
	}
	inverse := 0.0
	for i, v := range variances {
		if v != 0 {
			share := v / total // shares instead of variances, so that nothing under- or overflows
			inverse += share * share / df[i]
		}
	}
	if total == 0 {
		return total / total
	}
	return 1 / inverse
}
