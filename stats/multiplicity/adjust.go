package multiplicity

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"liftgate/stats"
)

// Bonferroni is m p. It controls the family-wise error rate under any dependence.
func Bonferroni(p []float64) ([]float64, error) {
	return adjust(p, same, func(p float64, _, m int) float64 { return float64(m) * p })
}

// Holm steps down through the ordered p-values: max over j <= i of (m-j+1) p_(j) (Holm 1979). It controls the family-wise error rate under
// any dependence and rejects whatever Bonferroni rejects.
func Holm(p []float64) ([]float64, error) {
	return adjust(p, stepDown, func(p float64, rank, m int) float64 { return float64(m-rank+1) * p })
}

// Hochberg steps up: min over j >= i of (m-j+1) p_(j) (Hochberg 1988, eq. 2). It needs Simes' inequality.
func Hochberg(p []float64) ([]float64, error) {
	return adjust(p, stepUp, func(p float64, rank, m int) float64 { return float64(m-rank+1) * p })
}

// Sidak is 1 - (1-p)^m (Šidák 1967), without loss of digits for small p.
func Sidak(p []float64) ([]float64, error) {
	return adjust(p, same, func(p float64, _, m int) float64 { return sidak(p, m) })
}

// HolmSidak steps down with 1 - (1-p)^(m-i+1).
func HolmSidak(p []float64) ([]float64, error) {
	return adjust(p, stepDown, func(p float64, rank, m int) float64 { return sidak(p, m-rank+1) })
}

// BenjaminiHochberg steps up: min over j >= i of m p_(j) / j. It controls the false discovery rate under independence and positive
// regression dependence (1995; Benjamini and Yekutieli 2001, theorem 1.2).
func BenjaminiHochberg(p []float64) ([]float64, error) {
	return adjust(p, stepUp, func(p float64, rank, m int) float64 { return float64(m) / float64(rank) * p })
}

// BenjaminiYekutieli is Benjamini-Hochberg times 1 + 1/2 + … + 1/m: the false discovery rate under any dependence (2001, theorem
// 1.3).
func BenjaminiYekutieli(p []float64) ([]float64, error) {
	return adjust(p, stepUp, func(p float64, rank, m int) float64 { return harmonic(m) * float64(m) / float64(rank) * p })
}

// Hommel is closed testing with Simes' test (Hommel 1988), by the algorithm of S. P. Wright, Biometrics 48 (1992) 1005-1013, appendix. It
// rejects whatever Hochberg rejects and needs the same inequality. The work grows with the square of the number of hypotheses.
func Hommel(p []float64) ([]float64, error) {
	order, err := ascending(p)
	if err != nil {
		return nil, err
	}
	m := len(p)
	sorted := make([]float64, m)
	for i, k := range order {
		sorted[i] = p[k]
	}
	adjusted := slices.Clone(sorted)
	for size := m; size > 1; size-- {
		// Simes' test of the subset with p_(i) that has most against it: beside p_(i), the largest ones.
		least := math.Inf(1)
		for i := 2; i <= size; i++ {
			least = min(least, float64(size)*sorted[m-size+i-1]/float64(i))
		}
		for i := range sorted {
			adjusted[i] = max(adjusted[i], min(least, float64(size)*sorted[min(i, m-size)]))
		}
	}
	return unsort(adjusted, order), nil
}

func sidak(p float64, m int) float64 {
	if p == 1 {
		return 1
	}
	return max(p, -math.Expm1(float64(m)*math.Log1p(-p))) // never smaller, not even by rounding
}

func harmonic(m int) float64 {
	sum := 0.0
	for i := m; i > 0; i-- {
		sum += 1 / float64(i)
	}
	return sum
}

// adjust applies a factor by rank (from 1) to the ordered p-values and makes the result monotone.
func adjust(p []float64, monotone func([]float64), factor func(p float64, rank, m int) float64) ([]float64, error) {
	order, err := ascending(p)
	if err != nil {
		return nil, err
	}
	sorted := make([]float64, len(p))
	for i, k := range order {
		sorted[i] = min(factor(p[k], i+1, len(p)), 1)
	}
	monotone(sorted)
	return unsort(sorted, order), nil
}

func same([]float64) {}

func stepDown(p []float64) {
	for i := 1; i < len(p); i++ {
		p[i] = max(p[i], p[i-1])
	}
}

func stepUp(p []float64) {
	for i := len(p) - 2; i >= 0; i-- {
		p[i] = min(p[i], p[i+1])
	}
}

// ascending gives the order of the p-values, equal ones as they came.
func ascending(p []float64) ([]int, error) {
	if len(p) == 0 {
		return nil, fmt.Errorf("%w: no p-values to adjust", stats.ErrTooFew)
	}
	order := make([]int, len(p))
	for i, v := range p {
		if !(v >= 0 && v <= 1) {
			return nil, fmt.Errorf("%w: p-value %d is %v", stats.ErrInvalid, i, v)
		}
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	return order, nil
}

func unsort(sorted []float64, order []int) []float64 {
	out := make([]float64, len(sorted))
	for i, k := range order {
		out[k] = sorted[i]
	}
	return out
}
