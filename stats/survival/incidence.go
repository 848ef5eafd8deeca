package survival

import (
	"math"

	"liftgate/stats"
)

// Incidence is the chance of the event up to a time, before any competing event.
type Incidence struct {
	Time      float64
	AtRisk    int64 // observed up to the time or longer; at 0 nothing is known of it
	Incidence float64
	Variance  float64 // of Greenwood's type: the infinitesimal jackknife
	// GrayVariance is the estimate of R's cmprsk, slightly larger, for comparison.
	GrayVariance float64
}

// Incidences are Aalen and Johansen's (1978) cumulative incidences at the times: sum of S(u-) d1/n over event times u. Variance
// is that of R. A. Betensky and D. A. Schoenfeld, Biometrics 57 (2001) 282-286, which R's etm and survival (multi-state) give
// and which every comparison here uses; GrayVariance is that of Gray (1988), which R's cmprsk gives.
func Incidences(t Table, times []float64) ([]Incidence, error) {
	if err := t.check("sample"); err != nil {
		return nil, err
	}
	out := make([]Incidence, len(times))
	for i, time := range times {
		if err := checkTime(time); err != nil {
			return nil, err
		}
		steps := t.incidence(time)
		out[i] = Incidence{
			Time: time, AtRisk: t.atRisk(time), Incidence: last(steps),
			Variance: greenwood(steps), GrayVariance: t.grayVariance(time),
		}
	}
	return out, nil
}

// step is a time of events on the way to an incidence.
type step struct {
	row       Row
	before    float64 // survival just before, any event counted
	incidence float64 // after
}

func (t Table) incidence(time float64) []step {
	var out []step
	s, f := 1.0, 0.0
	for _, r := range t {
		if r.Time > time {
			break
		}
		d := r.Events + r.Competing
		if d == 0 {
			continue
		}
		n := float64(r.AtRisk)
		f += s * float64(r.Events) / n
		out = append(out, step{r, s, f})
		s *= float64(r.AtRisk-d) / n
	}
	return out
}

func last(steps []step) float64 {
	if len(steps) == 0 {
		return 0
	}
	return steps[len(steps)-1].incidence
}

func greenwood(steps []step) float64 {
	end, v := last(steps), 0.0
	for _, s := range steps {
		n, d1, d := float64(s.row.AtRisk), float64(s.row.Events), float64(s.row.Events+s.row.Competing)
		later := end - s.incidence
		if n > d {
			v += later*later*d/(n*(n-d)) - 2*later*s.before*d1/(n*n)
		}
		v += s.before * s.before * d1 * (n - d1) / (n * n * n)
	}
	return max(v, 0)
}

// grayVariance is the variance that comes with Gray's test, as of the last event up to a time.
func (t Table) grayVariance(time float64) float64 {
	var f, v1, v2, v3, out float64
	s := 1.0
	add := func(count, n, weight, r float64) {
		tied := 1.0
		if count > 1 {
			tied = 1 - (count-1)/(n-1)
		}
		increment := s * s * tied * count / (n * n)
		v1 += weight * weight * increment
		v2 += r * weight * increment
		v3 += r * r * increment
	}
	for _, row := range t {
		if row.Time > time {
			break
		}
		n, d1, d2 := float64(row.AtRisk), float64(row.Events), float64(row.Competing)
		if d1+d2 == 0 {
			continue
		}
		next, r := s*(n-d1-d2)/n, 0.0
		f += s * d1 / n
		if next > 0 {
			r = 1 / next
		}
		if d2 > 0 && next > 0 {
			add(d2, n, f*r, r)
		}
		if d1 > 0 {
			add(d1, n, 1+r*f, r)
			out = v1 + f*f*v3 - 2*f*v2
		}
		s = next
	}
	return out
}

// CompareIncidences compares cumulative incidences at a horizon, independent observations, against the normal.
//
// Valid from 10 events and 10 observations past the horizon in each group on, 80 events where one group is more than twice the
// other. No one observed up to the horizon is [stats.ErrTooFew], no event at all [stats.ErrNoVariance].
func CompareIncidences(treated, control Table, horizon float64) (stats.Contrast, error) {
	if err := checkBoth(treated, control); err != nil {
		return nil, err
	}
	if err := checkHorizon(treated, control, horizon); err != nil {
		return nil, err
	}
	t, c := treated.incidence(horizon), control.incidence(horizon)
	return stats.Levels{
		Method: "aalen-johansen", Treated: last(t), Control: last(c), VarTreated: greenwood(t), VarControl: greenwood(c),
		DF: math.Inf(1), Outside: outside(treated, control, horizon),
	}.Contrast()
}
