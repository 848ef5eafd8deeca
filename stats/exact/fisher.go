package exact

import (
	"errors"
	"fmt"
	"math"
	"sort"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
	"liftgate/stats/internal/root"
)

// FisherTest is what [Fisher] gives. Odds ratios are odds(treatment)/odds(control).
type FisherTest struct {
	PValue      float64 // two-sided: all tables that are no more probable than the observed one
	LogPValue   float64
	PLess       float64 // of a lower proportion in the treatment
	LogPLess    float64
	PGreater    float64 // of a higher one
	LogPGreater float64
	OddsRatio   float64 // of largest conditional likelihood: 0 or infinite at the ends of what the margins allow
	Lower       float64 // exact interval of the odds ratio: two one-sided tests
	Upper       float64
}

// Fisher is the exact conditional test of two proportions (Fisher 1935): given all successes, the treatment's are hypergeometric. The
// two-sided p-value adds up the tables whose probability is at most 1 + 1e-7 times the observed one's, as R does. The interval of
// the odds ratio (J. Cornfield 1956) has each limit at the odds ratio whose one-sided p is (1-level)/2; it need not agree with the
// two-sided p-value, which is no doubled one-sided one (Fay 2010).
//
// Any counts: the sums run over a few standard deviations, on the logarithm where needed. Conservative everywhere.
func Fisher(treated, control stats.Binomial, level float64) (FisherTest, error) {
	if err := check(treated, control, level); err != nil {
		return FisherTest{}, err
	}
	k := float64(treated.Successes)
	u := dist.Urn{
		Population: float64(treated.N) + float64(control.N),
		Marked:     k + float64(control.Successes),
		Drawn:      float64(treated.N),
	}
	out := FisherTest{LogPValue: logTwoSided(u, k)}
	out.LogPLess, out.LogPGreater = u.LogTails(k)
	out.PValue, out.PLess, out.PGreater = math.Exp(out.LogPValue), math.Exp(out.LogPLess), math.Exp(out.LogPGreater)
	out.Lower, out.OddsRatio, out.Upper = oddsRatio(u, k, (1-level)/2)
	return out, nil
}

// check is what all tests of this package ask of their input.
func check(treated, control stats.Binomial, level float64) error {
	var err error
	if !(level > 0 && level < 1) {
		err = fmt.Errorf("%w: a level of %v, it must lie between 0 and 1", stats.ErrInvalid, level)
	}
	return errors.Join(treated.Check("treatment"), control.Check("control"), err)
}

// tie is how much larger a probability may be and still count as equal: rounding must not split tables that mirror each other.
const tie = 1e-7

// logTwoSided is the logarithm of the two-sided p-value. Probabilities fall on both sides of the mode, so the tables that count are
// two tails.
func logTwoSided(u dist.Urn, k float64) float64 {
	low, high := u.Bounds()
	limit := u.LogPMF(k) + tie
	mode := tilted{u, 1}.mode()
	if u.LogPMF(mode) <= limit {
		return 0
	}
	if k > mode {
		_, own := u.LogTails(k)
		n := sort.Search(int(mode-low)+1, func(i int) bool { return u.LogPMF(low+float64(i)) > limit })
		other, _ := u.LogTails(low + float64(n) - 1)
		return logSum(own, other)
	}
	own, _ := u.LogTails(k)
	n := sort.Search(int(high-mode)+1, func(i int) bool { return u.LogPMF(mode+float64(i)) <= limit })
	_, other := u.LogTails(mode + float64(n))
	return logSum(own, other)
}

// logSum is log(e^x + e^y), at most 0.
func logSum(x, y float64) float64 {
	if x < y {
		x, y = y, x
	}
	return math.Min(x+math.Log1p(math.Exp(y-x)), 0)
}

// oddsRatio is the estimate between its exact limits, each with tail probability tail.
func oddsRatio(u dist.Urn, k, tail float64) (lower, estimate, upper float64) {
	low, high := u.Bounds()
	lower, estimate, upper = 0, 0, math.Inf(1)
	if k > low {
		lower = solveOdds(func(log float64) float64 {
			_, atLeast := tilted{u, math.Exp(log)}.logTails(k)
			return atLeast - math.Log(tail)
		})
		estimate = math.Inf(1)
	}
	if k < high {
		upper = solveOdds(func(log float64) float64 {
			atMost, _ := tilted{u, math.Exp(log)}.logTails(k)
			return math.Log(tail) - atMost
		})
		if k > low {
			estimate = solveOdds(func(log float64) float64 { return tilted{u, math.Exp(log)}.mean() - k })
		}
	}
	return lower, estimate, upper
}

// solveOdds finds where a function that rises in the logarithm of the odds ratio is zero, and gives the odds ratio.
func solveOdds(f func(log float64) float64) float64 {
	low, high := -1.0, 1.0
	for low > -600 && f(low) > 0 {
		low, high = 2*low, low
	}
	for high < 600 && f(high) < 0 {
		low, high = high, 2*high
	}
	return math.Exp(root.Bracketed(f, low, high))
}
