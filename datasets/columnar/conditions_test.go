package columnar_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"liftgate/datasets"
	"liftgate/datasets/columnar"
	"liftgate/datasets/expr"
)

// TestManyConditions asks for so many conditions that they no longer fit into one word a row, and for some on several columns: what the
// others gave before must not change.
func TestManyConditions(t *testing.T) {
	d := shop(6, 300, 4000)
	for _, table := range d.Tables {
		newShape(6, "parquet", table).write(t, table)
	}
	few := shopQuery(t, d)
	many := shopQuery(t, d)
	events := d.Tables[1]
	above := func(x float64) *expr.Node {
		return &expr.Node{Op: expr.Gt, Args: []*expr.Node{
			{Op: expr.Column, Name: "value"}, {Op: expr.Literal, Value: expr.FloatValue(x)},
		}}
	}
	order := &expr.Node{Op: expr.Eq, Args: []*expr.Node{
		{Op: expr.Column, Name: "event"}, {Op: expr.Literal, Value: expr.TextValue("order")},
	}}
	for i := range 80 {
		where := above(float64(i) / 40)
		if i%3 == 0 {
			where = &expr.Node{Op: expr.And, Args: []*expr.Node{order, where}}
		}
		many.Values = append(many.Values, datasets.Value{
			Name: fmt.Sprint("extra ", i), Table: "events", Where: bound(t, events, where, expr.Bool), Take: datasets.Count,
			Window: [2]datasets.Span{0, datasets.Day}, Nulls: datasets.NullsZero,
		})
	}
	s := columnar.New(columnar.Options{})
	want, err := s.Observe(context.Background(), few)
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Observe(context.Background(), many)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.Blocks, got.Blocks); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want.Values, got.Values[:len(want.Values)]); diff != "" {
		t.Error(diff)
	}
	compareWithReference(t, d, many)
}
