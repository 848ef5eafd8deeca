package anytime

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/root"
)

// BetaBinomial is evidence about the probability of successes from a Beta(A, B) prior, which may be believed to a hundred successes and yet
// be wrong: the guarantee does not rest on it (Robbins 1970; Howard et al. 2021, proposition 7).
type BetaBinomial struct{ A, B float64 }

// Proportion is a confidence sequence for a probability at one moment.
type Proportion struct {
	Lower, Upper float64
	LogE         float64 // against the null
	PValue       float64
}

// LogE is the log evidence of x successes in n units against a probability p:
// log B(A+x, B+n-x) / (B(A, B) p^x (1-p)^(n-x)).
func (b BetaBinomial) LogE(x, n, p float64) float64 {
	return dirichletLogE([]float64{x, n - x}, []float64{p, 1 - p}, []float64{b.A, b.B})
}

// Sequence is the confidence sequence at level 1 - alpha after x successes in n units, with the evidence against a probability null.
func (b BetaBinomial) Sequence(x, n, alpha, null float64) (Proportion, error) {
	if err := checkAlpha(alpha); err != nil {
		return Proportion{}, err
	}
	if err := b.check(x, n); err != nil {
		return Proportion{}, err
	}
	if !(null > 0 && null < 1) {
		return Proportion{}, fmt.Errorf("%w: a probability of %v under the null", stats.ErrInvalid, null)
	}
	lower, upper := interval(x, n, alpha, func(p float64) float64 { return b.LogE(x, n, p) })
	logE := b.LogE(x, n, null)
	return Proportion{Lower: lower, Upper: upper, LogE: logE, PValue: pValue(logE)}, nil
}

func (b BetaBinomial) check(x, n float64) error {
	if err := positive("the prior's A", b.A); err != nil {
		return err
	}
	if err := positive("the prior's B", b.B); err != nil {
		return err
	}
	return checkShare(x, n)
}

// mostUnits is more than there are, and still counted exactly.
const mostUnits = 1e15

func checkShare(x, n float64) error {
	if !(n >= 1) {
		return fmt.Errorf("%w: %v units", stats.ErrTooFew, n)
	}
	if !(x >= 0 && x <= n && n <= mostUnits) {
		return fmt.Errorf("%w: %v successes in %v units", stats.ErrInvalid, x, n)
	}
	return nil
}

// interval is the probabilities around x/n at which evidence stays below 1/alpha.
func interval(x, n, alpha float64, logE func(p float64) float64) (lower, upper float64) {
	over := func(p float64) float64 { return logE(p) + math.Log(alpha) }
	share := x / n
	lower, upper = 0, 1
	if x > 0 && over(least) > 0 {
		lower = math.Exp(root.Bracketed(func(l float64) float64 { return over(math.Exp(l)) }, math.Log(least), math.Log(inside(share))))
	}
	if x < n && over(most) > 0 {
		upper = root.Bracketed(over, inside(share), most)
	}
	return lower, upper
}

// least and most are the probabilities next to zero and one, where likelihoods vanish.
const (
	least = 1e-300
	most  = 1 - 1.2e-16
)

func inside(p float64) float64 { return math.Min(math.Max(p, least), most) }
