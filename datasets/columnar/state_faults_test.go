package columnar_test

import (
	"math/rand/v2"
	"path/filepath"
	"testing"

	"liftgate/datasets"
	"liftgate/datasets/expr"
	"liftgate/datasets/sourcetest"
)

// TestStateOfRowsThatFail: rows that only a later as_of looks at may be such that it fails. That is an error then, and none before.
func TestStateOfRowsThatFail(t *testing.T) {
	for _, c := range []struct {
		name        string
		table, days int
		format      string
	}{
		{"events", 1, 9, "csv"},
		{"events", 1, 9, "parquet"},
		{"exposures", 0, 4, "csv"},
	} {
		t.Run(c.name+" in "+c.format, func(t *testing.T) {
			if testing.Short() {
				t.Skip("many rows")
			}
			d := inShops(shop(9, 12000, 9000))
			cut := sourcetest.Origin.Add(datasets.Span(c.days) * datasets.Day)
			spoil(d.Tables[c.table], cut)
			for i, table := range d.Tables {
				dir := t.TempDir()
				table.Spec.Dir, table.Spec.Files = dir, []string{"*"}
				s := newShape(uint64(i), c.format, table)
				if err := s.writeFile(filepath.Join(dir, "rows."+c.format), s.schema(table), table, table.Rows); err != nil {
					t.Fatal(err)
				}
			}
			q := clustered(shopQuery)(t, d)
			q.AsOf = &cut
			dir := filepath.Join(t.TempDir(), "state")
			s := &stepwise{tb: t, Rand: rand.New(rand.NewPCG(2, 12)), data: d}
			for range 2 {
				if _, err := s.step(t.Context(), dir, q); err != nil {
					t.Fatal(err)
				}
			}
			later := cut.Add(3 * datasets.Day)
			q.AsOf = &later
			if ev, err := s.step(t.Context(), dir, q); ev != nil || err == nil {
				t.Fatal("rows without a merchant are no error")
			}
		})
	}
}

// spoil takes the merchant from rows from some time on, but for the first ones.
func spoil(table *sourcetest.Table, from datasets.Instant) {
	at, shop := columnAt(table, table.Spec.Time), columnAt(table, "shop")
	for i, row := range table.Rows {
		if i > 5000 && datasets.Instant(row[at].Int) >= from {
			row[shop] = expr.Value{}
		}
	}
}
