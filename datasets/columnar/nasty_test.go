package columnar_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"liftgate/datasets"
	"liftgate/datasets/expr"
	"liftgate/datasets/sourcetest"
)

// nasty draws rows with cells of every kind: keys that are long, short and no ASCII, numbers that only a wide decimal holds, times out of order, nulls.
type nasty struct {
	*rand.Rand
	keys     []expr.Value
	keyType  expr.Type
	grain    int64 // of times, in microseconds
	nullable int   // one cell in so many is null; 0: none
}

// drawNasty draws tables and a query about them.
func drawNasty(tb testing.TB, t *rapid.T) (sourcetest.Data, *datasets.Query) {
	n := nasty{Rand: rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "rows"), 5))}
	n.grain = []int64{1, 1000, int64(datasets.Hour), dayMicros}[n.IntN(4)]
	n.nullable = []int{0, 3, 30}[n.IntN(3)]
	rows := []int{0, 1, 20, 100, 300}[n.IntN(5)]
	if os.Getenv("LIFTGATE_SLOW") != "" {
		rows *= 10
	}
	n.keyType = []expr.Type{expr.Text, expr.Text, expr.Number}[n.IntN(3)]
	n.drawKeys(1 + n.IntN(1+rows/3))
	var d sourcetest.Data
	query := nastyQuery
	if rapid.Bool().Draw(t, "unit table") {
		d, query = n.units(rows), nastyUnitsQuery
	} else {
		d = n.log(rows)
	}
	if rapid.Bool().Draw(t, "clustered") {
		d, query = inShops(d), clustered(query)
	}
	if rapid.Bool().Draw(t, "quantiles") {
		query = withQuantiles(query)
	}
	if rapid.Bool().Draw(t, "views") {
		query = viewed(query)
	}
	return d, query(tb, d)
}

func (n *nasty) drawKeys(count int) {
	seen := map[string]bool{}
	for len(n.keys) < count {
		k := expr.IntValue(int64(n.Uint64()) >> n.IntN(64))
		if n.keyType == expr.Text {
			k = expr.TextValue(n.key())
		}
		if !seen[k.Plain()] {
			seen[k.Plain()] = true
			n.keys = append(n.keys, k)
		}
	}
}

// key has 1 to 1,000 bytes.
func (n *nasty) key() string {
	switch n.IntN(4) {
	case 0:
		return strings.Repeat("é", 1+n.IntN(500))
	case 1:
		return fmt.Sprintf("%08d", n.IntN(1e8)) // of one length
	case 2:
		return string(rune('a' + n.IntN(26)))
	}
	b := make([]byte, 1+n.IntN(1000>>n.IntN(10)))
	for i := range b {
		b[i] = byte(' ' + n.IntN(95))
	}
	return string(b)
}

func (n *nasty) unit() expr.Value { return n.keys[n.IntN(len(n.keys))] }

func (n *nasty) maybe(v expr.Value) expr.Value {
	if n.nullable > 0 && n.IntN(n.nullable) == 0 {
		return expr.Value{}
	}
	return v
}

func (n *nasty) when(days int64) expr.Value {
	at := int64(sourcetest.Origin) + n.Int64N(days*dayMicros)
	return expr.TimeValue(at - at%n.grain)
}

// cents is a number whose sums depend on their order.
func (n *nasty) cents() expr.Value { return expr.FloatValue(float64(n.IntN(100_000)-1000) / 100) }

// wide is a whole number between -1e31 and 1e31 of any size: what is taken back may leave one of a far smaller size.
func (n *nasty) wide() expr.Value {
	x := math.Ldexp(float64(n.Int64N(1<<53)), []int{-40, 0, 0, 20, 50, 50}[n.IntN(6)])
	if n.IntN(4) == 0 {
		x = -x
	}
	return expr.FloatValue(math.Trunc(x))
}

func (n *nasty) word(of ...string) expr.Value { return expr.TextValue(of[n.IntN(len(of))]) }

