package multiplicity

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
)

// Estimate is one of several estimates, with its standard error and the degrees of freedom of that: +Inf for a normal reference.
type Estimate struct {
	Estimate, StdError, DF float64
}

// Intervals are confidence intervals for several estimates, each at the level that makes them right together.
type Intervals struct {
	Level     float64 // of each interval
	Intervals []Interval
}

// Interval is one of several intervals. Selected says whether the hypothesis was selected (rejected) where the procedure selects; only then
// has an interval of [FalseCoverage] limits.
type Interval struct {
	Lower, Upper float64
	Selected     bool
}

// BonferroniIntervals cover all estimates together with probability 1 - alpha or more, under any dependence: each at 1 - alpha/m.
// Selected are those whose interval excludes zero, which is Bonferroni's two-sided test.
func BonferroniIntervals(estimates []Estimate, alpha float64) (Intervals, error) {
	return simultaneous(estimates, alpha, alpha/float64(len(estimates)))
}

// SidakIntervals are at (1-alpha)^(1/m) each: for independent or jointly normal estimates (Šidák 1967, theorem 1 and corollary 1).
func SidakIntervals(estimates []Estimate, alpha float64) (Intervals, error) {
	return simultaneous(estimates, alpha, -math.Expm1(math.Log1p(-alpha)/float64(len(estimates))))
}

func simultaneous(estimates []Estimate, alpha, each float64) (Intervals, error) {
	if err := check(estimates, alpha); err != nil {
		return Intervals{}, err
	}
	out := Intervals{Level: 1 - each, Intervals: make([]Interval, len(estimates))}
	for i, e := range estimates {
		out.Intervals[i] = e.twoSided(each)
	}
	return out, nil
}

// HolmBounds are lower confidence bounds that agree with Holm's step-down test of "no more than zero" against "more" and hold together
// with probability 1 - alpha or more, under any dependence (O. Guilbaud, Biometrical Journal 50 (2008) 678-692; K. Strassburger, F.
// Bretz, Statistics in Medicine 27 (2008) 4914-4927, section 3.2). A rejected hypothesis says "more than zero" and no more, unless all
// are rejected: then the bounds are Bonferroni's, where those lie above zero. The others have their bound at alpha over the number left.
// Upper is +Inf.
//
// Two-sided intervals that agree with Holm's test do not exist in a useful form: use [BonferroniIntervals].
func HolmBounds(estimates []Estimate, alpha float64) (Intervals, error) {
	if err := check(estimates, alpha); err != nil {
		return Intervals{}, err
	}
	p := make([]float64, len(estimates))
	for i, e := range estimates {
		p[i] = dist.StudentSF(e.Estimate/e.StdError, e.DF)
	}
	adjusted, err := Holm(p)
	if err != nil {
		return Intervals{}, err
	}
	left := 0
	for _, v := range adjusted {
		if v > alpha {
			left++
		}
	}
	each := alpha / float64(len(estimates))
	if left > 0 {
		each = alpha / float64(left)
	}
	out := Intervals{Level: 1 - each, Intervals: make([]Interval, len(estimates))}
	for i, e := range estimates {
		bound := Interval{Lower: e.Estimate - dist.StudentISF(each, e.DF)*e.StdError, Upper: math.Inf(1), Selected: adjusted[i] <= alpha}
		switch {
		case bound.Selected && left > 0:
			bound.Lower = 0
		case bound.Selected:
			bound.Lower = max(bound.Lower, 0)
		}
		out.Intervals[i] = bound
	}
	return out, nil
}

// FalseCoverage selects by Benjamini-Hochberg at q (two-sided tests of zero) and gives the r selected of m an interval at 1 - q r/m each:
// of the intervals shown, the expected share that misses its parameter is at most q (Y. Benjamini, D. Yekutieli, JASA 100 (2005) 71-81,
// theorem 1 for independent estimates, theorem 3 for positive regression dependence). Those not selected have no interval: NaN.
func FalseCoverage(estimates []Estimate, q float64) (Intervals, error) {
	if err := check(estimates, q); err != nil {
		return Intervals{}, err
	}
	p := make([]float64, len(estimates))
	for i, e := range estimates {
		p[i] = min(1, 2*dist.StudentSF(math.Abs(e.Estimate/e.StdError), e.DF))
	}
	adjusted, err := BenjaminiHochberg(p)
	if err != nil {
		return Intervals{}, err
	}
	selected := 0
	for _, v := range adjusted {
		if v <= q {
			selected++
		}
	}
	each := q * float64(selected) / float64(len(estimates))
	out := Intervals{Level: 1 - each, Intervals: make([]Interval, len(estimates))}
	for i, e := range estimates {
		if adjusted[i] > q {
			out.Intervals[i] = Interval{Lower: math.NaN(), Upper: math.NaN()}
			continue
		}
		out.Intervals[i] = e.twoSided(each)
		out.Intervals[i].Selected = true
	}
	return out, nil
}

func (e Estimate) twoSided(alpha float64) Interval {
	half := dist.StudentISF(alpha/2, e.DF) * e.StdError
	in := Interval{Lower: e.Estimate - half, Upper: e.Estimate + half}
	in.Selected = in.Lower > 0 || in.Upper < 0
	return in
}

func check(estimates []Estimate, alpha float64) error {
	if len(estimates) == 0 {
		return fmt.Errorf("%w: no estimates", stats.ErrTooFew)
	}
	if !(alpha > 0 && alpha < 1) {
		return fmt.Errorf("%w: an error rate of %v", stats.ErrInvalid, alpha)
	}
	for i, e := range estimates {
		switch {
		case !(math.Abs(e.Estimate) <= largest) || !(e.StdError >= 0 && e.StdError <= largest):
			return fmt.Errorf("%w: estimate %d is %v with standard error %v", stats.ErrInvalid, i, e.Estimate, e.StdError)
		case e.StdError == 0:
			return fmt.Errorf("%w: estimate %d has no standard error", stats.ErrNoVariance, i)
		case !(e.DF > 0):
			return fmt.Errorf("%w: estimate %d has %v degrees of freedom", stats.ErrInvalid, i, e.DF)
		}
	}
	return nil
}

// largest keeps limits finite: an estimate and its error may be as large, and still add.
const largest = 1e150
