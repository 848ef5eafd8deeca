package evidence

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
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

	// These are there where clusters were randomised, by a design, and with quantile metrics.
	clustersTable       = "clusters"
	clusterMomentsTable = "cluster_moments"
	unexposedTable      = "unexposed"
	quantilesTable      = "quantiles"

	// These are there with views, the first of them where clusters were randomised, the last three with quantile metrics.
	clusterSegmentsTable = "cluster_segments"
	viewsTable           = "views"
	segmentsTable        = "segments"
	cellsTable           = "cells"
	exposedTable         = "exposed"
	viewPartsTable       = "view_parts"
	viewMomentsTable     = "view_moments"
	viewQuantilesTable   = "view_quantiles"
	viewSketchPartsTable = "view_sketch_parts"
	viewSketchesTable    = "view_sketches"
)

// tables are all files, in bytewise order.
var tables = []string{
	activityTable, attributesTable, blocksTable, cellsTable, clusterMomentsTable, clusterSegmentsTable, clustersTable, eventsTable, exposedTable,
	exposureTable, leftOutTable, momentsTable, quantilesTable, segmentsTable, summaryTable, unexposedTable, valuesTable, viewMomentsTable,
	viewPartsTable, viewQuantilesTable, viewSketchPartsTable, viewSketchesTable, viewsTable,
}

// optional reports whether a file may be missing.
func optional(table string) bool {
	switch table {
	case clustersTable, clusterMomentsTable, unexposedTable, quantilesTable, clusterSegmentsTable, viewsTable, segmentsTable, cellsTable,
		exposedTable, viewPartsTable, viewMomentsTable, viewQuantilesTable, viewSketchPartsTable, viewSketchesTable:
		return true
	}
	return false
}

// Write writes the files of an evidence into a folder, which it makes when it is not there, and returns the names of what it
// wrote: the Arrow files, bytewise ordered, and SHA256SUMS.
func Write(dir string, ev *datasets.Evidence) ([]string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	w := writer{dir: dir}
	write(&w, summaryTable, true, []summaryRow{summary(ev)})
	write(&w, exposureTable, true, exposureRows(ev))
	write(&w, attributesTable, true, attributeRows(ev))
	write(&w, eventsTable, true, eventsRows(ev))
	write(&w, activityTable, true, activityRows(ev))
	write(&w, valuesTable, true, valueRows(ev))
	write(&w, blocksTable, true, blockRows(ev))
	write(&w, leftOutTable, true, leftOutRows(ev))
	write(&w, momentsTable, true, momentsRows(ev))
	clustered := ev.Exposure.Clusters != nil
	write(&w, clustersTable, clustered, clusterRows(ev))
	write(&w, clusterMomentsTable, clustered, clusterMomentsRows(ev))
	write(&w, unexposedTable, ev.Exposure.Unexposed != nil, unexposedRows(ev))
	quantiles := quantileRows(ev)
	write(&w, quantilesTable, len(quantiles) > 0, quantiles)
	w.views(ev)
	if w.err == nil {
		w.err = writeSums(dir)
	}
	if w.err != nil {
		return nil, fmt.Errorf("evidence: %w", w.err)
	}
	slices.Sort(w.names)
	return append(w.names, SumsName), nil
}

// writer writes file by file; the first error ends it.
type writer struct {
	dir   string
	names []string
	err   error
}

// write writes a file that is wanted, and removes one that is not.
func write[T any](w *writer, table string, wanted bool, rows []T) {
	w.file(table, wanted, func() error { return writeTable(w.dir, table, rows) })
}

func (w *writer) file(table string, wanted bool, content func() error) {
	switch name := table + extension; {
	case w.err != nil:
	case wanted:
		w.err = content()
		w.names = append(w.names, name)
	default:
		if err := os.Remove(filepath.Join(w.dir, name)); !errors.Is(err, fs.ErrNotExist) {
			w.err = err
		}
	}
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
		if ev.Exposure.UnitHours != nil {
			rows[v].UnitHours = ev.Exposure.UnitHours[v]
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
	add := func(of, name string, number int, s sample, moments []stats.Moments, skewness []float64) {
		for v, m := range moments {
			row := momentsRow{of, int64(number), name, s.name, ev.Variants[v], m.N, m.Means, m.Cross, nil}
			if skewness != nil {
				row.Skewness = &skewness[v]
			}
			rows = append(rows, row)
		}
	}
	for i := range ev.Blocks {
		b := &ev.Blocks[i]
		for _, s := range samples {
			var skewness []float64
			if s.skewness != nil {
				skewness = *s.skewness(b)
			}
			add(ofBlock, b.Metric, i, s, *s.of(b), skewness)
		}
	}
	for i, e := range ev.Events {
		add(ofEvents, e.Table, i, samples[0], e.PerUnit, nil)
	}
	return rows
}

func clusterRows(ev *datasets.Evidence) []clusterRow {
	var rows []clusterRow
	for _, c := range ev.Exposure.Clusters {
		rows = append(rows, clusterRow{ev.Variants[c.Variant], c.Crossover, c.Units, blockOf(c), c.Balance})
	}
	return rows
}

func unexposedRows(ev *datasets.Evidence) []unexposedRow {
	var rows []unexposedRow
	for _, c := range ev.Exposure.Unexposed {
		rows = append(rows, unexposedRow{ev.Variants[c.Variant], blockOf(c), c.Balance})
	}
	return rows
}

// blockOf is nil for a cluster without a block.
func blockOf(c datasets.Cluster) *int64 {
	if c.Block < 0 {
		return nil
	}
	block := int64(c.Block)
	return &block
}

func clusterMomentsRows(ev *datasets.Evidence) []clusterMomentsRow {
	var rows []clusterMomentsRow
	for i := range ev.Blocks {
		if ev.Blocks[i].Clusters == nil {
			continue
		}
		for _, s := range clusterSamples {
			for c, m := range *s.byCluster(ev.Blocks[i].Clusters) {
				if m.N > 0 {
					rows = append(rows, clusterMomentsRow{int64(i), s.name, int64(c), m.N, m.Means, m.Cross})
				}
			}
		}
	}
	return rows
}

func quantileRows(ev *datasets.Evidence) []quantileRow {
	var rows []quantileRow
	for i := range ev.Blocks {
		rows = append(rows, quantileRowsOf(ev.Variants, i, &ev.Blocks[i])...)
	}
	return rows
}

func quantileRowsOf(variants []string, block int, b *datasets.BlockEvidence) []quantileRow {
	var rows []quantileRow
	for _, s := range quantileSamples {
		for v, q := range *s.of(b) {
			rows = append(rows, quantileRow{
				int64(block), b.Metric, s.name, variants[v], q.Q, q.Rows, q.Value,
				q.Shares.N, q.Shares.Means, q.Shares.Cross, q.Ranks, q.Values,
			})
		}
	}
	return rows
}