func (n *nasty) log(rows int) sourcetest.Data {
	x := &sourcetest.Table{
		Spec: datasets.Table{Name: "exposures", Unit: "unit", Variant: "variant", Time: "ts", Attributes: []string{"country", "age"}},
		Columns: []datasets.Column{
			{Name: "unit", Type: n.keyType},
			{Name: "variant", Type: expr.Text},
			{Name: "ts", Type: expr.Time},
			{Name: "country", Type: expr.Text},
			{Name: "age", Type: expr.Number},
		},
	}
	for range rows / 4 {
		x.Rows = append(x.Rows, []expr.Value{
			n.unit(), n.word("control", "treatment"), n.when(5), n.maybe(n.word("US", "DE", "Österreich")), n.maybe(expr.IntValue(n.Int64N(5) - 1)),
		})
	}
	e := &sourcetest.Table{
		Spec: datasets.Table{Name: "events", Unit: "unit", Time: "ts"},
		Columns: []datasets.Column{
			{Name: "ts", Type: expr.Time},
			{Name: "unit", Type: n.keyType},
			{Name: "event", Type: expr.Text},
			{Name: "value", Type: expr.Number},
			{Name: "n", Type: expr.Number},
			{Name: "wide", Type: expr.Number},
			{Name: "paid", Type: expr.Bool},
			{Name: "due", Type: expr.Time},
			{Name: "note", Type: expr.Text},
			{Name: "eighths", Type: expr.Number},
		},
	}
	for range rows {
		e.Rows = append(e.Rows, []expr.Value{
			n.maybe(n.when(20)), n.unit(), n.maybe(n.word("order", "refund", "view", "click")), n.maybe(n.cents()),
			n.maybe(expr.IntValue(n.Int64N(1<<40) >> n.IntN(40))), n.maybe(n.wide()), n.maybe(expr.BoolValue(n.IntN(3) > 0)), n.maybe(n.when(30)),
			n.maybe(expr.TextValue(n.key())), n.maybe(expr.FloatValue(float64(n.IntN(64)-8) / 8)),
		})
	}
	asOf := sourcetest.Origin.Add(18 * datasets.Day)
	x.Spec.CompleteThrough, e.Spec.CompleteThrough = &asOf, &asOf
	return sourcetest.Data{Tables: []*sourcetest.Table{x, e}}
}

func compare(op expr.Op, column string, v expr.Value) *expr.Node {
	return &expr.Node{Op: op, Args: []*expr.Node{{Op: expr.Column, Name: column}, {Op: expr.Literal, Value: v}}}
}

func both(a, b *expr.Node) *expr.Node { return &expr.Node{Op: expr.And, Args: []*expr.Node{a, b}} }

