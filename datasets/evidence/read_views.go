package evidence

import (
	"slices"

	"github.com/apache/arrow/go/v17/arrow"

	"liftgate/datasets"
)

// views reads what belongs to views, in the end the parts of moments that the reader wants.
func (r *reader) views() {
	rows, there := later[viewsRow](r, viewsTable)
	if !there || r.err != nil {
		return
	}
	if len(rows) != 1 {
		r.failf(viewsTable, "it has %d rows, want 1", len(rows))
		return
	}
	v := &datasets.ViewEvidence{Crossed: rows[0].Crossed, Days: rows[0].Days, Blocks: make([]datasets.BlockViews, len(r.ev.Blocks))}
	if !slices.IsSorted(v.Days) {
		r.failf(viewsTable, "the ends of days are not in their order")
	}
	r.ev.Views = v
	for _, s := range rowsOf[segmentRow](r, segmentsTable) {
		v.Segments = append(v.Segments, datasets.Segment{Name: s.Name, Values: s.Values})
	}
	for _, c := range rowsOf[cellRow](r, cellsTable) {
		v.Cells = append(v.Cells, r.places(cellsTable, c.Values, -1))
	}
	r.clusterSegments()
	r.exposed()
	r.viewQuantiles()
	r.viewSketches()
	r.viewMoments()
}

// places checks the places of values, one for each segment.
func (r *reader) places(table string, values []int64, least int64) []int {
	segments := r.ev.Views.Segments
	out := make([]int, len(values))
	for s, at := range values {
		if len(values) != len(segments) || at < least || at >= int64(len(segments[s].Values)) {
			r.failf(table, "values %v of %d segments", values, len(segments))
			return out
		}
		out[s] = int(at)
	}
	if len(values) != len(segments) {
		r.failf(table, "values %v of %d segments", values, len(segments))
	}
	return out
}

func (r *reader) clusterSegments() {
	clusters := r.ev.Exposure.Clusters
	if clusters == nil {
		return
	}
	rows := rowsOf[clusterSegmentsRow](r, clusterSegmentsTable)
	if r.err == nil && len(rows) != len(clusters) {
		r.failf(clusterSegmentsTable, "%d rows of %d clusters", len(rows), len(clusters))
		return
	}
	for i, row := range rows {
		clusters[i].Segments = r.places(clusterSegmentsTable, row.Values, 0)
	}
}

func (r *reader) exposed() {
	if r.err != nil {
		return
	}
	v := r.ev.Views
	r.err = eachRecord(r.dir, exposedTable, func(s *arrow.Schema) error { return isOf(exposedTable, s) }, func(record arrow.Record) error {
		columns := make([][]int64, len(exposedColumns))
		for i, c := range exposedColumns {
			var err error
			if columns[i], err = integersOf[int64](record, c.name); err != nil {
				return err
			}
		}
		for i := range int(record.NumRows()) {
			at := func(c int) int64 { return columns[c][i] }
			v.Exposed = append(v.Exposed, datasets.Exposed{
				Day: int(at(0)), Cell: int(at(1)), Variant: int(at(2)), Units: at(3), Crossover: at(4), AnalysisUnits: at(5),
			})
		}
		return nil
	})
	for i := range v.Exposed {
		x := &v.Exposed[i]
		if x.Day < 0 || x.Day >= r.days() || x.Cell < 0 || x.Cell >= len(v.Cells) || x.Variant < 0 || x.Variant >= len(r.ev.Variants) ||
			x.Units < 0 || x.Crossover < 0 || x.AnalysisUnits < 0 {
			r.failf(exposedTable, "row %d does not fit the others: %+v", i, *x)
			return
		}
	}
}

// days is how many days there are; without times they are one.
func (r *reader) days() int { return max(len(r.ev.Views.Days), 1) }

func (r *reader) viewQuantiles() {
	all, _ := later[viewQuantileRow](r, viewQuantilesTable)
	for len(all) > 0 && r.err == nil {
		first := all[0]
		segments := r.ev.Views.Segments
		if first.Block < 0 || first.Block >= int64(len(r.ev.Blocks)) || first.Segment < 0 || first.Segment >= int64(len(segments)) ||
			first.Place < 0 || first.Place >= int64(len(segments[first.Segment].Values)) {
			r.failf(viewQuantilesTable, "block %d, segment %d, place %d: there is none", first.Block, first.Segment, first.Place)
			return
		}
		own := take(&all, func(q viewQuantileRow) bool {
			return q.Block == first.Block && q.Segment == first.Segment && q.Place == first.Place
		})
		view := datasets.QuantileView{Segment: int(first.Segment), Value: int(first.Place)}
		for _, sample := range quantileSamples {
			var rows []quantileRow
			for _, q := range take(&own, func(q viewQuantileRow) bool { return q.Sample == sample.name }) {
				rows = append(rows, q.whole())
				r.leftOut(&view, &q)
			}
			var as datasets.BlockEvidence
			*sample.of(&as) = r.summaries(viewQuantilesTable, rows)
			if as.Quantiles != nil {
				view.Quantiles = as.Quantiles
			}
			if as.QuantilesWithoutCrossover != nil {
				view.WithoutCrossover = as.QuantilesWithoutCrossover
			}
		}
		r.allTaken(viewQuantilesTable, len(own))
		if n := len(view.Incomplete); n != 0 && n != len(r.ev.Variants) {
			r.failf(viewQuantilesTable, "units that are left out are counted in %d rows of %d variants", n, len(r.ev.Variants))
		}
		b := &r.ev.Views.Blocks[first.Block]
		b.Quantiles = append(b.Quantiles, view)
	}
}

// leftOut reads what files of the first versions do not say.
func (r *reader) leftOut(view *datasets.QuantileView, row *viewQuantileRow) {
	if row.Incomplete == nil && row.Null == nil {
		return
	}
	if row.Incomplete == nil || row.Null == nil || *row.Incomplete < 0 || *row.Null < 0 {
		r.failf(viewQuantilesTable, "block %d, segment %d, place %d: units that are left out are no counts", row.Block, row.Segment, row.Place)
		return
	}
	view.Incomplete, view.Null = append(view.Incomplete, *row.Incomplete), append(view.Null, *row.Null)
}
