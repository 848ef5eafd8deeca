package randomisation

import (
	"fmt"
	"math"

	"liftgate/stats"
)

// Options of a comparison. The zero value is a safe default.
type Options struct {
	Draws int // random assignments when the design allows more; 0: 10,000
	Seed  uint64
	// Redraws keeps the assignments that Compare draws, for the next one; nil: they are not kept.
	Redraws *Redraws
}

const (
	defaultDraws = 10000
	maxDraws     = 1 << 24
)

// Comparison is a stats.Contrast whose p-values and intervals come from repeating the assignment.
type Comparison struct {
	Draws       int     // assignments that were looked at
	Exact       bool    // they are all that the design allows
	Assignments float64 // how many it allows, before any is rejected for balance; +Inf beyond a double

	difference   *inversion
	lift         *inversion // nil without a control level to compare with
	noEffect     float64    // p of no effect, on either scale
	levelControl float64
	kept         []int
	outside      string
	warnings     []string
}

// Compare compares means (parts = 1) or ratios of sums (parts = 2) of units that were randomised in clusters, from the moments of each
// cluster: parts, then covariates. Clusters without units belong to the design and stay in it.
//
// Under "every treated unit gained delta" the outcomes without treatment are known: y - delta T (for a ratio y - delta T d, the
// denominator d being untouched); under "every treated value was multiplied by r" so are those with treatment. Centred in the design's
// strata and freed of the covariates by least squares without regard to the treatment (P. Rosenbaum, Statistical Science 17 (2002)
// 286-327), they give under each assignment z of the design the studentised Hajek difference
//
//	T(z) = (R_1 - R_0) / sqrt(V_1 + V_0),  V_a = n_a/(n_a - 1) sum c_b (y_g - R_a m_g)² / M_a²  over clusters,
//
// c_b = n_b/(n_b - 1) (n - 1)/n being what a cluster's block of n_b loses by being centred, 1 for a single block and 2 for many pairs,
// and p is the share of assignments with |T(z)| >= |T(observed)|, ties and the observed one counted: exact over the whole design when it
// has at most Options.Draws assignments, else (1 + count) / (1 + draws). Both nulls are polynomials in delta or r, so each draw is an
// assignment whose sums are taken once and a quartic that says up to which null it is as extreme. A draw counts from the estimate to the
// outermost such null, so that p falls away from the estimate and the interval at a level is what p >= 1 - level leaves (its hull:
// conservative). At no effect both scales test the same thing; p is the larger of the two.
//
// Exact for the constant effect whatever the number of clusters; for an average effect right in large samples (Wu and Ding 2021): with 10
// to 20 clusters a variant, sizes lognormal with a standard deviation of 1 to 1.5 and effects that differ as much between clusters as
// their levels do, 4.0 to 5.7 % of experiments without an average effect were rejected at 5 %. With few assignments no interval may end:
// bounds are then infinite, and the lift's shape is stats.All. The estimate is the Hajek difference (adjusted: the common slope's, not
// Lin's) and Hajek ratio; with strata that of the regression with a level for each.
//
// Errors: stats.ErrTooFew below two clusters in a variant, stats.ErrNoVariance, stats.ErrZeroDenominator, stats.ErrInvalid (also for a
// design that the assignment does not satisfy).
func Compare(treated, control []stats.Moments, parts int, design Design, options Options) (*Comparison, error) {
	if parts < 1 || parts > 2 || options.Draws < 0 || options.Draws > maxDraws {
		return nil, fmt.Errorf("%w: %d parts of a metric, %d draws", stats.ErrInvalid, parts, options.Draws)
	}
	n1, n0 := len(treated), len(control)
	if n1 < 2 || n0 < 2 {
		return nil, fmt.Errorf("%w: %d clusters in the treatment and %d in the control, a variance needs 2 in each: wait for more", stats.ErrTooFew, n1, n0)
	}
	p, err := newPlan(n1, n0, design)
	if err != nil {
		return nil, err
	}
	u, err := newUnits(treated, control, parts, p)
	if err != nil {
		return nil, err
	}
	if options.Draws == 0 {
		options.Draws = defaultDraws
	}
	d, err := options.Redraws.repeat(p, options.Draws, options.Seed)
	if err != nil {
		return nil, err
	}
	return u.compare(p, d)
}

