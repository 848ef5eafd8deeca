package planning

import (
	"math"
	"slices"

	"liftgate/datasets"
	"liftgate/experiment"
	"liftgate/experiment/result"
	"liftgate/stats"
	"liftgate/stats/power"
)

// Before is the definition with every window of a deciding metric moved to the time before the exposure: a window that ends 14 days
// after it ends at it, covariates move along, looks are taken once, nothing is decided. What its analysis finds is how the metrics were
// before any variant could have had an effect. A unit table has no time, so there the values themselves stand in.
// A design has not been drawn yet, so it plays no part.
func Before(d *experiment.Definition) *experiment.Definition {
	out := *d
	out.Monitoring = experiment.Monitoring{Method: "fixed"}
	out.Trigger = nil
	if d.Assignment != nil {
		assigned := *d.Assignment
		assigned.Design = nil
		out.Assignment = &assigned
	}
	out.Metrics = nil
	for _, m := range d.Metrics {
		if m.Role.Deciding() {
			out.Metrics = append(out.Metrics, moved(m))
		}
	}
	return &out
}

func moved(m experiment.Metric) experiment.Metric {
	m.Role, m.Margin = experiment.Supporting, nil
	var end datasets.Span
	for _, v := range m.Values() {
		end = max(end, v.Window[1])
	}
	earlier := func(v experiment.Value) experiment.Value {
		v.Window[0] -= end
		v.Window[1] -= end
		return v
	}
	for _, part := range []**experiment.Value{&m.Value, &m.Numerator, &m.Denominator} {
		if *part != nil {
			v := earlier(**part)
			*part = &v
		}
	}
	covariates := m.Covariates
	m.Covariates = nil
	for _, c := range covariates {
		values := c.Values
		c.Values = nil
		for _, v := range values {
			c.Values = append(c.Values, earlier(v))
		}
		m.Covariates = append(m.Covariates, c)
	}
	return m
}

// beforeExposure is the source of levels that may be lower than those after it.
const beforeExposure = "data before exposure"

// fromData is that of a unit table's levels.
const fromData = "data"

// Learn reads what the data tell off the result of an analysis of [Before] and the evidence behind it. Metrics that the data say
// nothing about are left out.
func Learn(d *experiment.Definition, r *result.Result, ev *datasets.Evidence) Basis {
	b := Basis{Metrics: map[string]Baseline{}}
	source := beforeExposure
	if d.Data.Units != nil {
		source = fromData
	}
	units := unitsOf(ev)
	if first, last := ev.Exposure.First, ev.Exposure.Last; first != nil && last != nil {
		days := math.Max(float64(*last-*first)/float64(datasets.Day), 1)
		b.UnitsPerDay = units / days
	}
	if d.Unit == experiment.Merchant {
		b.Merchants, b.MerchantCV = merchants(ev)
	}
	for i := range r.Metrics {
		m := &r.Metrics[i]
		baseline, ok := learn(m)
		if !ok {
			continue
		}
		if d.Unit == experiment.Merchant {
			baseline = b.within(baseline, unitVariance(ev, m), units)
		}
		baseline.Source = source
		b.Metrics[m.Metric] = baseline
	}
	return b
}

// learn is a metric's level over all variants, and the standard deviation of one unit that the error of the comparison stands for:
// se² = sd² (1/n1 + 1/n0).
func learn(m *result.Metric) (Baseline, bool) {
	if m.Status != result.OK || len(m.Comparisons) == 0 {
		return Baseline{}, false
	}
	var level, n, variance float64
	counts := map[string]float64{}
	for _, v := range m.Variants {
		if v.Value == nil {
			return Baseline{}, false
		}
		level += *v.Value * float64(v.N)
		n += float64(v.N)
		counts[v.Variant] = float64(v.N)
	}
	for _, c := range m.Comparisons {
		if c.Difference == nil || c.Difference.StdError == nil {
			return Baseline{}, false
		}
		se := *c.Difference.StdError
		variance += se * se / (1/counts[c.Variant] + 1/counts[c.Control]) / float64(len(m.Comparisons))
	}
	b := Baseline{Level: level / n, SD: math.Sqrt(variance)}
	if m.Type == string(experiment.DelayedRate) {
		b.SD = b.Level * (1 - b.Level) / variance // orders a unit, as many as tell as much
	}
	return b, variance > 0
}

func unitsOf(ev *datasets.Evidence) float64 {
	total := 0.0
	for _, c := range ev.Exposure.Clusters {
		total += float64(c.Units)
	}
	if ev.Exposure.Clusters == nil {
		for _, n := range ev.Exposure.Units {
			total += float64(n)
		}
	}
	return total
}

// merchants is their number, and the coefficient of variation of their units.
func merchants(ev *datasets.Evidence) (number, cv float64) {
	var sizes stats.Moments
	for _, c := range ev.Exposure.Clusters {
		sizes.Add(float64(c.Units))
	}
	if sizes.N < 2 {
		return float64(sizes.N), 0
	}
	return float64(sizes.N), math.Sqrt(sizes.Cov(0, 0)) / sizes.Means[0]
}

// within takes a baseline whose spread holds the design effect of the merchants apart: into the spread of a unit by itself and the
// correlation of the units of one merchant. A quantile has no moments to do that with; its design effect stays in its spread.
func (b Basis) within(baseline Baseline, alone, units float64) Baseline {
	icc := 0.0
	if alone > 0 {
		effect := baseline.SD * baseline.SD / alone
		icc = (effect - 1) / ((1+b.MerchantCV*b.MerchantCV)*units/b.Merchants - 1)
		icc = min(max(icc, 0), 1)
		baseline.SD = math.Sqrt(alone)
	}
	baseline.ICC = &icc
	return baseline
}

// unitVariance is that of one unit, whatever its merchant, over all variants; 0 where there are no moments.
func unitVariance(ev *datasets.Evidence, m *result.Metric) float64 {
	i := slices.IndexFunc(ev.Blocks, func(b datasets.BlockEvidence) bool { return b.Metric == m.Metric })
	if i < 0 {
		return 0
	}
	variance, n := 0.0, 0.0
	for j := range ev.Blocks[i].Total {
		moments := &ev.Blocks[i].Total[j]
		if moments.N < 2 {
			continue
		}
		v := moments.Cov(0, 0)
		if m.Type == string(experiment.Ratio) {
			v = power.Ratio(moments.Means[0], moments.Means[1], v, moments.Cov(1, 1), moments.Cov(0, 1)).Variance
		}
		variance += v * float64(moments.N)
		n += float64(moments.N)
	}
	return variance / max(n, 1)
}
