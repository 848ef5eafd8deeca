package stats

import (
	"fmt"
	"math"

	"liftgate/stats/internal/dist"
	"liftgate/stats/internal/root"
)

// Binomial counts units, and those of them that succeeded.
type Binomial struct{ Successes, N int64 }

// proportions is the score test of O. Miettinen and M. Nurminen, "Comparative analysis of two rates", Statistics in Medicine 4
// (1985) 213-226, for the difference and the ratio, with the closed forms of their appendix I.
type proportions struct {
	x1, n1, x0, n0 float64
	warnings       []string
}

// CompareProportions compares two proportions by Miettinen and Nurminen's score test, whose intervals for the difference and for
// the ratio invert the test. At a difference of zero both are the pooled z test with the variance factor N/(N-1), so they agree.
//
// The standard error of the difference is the unpooled one; the intervals do not use it. Valid from about 5 successes and 5
// failures a variant; below that there is a warning. A variant without units gives [ErrTooFew]. With no success in the control the
// lift has no estimate and no upper limit: see its Shape and Reason.
func CompareProportions(treated, control Binomial) (Contrast, error) {
	for _, side := range []struct {
		name string
		b    Binomial
	}{{treatmentName, treated}, {controlName, control}} {
		if side.b.N < 1 {
			return nil, fmt.Errorf("%w: the %s has %d: wait for more", ErrTooFew, side.name, side.b.N)
		}
		if side.b.Successes < 0 || side.b.Successes > side.b.N {
			return nil, fmt.Errorf("%w: the %s has %d successes of %d units", ErrInvalid, side.name, side.b.Successes, side.b.N)
		}
	}
	c := &proportions{
		x1: float64(treated.Successes), n1: float64(treated.N),
		x0: float64(control.Successes), n0: float64(control.N),
	}
	c.warn()
	return c, nil
}

// fewEvents is the number of successes or failures below which the score test's normal approximation is not trusted.
const fewEvents = 5

func (c *proportions) warn() {
	few := math.Min(math.Min(c.x1, c.n1-c.x1), math.Min(c.x0, c.n0-c.x0))
	if few < fewEvents {
		c.warnings = append(c.warnings, fmt.Sprintf("only %.0f successes or failures in a variant: the interval is approximate below %d; wait for more units", few, fewEvents))
	}
}

func (c *proportions) Method() string { return "miettinen-nurminen" }

func (c *proportions) Warnings() []string { return c.warnings }

func (c *proportions) difference() float64 { return c.x1/c.n1 - c.x0/c.n0 }

// Difference is p1 - p0 with the score interval.
func (c *proportions) Difference(level float64) Estimate {
	p1, p0 := c.x1/c.n1, c.x0/c.n0
	z := dist.NormalISF((1 - level) / 2)
	return Estimate{
		Estimate: p1 - p0,
		StdError: math.Sqrt(p1*(1-p1)/c.n1 + p0*(1-p0)/c.n0),
		Lower:    root.Bracketed(func(d float64) float64 { return sine(c.score(d)) - sine(z) }, -1, p1-p0),
		Upper:    root.Bracketed(func(d float64) float64 { return sine(c.score(d)) + sine(z) }, p1-p0, 1),
	}
}

func (c *proportions) PDifference(null float64) float64 {
	if null < -1 || null > 1 {
		return 0
	}
	return 2 * dist.NormalSF(math.Abs(c.score(null)))
}

// Lift is p1/p0 - 1 with the score interval of the ratio.
func (c *proportions) Lift(level float64) Lift {
	if c.x0 == 0 {
		lift := Lift{Estimate: math.NaN(), Lower: math.NaN(), Upper: math.NaN(), Shape: Exclusive}
		lift.Reason = "the control had no success, so the lift has no upper limit; read the difference"
		if c.x1 == 0 {
			lift.Shape, lift.Reason = All, "neither variant had a success, so every lift fits the data; read the difference"
		}
		return lift
	}
	lower, upper := c.ratioLimits(level)
	return Lift{Estimate: c.difference() / (c.x0 / c.n0), Lower: math.Expm1(lower), Upper: math.Expm1(upper), Shape: Bounded}
}

