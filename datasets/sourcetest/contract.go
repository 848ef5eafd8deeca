package sourcetest

import (
	"context"
	"errors"
	"reflect"
	"sync"
	"testing"

	"liftgate/datasets"
	"liftgate/datasets/expr"
)

// contractCase has a bit of everything.
func contractCase(t *testing.T) (Data, *datasets.Query) {
	for _, c := range blockRules() {
		if c.name == "covariates look back before exposure" {
			return c.build(t)
		}
	}
	t.Fatal("the case is gone")
	return Data{}, nil
}

// runContract holds a source to what datasets.Source says beyond the evidence.
func runContract(t *testing.T, open Open) {
	t.Run("schema", func(t *testing.T) {
		d, _ := contractCase(t)
		source := open(t, d)
		for _, table := range d.Tables {
			checkSchema(t, source, table)
		}
	})
	t.Run("observing twice gives the same bits", func(t *testing.T) {
		d, q := contractCase(t)
		source := open(t, d)
		first, second := observe(t, source, q), observe(t, source, q)
		if !reflect.DeepEqual(first, second) {
			t.Errorf("%+v\n%+v", first, second)
		}
	})
	t.Run("observing at the same time", func(t *testing.T) {
		d, q := contractCase(t)
		source := open(t, d)
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if _, difference := compare(t.Context(), source, q, d); difference != "" {
					t.Error(difference)
				}
			})
		}
		all.Wait()
	})
	t.Run("a context that has ended", func(t *testing.T) {
		d, q := contractCase(t)
		source := open(t, d)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := source.Observe(ctx, q); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want %v", err, context.Canceled)
		}
	})
}

// checkSchema allows a format without types to say so.
func checkSchema(t *testing.T, source datasets.Source, table *Table) {
	t.Helper()
	got, err := source.Schema(t.Context(), &table.Spec)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(table.Columns) {
		t.Fatalf("%s: columns %v, want %v", table.Spec.Name, got, table.Columns)
	}
	for i, want := range table.Columns {
		if got[i].Name != want.Name || got[i].Type != want.Type && got[i].Type != expr.Untyped {
			t.Errorf("%s: column %v, want %v", table.Spec.Name, got[i], want)
		}
	}
}

func observe(t *testing.T, source datasets.Source, q *datasets.Query) *datasets.Evidence {
	t.Helper()
	ev, err := source.Observe(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return ev
}
