package survival

import (
	"math"

	"liftgate/stats/internal/dist"
)

// Point of a survival curve.
type Point struct {
	Time         float64
	AtRisk       int64   // observed up to the time or longer; at 0 nothing is known of it
	Survival     float64 // the chance of no event up to the time
	StdError     float64 // Greenwood's; NaN where no one survives
	Lower, Upper float64 // on the scale of log(-log); NaN where the survival is 0 or 1
}

// KaplanMeier is the share without an event up to each of the times: Kaplan and Meier (1958) eq. 2b with Greenwood's standard
// error, S sqrt(sum d/(n(n-d))), and the interval that is symmetric in log(-log S) (J. D. Kalbfleisch, R. L. Prentice, The
// Statistical Analysis of Failure Time Data (2002), section 1.4.1), which stays between 0 and 1. Competing events count as
// events: merge or drop them beforehand.
//
// The interval holds its level from about 5 events on while 10 are at risk.
func KaplanMeier(t Table, times []float64, level float64) ([]Point, error) {
	if err := t.check("sample"); err != nil {
		return nil, err
	}
	if err := checkLevel(level); err != nil {
		return nil, err
	}
	out := make([]Point, len(times))
	for i, time := range times {
		if err := checkTime(time); err != nil {
			return nil, err
		}
		out[i] = t.point(time, dist.NormalISF((1-level)/2))
	}
	return out, nil
}

func (t Table) point(time, z float64) Point {
	s, relative := t.survival(time)
	p := Point{Time: time, AtRisk: t.atRisk(time), Survival: s, StdError: s * math.Sqrt(relative), Lower: math.NaN(), Upper: math.NaN()}
	if s > 0 && s < 1 {
		half := z * math.Sqrt(relative) / -math.Log(s)
		center := math.Log(-math.Log(s))
		p.Lower, p.Upper = math.Exp(-math.Exp(center+half)), math.Exp(-math.Exp(center-half))
	}
	return p
}

// survival just after a time, and its squared relative standard error.
func (t Table) survival(time float64) (s, relative float64) {
	s = 1
	for _, r := range t {
		if r.Time > time {
			break
		}
		n, d := float64(r.AtRisk), float64(r.Events+r.Competing)
		s *= (n - d) / n
		relative += d / (n * (n - d))
	}
	return s, relative
}
