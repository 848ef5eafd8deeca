package exact

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/score"
)

// MaxTables is the number of possible outcomes, (n1+1)(n0+1), up to which [Unconditional] computes its intervals:
// one or two seconds at the most.
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
// as the observed one. Each limit of the difference, and of the ratio by the same order on its scale (A. Agresti and Y. Min, Biometrics
// 57 (2001) 963-971), is where its one-sided p-value reaches (1-level)/2. At no difference both orders are the pooled z's, so p-value and both
// intervals are one test: Barnard's, doubled.
//
// Coverage is at least the level, for any counts. Limits are found to 1e-8, on the outer side of a jump of the p-value; where it is not
// monotone in the hypothesis, at one of its crossings.
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
	tail := (1 - level) / 2
	out := UnconditionalTest{}
	out.PLess, out.PGreater = o.pValue(byDifference(0), -1), o.pValue(byDifference(0), 1)
	out.PValue = math.Min(1, 2*math.Min(out.PLess, out.PGreater))
	d := o.observed.Observed()
	out.Difference = Limits{Estimate: d, Lower: -1, Upper: 1}
	if p := o.pValue; d > -1 {
		out.Difference.Lower = outwards(func(x float64) float64 { return p(byDifference(x), 1) - tail }, d, -1)
	}
	if p := o.pValue; d < 1 {
		out.Difference.Upper = outwards(func(x float64) float64 { return p(byDifference(x), -1) - tail }, d, 1)
	}
	out.Ratio = o.ratio(tail)
	return out, nil
}

// ratio finds its limits on the scale of the logarithm.
func (o order) ratio(tail float64) Limits {
	const far = 30
	c := o.observed
	out := Limits{Estimate: c.X1 / c.N1 / (c.X0 / c.N0), Lower: 0, Upper: math.Inf(1)}
	from := 0.0
	if c.X1 > 0 && c.X0 > 0 {
		from = math.Log(out.Estimate)
	}
	if c.X1 > 0 {
		if c.X0 == 0 {
			from = far
		}
		out.Lower = math.Exp(outwards(func(x float64) float64 { return o.pValue(byRatio(x), 1) - tail }, from, -far))
	}
	if c.X0 > 0 {
		if c.X1 == 0 {
			from = -far
		}
		out.Upper = math.Exp(outwards(func(x float64) float64 { return o.pValue(byRatio(x), -1) - tail }, from, far))
	}
	return out
}

// outwards halves the way from a place where f is positive to one where it need not be, and gives the place next to the crossing where it
// is not: on the outer side of a jump.
func outwards(f func(float64) float64, in, out float64) float64 {
	if f(out) > 0 {
		return out
	}
	for math.Abs(out-in) > 1e-8 {
		if middle := (in + out) / 2; f(middle) > 0 {
			in = middle
		} else {
			out = middle
		}
	}
	return out
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
