package sourcetest

import (
	"errors"
	"slices"

	"liftgate/datasets"
)

// Reference answers a query row by row.
func Reference(q *datasets.Query, d Data) (*datasets.Evidence, error) {
	if q.Units != nil {
		return unitTable(q, d)
	}
	return eventLog(q, d)
}

func eventLog(q *datasets.Query, d Data) (*datasets.Evidence, error) {
	exposures, err := d.Find(q.Exposures.Name)
	if err != nil {
		return nil, err
	}
	asOf, err := asOf(q, d)
	if err != nil {
		return nil, err
	}
	log := enrolment{query: q, table: exposures, asOf: &asOf}
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
		events, err := describeEvents(q, table, &log, ev)
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
	ev.Blocks, err = measureBlocks(&log)
	return ev, err
}

// unitTable answers when every row is one unit.
func unitTable(q *datasets.Query, d Data) (*datasets.Evidence, error) {
	table, err := d.Find(q.Units.Name)
	if err != nil {
		return nil, err
	}
	log := enrolment{query: q, table: table}
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
	ev.Blocks, err = measureBlocks(&log)
	return ev, err
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
