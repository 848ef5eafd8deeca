package evidence

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"liftgate/datasets"
	"liftgate/stats"
)

// The files, without their extension.
const (
	summaryTable    = "summary"
	exposureTable   = "exposure"
	attributesTable = "attributes"
	eventsTable     = "events"
	activityTable   = "activity"
	valuesTable     = "values"
	blocksTable     = "blocks"
	leftOutTable    = "left_out"
	momentsTable    = "moments"
)

// Write writes the files of an evidence into a folder, which it makes when it is not there, and returns the names of what it
// wrote: the Arrow files, bytewise ordered, and SHA256SUMS.
func Write(dir string, ev *datasets.Evidence) ([]string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	err := errors.Join(
		writeTable(dir, summaryTable, []summaryRow{summary(ev)}),
		writeTable(dir, exposureTable, exposureRows(ev)),
		writeTable(dir, attributesTable, attributeRows(ev)),
		writeTable(dir, eventsTable, eventsRows(ev)),
		writeTable(dir, activityTable, activityRows(ev)),
		writeTable(dir, valuesTable, valueRows(ev)),
		writeTable(dir, blocksTable, blockRows(ev)),
		writeTable(dir, leftOutTable, leftOutRows(ev)),
		writeTable(dir, momentsTable, momentsRows(ev)),
	)
	if err == nil {
		err = writeSums(dir)
	}
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	return append(fileNames(), sumsFile), nil
}

func fileNames() []string {
	names := []string{
		summaryTable, exposureTable, attributesTable, eventsTable, activityTable, valuesTable, blocksTable, leftOutTable, momentsTable,
	}
	for i := range names {
		names[i] += extension
	}
	slices.Sort(names)
	return names
}

func summary(ev *datasets.Evidence) summaryRow {
	x := ev.Exposure
	row := summaryRow{
		Variants: ev.Variants, AsOf: ev.AsOf, First: x.First, Last: x.Last, FirstHour: x.FirstHour,
		RepeatedExposures: x.Dropped.RepeatedExposures, OutsideSchedule: x.Dropped.OutsideSchedule, Tied: x.Dropped.Tied,
		Forced: x.Dropped.Forced, IgnoredVariants: x.Dropped.IgnoredVariants, NullUnit: x.Dropped.NullUnit,
		Compared: x.Recomputed.Compared, Moved: x.Recomputed.Moved, Excluded: x.Recomputed.Excluded,
		Warnings: ev.Warnings,
	}
	for _, a := range x.Attributes {
		row.Attributes = append(row.Attributes, a.Name)
	}
	return row
}

func exposureRows(ev *datasets.Evidence) []exposureRow {
	rows := make([]exposureRow, len(ev.Variants))
	for v, name := range ev.Variants {
		rows[v] = exposureRow{Variant: name, Units: ev.Exposure.Units[v], Crossover: ev.Exposure.Crossover[v]}
		if ev.Exposure.Hours != nil {
			rows[v].Hours = ev.Exposure.Hours[v]
		}
	}
	return rows
}

func attributeRows(ev *datasets.Evidence) []attributeRow {
	var rows []attributeRow
	for _, a := range ev.Exposure.Attributes {
		for i, value := range a.Values {
			for v, name := range ev.Variants {
				rows = append(rows, attributeRow{Attribute: a.Name, Value: value, Variant: name, Units: a.Units[v][i]})
			}
		}
	}
	return rows
}

func eventsRows(ev *datasets.Evidence) []eventsRow {
	var rows []eventsRow
	for _, e := range ev.Events {
		rows = append(rows, eventsRow{e.Table, e.CompleteThrough, e.Matched, e.UnmatchedUnit, e.OutsideWindow, e.NullTime})
	}
	return rows
}

func activityRows(ev *datasets.Evidence) []activityRow {
	var rows []activityRow
	add := func(of, name string, number int, activity []datasets.Activity) {
		for v, a := range activity {
			rows = append(rows, activityRow{of, int64(number), name, ev.Variants[v], int64(a.FirstAge), a.Ages, a.Last})
		}
	}
	for i, e := range ev.Events {
		add(ofEvents, e.Table, i, e.Activity)
	}
	for i, v := range ev.Values {
		add(ofValue, v.Name, i, v.Activity)
	}
	return rows
}

func valueRows(ev *datasets.Evidence) []valueRow {
	var rows []valueRow
	for _, v := range ev.Values {
		rows = append(rows, valueRow{v.Name, v.NullCells})
	}
	return rows
}

func blockRows(ev *datasets.Evidence) []blockRow {
	var rows []blockRow
	for _, b := range ev.Blocks {
		rows = append(rows, blockRow{b.Metric, b.Failed, b.Components, b.Top, b.CapLower, b.CapUpper, b.Capped, b.Positive})
	}
	return rows
}

func leftOutRows(ev *datasets.Evidence) []leftOutRow {
	var rows []leftOutRow
	for i, b := range ev.Blocks {
		for v, name := range ev.Variants {
			rows = append(rows, leftOutRow{int64(i), b.Metric, name, b.Incomplete[v], b.Null[v]})
		}
	}
	return rows
}

func momentsRows(ev *datasets.Evidence) []momentsRow {
	var rows []momentsRow
	add := func(of, name string, number int, s sample, moments []stats.Moments) {
		for v, m := range moments {
			rows = append(rows, momentsRow{of, int64(number), name, s.name, ev.Variants[v], m.N, m.Means, m.Cross})
		}
	}
	for i := range ev.Blocks {
		for _, s := range samples {
			add(ofBlock, ev.Blocks[i].Metric, i, s, *s.of(&ev.Blocks[i]))
		}
	}
	for i, e := range ev.Events {
		add(ofEvents, e.Table, i, samples[0], e.PerUnit)
	}
	return rows
}

// The things that rows of activity.arrow and moments.arrow are of.
const (
	ofEvents = "events"
	ofValue  = "value"
	ofBlock  = "block"
)

// sample is one of the sets of units that a block has moments of.
type sample struct {
	name string
	of   func(b *datasets.BlockEvidence) *[]stats.Moments
}

// samples starts with all units.
var samples = []sample{
	{"total", func(b *datasets.BlockEvidence) *[]stats.Moments { return &b.Total }},
	{"without_crossover", func(b *datasets.BlockEvidence) *[]stats.Moments { return &b.WithoutCrossover }},
	{"uncapped", func(b *datasets.BlockEvidence) *[]stats.Moments { return &b.Uncapped }},
	{"without_top", func(b *datasets.BlockEvidence) *[]stats.Moments { return &b.WithoutTop }},
}
