package columnar_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"liftgate/datasets"
	"liftgate/datasets/columnar"
	"liftgate/datasets/expr"
	"liftgate/datasets/sourcetest"
)

// shop draws an event log whose sums depend on the order in which rows are added.
func shop(seed uint64, units, rows int) sourcetest.Data {
	r := rand.New(rand.NewPCG(seed, 1))
	x := &sourcetest.Table{
		Spec: datasets.Table{Name: "exposures", Unit: "unit", Variant: "variant", Time: "ts", Attributes: []string{"country"}},
		Columns: []datasets.Column{
			{Name: "unit", Type: expr.Text}, {Name: "variant", Type: expr.Text}, {Name: "ts", Type: expr.Time}, {Name: "country", Type: expr.Text},
		},
	}
	start := sourcetest.Origin
	unit := func() expr.Value { return expr.TextValue(fmt.Sprintf("shopper-%d", r.IntN(units))) }
	when := func(days int) expr.Value {
		return expr.TimeValue(int64(start) + r.Int64N(int64(days)*int64(datasets.Day)))
	}
	for range units {
		variant := []string{"control", "treatment"}[r.IntN(2)]
		x.Rows = append(x.Rows, []expr.Value{unit(), expr.TextValue(variant), when(5), expr.TextValue([]string{"US", "DE", "AT"}[r.IntN(3)])})
	}
	e := &sourcetest.Table{
		Spec: datasets.Table{Name: "events", Unit: "unit", Time: "ts"},
		Columns: []datasets.Column{
			{Name: "ts", Type: expr.Time}, {Name: "unit", Type: expr.Text}, {Name: "event", Type: expr.Text}, {Name: "value", Type: expr.Number},
		},
	}
	for range rows {
		value := expr.FloatValue(r.ExpFloat64() / 3)
		if r.IntN(4) == 0 {
			value = expr.Value{}
		}
		e.Rows = append(e.Rows, []expr.Value{when(20), unit(), expr.TextValue([]string{"order", "refund", "view", "click"}[r.IntN(4)]), value})
	}
	return sourcetest.Data{Tables: []*sourcetest.Table{x, e}}
}

// shopQuery asks for sums, with a cap, covariates and both ways to leave units out.
func shopQuery(t testing.TB, d sourcetest.Data) *datasets.Query {
	t.Helper()
	events := d.Tables[1]
	is := func(name string) *expr.Node {
		return bound(t, events, &expr.Node{Op: expr.Eq, Args: []*expr.Node{
			{Op: expr.Column, Name: "event"}, {Op: expr.Literal, Value: expr.TextValue(name)},
		}}, expr.Bool)
	}
	value := bound(t, events, &expr.Node{Op: expr.Column, Name: "value"}, expr.Number)
	week := [2]datasets.Span{0, 7 * datasets.Day}
	return &datasets.Query{
		Exposures: &d.Tables[0].Spec, Events: []*datasets.Table{&events.Spec},
		Variants: []string{"control", "treatment"}, Crossover: datasets.CrossoverFirst, Location: time.UTC,
		Values: []datasets.Value{
			{Name: "converted", Table: "events", Where: is("order"), Take: datasets.Any, Window: week, Nulls: datasets.NullsZero},
			{Name: "revenue", Table: "events", Where: is("order"), Take: datasets.Sum, Column: value, Window: week, Nulls: datasets.NullsZero},
			{Name: "refunds", Table: "events", Where: is("refund"), Take: datasets.Sum, Column: value, Window: week, Nulls: datasets.NullsZero},
			{Name: "mean", Table: "events", Where: is("view"), Take: datasets.Mean, Column: value, Window: week, Nulls: datasets.NullsDrop},
			{Name: "before", Table: "events", Where: is("order"), Take: datasets.Sum, Column: value, Window: [2]datasets.Span{-7 * datasets.Day, 0}, Nulls: datasets.NullsZero},
		},
		Blocks: []datasets.Block{
			{Metric: "conversion", Parts: []int{0}, Binary: true},
			{Metric: "revenue", Parts: []int{1}, Covariates: []int{4}, Cap: &datasets.Cap{Upper: &datasets.Limit{Quantile: 0.9}}},
			{Metric: "refund share", Parts: []int{2, 1}},
			{Metric: "mean", Parts: []int{3}},
		},
	}
}

func bound(t testing.TB, table *sourcetest.Table, n *expr.Node, want expr.Type) *expr.Node {
	t.Helper()
	out, problems := n.Bind(table.Lookup, want)
	for _, p := range problems {
		t.Fatal(p)
	}
	return out
}

