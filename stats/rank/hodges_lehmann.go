package rank

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
)

// HodgesLehmann is the result of [Shift].
type HodgesLehmann struct {
	Estimate     float64 // median of all differences, treatment minus control
	Lower, Upper float64 // order statistics of the differences: those of LowerRank from either end
	LowerRank    int64
	Level        float64
	Method       string // exact or asymptotic
}

// Shift is Hodges and Lehmann's (1963) estimate of how far the treatment's distribution lies above the control's: the median of all
// differences x_i - y_j. Its interval inverts Mann and Whitney's test: by the exact distribution without ties while that is cheap,
// with rank k the smallest with P(U <= k) >= (1-level)/2 and at least 1; else by its normal limit, k = floor(mn/2 - z sqrt(mn
// (m+n+1)/12)), which ties make conservative (Lehmann 1975, section 2.6).
//
// The differences are never formed: see [differences.at].
//
// The interval is valid where the two distributions differ by a shift alone. With few values even the widest interval may cover
// less than the level.
func Shift(treated, control []float64, level float64) (HodgesLehmann, error) {
	if !(level > 0 && level < 1) {
		return HodgesLehmann{}, fmt.Errorf("%w: the level %v does not lie between 0 and 1", stats.ErrInvalid, level)
	}
	x, y, err := both(treated, control)
	if err != nil {
		return HodgesLehmann{}, err
	}
	if widest := max(x[len(x)-1]-y[0], y[len(y)-1]-x[0]); math.IsInf(widest, 0) {
		return HodgesLehmann{}, fmt.Errorf("%w: the values are too far apart to subtract", stats.ErrInvalid)
	}
	pairs := int64(len(x)) * int64(len(y))
	h := HodgesLehmann{Level: level, Method: "asymptotic"}
	h.LowerRank = limitRank(len(x), len(y), level)
	if exact, ok := exactRank(x, y, level); ok {
		h.Method, h.LowerRank = "exact", exact
	}
	d := differences{count(x), count(y)}
	h.Estimate = d.at((pairs + 1) / 2)
	if pairs%2 == 0 {
		h.Estimate = h.Estimate/2 + d.at(pairs/2+1)/2
	}
	h.Lower, h.Upper = d.at(h.LowerRank), d.at(pairs+1-h.LowerRank)
	return h, nil
}

func limitRank(m, n int, level float64) int64 {
	pairs := float64(m) * float64(n)
	z := dist.NormalISF((1 - level) / 2)
	return int64(max(math.Floor(pairs/2-z*math.Sqrt(pairs*float64(m+n+1)/12)), 1))
}

// exactRank is the smallest k with P(U <= k) >= (1-level)/2, at least 1, for samples without ties.
func exactRank(x, y []float64, level float64) (int64, bool) {
	for inX, inY := range ties(x, y) {
		if inX+inY > 1 {
			return 0, false
		}
	}
	weights, _, ok := distribution(doubledMidranks(x, y), min(len(x), len(y)))
	if !ok {
		return 0, false
	}
	var total, sum float64
	for _, w := range weights {
		total += w
	}
	wanted := (1 - level) / 2 * total * (1 - 1e-12) // a level such as 0.9 is not a double
	for k, w := range weights {
		if sum += w; sum >= wanted {
			return int64(max(k, 1)), true
		}
	}
	return 1, true
}
