package quantile

import (
	"fmt"
	"slices"
	"sort"

	"liftgate/stats"
)

// OrderRanks are the ranks of an exact interval for a quantile.
type OrderRanks struct {
	Lower    int64   // 0: there is no lower limit
	Upper    int64   // n+1: there is no upper limit
	Coverage float64 // at least the level, for continuous data
}

// ExactRanks are the ranks l and u of the order statistics that hold the q quantile of n independent rows between them with at
// least the level, at most half of the rest on each side: l is the largest with P(B <= l-1) <= a, u the smallest with P(B >= u)
// <= a, B binomial (n, q), a = (1-level)/2. H. A. David, H. N. Nagaraja, Order Statistics (2003), section 7.1. Nothing is
// assumed of the data but independence.
func ExactRanks(n int64, q, level float64) (OrderRanks, error) {
	if n < 1 {
		return OrderRanks{}, fmt.Errorf("%w: %d rows", stats.ErrTooFew, n)
	}
	if !(q > 0 && q < 1 && level > 0 && level < 1) {
		return OrderRanks{}, fmt.Errorf("%w: the quantile %v and the level %v must lie between 0 and 1", stats.ErrInvalid, q, level)
	}
	a := (1 - level) / 2 * (1 + 1e-12) // a level such as 0.9 is not a double
	l := int64(sort.Search(int(n), func(k int) bool { return stats.BinomialCDF(int64(k), n, q) > a }))
	u := 1 + int64(sort.Search(int(n), func(k int) bool { return stats.BinomialSF(int64(k), n, q) <= a }))
	coverage := 1 - stats.BinomialSF(u-1, n, q) - stats.BinomialCDF(l-1, n, q)
	return OrderRanks{Lower: l, Upper: u, Coverage: coverage}, nil
}

// ExactInterval is the interval of [ExactRanks] on values: for few rows, where a standard error says little. A rank without a row is
// [stats.ErrTooFew].
func ExactInterval(values []float64, q, level float64) (lower, upper float64, err error) {
	if err := checkValues(values, q); err != nil {
		return 0, 0, err
	}
	r, err := ExactRanks(int64(len(values)), q, level)
	if err != nil {
		return 0, 0, err
	}
	if r.Lower < 1 || r.Upper > int64(len(values)) {
		return 0, 0, fmt.Errorf("%w: %d rows do not bound the %v quantile at the level %v", stats.ErrTooFew, len(values), q, level)
	}
	a, i, j := slices.Clone(values), int(r.Lower-1), int(r.Upper-1)
	nth(a, j)
	nth(a[:j], i)
	return a[i], a[j], nil
}
