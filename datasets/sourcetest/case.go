package sourcetest

import (
	"os"
	"reflect"
	"slices"
	"testing"
	"time"

	"liftgate/datasets"
	"liftgate/datasets/expr"
)

// rule is a fixed case: a few rows that show one rule, and what they must give, worked out by hand.
type rule struct {
	name      string
	exposures string // as Parse reads it
	units     string // instead of exposures, a unit table
	events    string
	refunds   string // a second table of events
	spec      func(s *specs)
	query     func(q *datasets.Query)
	values    []datasets.Value // conditions not bound yet
	blocks    []datasets.Block
	fails     bool
	large     bool // slow: hundreds of thousands of rows of views
	check     func(t *testing.T, ev *datasets.Evidence)
}

// specs are what a case may change before its rows are read.
type specs struct{ exposures, units, events, refunds datasets.Table }

func (c rule) run(t *testing.T, open Open) {
	if c.large && os.Getenv("LIFTGATE_SLOW") == "" {
		t.Skip("hundreds of thousands of rows: set LIFTGATE_SLOW=1")
	}
	d, q := c.build(t)
	ev, difference := compare(t.Context(), open(t, d), q, d)
	if difference != "" {
		t.Fatalf("%s\n%s", difference, describe(d, q))
	}
	if (ev == nil) != c.fails {
		t.Fatalf("error: %v, want %v", ev == nil, c.fails)
	}
	if c.check != nil && ev != nil {
		c.check(t, ev)
	}
}

func (c rule) build(t testing.TB) (Data, *datasets.Query) {
	spec := specs{
		exposures: datasets.Table{Name: "exposures", Unit: "unit", Variant: "variant", Time: "time"},
		units:     datasets.Table{Name: "units", Unit: "unit", Variant: "variant"},
		events:    datasets.Table{Name: "events", Unit: "unit", Time: "time"},
		refunds:   datasets.Table{Name: "refunds", Unit: "unit", Time: "time"},
	}
	if c.spec != nil {
		c.spec(&spec)
	}
	q := &datasets.Query{
		Variants: []string{"control", "treatment"}, Crossover: datasets.CrossoverFirst, Location: time.UTC,
		Values: slices.Clone(c.values), Blocks: c.blocks, // bind changes the values
	}
	var d Data
	add := func(s datasets.Table, text string) *datasets.Table {
		table := Parse(t, s, text)
		d.Tables = append(d.Tables, table)
		return &table.Spec
	}
	if c.units != "" {
		q.Units = add(spec.units, c.units)
	} else {
		q.Exposures = add(spec.exposures, c.exposures)
	}
	if c.events != "" {
		q.Events = append(q.Events, add(spec.events, c.events))
	}
	if c.refunds != "" {
		q.Events = append(q.Events, add(spec.refunds, c.refunds))
	}
	if c.query != nil {
		c.query(q)
	}
	bind(t, d, q)
	return d, q
}

// fataler is what testing.T and rapid.T have in common.
type fataler interface {
	Fatalf(format string, args ...any)
}

// bind binds the conditions of a query to the columns of their tables.
func bind(t fataler, d Data, q *datasets.Query) {
	q.Eligible = bound(t, d.Tables[0], q.Eligible, expr.Bool)
	for i := range q.Values {
		v := &q.Values[i]
		name := v.Table
		if q.Units != nil {
			name = q.Units.Name
		}
		table, err := d.Find(name)
		if err != nil {
			t.Fatalf("%v", err)
		}
		columnType := expr.Number
		if v.Take == datasets.Distinct {
			columnType = expr.Untyped
		}
		v.Where = bound(t, table, v.Where, expr.Bool)
		v.Unless = bound(t, table, v.Unless, expr.Bool)
		v.Column = bound(t, table, v.Column, columnType)
	}
}

func bound(t fataler, table *Table, n *expr.Node, want expr.Type) *expr.Node {
	out, problems := n.Bind(table.Lookup, want)
	for _, p := range problems {
		t.Fatalf("%s: %v", table.Spec.Name, p)
	}
	return out
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// at is a time as Parse reads it.
func at(offset string) *datasets.Instant {
	span, err := parseSpan(offset)
	if err != nil {
		panic(err)
	}
	i := Origin.Add(span)
	return &i
}

func column(name string) *expr.Node { return &expr.Node{Op: expr.Column, Name: name} }

func text(s string) *expr.Node { return &expr.Node{Op: expr.Literal, Value: expr.TextValue(s)} }

func number(x float64) *expr.Node { return &expr.Node{Op: expr.Literal, Value: expr.FloatValue(x)} }

func op(o expr.Op, args ...*expr.Node) *expr.Node { return &expr.Node{Op: o, Args: args} }

func event(name string) *expr.Node { return op(expr.Eq, column("event"), text(name)) }