func (u *units) compare(p *plan, d *draws) (*Comparison, error) {
	observed, n1, lost := p.observed(), u.treated, p.lost()
	n0 := p.n - n1
	c := &Comparison{Draws: len(d.list), Exact: d.exact, Assignments: p.assignments(), kept: u.kept}
	var ok bool
	if c.difference, ok = invert(u.differences(), u.size, lost, d, observed, n1, n0); !ok {
		return nil, fmt.Errorf("%w: no cluster differs from another of its variant, or the covariates tell the variants apart, so no test exists; check that the metric's events arrive", stats.ErrNoVariance)
	}
	c.noEffect = c.difference.p(0)
	c.levelControl = level(u.value[n1:], u.size[n1:])
	if lift, ok := invert(u.ratios(), u.size, lost, d, observed, n1, n0); ok {
		c.lift = lift
		c.noEffect = math.Max(c.noEffect, lift.p(1))
	}
	if least := c.difference.p(math.Inf(1)); least >= 0.05 {
		c.warnings = append(c.warnings, fmt.Sprintf("p cannot fall below %.2g with %d assignments: randomise more clusters", least, c.Draws))
	}
	if c.levelControl < 0 {
		c.warnings = append(c.warnings, "the control's level is negative: a positive lift means farther below zero; read the difference")
	}
	return c, nil
}

func level(values, sizes []float64) float64 {
	total, size := 0.0, 0.0
	for i := range values {
		total += values[i]
		size += sizes[i]
	}
	return total / size
}

// Method names the procedure.
func (c *Comparison) Method() string { return "randomisation" }

// Covariates are the places, from 0, of the covariates that were used, in their order: those that vary within strata and are no combination of
// those before them.
func (c *Comparison) Covariates() []int { return c.kept }

// Outside is as in stats.Contrast.
func (c *Comparison) Outside() string { return c.outside }

// Warnings are as in stats.Contrast.
func (c *Comparison) Warnings() []string { return c.warnings }

// StdError of the difference, that the statistic is studentised by.
func (c *Comparison) StdError() float64 { return c.difference.se }

// PDifference is the p-value against "every treated unit gained null".
func (c *Comparison) PDifference(null float64) float64 {
	return c.difference.pBeside(null, 0, c.noEffect)
}

// pBeside is p, and at least that of no effect between the estimate and there.
func (v *inversion) pBeside(null, none, atNone float64) float64 {
	p := v.p(null)
	if (null-none)*(null-v.estimate) <= 0 {
		p = math.Max(p, atNone)
	}
	return p
}

// Difference is the Hajek difference with the interval of all constant gains that are not rejected at the level; infinite bounds where the
// design has too few assignments to reject any.
func (c *Comparison) Difference(level float64) stats.Estimate {
	lower, upper := c.interval(c.difference, 0, level)
	return stats.Estimate{Estimate: c.difference.estimate, StdError: c.difference.se, Lower: lower, Upper: upper}
}

func (c *Comparison) interval(v *inversion, none, level float64) (lower, upper float64) {
	lower, upper = v.bounds(level)
	if c.noEffect >= 1-level-1e-9 {
		lower, upper = math.Min(lower, none), math.Max(upper, none)
	}
	return lower, upper
}

// PLift is the p-value against "every treated value was multiplied by 1 + null".
func (c *Comparison) PLift(null float64) float64 {
	if c.lift == nil {
		return c.noEffect
	}
	return c.lift.pBeside(1+null, 1, c.noEffect)
}

// Lift is the ratio of the Hajek levels less one, with the set of all constant factors that are not rejected at the level.
func (c *Comparison) Lift(level float64) stats.Lift {
	lift := stats.Lift{Estimate: math.NaN(), Lower: math.NaN(), Upper: math.NaN(), Shape: stats.All}
	if c.lift == nil {
		lift.Reason = "the control's level is zero, so every lift fits the data; read the difference"
		return lift
	}
	lift.Estimate = c.lift.estimate - 1
	lower, upper := c.interval(c.lift, 1, level)
	if math.IsInf(lower, 0) || math.IsInf(upper, 0) {
		lift.Reason = "lifts of any size fit the data: the control's level is not clearly different from zero, or there are too few assignments; read the difference"
		return lift
	}
	lift.Lower, lift.Upper, lift.Shape = lower-1, upper-1, stats.Bounded
	return lift
}
