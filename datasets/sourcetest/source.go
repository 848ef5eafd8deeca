package sourcetest

import (
	"context"

	"liftgate/datasets"
)

// NewSource is a source over tables in memory. It finds a table by its name and answers by [Reference].
func NewSource(d Data) datasets.UnitSource { return source{d} }

type source struct{ data Data }

func (s source) Schema(_ context.Context, t *datasets.Table) ([]datasets.Column, error) {
	table, err := s.data.Find(t.Name)
	if err != nil {
		return nil, &datasets.NoFilesError{Table: t.Name, Reason: err.Error()}
	}
	return table.Columns, nil
}

func (s source) Observe(ctx context.Context, q *datasets.Query) (*datasets.Evidence, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return Reference(q, s.as(q))
}

func (s source) Units(ctx context.Context, q *datasets.Query) (*datasets.UnitValues, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return referenceUnits(q, s.as(q))
}

// as gives the tables the meaning of columns that the query states.
func (s source) as(q *datasets.Query) Data {
	var d Data
	for _, t := range s.data.Tables {
		as := *t
		for _, spec := range append([]*datasets.Table{q.Exposures, q.Units}, q.Events...) {
			if spec != nil && spec.Name == t.Spec.Name {
				as.Spec = *spec
			}
		}
		d.Tables = append(d.Tables, &as)
	}
	return d
}
