package columnar_test

import (
	"errors"
	"fmt"
	"hash/fnv"
	"strings"
	"testing"

	"liftgate/datasets"
	"liftgate/datasets/expr"
	"liftgate/datasets/sourcetest"
)

type makeQuery func(testing.TB, sourcetest.Data) *datasets.Query

// inShops puts the rows of every table into shops of very different size. The units of a unit table are in the variant of their shop.
func inShops(d sourcetest.Data) sourcetest.Data {
	const shops = 60
	for _, table := range d.Tables {
		unit, variant := columnAt(table, table.Spec.Unit), columnAt(table, table.Spec.Variant)
		timed := table.Spec.Time != ""
		table.Columns = append(table.Columns, datasets.Column{Name: "shop", Type: expr.Text})
		for i, cells := range table.Rows {
			h := fnv.New32a()
			fmt.Fprint(h, cells[unit].Text, i%3 == 0 && timed) // some units are seen in two shops
			x := float64(h.Sum32()) / (1 << 32)
			shop := int(shops * x * x * x)
			if variant >= 0 && (!timed || i%50 > 0) {
				cells[variant] = expr.TextValue([]string{"control", "treatment"}[shop*7%2])
			}
			table.Rows[i] = append(cells, expr.TextValue(fmt.Sprint("shop-", shop)))
		}
	}
	return d
}

func TestQueriesThatNoDataCanAnswer(t *testing.T) {
	d := inShops(shop(6, 10, 10))
	for _, table := range d.Tables {
		newShape(1, "csv", table).write(t, table)
	}
	q := clustered(shopQuery)(t, d)
	q.Events[0].Cluster = ""
	expectProblem(t, q, "events names no column of clusters")
	q = withQuantiles(shopQuery)(t, d)
	q.Blocks[len(q.Blocks)-1].Quantile = nil
	expectProblem(t, q, "takes rows one by one")
}

func expectProblem(t *testing.T, q *datasets.Query, want string) {
	t.Helper()
	var data *datasets.DataError
	if _, err := observe(q); err == nil || errors.As(err, &data) || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want one with %q that is not about the data", err, want)
	}
}

func columnAt(t *sourcetest.Table, name string) int {
	for i, c := range t.Columns {
		if c.Name == name {
			return i
		}
	}
	return -1
}

// clustered asks the same by shop.
func clustered(query makeQuery) makeQuery {
	return func(t testing.TB, d sourcetest.Data) *datasets.Query {
		q := query(t, d)
		q.Clustered = true
		if q.Forced != nil {
			q.Forced = []string{"shop-7"}
		}
		for _, table := range append([]*datasets.Table{q.Exposures, q.Units}, q.Events...) {
			if table != nil {
				table.Cluster = "shop"
			}
		}
		return q
	}
}

// withQuantiles asks for quantiles of a value, and, in an event log, of rows, with and without units that a row spares.
func withQuantiles(query makeQuery) makeQuery {
	return func(t testing.TB, d sourcetest.Data) *datasets.Query {
		q := query(t, d)
		ask := func(value int, share float64) {
			q.Blocks = append(q.Blocks, datasets.Block{Metric: "quantile", Parts: []int{value}, Quantile: &datasets.Quantile{Q: share}})
		}
		ask(1, 0.9)
		if q.Units != nil {
			return q
		}
		rows := q.Values[1]
		rows.Name, rows.Take = "rows", datasets.Rows
		spared := rows
		spared.Unless = q.Values[2].Where
		q.Values = append(q.Values, rows, spared)
		for i := range 2 {
			ask(len(q.Values)-2+i, 0.5)
			ask(len(q.Values)-2+i, 0.99)
		}
		return q
	}
}
