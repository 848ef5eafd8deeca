package sourcetest

import (
	"fmt"
	"math"
	"slices"

	"liftgate/datasets"
	"liftgate/datasets/expr"
)

// Table is a table held in memory. A query refers to &t.Spec.
type Table struct {
	// Spec names the table and the columns that have a meaning. Dir and Files are empty: whoever writes the rows to files sets
	// them.
	Spec    datasets.Table
	Columns []datasets.Column
	// Rows hold one cell a column, null or of its type (nothing is Untyped); the numbers of a column are all exact or all not.
	Rows [][]expr.Value
}

// Data are the tables of a query. Their names (Spec.Name) differ.
type Data struct {
	Tables []*Table
}

// Find returns the table of that name, or an error when there is none.
func (d Data) Find(name string) (*Table, error) {
	for _, t := range d.Tables {
		if t.Spec.Name == name {
			return t, nil
		}
	}
	return nil, fmt.Errorf("there is no table %q", name)
}

// Lookup tells expressions which columns the table has and of which type (an expr.Columns).
func (t *Table) Lookup(name string) (expr.Type, bool) {
	i := t.position(name)
	if i < 0 {
		return expr.Untyped, false
	}
	return t.Columns[i].Type, true
}

func (t *Table) position(column string) int {
	return slices.IndexFunc(t.Columns, func(c datasets.Column) bool { return c.Name == column })
}

// row is one row of a table.
type row struct {
	table *Table
	cells []expr.Value
}

func (t *Table) rows() []row {
	rows := make([]row, len(t.Rows))
	for i, cells := range t.Rows {
		rows[i] = row{t, cells}
	}
	return rows
}

func (r row) cell(column string) expr.Value {
	return r.cells[r.table.position(column)]
}

// read is the row as expressions see it (an expr.Row).
func (r row) read(column string, _ expr.Type) expr.Value { return r.cell(column) }

// key names an analysis unit; cluster is empty unless the query is clustered.
type key struct{ cluster, unit string }

// key is what the row is about; its unit is empty when there is none.
func (r row) key(q *datasets.Query) key {
	k := key{unit: r.cell(r.table.Spec.Unit).Plain()}
	if q.Clustered {
		k.cluster = r.cluster()
	}
	return k
}

// cluster is empty when there is none.
func (r row) cluster() string { return r.cell(r.table.Spec.Cluster).Plain() }

func (r row) withoutCluster() error {
	return r.fail(r.table.Spec.Cluster, "a row without a cluster")
}

// time is nil when the row has none.
func (r row) time() *datasets.Instant {
	c := r.cell(r.table.Spec.Time)
	if c.Null() {
		return nil
	}
	at := datasets.Instant(c.Int)
	return &at
}

func (r row) fail(column, format string, args ...any) error {
	return &datasets.DataError{File: r.table.Spec.Name, Column: column, Err: fmt.Errorf(format, args...)}
}

// completeThrough is nil when it is neither declared nor known from a time.
func (t *Table) completeThrough() *datasets.Instant {
	if t.Spec.CompleteThrough != nil {
		return t.Spec.CompleteThrough
	}
	var latest *datasets.Instant
	for _, r := range t.rows() {
		if at := r.time(); at != nil && (latest == nil || *at > *latest) {
			latest = at
		}
	}
	if latest == nil {
		return nil
	}
	through := latest.Add(1)
	return &through
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
