package sourcetest

import (
	"slices"

	"liftgate/datasets"
)

// taking says which rows give units their values: those in the windows cut off by an age, 0 for whole ones, before an instant.
type taking struct {
	age    int
	before datasets.Instant
}

// take gives the units anew with the values so taken.
func (v *viewing) take(t taking) ([]*unit, error) {
	if v.taken[t] != nil {
		return v.taken[t], nil
	}
	units := make([]*unit, len(v.units))
	for i, u := range v.units {
		units[i] = &unit{randomised: u.randomised, key: u.key, first: u.first, values: make([]*float64, len(u.values)), rows: map[int][]float64{}}
	}
	q := v.cutOff(t.age)
	for i := range q.Values {
		if _, err := takeValue(q, i, v.data, units, t.before); err != nil {
			return nil, err
		}
	}
	v.taken[t] = units
	return units, nil
}

// cutOff is the query with its windows cut off by an age, in which no null is an error.
func (v *viewing) cutOff(age int) *datasets.Query {
	q := *v.query
	q.Values = slices.Clone(q.Values)
	for i := range q.Values {
		value := &q.Values[i]
		if age > 0 {
			value.Window[1] = min(value.Window[1], datasets.Span(age)*datasets.Day)
		}
		if value.Nulls == datasets.NullsError {
			value.Nulls = datasets.NullsDrop
		}
	}
	return &q
}
