package sourcetest

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"liftgate/datasets"
	"liftgate/datasets/bucket"
	"liftgate/datasets/expr"
)

// drawCase draws data and a query that fits them.
func drawCase(t *rapid.T) (Data, *datasets.Query) {
	d := draw{T: t, variants: []string{"control", "treatment", "third"}, fault: noFault}
	d.variants = d.variants[:2+d.below(2)]
	d.integers = d.oneIn(3)
	if d.oneIn(6) {
		d.fault = pick(d, faults...)
	}
	d.clustered = d.oneIn(3)
	q := &datasets.Query{Variants: d.variants, Location: time.UTC, Clustered: d.clustered}
	if !d.oneIn(8) {
		q.IgnoreVariants = []string{ignored, "unseen"}
	}
	q.Forced = d.some("3", "7", "absent")
	if q.Plan = d.plan(); q.Plan == nil && d.oneIn(2) {
		q.Roster = d.roster()
	}

	var data Data
	if d.oneIn(4) {
		data = d.unitTable()
		q.Units = &data.Tables[0].Spec
		for i := range 1 + d.below(3) {
			q.Values = append(q.Values, d.unitValue(i))
		}
	} else {
		data = d.eventLog()
		d.eventQuery(q, data)
	}
	if d.oneIn(2) {
		q.Eligible = d.eligible(1, data.Tables[0])
	}
	values := len(q.Values)
	for i := range 1 + d.below(4) {
		if metric := fmt.Sprint("metric ", i); values > 0 && d.oneIn(5) {
			q.Blocks = append(q.Blocks, d.quantileBlock(q, metric, values))
		} else if values > 0 {
			q.Blocks = append(q.Blocks, d.block(values, q, metric))
		}
	}
	bind(t, data, q)
	return data, q
}

func (d draw) eventQuery(q *datasets.Query, data Data) {
	q.Exposures = &data.Tables[0].Spec
	for _, t := range data.Tables[1:] {
		q.Events = append(q.Events, &t.Spec)
	}
	if d.oneIn(2) {
		q.Start = d.instant(-1, 4)
	}
	if d.oneIn(2) {
		q.End = d.instant(8, 14)
	}
	if d.oneIn(2) {
		q.AsOf = d.instant(5, 40)
	}
	q.Crossover = pick(d, datasets.CrossoverFirst, datasets.CrossoverFirst, datasets.CrossoverDrop)
	for i := range pick(d, 1, 2, 3, 4, 5, 0) {
		if len(q.Events) > 0 {
			q.Values = append(q.Values, d.value(i, pick(d, q.Events...).Name))
		}
	}
}

func (d draw) plan() *bucket.Plan {
	if !d.oneIn(3) {
		return nil
	}
	p := &bucket.Plan{
		Hash: pick(d, bucket.SHA256, bucket.SHA256, bucket.GrowthBookV1, bucket.GrowthBookV2),
		Salt: "salt", Traffic: pick[uint64](d, bucket.Million, bucket.Million/2),
	}
	for range d.variants {
		p.Weights = append(p.Weights, uint64(1+d.below(3)))
	}
	if d.oneIn(3) {
		p.Holdout, p.HoldoutShare = "payments", bucket.Million/4
	}
	if d.oneIn(3) {
		p.Layer, p.Slots = "checkout", [2]int{0, 499}
	}
	return p
}

func (d draw) unitValue(i int) datasets.Value {
	x := column(pick(d, "value", "n", "paid"))
	return datasets.Value{Name: fmt.Sprint("value ", i), Column: pick(d, x, x, op(expr.Add, x, number(0.5)))}
}

func (d draw) value(i int, table string) datasets.Value {
	v := datasets.Value{
		Name:    fmt.Sprint("value ", i),
		Table:   table,
		Take:    pick(d, datasets.Any, datasets.Count, datasets.Sum, datasets.Mean, datasets.Max, datasets.Min, datasets.First, datasets.Last, datasets.Distinct),
		AtLeast: d.below(4),
		Window:  d.window(),
		Nulls:   pick(d, datasets.NullsZero, datasets.NullsZero, datasets.NullsDrop),
	}
	if d.oneIn(24) {
		v.Nulls = datasets.NullsError
	}
	if !d.oneIn(4) {
		v.Where = d.condition(2)
	}
	if d.oneIn(5) {
		v.Unless = d.condition(1)
	}
	switch v.Take {
	case datasets.Any, datasets.Count:
	case datasets.Distinct:
		v.Column = pick(d, column("order"), column("event"), column("id"), column("n"), column("paid"), column("due"), column("value"), d.number(1))
	default:
		v.Column = d.number(2)
	}
	return v
}

func (d draw) window() [2]datasets.Span {
	from := d.below(12) - 6
	length := 1 + d.below(14)
	return [2]datasets.Span{datasets.Span(from) * halfDay, datasets.Span(from+length) * halfDay}
}

// block draws a block of the first values of a query.
func (d draw) block(values int, q *datasets.Query, metric string) datasets.Block {
	b := datasets.Block{Metric: metric, Parts: []int{d.below(values)}}
	if take := q.Values[b.Parts[0]].Take; take == datasets.Any || d.oneIn(16) {
		b.Binary = true
	}
	if !b.Binary && d.oneIn(4) {
		b.Parts = append(b.Parts, d.below(values))
	}
	for range d.below(3) {
		b.Covariates = append(b.Covariates, d.below(values))
	}
	if !b.Binary && d.oneIn(3) {
		b.Cap = &datasets.Cap{Lower: d.limit(), Upper: d.limit()}
	}
	return b
}

// quantileBlock draws a block of one of the first values, or of the rows of a new one.
func (d draw) quantileBlock(q *datasets.Query, metric string, values int) datasets.Block {
	part := d.below(values)
	if q.Units == nil && d.oneIn(2) {
		part = len(q.Values)
		rows := d.value(part, pick(d, q.Events...).Name)
		rows.Take, rows.Column = datasets.Rows, d.number(2)
		q.Values = append(q.Values, rows)
	}
	return datasets.Block{Metric: metric, Parts: []int{part}, Quantile: &datasets.Quantile{Q: pick(d, 0.01, 0.25, 0.5, 0.5, 0.9, 0.99)}}
}

func (d draw) limit() *datasets.Limit {
	switch d.below(4) {
	case 0:
		return nil
	case 1:
		x := float64(d.below(256)-64) / 8
		return &datasets.Limit{Absolute: &x}
	default:
		return &datasets.Limit{Quantile: pick(d, 0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 1)}
	}
}
