package planning

import (
	"cmp"
	"maps"

	"liftgate/experiment"
)

// Baseline is what is known about a metric before the experiment.
type Baseline struct {
	Level float64 // in the metric's own scale
	// SD is the standard deviation of one unit's contribution to the level: of a mean, one unit's value; of a ratio, the linearised
	// ratio. Zero where it follows from the level: for proportions. For a delayed rate it is the number of orders a unit instead.
	SD     float64
	ICC    *float64 // correlation of the units of one merchant, where merchants are randomised; nil when not known
	Source string   // where the level comes from, in words
	Given  bool     // by hand, so that it comes before what the definition expects
}

// Basis is what a plan rests on, beside the definition.
type Basis struct {
	Metrics     map[string]Baseline
	UnitsPerDay float64 // analysis units that enter the experiment a day, all variants together; 0 when not known
	// Merchants is how many there are in all variants, where they are randomised, and MerchantCV the coefficient of variation of
	// their numbers of units.
	Merchants  float64
	MerchantCV float64
	ICC        *float64 // of metrics whose own is not known
}

// known is the baseline of a metric: given, or as the definition expects it, or measured.
func (b Basis) known(m *experiment.Metric) (Baseline, bool) {
	out, ok := b.Metrics[m.Name]
	if m.Baseline != nil && !out.Given {
		out.Level, out.Source, ok = *m.Baseline, "definition", true
	}
	if out.ICC == nil {
		out.ICC = b.ICC
	}
	return out, ok && (out.SD > 0 || m.Type == experiment.Proportion)
}

// Lacks lists the deciding metrics without a baseline, and says whether traffic is missing: what only data can tell.
func (b Basis) Lacks(d *experiment.Definition) (metrics []string, traffic bool) {
	for i := range d.Metrics {
		m := &d.Metrics[i]
		known, ok := b.known(m)
		if m.Role.Deciding() && sizable(m) && (!ok || d.Unit == experiment.Merchant && known.ICC == nil) {
			metrics = append(metrics, m.Name)
		}
	}
	return metrics, b.UnitsPerDay == 0 || d.Unit == experiment.Merchant && b.Merchants == 0
}

// Over gives a basis in which what b knows comes before what other knows.
func (b Basis) Over(other Basis) Basis {
	out := Basis{
		Metrics: maps.Clone(other.Metrics), UnitsPerDay: cmp.Or(b.UnitsPerDay, other.UnitsPerDay),
		Merchants: cmp.Or(b.Merchants, other.Merchants), MerchantCV: cmp.Or(b.MerchantCV, other.MerchantCV), ICC: cmp.Or(b.ICC, other.ICC),
	}
	for name, baseline := range b.Metrics {
		if out.Metrics == nil {
			out.Metrics = map[string]Baseline{}
		}
		baseline.ICC = cmp.Or(baseline.ICC, b.ICC, out.Metrics[name].ICC)
		out.Metrics[name] = baseline
	}
	return out
}
