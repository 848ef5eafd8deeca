package sourcetest

import (
	"errors"
	"slices"

	"liftgate/datasets"
)

// Reference answers a query row by row.
func Reference(q *datasets.Query, d Data) (*datasets.Evidence, error) {
	ev, _, err := answer(q, d)
	return ev, err
}

// answer gives the units, too.
func answer(q *datasets.Query, d Data) (*datasets.Evidence, *enrolment, error) {
	log := enrolment{query: q}
	if q.Units != nil {
		ev, err := unitTable(q, d, &log)
		return ev, &log, err
	}
	ev, err := eventLog(q, d, &log)
	return ev, &log, err
}

func eventLog(q *datasets.Query, d Data, log *enrolment) (*datasets.Evidence, error) {
	exposures, err := d.Find(q.Exposures.Name)
	if err != nil {
		return nil, err
	}
	asOf, err := asOf(q, d)
	if err != nil {
		return nil, err
	}
	log.table, log.asOf = exposures, &asOf
	if err := log.enrol(); err != nil {
		return nil, err
	}
	exposure, err := log.exposure()
	if err != nil {
		return nil, err
	}
	ev := &datasets.Evidence{Variants: slices.Clone(q.Variants), AsOf: &asOf, Exposure: exposure}
	for _, spec := range q.Events {
		table, err := d.Find(spec.Name)
		if err != nil {
			return nil, err
		}
		events, err := describeEvents(q, table, log, ev)
		if err != nil {
			return nil, err
		}
		ev.Events = append(ev.Events, events)
	}
	for i := range q.Values {
		value, err := takeValue(q, i, d, log.units, asOf)
		if err != nil {
			return nil, err
		}
		ev.Values = append(ev.Values, value)
	}
	if ev.Blocks, err = measureBlocks(log); err != nil {
		return nil, err
	}
	return ev, log.addViews(d, ev)
}

// unitTable answers when every row is one unit.
func unitTable(q *datasets.Query, d Data, log *enrolment) (*datasets.Evidence, error) {
	table, err := d.Find(q.Units.Name)
	if err != nil {
		return nil, err
	}
	log.table = table
	if err := log.list(); err != nil {
		return nil, err
	}
	exposure, err := log.exposure()
	if err != nil {
		return nil, err
	}
	ev := &datasets.Evidence{Variants: slices.Clone(q.Variants), Exposure: exposure}
	for i := range q.Values {
		if err := readCells(&q.Values[i], i, log.units); err != nil {
			return nil, err
		}
		ev.Values = append(ev.Values, datasets.ValueEvidence{Name: q.Values[i].Name})
	}
	if ev.Blocks, err = measureBlocks(log); err != nil {
		return nil, err
	}
	return ev, log.addViews(d, ev)
}

// asOf is the exclusive cut on every table of an event log; see Query.AsOf.
func asOf(q *datasets.Query, d Data) (datasets.Instant, error) {
	if q.AsOf != nil {
		return *q.AsOf, nil
	}
	var earliest *datasets.Instant
	for i := range q.Values {
		table, err := d.Find(q.Values[i].Table)
		if err != nil {
			return 0, err
		}
		if through := table.completeThrough(); through != nil && (earliest == nil || *through < *earliest) {
			earliest = through
		}
	}
	if earliest == nil {
		exposures, err := d.Find(q.Exposures.Name)
		if err != nil {
			return 0, err
		}
		earliest = exposures.completeThrough()
	}
	if earliest == nil {
		return 0, &datasets.DataError{File: q.Exposures.Name, Err: errors.New("no table holds a time to take as of from")}
	}
	return *earliest, nil
}
