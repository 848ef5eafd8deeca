package exact

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/score"
)

// MaxTables is the number of possible outcomes, (n1+1)(n0+1), up to which [Unconditional] computes its intervals:
// two seconds at the most.
const MaxTables = 6_000

// Limits are an estimate with its interval.
type Limits struct{ Estimate, Lower, Upper float64 }

// UnconditionalTest is what [Unconditional] gives.
type UnconditionalTest struct {
	PValue     float64 // of no difference: twice the smaller one-sided p-value
	PLess      float64
	PGreater   float64
	Difference Limits
	Ratio      Limits // treatment/control; its upper limit is infinite where the control had no success
}

// Unconditional is Chan and Zhang's exact test and interval (1999): outcomes are ordered by the score statistic of Miettinen and Nurminen
// at the hypothesis, and a one-sided p-value is the largest probability, over the control's proportion, of an outcome at least as extreme
// as the observed one. The interval of the difference spans the hypotheses whose one-sided p-values exceed (1-level)/2, and so does that
// of the ratio by the same order on its scale (A. Agresti and Y. Min, Biometrics 57 (2001) 963-971).
//
// As the order changes with the hypothesis, a p-value may rise again farther out, with few units by far. So it is looked up at 64 to 128
// hypotheses on either side of the estimate, the more the fewer outcomes there are, and closest together near the estimate; the limit is
// the outermost crossing, to 1e-8, on the outer side of a jump. For the same reason the p-value of no gain is the largest of those of no
// difference and of any loss, on both scales, at least Barnard's: it is at most (1-level)/2 exactly when both intervals lie above no
// difference.
//
// Coverage is at least the level, for any counts, but for rises that fit between two of the hypotheses.
func Unconditional(treated, control stats.Binomial, level float64) (UnconditionalTest, error) {
	if err := check(treated, control, level); err != nil {
		return UnconditionalTest{}, err
	}
	if treated.N >= MaxTables || control.N >= MaxTables || (treated.N+1)*(control.N+1) > MaxTables {
		return UnconditionalTest{}, fmt.Errorf("%w: more than %d possible outcomes: use the score test", stats.ErrInvalid, MaxTables)
	}
	o := order{
		observed: score.Counts{
			X1: float64(treated.Successes), N1: float64(treated.N),
			X0: float64(control.Successes), N0: float64(control.N),
		},
		base: region{n1: int(treated.N), n0: int(control.N)},
	}
	difference := o.differences()
	ratio := o.ratios()
	less := o.pValue(byDifference(0), -1)
	greater := o.pValue(byDifference(0), 1)
	for _, s := range []scale{difference, ratio} {
		less, greater = math.Max(less, s.above.beyond(0)), math.Max(greater, s.below.beyond(0))
	}
	out := UnconditionalTest{PValue: math.Min(1, 2*math.Min(less, greater)), PLess: less, PGreater: greater}
	tail := (1 - level) / 2
	out.Difference = difference.limits(tail, less, greater)
	out.Ratio = ratio.limits(tail, less, greater)
	out.Ratio.Lower, out.Ratio.Upper = math.Exp(out.Ratio.Lower), math.Exp(out.Ratio.Upper)
	return out, nil
}

// hypothesis is a set of pairs of proportions, by the control's.
type hypothesis struct {
	score    func(score.Counts) float64
	treated  func(p0 float64) float64
	from, to float64 // of p0
}

func byDifference(d float64) hypothesis {
	return hypothesis{
		score:   func(c score.Counts) float64 { return c.Difference(d) },
		treated: func(p0 float64) float64 { return math.Min(math.Max(p0+d, 0), 1) },
		from:    math.Max(0, -d), to: math.Min(1, 1-d),
	}
}

func byRatio(log float64) hypothesis {
	r := math.Exp(log)
	return hypothesis{
		score:   func(c score.Counts) float64 { return c.Ratio(math.Expm1(log)) },
		treated: func(p0 float64) float64 { return math.Min(r*p0, 1) },
		from:    0, to: math.Min(1, 1/r),
	}
}

// order compares outcomes by their score with the observed one.
type order struct {
	observed score.Counts
	base     region
}

// pValue is the largest probability under the hypothesis of a score at least as far in the direction, 1 or -1, as the observed.
func (o order) pValue(h hypothesis, direction float64) float64 {
	r := o.base.empty()
	at := func(x1, x0 int) float64 {
		return direction * h.score(score.Counts{X1: float64(x1), N1: o.observed.N1, X0: float64(x0), N0: o.observed.N0})
	}
	bound := direction * h.score(o.observed)
	for x1 := range r.rows {
		start := -1
		for x0 := 0; x0 <= r.n0+1; x0++ {
			in := x0 <= r.n0 && atLeast(at(x1, x0), bound)
			if in && start < 0 {
				start = x0
			}
			if !in && start >= 0 {
				r.rows[x1] = append(r.rows[x1], span{start, x0 - 1})
				start = -1
			}
		}
	}
	b := newBinomials(r.n1, r.n0)
	b.negligible = 1e-14
	largest, _ := maximise(func(p0 float64) float64 { return r.probability(b, h.treated(p0), p0) }, h.from, h.to, r.n1+r.n0)
	return largest
}