// ratioLimits are the logarithms of the limits of p1/p0, infinite where a variant had no success.
func (c *proportions) ratioLimits(level float64) (lower, upper float64) {
	z := dist.NormalISF((1 - level) / 2)
	from, to := -logRange, logRange
	if c.x1 > 0 && c.x0 > 0 {
		from = math.Log(c.x1/c.n1) - math.Log(c.x0/c.n0)
		to = from
	}
	lower, upper = math.Inf(-1), math.Inf(1)
	if c.x1 > 0 {
		lower = root.Bracketed(func(r float64) float64 { return sine(c.liftScore(math.Expm1(r))) - sine(z) }, -logRange, to)
	}
	if c.x0 > 0 {
		upper = root.Bracketed(func(r float64) float64 { return sine(c.liftScore(math.Expm1(r))) + sine(z) }, from, logRange)
	}
	return lower, upper
}

// logRange bounds the logarithm of every ratio that int64 counts can leave in an interval.
const logRange = 100.0

func (c *proportions) PLift(null float64) float64 {
	if null < -1 {
		return 0
	}
	return 2 * dist.NormalSF(math.Abs(c.liftScore(null)))
}

// sine maps a score onto (-1, 1), where infinite scores at the ends of the range do no harm to a root finder.
func sine(score float64) float64 {
	if math.IsInf(score, 0) {
		return math.Copysign(1, score)
	}
	return score / math.Sqrt(1+score*score)
}

// score is the score statistic at the difference d.
func (c *proportions) score(d float64) float64 {
	deviation := c.difference() - d
	if deviation == 0 {
		return 0
	}
	return deviation / math.Sqrt(c.differenceVariance(d))
}

// differenceVariance is the restricted variance of p1 - p0 given that it is d, with the factor N/(N-1).
func (c *proportions) differenceVariance(d float64) float64 {
	low := c.side(d)
	p0 := low.smaller(math.Abs(d))
	return scoreVariance(p0+math.Abs(d), p0, 1, low.n1, low.n0)
}

// liftScore is the score statistic at the ratio 1 + lift.
func (c *proportions) liftScore(lift float64) float64 {
	if lift == 0 {
		return c.score(0)
	}
	deviation := c.difference() - lift*(c.x0/c.n0)
	if deviation == 0 {
		return 0
	}
	p0, r := c.restrictedByLift(lift), 1+lift
	return deviation / math.Sqrt(scoreVariance(r*p0, p0, r, c.n1, c.n0))
}

// scoreVariance is that of p1 - r p0 at the restricted estimates, with the factor N/(N-1).
func scoreVariance(p1, p0, r, n1, n0 float64) float64 {
	n := n1 + n0
	return math.Max(p1*(1-p1)/n1+r*r*p0*(1-p0)/n0, 0) * (n / (n - 1))
}

// restrictedByLift maximises the likelihood over p0 given p1 = r p0, r = 1 + lift: the smaller root of appendix I's quadratic
//
//	N r p² - (r (n1 + x0) + x1 + n0) p + x1 + x0 = 0.
//
// Its discriminant is written as (f0 - f1 - lift (x0 + n1))² + 4 r f0 f1 with failures f: nothing cancels.
func (c *proportions) restrictedByLift(lift float64) float64 {
	r, f1, f0 := 1+lift, c.n1-c.x1, c.n0-c.x0
	b := r*(c.n1+c.x0) + c.x1 + c.n0
	spread := math.Hypot(f0-f1-lift*(c.x0+c.n1), 2*math.Sqrt(r*f0*f1))
	return math.Min(2*(c.x1+c.x0)/(b+spread), math.Min(1, 1/r))
}
