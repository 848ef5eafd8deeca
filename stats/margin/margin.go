package margin

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
)

// Margins are what counts as harmless: a difference, or a lift, between Lower and Upper.
type Margins struct {
	Lower, Upper  float64
	Relative      bool    // bounds of the lift, not of the difference
	LowerIsBetter bool    // non-inferiority is then about Upper
	Alpha         float64 // of each one-sided test, in (0, 1/2); 0 is 0.025
}

// Symmetric are margins of the same size on both sides.
func Symmetric(size float64) Margins { return Margins{Lower: -size, Upper: size} }

// Result is a test against both margins.
type Result struct {
	Method      string
	Scale       string // difference or lift
	Margins     Margins
	Estimate    float64 // on the scale
	StdError    float64 // of the difference
	DF          float64 // of the statistics; +Inf for a normal reference
	TLower      float64 // statistic against Lower
	PLower      float64 // one-sided, against an effect of at most Lower
	TUpper      float64 // statistic against Upper
	PUpper      float64 // one-sided, against an effect of at least Upper
	PTOST       float64 `json:"p_tost"` // the larger of both
	Interval    Interval
	NonInferior bool // the margin on the bad side is excluded at alpha
	Equivalent  bool // both are
	Outside     string
	Warnings    []string
}

// Interval is the two-sided confidence interval of level 1 - 2 alpha; limits are NaN where a lift is not bounded.
type Interval struct {
	Level, Lower, Upper float64
	Shape               stats.Shape
	Reason              string // why the set is no interval
}

// Test is two one-sided tests: D. J. Schuirmann (1987). A one-sided p-value is half the contrast's two-sided one when the estimate lies
// on the right side of the bound, else one less that half, which holds for every test whose statistic has a symmetric distribution under
// the bound.
//
// Statistics are those of contrasts read off levels ([stats.LevelsOf]); of others, the normal deviate with the same p-value.
//
// Errors: [stats.ErrInvalid] for bounds out of order and an impossible alpha, [stats.ErrZeroDenominator] for a relative margin over a
// control of zero.
func Test(c stats.Contrast, m Margins) (Result, error) {
	if m.Alpha == 0 {
		m.Alpha = 0.025
	}
	if !(m.Lower < m.Upper) || math.IsInf(m.Lower, 0) || math.IsInf(m.Upper, 0) || !(m.Alpha > 0 && m.Alpha < 0.5) {
		return Result{}, fmt.Errorf("%w: margins of %v and %v at alpha = %v", stats.ErrInvalid, m.Lower, m.Upper, m.Alpha)
	}
	d := c.Difference(1 - 2*m.Alpha)
	r := Result{
		Method: c.Method(), Scale: "difference", Margins: m, Estimate: d.Estimate, StdError: d.StdError, DF: math.Inf(1),
		Interval: Interval{Level: 1 - 2*m.Alpha, Lower: d.Lower, Upper: d.Upper, Shape: stats.Bounded},
		Outside:  c.Outside(), Warnings: c.Warnings(),
	}
	twoSided := c.PDifference
	if m.Relative {
		l := c.Lift(1 - 2*m.Alpha)
		if math.IsNaN(l.Estimate) {
			return Result{}, fmt.Errorf("%w: the control's level is zero, so no relative margin exists; declare an absolute one", stats.ErrZeroDenominator)
		}
		r.Scale, r.Estimate, twoSided = "lift", l.Estimate, c.PLift
		r.Interval = Interval{Level: 1 - 2*m.Alpha, Lower: l.Lower, Upper: l.Upper, Shape: l.Shape, Reason: l.Reason}
	}
	r.PLower, r.TLower = above(r.Estimate, m.Lower, twoSided)
	p, t := above(-r.Estimate, -m.Upper, func(null float64) float64 { return twoSided(-null) })
	r.PUpper, r.TUpper = p, -t
	r.PTOST = max(r.PLower, r.PUpper)
	r.readLevels(c)
	r.judge()
	return r, nil
}

// above is the one-sided p-value against an effect of at most null, and its normal deviate.
func above(estimate, null float64, twoSided func(null float64) float64) (p, z float64) {
	half := twoSided(null) / 2
	if estimate < null {
		return 1 - half, -dist.NormalISF(half)
	}
	return half, dist.NormalISF(half)
}

// readLevels replaces the normal deviates by the contrast's own statistics.
func (r *Result) readLevels(c stats.Contrast) {
	l, ok := stats.LevelsOf(c)
	if !ok {
		return
	}
	statistic := func(null float64) float64 { return (l.Treated - l.Control - null) / r.StdError }
	if r.Scale == "lift" {
		statistic = func(null float64) float64 {
			ratio := 1 + null
			variance := l.VarTreated - 2*ratio*l.Cov + ratio*ratio*l.VarControl
			return math.Copysign(1, l.Control) * (l.Treated - l.Control - null*l.Control) / math.Sqrt(math.Max(variance, 0))
		}
	}
	r.DF, r.TLower, r.TUpper = l.DF, statistic(r.Margins.Lower), statistic(r.Margins.Upper)
}

// judge gives the verdicts. Lifts that are not bounded at the level lie beyond any margin, whatever the p-values.
func (r *Result) judge() {
	if r.Interval.Shape != stats.Bounded {
		r.Warnings = append(r.Warnings, "a relative margin proves nothing here: "+r.Interval.Reason)
		return
	}
	r.NonInferior = r.PLower <= r.Margins.Alpha
	if r.Margins.LowerIsBetter {
		r.NonInferior = r.PUpper <= r.Margins.Alpha
	}
	r.Equivalent = r.PTOST <= r.Margins.Alpha
}
