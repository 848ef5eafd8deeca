package experiment

import (
	"slices"
	"strings"

	"liftgate/datasets"
)

// typeKeys are the keys that belong to some types of metrics only; those of a type's own are required unless optional.
var typeKeys = map[MetricType]struct{ required, optional []string }{
	Proportion:      {[]string{"value"}, []string{"covariates", "weight"}},
	Mean:            {[]string{"value"}, []string{"covariates", "weight", "cap"}},
	Ratio:           {[]string{"numerator", "denominator"}, []string{"covariates", "weight"}},
	Quantile:        {[]string{"value", "quantile"}, []string{"over"}},
	DelayedRate:     {[]string{"start", "failure", "horizon"}, []string{"competing", "maturity", "decides_on"}},
	DifferenceRatio: {[]string{"numerator", "denominator"}, nil},
}

// particular are all keys that only some types have.
var particular = []string{
	"value", "numerator", "denominator", "cap", "covariates", "weight", "quantile", "over",
	"start", "failure", "competing", "horizon", "maturity", "decides_on",
}

func (b *builder) metrics(n *node) {
	if n == nil {
		return
	}
	seen := map[string]bool{}
	for _, item := range n.items {
		if item.value == nil {
			continue
		}
		name := or(item, "name", "")
		if name != "" && seen[name] {
			b.fail(item.child("name"), "there is already a metric %q", name)
		}
		seen[name] = true
		b.d.Metrics = append(b.d.Metrics, b.metric(item))
	}
}

func (b *builder) metric(n *node) Metric {
	m := Metric{
		Path: n.path, Name: or(n, "name", ""), Description: or(n, "description", ""), Role: Role(or(n, "role", "")),
		Stage: Stage(or(n, "stage", "")), Better: Better(or(n, "better", "")), Type: MetricType(or(n, "type", "")),
		Quantile: or(n, "quantile", 0.0), Over: or(n, "over", ""), Weight: or(n, "weight", ""),
	}
	m.Title = or(n, "title", m.Name)
	m.Tier = Tier(or(n, "tier", string(tierOf(m.Role))))
	for _, s := range texts(n, "stakeholders") {
		m.Stakeholders = append(m.Stakeholders, Stakeholder(s))
	}
	b.direction(n, &m)
	b.typeKeys(n, &m)
	b.parts(n, &m)
	b.scale(n, &m)
	return m
}

func tierOf(r Role) Tier {
	switch {
	case r == Success:
		return TierCore
	case r.Risk():
		return TierRisk
	}
	return TierSupporting
}

func (b *builder) direction(n *node, m *Metric) {
	if m.Better != "" || n.child("better") != nil {
		return
	}
	m.Better = Higher
	if m.Role != "" && m.Role.Deciding() {
		b.suggest(n, "add better: higher or better: lower", "metric %s has no better: a %s metric must say which direction is good", m.Name, m.Role)
	}
}

// typeKeys checks that the metric has the keys of its type, and none of another's.
func (b *builder) typeKeys(n *node, m *Metric) {
	own, known := typeKeys[m.Type]
	if !known {
		return
	}
	for _, key := range own.required {
		if n.child(key) == nil {
			b.fail(n, "metric %s has no %s: a %s metric needs %s", m.Name, key, m.Type, strings.Join(own.required, " and "))
		}
	}
	for _, key := range particular {
		if c := n.child(key); c != nil && !slices.Contains(own.required, key) && !slices.Contains(own.optional, key) {
			b.suggest(c, typesWith(key), "a %s metric has no %s", m.Type, key)
		}
	}
	if c := n.child("weight"); c != nil && c.lent && b.d.Unit == Shopper {
		b.fail(c, "%s is for experiments with unit: merchant", n.child("use").text)
	} else if b.d.Unit == Shopper {
		b.onlyWith(n, "unit: merchant", "weight")
	}
	if c := n.child("window"); c != nil && m.Type == DelayedRate {
		b.suggest(c, "write horizon: 90d", "a delayed metric has a horizon, no window")
	}
	if n.child("use") == nil {
		for _, key := range []string{"from", "window"} {
			if c := n.child(key); c != nil {
				b.fail(c, "%s stands inside a value, or beside use", key)
			}
		}
	}
}

func typesWith(key string) string {
	var with []string
	for _, t := range metricTypes {
		own := typeKeys[MetricType(t)]
		if slices.Contains(own.required, key) || slices.Contains(own.optional, key) {
			with = append(with, t)
		}
	}
	return key + " belongs to type: " + list(with)
}

// parts builds what the metric is measured by.
func (b *builder) parts(n *node, m *Metric) {
	m.Value = b.part(n, m, "value")
	m.Numerator = b.part(n, m, "numerator")
	m.Denominator = b.part(n, m, "denominator")
	if m.Type == Quantile {
		b.quantile(n, m)
	}
	if c, ok := get[*node](n, "cap"); ok {
		m.Cap = b.cap(c)
	}
	if m.Type == DelayedRate {
		m.Delayed = b.delayed(n)
	}
	b.covariates(n, m)
}

func (b *builder) part(n *node, m *Metric, key string) *Value {
	c, ok := get[*node](n, key)
	if !ok {
		return nil
	}
	v := b.value(c, m)
	if window, ok := get[[2]datasets.Span](n, "window"); ok && c.lent {
		v.Window = window
		b.afterExposure(n.child("window"), v)
	}
	return v
}

// scale reads the numbers that are in the metric's own scale, or relative to it.
func (b *builder) scale(n *node, m *Metric) {
	if v, ok := get[float64](n, "mde"); ok {
		m.MDE = &v
	}
	rate := m.Type == Proportion || m.Type == DelayedRate
	if v, ok := get[float64](n, "baseline"); ok {
		m.Baseline = &v
		if rate && (v <= 0 || v >= 1) {
			b.fail(n.child("baseline"), "the baseline of a %s metric must lie between 0 and 1, or 0%% and 100%%", m.Type)
		}
	}
	t, ok := get[marginText](n, "margin")
	if !ok {
		return
	}
	m.Margin = &t.Margin
	c := n.child("margin")
	switch {
	case t.points && !rate && m.Type != Ratio && m.Type != "":
		b.suggest(c, "write 1% (relative) or a number in the metric's own scale",
			"percentage points (pp) fit only proportion, ratio and delayed metrics, not %s", m.Type)
	case rate && !t.Relative && t.Value >= 1:
		b.suggest(c, "percentage points are written 0.5pp, relative margins 1%",
			"a margin of %s is the whole range of a %s metric", c.text, m.Type)
	case t.Relative && t.Value >= 1 && m.Better == Higher:
		b.fail(c, "a margin of %s lets the metric fall to nothing", c.text)
	}
}
