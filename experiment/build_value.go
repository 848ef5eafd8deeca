package experiment

import (
	"fmt"
	"slices"

	"liftgate/datasets"
	"liftgate/datasets/expr"
)

// countingTakes need no column: they count rows.
var countingTakes = []datasets.Take{datasets.Any, datasets.Count}

func (b *builder) value(n *node, m *Metric) *Value {
	if b.unitTable() {
		return b.cell(n)
	}
	v := b.eventValue(n, m)
	if m.Type == Proportion && v.Take != datasets.Any && n.child("take") != nil && n.child("take").value != nil {
		b.suggest(n.child("take"), "count and sum make means: type: mean", "a proportion takes any: it is the share of units with a matching row")
	}
	if w := n.child("window"); w != nil {
		b.afterExposure(w, v)
	} else {
		b.suggest(n, "add window: [0d, 14d]", "%s of metric %s has no window", n.label(), m.Name)
	}
	return v
}

func (b *builder) afterExposure(n *node, v *Value) {
	if n.value != nil && v.Window[0] < 0 {
		b.fail(n, "a metric's window cannot start before exposure: what lies before it is a covariate")
	}
}

// eventValue builds a value over rows of events, whatever its window.
func (b *builder) eventValue(n *node, m *Metric) *Value {
	v := &Value{Rows: b.rows(n), AtLeast: int(or(n, "at_least", int64(1)))}
	v.Take = b.take(n, m)
	v.Column, _ = get[*Condition](n, "column")
	v.Unless, _ = get[*Condition](n, "unless")
	v.Window, _ = get[[2]datasets.Span](n, "window")
	v.Nulls = datasets.Nulls(or(n, "nulls", string(defaultNulls(v.Take))))
	if n.child("from") == nil {
		b.suggest(n, "add from: events, the name of a source of events", "%s of metric %s does not say which events it reads", n.label(), m.Name)
	}
	b.takeKeys(n, v)
	return v
}

func defaultNulls(t datasets.Take) datasets.Nulls {
	switch t {
	case datasets.Any, datasets.Count, datasets.Sum, datasets.Distinct:
		return datasets.NullsZero
	}
	return datasets.NullsDrop
}

func (b *builder) take(n *node, m *Metric) datasets.Take {
	if take, ok := get[string](n, "take"); ok {
		return datasets.Take(take)
	}
	switch {
	case n.child("take") != nil, m.Type == Quantile:
	case m.Type == Proportion:
		return datasets.Any
	default:
		b.suggest(n, "add take: "+list(takes), "%s of metric %s does not say how a unit's rows become one number", n.label(), m.Name)
	}
	return ""
}

// takeKeys checks that column and at_least fit take.
func (b *builder) takeKeys(n *node, v *Value) {
	column, atLeast := n.child("column"), n.child("at_least")
	if atLeast != nil && v.Take != datasets.Any && v.Take != "" {
		b.fail(atLeast, "at_least goes with take: any, not %s", v.Take)
	}
	switch {
	case v.Take == "":
	case slices.Contains(countingTakes, v.Take) && column != nil:
		b.fail(column, "take: %s counts rows and has no column", v.Take)
	case !slices.Contains(countingTakes, v.Take) && column == nil:
		b.fail(n, "take: %s needs a column", v.Take)
	}
	if v.Take != datasets.Distinct {
		b.numeric(column, v.Column)
	}
}

// numeric checks that a computed column is a number whatever the columns are that it is made of.
func (b *builder) numeric(n *node, c *Condition) {
	if c == nil {
		return
	}
	_, mistakes := c.Tree.Bind(anyColumn, expr.Number)
	b.mistakes(n, mistakes)
}

// cell builds a value of a unit table: a column.
func (b *builder) cell(n *node) *Value {
	v := &Value{Rows: Rows{Path: n.path}, AtLeast: 1}
	for _, f := range n.fields {
		if f.key.text != "column" && valueForm.key(f.key.text) != nil {
			b.fail(f.key, "%s needs events: in a unit table a value is just {column: NAME}", f.key.text)
		}
	}
	if n.child("column") == nil {
		b.fail(n, "%s has no column: in a unit table a value is just {column: NAME}", n.label())
	}
	v.Column, _ = get[*Condition](n, "column")
	b.numeric(n.child("column"), v.Column)
	return v
}

// quantile settles what a quantile is taken over.
func (b *builder) quantile(n *node, m *Metric) {
	v := n.child("value")
	if m.Over == "" {
		m.Over = "rows"
		if b.unitTable() || v.child("take") != nil {
			m.Over = "units"
		}
	}
	if b.unitTable() && m.Over == "rows" {
		b.fail(n.child("over"), "a unit table has one row a unit: a quantile is over units")
		return
	}
	if b.unitTable() || v == nil || v.value == nil {
		return
	}
	if take := v.child("take"); m.Over == "rows" && take != nil {
		b.fail(take, "a quantile over rows takes every row as it is: leave take out, or say over: units")
	} else if m.Over == "units" && take == nil {
		b.fail(v, "a quantile over units needs take: how a unit's rows become one number")
	}
	if m.Over == "rows" && v.child("column") == nil {
		b.fail(v, "a quantile over rows needs a column")
	}
}

func (b *builder) cap(n *node) *datasets.Cap {
	if len(n.fields) == 0 {
		b.fail(n, "a cap needs upper, lower or both")
	}
	c := &datasets.Cap{}
	c.Lower, _ = get[*datasets.Limit](n, "lower")
	c.Upper, _ = get[*datasets.Limit](n, "upper")
	if c.Lower == nil || c.Upper == nil {
		return c
	}
	sameKind := (c.Lower.Absolute == nil) == (c.Upper.Absolute == nil)
	if sameKind && limitSize(c.Lower) >= limitSize(c.Upper) {
		b.fail(n.child("lower"), "the lower limit (%s) is not below the upper one (%s)", n.child("lower").text, n.child("upper").text)
	}
	return c
}

func limitSize(l *datasets.Limit) float64 {
	if l.Absolute != nil {
		return *l.Absolute
	}
	return l.Quantile
}

// selection describes a value of events for a label: sum(value) where event == "refund".
func (v *Value) selection() string {
	out := string(v.Take)
	if v.Column != nil {
		out = fmt.Sprintf("%s(%s)", v.Take, v.Column.Text)
	}
	if v.Where != nil {
		out += " where " + v.Where.Text
	}
	return out
}
