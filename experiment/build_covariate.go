package experiment

import (
	"fmt"

	"liftgate/datasets"
)

func (b *builder) covariates(n *node, m *Metric) {
	list := n.child("covariates")
	if list == nil {
		return
	}
	seen := map[string]bool{}
	for _, item := range list.items {
		if item.value == nil {
			continue
		}
		c, ok := b.covariate(item, m)
		if !ok {
			continue
		}
		if seen[c.Label] {
			b.fail(item, "covariate %s stands in the list twice", c.Label)
		}
		seen[c.Label] = true
		m.Covariates = append(m.Covariates, c)
	}
}

func (b *builder) covariate(n *node, m *Metric) (Covariate, bool) {
	switch {
	case b.unitTable():
		v := b.cell(n)
		if v.Column == nil {
			return Covariate{}, false
		}
		return Covariate{Path: n.path, Label: v.Column.Text, Values: []Value{*v}}, true
	case n.child("window") != nil && len(n.fields) == 1:
		return b.earlier(n, m)
	case n.child("column") != nil && len(n.fields) == 1:
		b.suggest(n, "write {window: [-14d, 0d]} for the same value before exposure, or a full value with from, take and window",
			"{column: …} is a covariate of a unit table only")
		return Covariate{}, false
	}
	v := b.eventValue(n, m)
	if n.child("window") == nil {
		b.suggest(n, "add window: [-14d, 0d]", "a covariate needs a window before exposure")
		return Covariate{}, false
	}
	if !b.beforeExposure(n) {
		return Covariate{}, false
	}
	return Covariate{Path: n.path, Label: v.selection() + " " + windowText(v.Window), Values: []Value{*v}}, true
}

// earlier is the metric's own value, or numerator and denominator, in a window before exposure.
func (b *builder) earlier(n *node, m *Metric) (Covariate, bool) {
	window, ok := get[[2]datasets.Span](n, "window")
	if !ok || !b.beforeExposure(n) {
		return Covariate{}, false
	}
	c := Covariate{Path: n.path, Label: m.Name + " " + windowText(window)}
	for _, v := range m.Values() {
		same := *v
		same.Window = window
		c.Values = append(c.Values, same)
	}
	return c, len(c.Values) > 0
}

// beforeExposure checks that a covariate ends before treatment can have touched it.
func (b *builder) beforeExposure(n *node) bool {
	window, ok := get[[2]datasets.Span](n, "window")
	if ok && window[1] > 0 {
		b.suggest(n.child("window"), "such as [-14d, 0d]", "a covariate must be measured before exposure: its window has to end at 0d or earlier")
		return false
	}
	return ok
}

func windowText(w [2]datasets.Span) string {
	return fmt.Sprintf("[%s, %s]", spanText(w[0]), spanText(w[1]))
}
