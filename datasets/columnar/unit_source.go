package columnar

import (
	"context"

	"liftgate/datasets"
)

var _ datasets.UnitSource = (*Source)(nil)

// Units answers a query and keeps the units; see datasets.UnitSource.
func (s *Source) Units(ctx context.Context, q *datasets.Query) (*datasets.UnitValues, error) {
	out := &datasets.UnitValues{}
	ev, err := (&Source{options: s.options, units: out}).Observe(ctx, q)
	if err != nil {
		return nil, err
	}
	out.Evidence = ev
	return out, nil
}
