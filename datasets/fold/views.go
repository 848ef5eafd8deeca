package fold

import (
	"slices"

	"liftgate/datasets"
	"liftgate/datasets/internal/depot"
)

// views gathers the evidence of parts of the units. Nil gathers nothing.
type views struct {
	*fold
	exposure  *datasets.Exposure
	calendar  *Calendar
	cohorts   cohorts
	segmented []segmented // by partition: of units, or clusters
	groups    []viewGroup
	cellsBy   [][][]int32         // by partition of a clustered query: the cells of its clusters
	slabs     [][]slab            // by set of groups: one set, in a clustered query one for each group
	places    [Partitions][]int32 // of a clustered query: the places of the clusters in Exposure.Clusters
	out       datasets.ViewEvidence
}

// newViews lays out what all blocks share; nil when the query asks for no views. The labels are the texts of codes by attribute.
func newViews(f *fold, labels [][]string, x *datasets.Exposure) *views {
	q := f.query
	if q.Views == nil {
		return nil
	}
	v := &views{fold: f, exposure: x}
	v.calendar = NewCalendar(q, f.asOf, x.First)
	v.out.Days = v.calendar.days()
	v.cohorts = v.newCohorts()
	for _, a := range q.Views.Segments {
		v.out.Segments = append(v.out.Segments, segmentOf(&x.Attributes[a]))
	}
	of := v.findCells(labels)
	v.placeClusters()
	if q.Clustered {
		v.cellsBy = of
	}
	v.group(of)
	v.countExposed(of)
	return v
}

func (v *views) newCohorts() cohorts {
	if len(v.calendar.ends) == 0 {
		return cohorts{[]int64{0}}
	}
	first, last := int64(*v.exposure.First), int64(*v.exposure.Last)
	var windows []int64
	for i := range v.query.Blocks {
		window := newBlock(v.fold, &v.query.Blocks[i]).window
		windows = append(windows, lengths(window, int64(*v.asOf)-first)...)
	}
	slices.Sort(windows)
	return newCohorts(first, last, v.calendar, slices.Compact(windows))
}

// findCells finds the cells that occur, and of each partition those of its units, or clusters.
func (v *views) findCells(labels [][]string) [][][]int32 {
	c := crossing{fold: v.fold, segments: v.out.Segments, things: make([]segmented, Partitions), sizes: make([]int, Partitions), rooms: make([]*depot.Arena, Partitions)}
	positions := make([][]uint8, len(c.segments))
	for s, a := range v.query.Views.Segments {
		positions[s] = positionsOf(labels[a], &c.segments[s])
	}
	v.each(func(i int) {
		m := v.fold.parts[i]
		c.rooms[i] = m.Room
		switch {
		case m.Clusters != nil:
			c.sizes[i] = m.Clusters.Count()
		case !v.stacked():
			c.sizes[i] = int(m.Bounds[len(m.Bounds)-1])
		}
		for s, codes := range m.Segments {
			values := depot.Slice[uint8](m.Room, len(codes))
			for j, code := range codes {
				values[j] = positions[s][code]
			}
			c.things[i] = append(c.things[i], values)
		}
		m.Segments = nil
	})
	v.segmented = c.things
	var of [][][]int32
	v.out.Cells, v.out.Crossed, of = c.cells()
	return of
}

// evidence is nil without views.
func (v *views) evidence() *datasets.ViewEvidence {
	if v == nil {
		return nil
	}
	return &v.out
}