// shopUnits draws a unit table.
func shopUnits(seed uint64, units int) sourcetest.Data {
	r := rand.New(rand.NewPCG(seed, 2))
	x := &sourcetest.Table{
		Spec: datasets.Table{Name: "units", Unit: "unit", Variant: "variant", Attributes: []string{"country"}},
		Columns: []datasets.Column{
			{Name: "unit", Type: expr.Text},
			{Name: "variant", Type: expr.Text},
			{Name: "country", Type: expr.Text},
			{Name: "value", Type: expr.Number},
			{Name: "before", Type: expr.Number},
		},
	}
	for i := range units {
		before := r.ExpFloat64() / 3
		x.Rows = append(x.Rows, []expr.Value{
			expr.TextValue(fmt.Sprintf("shopper-%d", i)), expr.TextValue([]string{"control", "treatment"}[r.IntN(2)]),
			expr.TextValue([]string{"US", "DE", "AT"}[r.IntN(3)]), expr.FloatValue(before + r.ExpFloat64()/3), expr.FloatValue(before),
		})
	}
	return sourcetest.Data{Tables: []*sourcetest.Table{x}}
}

// shopUnitsQuery asks for a mean with a cap and a covariate.
func shopUnitsQuery(t testing.TB, d sourcetest.Data) *datasets.Query {
	t.Helper()
	units := d.Tables[0]
	column := func(name string) *expr.Node {
		return bound(t, units, &expr.Node{Op: expr.Column, Name: name}, expr.Number)
	}
	return &datasets.Query{
		Units: &units.Spec, Variants: []string{"control", "treatment"}, Location: time.UTC, Forced: []string{"shopper-7"},
		Values: []datasets.Value{{Name: "value", Column: column("value")}, {Name: "before", Column: column("before")}},
		Blocks: []datasets.Block{
			{Metric: "value", Parts: []int{0}, Covariates: []int{1}, Cap: &datasets.Cap{Upper: &datasets.Limit{Quantile: 0.9}}},
			{Metric: "growth", Parts: []int{0, 1}},
		},
	}
}

// TestSameBytes writes the same rows in many shapes and asks for the same bytes of evidence, for any number of workers.
func TestSameBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("many files")
	}
	for _, c := range []struct {
		name  string
		data  sourcetest.Data
		query func(testing.TB, sourcetest.Data) *datasets.Query
	}{
		{"event log", shop(1, 1000, 10000), shopQuery},
		{"unit table", shopUnits(1, 12000), shopUnitsQuery},
		{"event log with quantiles", shop(3, 1000, 10000), withQuantiles(shopQuery)},
		{"event log with quantiles of parts", shop(6, 600, 6000), viewed(withQuantiles(shopQuery))},
		{"clusters with quantiles of parts", inShops(shop(7, 600, 6000)), viewed(withQuantiles(clustered(shopQuery)))},
		{"event log of clusters", inShops(shop(4, 1000, 10000)), withQuantiles(onRoster(clustered(shopQuery)))},
		{"unit table of clusters", inShops(shopUnits(4, 12000)), withQuantiles(onRoster(clustered(shopUnitsQuery)))},
	} {
		t.Run(c.name, func(t *testing.T) { sameBytes(t, c.data, c.query) })
	}
}

func sameBytes(t *testing.T, d sourcetest.Data, query func(testing.TB, sourcetest.Data) *datasets.Query) {
	t.Helper()
	var want string
	workers, formats := []int{1, 2, 5}, []string{"parquet", "parquet", "file", "stream", "parquet", "csv", "parquet"}
	for i, format := range formats {
		for _, table := range d.Tables {
			newShape(uint64(i), format, table).write(t, table)
		}
		for _, w := range workers {
			ev, err := columnar.New(columnar.Options{Workers: w}).Observe(context.Background(), query(t, d))
			if err != nil {
				t.Fatal(err)
			}
			got, err := json.Marshal(ev)
			if err != nil {
				t.Fatal(err)
			}
			if want == "" {
				want = string(got)
			}
			if string(got) != want {
				t.Fatalf("shape %d (%s), %d workers: the evidence differs:\n%s\n%s", i, format, w, got, want)
			}
		}
	}
}

// TestReference compares larger tables than the conformance suite draws with the row-by-row reference.
func TestReference(t *testing.T) {
	if testing.Short() {
		t.Skip("many rows")
	}
	log, units := shop(2, 300, 3000), shopUnits(2, 12000)
	compareWithReference(t, log, withQuantiles(shopQuery)(t, log))
	compareWithReference(t, log, viewed(withQuantiles(shopQuery))(t, log))
	compareWithReference(t, units, withQuantiles(shopUnitsQuery)(t, units))
	log, units = inShops(shop(5, 300, 3000)), inShops(shopUnits(5, 3000))
	compareWithReference(t, log, withQuantiles(clustered(shopQuery))(t, log))
	compareWithReference(t, units, withQuantiles(clustered(shopUnitsQuery))(t, units))
	compareWithReference(t, log, onRoster(clustered(shopQuery))(t, log))
	compareWithReference(t, units, onRoster(clustered(shopUnitsQuery))(t, units))
}

func compareWithReference(t *testing.T, d sourcetest.Data, q *datasets.Query) {
	t.Helper()
	want, err := sourcetest.Reference(q, d)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range d.Tables {
		newShape(3, "parquet", table).write(t, table)
	}
	got, err := columnar.New(columnar.Options{}).Observe(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	if diff := sourcetest.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