func nastyQuery(t testing.TB, d sourcetest.Data) *datasets.Query {
	t.Helper()
	events := d.Tables[1]
	is := func(n *expr.Node) *expr.Node { return bound(t, events, n, expr.Bool) }
	of := func(name string, want expr.Type) *expr.Node {
		return bound(t, events, &expr.Node{Op: expr.Column, Name: name}, want)
	}
	order, refund := compare(expr.Eq, "event", expr.TextValue("order")), compare(expr.Eq, "event", expr.TextValue("refund"))
	days := func(n datasets.Span) [2]datasets.Span { return [2]datasets.Span{0, n * datasets.Day} }
	value := func(name string, take datasets.Take, column *expr.Node, where *expr.Node, window [2]datasets.Span, nulls datasets.Nulls) datasets.Value {
		v := datasets.Value{Name: name, Table: "events", Take: take, Column: column, Window: window, Nulls: nulls}
		if where != nil {
			v.Where = is(where)
		}
		return v
	}
	due := compare(expr.Lt, "due", expr.TimeValue(int64(sourcetest.Origin.Add(15*datasets.Day))))
	const zero, drop = datasets.NullsZero, datasets.NullsDrop
	q := &datasets.Query{
		Exposures: &d.Tables[0].Spec, Events: []*datasets.Table{&events.Spec},
		Variants: []string{"control", "treatment"}, Crossover: datasets.CrossoverFirst, Location: time.UTC,
		Values: []datasets.Value{
			value("converted", datasets.Any, nil, order, days(7), zero),
			value("revenue", datasets.Sum, of("value", expr.Number), order, days(7), zero),
			value("refunds", datasets.Sum, of("value", expr.Number), refund, days(7), zero),
			value("mean", datasets.Mean, of("wide", expr.Number), both(due, compare(expr.Gt, "n", expr.IntValue(5))), days(14), drop),
			value("balance", datasets.Last, of("wide", expr.Number), nil, days(7), drop),
			value("lowest", datasets.Min, of("wide", expr.Number), order, days(14), zero),
			value("turnover", datasets.Sum, of("wide", expr.Number), order, days(7), zero),
			value("before", datasets.Sum, of("eighths", expr.Number), nil, [2]datasets.Span{-7 * datasets.Day, 0}, zero),
			value("largest", datasets.Max, of("n", expr.Number), compare(expr.Lt, "wide", expr.FloatValue(6e27)), days(3), drop),
			value("latest", datasets.Last, of("value", expr.Number), compare(expr.Gt, "note", expr.TextValue("M")), days(7), drop),
			value("notes", datasets.Distinct, of("note", expr.Untyped), &expr.Node{Op: expr.Column, Name: "paid"}, days(7), zero),
			value("clicks", datasets.Count, nil, &expr.Node{Op: expr.Has, Name: "eighths"}, days(7), zero),
		},
		Blocks: []datasets.Block{
			{Metric: "conversion", Parts: []int{0}, Binary: true},
			{Metric: "revenue", Parts: []int{1}, Covariates: []int{7}, Cap: &datasets.Cap{Upper: &datasets.Limit{Quantile: 0.9}}},
			{Metric: "refund share", Parts: []int{2, 1}},
			{Metric: "turnover and balance", Parts: []int{6}, Covariates: []int{4, 5}},
			{Metric: "capped balance", Parts: []int{4}, Cap: &datasets.Cap{Upper: &datasets.Limit{Quantile: 0.5}}},
		},
	}
	for i := 3; i < len(q.Values); i++ {
		q.Blocks = append(q.Blocks, datasets.Block{Metric: q.Values[i].Name, Parts: []int{i}})
	}
	return q
}

// units draws a unit table with one row for each of the keys, as many as there are.
func (n *nasty) units(rows int) sourcetest.Data {
	n.nullable = 0
	x := &sourcetest.Table{
		Spec: datasets.Table{Name: "units", Unit: "unit", Variant: "variant", Attributes: []string{"country", "age"}},
		Columns: []datasets.Column{
			{Name: "unit", Type: n.keyType},
			{Name: "variant", Type: expr.Text},
			{Name: "country", Type: expr.Text},
			{Name: "age", Type: expr.Number},
			{Name: "value", Type: expr.Number},
			{Name: "before", Type: expr.Number},
			{Name: "wide", Type: expr.Number},
		},
	}
	n.keys = nil
	n.drawKeys(rows)
	for _, key := range n.keys {
		x.Rows = append(x.Rows, []expr.Value{
			key, n.word("control", "treatment"), n.word("US", "DE", "Österreich"), expr.IntValue(n.Int64N(5) - 1),
			n.cents(), expr.FloatValue(float64(n.IntN(64)-8) / 8), n.wide(),
		})
	}
	return sourcetest.Data{Tables: []*sourcetest.Table{x}}
}

func nastyUnitsQuery(t testing.TB, d sourcetest.Data) *datasets.Query {
	t.Helper()
	q := shopUnitsQuery(t, d)
	q.Values = append(q.Values, datasets.Value{
		Name: "wide", Column: bound(t, d.Tables[0], &expr.Node{Op: expr.Column, Name: "wide"}, expr.Number),
	})
	q.Blocks = append(q.Blocks, datasets.Block{Metric: "wide", Parts: []int{2}, Covariates: []int{1}})
	return q
}
