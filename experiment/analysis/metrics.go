package analysis

import (
	"fmt"

	"liftgate/datasets"
	"liftgate/datasets/expr"
	"liftgate/experiment"
)

// addMetrics states the values and blocks of the metrics that are supported, and checks the conditions of all.
func (b *binder) addMetrics(s *Study) {
	values := valueSet{query: &s.Query, index: map[string]int{}}
	for i := range b.definition.Metrics {
		m := &b.definition.Metrics[i]
		if unsupported(b.definition, m) != "" {
			b.checkUnsupported(m)
			continue
		}
		block := datasets.Block{Metric: m.Name, Binary: m.Type == experiment.Proportion, Cap: m.Cap}
		for j, v := range m.Values() {
			block.Parts = append(block.Parts, values.add(b.part(m, v), partName(m, j)))
		}
		if m.Type == experiment.Quantile {
			block.Quantile = &datasets.Quantile{Q: m.Quantile}
		}
		for _, c := range m.Covariates {
			for j := range c.Values {
				name := c.Label
				if len(c.Values) > 1 {
					name = fmt.Sprintf("%s, %s", name, [...]string{"numerator", "denominator"}[j])
				}
				block.Covariates = append(block.Covariates, values.add(b.value(&c.Values[j]), name))
			}
		}
		s.blocks[m.Name] = len(s.Query.Blocks)
		s.Query.Blocks = append(s.Query.Blocks, block)
	}
	if t := b.definition.Trigger; t != nil {
		b.condition(t.Where, t.From, expr.Bool)
	}
}

func partName(m *experiment.Metric, part int) string {
	if m.Numerator == nil {
		return m.Name
	}
	return m.Name + [...]string{" (numerator)", " (denominator)"}[part]
}

// part binds a part of a metric. A quantile over rows takes each as it is.
func (b *binder) part(m *experiment.Metric, v *experiment.Value) datasets.Value {
	out := b.value(v)
	if m.Type == experiment.Quantile && m.Over == "rows" {
		out.Take = datasets.Rows
	}
	return out
}

// value binds one value of the definition.
func (b *binder) value(v *experiment.Value) datasets.Value {
	if b.definition.Data.Units != nil {
		return datasets.Value{Column: b.condition(v.Column, b.definition.Data.Units.Name, expr.Number)}
	}
	out := datasets.Value{
		Table: v.From, Take: v.Take, AtLeast: v.AtLeast, Window: v.Window, Nulls: v.Nulls,
		Where:  b.condition(v.Where, v.From, expr.Bool),
		Unless: b.condition(v.Unless, v.From, expr.Bool),
	}
	if v.Column != nil {
		want := expr.Number
		if v.Take == datasets.Distinct {
			want = expr.Untyped
		}
		out.Column = b.condition(v.Column, v.From, want)
	}
	return out
}

// checkUnsupported binds what an unsupported metric reads, so that its mistakes are found before it is supported.
func (b *binder) checkUnsupported(m *experiment.Metric) {
	for _, v := range m.Values() {
		b.value(v)
	}
	if m.Delayed == nil {
		return
	}
	for _, r := range append([]experiment.KeyedRows{m.Delayed.Start, m.Delayed.Failure}, m.Delayed.Competing...) {
		b.condition(r.Where, r.From, expr.Bool)
		if columns, read := b.columns[r.From]; read {
			if _, ok := columns[r.Key]; !ok {
				b.missingColumn(r.Path+".key", 0, r.From, r.Key)
			}
		}
	}
}

// valueSet keeps each distinct value once, so that metrics that share one read it once.
type valueSet struct {
	query *datasets.Query
	index map[string]int
}

func (s *valueSet) add(v datasets.Value, name string) int {
	key := fmt.Sprintf("%s\x00%s\x00%s\x00%s\x00%s\x00%d\x00%v\x00%s",
		v.Table, v.Where, v.Unless, v.Take, v.Column, v.AtLeast, v.Window, v.Nulls)
	if i, ok := s.index[key]; ok {
		return i
	}
	v.Name = name
	s.index[key] = len(s.query.Values)
	s.query.Values = append(s.query.Values, v)
	return s.index[key]
}
