package bootstrap

import (
	"fmt"
	"math"
	"slices"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
)

// Interval is a bootstrap confidence interval.
type Interval struct {
	Estimate, StdError           float64
	Lower, Upper                 float64 // BCa; NaN where all draws lie to one side of the estimate
	PercentileLower              float64
	PercentileUpper              float64
	BiasCorrection, Acceleration float64 // z0 and a of Efron (1987)
}

func undefined() Interval {
	no := math.NaN()
	return Interval{no, no, no, no, no, no, no, no}
}

// sample is a level with its draws and what it is without each group of units.
type sample struct {
	at             float64
	draws, without []float64
}

func (s sample) estimate(level float64) stats.Estimate {
	sorted := slices.Sorted(slices.Values(s.draws))
	tail := (1 - level) / 2
	return stats.Estimate{Estimate: s.at, StdError: spread(s.draws), Lower: at(sorted, tail), Upper: at(sorted, 1-tail)}
}

type samples struct{ treated, control sample }

// drop leaves out the draws in which a level does not exist.
func (s *samples) drop() int {
	kept := 0
	for i, t := range s.treated.draws {
		c := s.control.draws[i]
		if !exists(t) || !exists(c) {
			continue
		}
		s.treated.draws[kept], s.control.draws[kept] = t, c
		kept++
	}
	dropped := len(s.treated.draws) - kept
	s.treated.draws, s.control.draws = s.treated.draws[:kept], s.control.draws[:kept]
	return dropped
}

// interval is the BCa interval of a function of the two levels: Efron (1987) eq. 3.8, with z0 from the share of draws below the
// estimate (those equal to it half) and a from the jackknife of both samples, Davison and Hinkley (1997) eq. 5.33.
func (s *samples) interval(level float64, of func(t, c float64) float64) (Interval, error) {
	out := Interval{Estimate: of(s.treated.at, s.control.at)}
	values := make([]float64, len(s.treated.draws))
	below := 0.0
	for i := range values {
		values[i] = of(s.treated.draws[i], s.control.draws[i])
		switch {
		case !exists(values[i]):
			return Interval{}, fmt.Errorf("%w: draw %d is %v", stats.ErrInvalid, i, values[i])
		case values[i] < out.Estimate:
			below++
		case values[i] == out.Estimate:
			below += 0.5
		}
	}
	if out.StdError = spread(values); out.StdError == 0 {
		return Interval{}, fmt.Errorf("%w: all draws are %v", stats.ErrNoVariance, out.Estimate)
	}
	slices.Sort(values)
	tail := (1 - level) / 2
	out.PercentileLower, out.PercentileUpper = at(values, tail), at(values, 1-tail)
	out.BiasCorrection = -dist.NormalISF(below / float64(len(values)))
	out.Acceleration = acceleration(
		influences(s.treated.without, func(t float64) float64 { return of(t, s.control.at) }),
		influences(s.control.without, func(c float64) float64 { return of(s.treated.at, c) }),
	)
	out.Lower, out.Upper = math.NaN(), math.NaN()
	if !math.IsInf(out.BiasCorrection, 0) {
		out.Lower, out.Upper = at(values, out.corrected(-dist.NormalISF(tail))), at(values, out.corrected(dist.NormalISF(tail)))
	}
	return out, nil
}

// corrected is the share of draws at which the interval ends in place of that of z.
func (i Interval) corrected(z float64) float64 {
	shifted := i.BiasCorrection + z
	return dist.NormalCDF(i.BiasCorrection + shifted/(1-i.Acceleration*shifted))
}

// influences of the groups on a statistic, over their number.
func influences(without []float64, of func(float64) float64) []float64 {
	out := make([]float64, len(without))
	mean := 0.0
	for i, v := range without {
		out[i] = of(v)
		mean += out[i] / float64(len(out))
	}
	for i, v := range out {
		out[i] = (mean - v) * float64(len(out)-1) / float64(len(out))
	}
	return out
}

func acceleration(samples ...[]float64) float64 {
	var squares, cubes float64
	for _, s := range samples {
		for _, u := range s {
			squares += u * u
			cubes += u * u * u
		}
	}
	if !(squares > 0) {
		return 0
	}
	return cubes / (6 * math.Pow(squares, 1.5))
}

// at is the p quantile of sorted draws, at rank (B+1)p, between neighbours linearly; NaN for NaN.
func at(sorted []float64, p float64) float64 {
	if math.IsNaN(p) {
		return p
	}
	rank := min(max(p*float64(len(sorted)+1), 1), float64(len(sorted)))
	low := int(rank)
	if low == len(sorted) {
		return sorted[low-1]
	}
	part := rank - float64(low)
	return sorted[low-1]*(1-part) + sorted[low]*part
}

// spread is the standard deviation.
func spread(values []float64) float64 {
	var m stats.Moments
	for _, v := range values {
		m.Add(v)
	}
	return math.Sqrt(max(m.Cov(0, 0), 0))
}
