package survival

import (
	"math"

	"liftgate/stats"
)

// RestrictedMean is the mean time without an event within the first tau.
type RestrictedMean struct {
	Tau      float64
	Mean     float64
	StdError float64
}

// RestrictedMeanOf is the area under the Kaplan-Meier curve up to tau, with variance sum over event times of (area from there
// to tau)² d/(n(n-d)): J. P. Klein, M. L. Moeschberger, Survival Analysis (2003), eq. 4.5.2. Behind the last time the curve
// goes on level.
func RestrictedMeanOf(t Table, tau float64) (RestrictedMean, error) {
	if err := t.check("sample"); err != nil {
		return RestrictedMean{}, err
	}
	if err := checkTime(tau); err != nil {
		return RestrictedMean{}, err
	}
	s := make([]float64, len(t)) // survival just after each time
	rows, current := 0, 1.0
	for i, r := range t {
		if r.Time >= tau {
			break
		}
		current *= float64(r.AtRisk-r.Events-r.Competing) / float64(r.AtRisk)
		s[i] = current
		rows++
	}
	var area, variance float64
	end := tau
	for i := rows - 1; i >= 0; i-- {
		area += s[i] * (end - t[i].Time)
		end = t[i].Time
		if n, d := float64(t[i].AtRisk), float64(t[i].Events+t[i].Competing); n > d {
			variance += area * area * d / (n * (n - d))
		}
	}
	return RestrictedMean{Tau: tau, Mean: area + end, StdError: math.Sqrt(variance)}, nil
}

// CompareRestrictedMeans compares two restricted means, against the normal. Region of validity as [CompareSurvival].
func CompareRestrictedMeans(treated, control Table, tau float64) (stats.Contrast, error) {
	if err := checkBoth(treated, control); err != nil {
		return nil, err
	}
	t, err := RestrictedMeanOf(treated, tau)
	if err != nil {
		return nil, err
	}
	c, err := RestrictedMeanOf(control, tau)
	if err != nil {
		return nil, err
	}
	return stats.Levels{
		Method: "restricted-mean", Treated: t.Mean, Control: c.Mean, VarTreated: t.StdError * t.StdError, VarControl: c.StdError * c.StdError,
		DF: math.Inf(1), Outside: outside(treated, control, tau),
	}.Contrast()
}
