package survival

import (
	"fmt"
	"math"

	"liftgate/stats"
)

// Weibull is a distribution of delays.
type Weibull struct{ Scale, Shape float64 }

// Passed is the share of delays that are no longer than an age: 1 - exp(-(age/Scale)^Shape), 0 for ages below 0.
func (w Weibull) Passed(age float64) float64 {
	return -math.Expm1(-math.Pow(max(age, 0)/w.Scale, w.Shape))
}

// Maturity are the moments of (whether the event was seen, the share of delays that had passed by the unit's age): what
// [MatureRate] needs. They merge.
func (w Weibull) Maturity(seen []bool, ages []float64) (stats.Moments, error) {
	if len(seen) != len(ages) {
		return stats.Moments{}, fmt.Errorf("%w: %d outcomes with %d ages", stats.ErrInvalid, len(seen), len(ages))
	}
	if !(w.Scale > 0 && w.Shape > 0) || math.IsInf(w.Scale+w.Shape, 0) {
		return stats.Moments{}, fmt.Errorf("%w: a delay distribution of scale %v and shape %v", stats.ErrInvalid, w.Scale, w.Shape)
	}
	var m stats.Moments
	for i, age := range ages {
		if math.IsNaN(age) {
			return stats.Moments{}, fmt.Errorf("%w: the age of unit %d is NaN", stats.ErrInvalid, i)
		}
		y := 0.0
		if seen[i] {
			y = 1
		}
		m.Add(y, w.Passed(age))
	}
	return m, nil
}

// Rate is a rate of late events as it will be once all delays have passed.
type Rate struct {
	Units          int64
	Events, Weight float64 // seen so far; units that they are seen of, each counted by the share of its delays that has passed
	Rate           float64 // Events / Weight
	StdError       float64
}

// MatureRate is the rate that immature units lead to expect when the distribution of delays is known: sum of events over sum of
// F(age), the estimate of moments of O. Chapelle, "Modeling Delayed Feedback in Display Advertising", KDD 2014, without
// covariates. Its variance is that of a ratio over units, n/(n-1) sum (y - R w)² / (sum w)².
//
// It is only as good as the delays: they must be known from earlier data, with their own error small against that of the rate,
// and alike in both variants. No unit with a weight is [stats.ErrZeroDenominator].
func MatureRate(m stats.Moments) (Rate, error) {
	switch {
	case m.N < 2:
		return Rate{}, fmt.Errorf("%w: %d units, a variance needs 2", stats.ErrTooFew, m.N)
	case m.Dim() != 2 || len(m.Cross) != 3:
		return Rate{}, fmt.Errorf("%w: moments of dimension %d, not 2", stats.ErrInvalid, m.Dim())
	case !(m.Means[0] >= 0 && m.Means[1] >= 0 && m.Means[0] <= 1 && m.Means[1] <= 1):
		return Rate{}, fmt.Errorf("%w: mean event %v and mean weight %v must lie between 0 and 1", stats.ErrInvalid, m.Means[0], m.Means[1])
	case m.Means[1] == 0:
		return Rate{}, fmt.Errorf("%w: no delay of any unit has passed, so no rate exists yet", stats.ErrZeroDenominator)
	}
	rate := m.Means[0] / m.Means[1]
	squares := m.Cov(0, 0) - 2*rate*m.Cov(0, 1) + rate*rate*m.Cov(1, 1)
	r := Rate{
		Units: m.N, Events: m.Sum(0), Weight: m.Sum(1), Rate: rate,
		StdError: math.Sqrt(max(squares, 0)/float64(m.N)) / m.Means[1],
	}
	if math.IsNaN(r.StdError) || math.IsInf(r.StdError, 0) {
		return Rate{}, fmt.Errorf("%w: the moments are not finite", stats.ErrInvalid)
	}
	return r, nil
}

// CompareMatureRates compares rates of late events, against the normal. Region of validity as [CompareSurvival], for events.
func CompareMatureRates(treated, control stats.Moments) (stats.Contrast, error) {
	t, err := MatureRate(treated)
	if err != nil {
		return nil, fmt.Errorf("treatment: %w", err)
	}
	c, err := MatureRate(control)
	if err != nil {
		return nil, fmt.Errorf("control: %w", err)
	}
	reason := ""
	if events, needed := min(t.Events, c.Events), neededEvents(t.Units, c.Units); events < float64(needed) {
		reason = fmt.Sprintf("only %.0f events in a variant, %d are needed", events, needed)
	}
	return stats.Levels{
		Method: "mature-rate", Treated: t.Rate, Control: c.Rate, VarTreated: t.StdError * t.StdError, VarControl: c.StdError * c.StdError,
		DF: math.Inf(1), Outside: reason,
	}.Contrast()
}
