package sourcetest

import (
	"cmp"
	"slices"

	"liftgate/datasets"
)

// viewing answers Query.Views, given the evidence of the whole.
type viewing struct {
	*enrolment
	data  Data
	whole *datasets.Evidence
	out   *datasets.ViewEvidence
	cells map[*randomised][]int
	taken map[taking][]*unit
}

// addViews fills in what a query with Views asks for beyond the whole.
func (e *enrolment) addViews(d Data, ev *datasets.Evidence) error {
	if e.query.Views == nil {
		return nil
	}
	v := viewing{enrolment: e, data: d, whole: ev, out: &datasets.ViewEvidence{}, cells: map[*randomised][]int{}, taken: map[taking][]*unit{}}
	for _, i := range e.query.Views.Segments {
		v.out.Segments = append(v.out.Segments, segmentOf(ev.Exposure.Attributes[i]))
	}
	v.findCells()
	for _, r := range v.randomised {
		v.cells[r] = v.cellsOf(r)
	}
	if ev.Exposure.First != nil {
		v.out.Days = datasets.DayEnds(*ev.Exposure.First, *ev.AsOf, e.query.Location)
	}
	for i := range ev.Exposure.Clusters {
		ev.Exposure.Clusters[i].Segments = v.valuesOf(e.randomised[i])
	}
	v.countExposed()
	for i := range e.query.Blocks {
		block, err := v.block(i)
		if err != nil {
			return err
		}
		v.out.Blocks = append(v.out.Blocks, block)
	}
	ev.Views = v.out
	return nil
}

// segmentOf keeps the values of most units.
func segmentOf(a datasets.Attribute) datasets.Segment {
	units := func(value string) (n int64) {
		for _, of := range a.Units {
			n += of[slices.Index(a.Values, value)]
		}
		return n
	}
	kept := slices.Clone(a.Values)
	if len(kept) > datasets.MaxSegmentValues {
		slices.SortFunc(kept, func(x, y string) int { return cmp.Or(cmp.Compare(units(y), units(x)), cmp.Compare(x, y)) })
		kept = kept[:datasets.MaxSegmentValues]
		slices.Sort(kept)
		kept = append(kept, datasets.OtherValues)
	}
	return datasets.Segment{Name: a.Name, Values: kept}
}

// valuesOf are the positions of the values, by segment, of what was randomised.
func (v *viewing) valuesOf(r *randomised) []int {
	values := []int{}
	for _, s := range v.out.Segments {
		at := slices.Index(s.Values, attributeAtStart(r, s.Name))
		if at < 0 {
			at = len(s.Values) - 1
		}
		values = append(values, at)
	}
	return values
}

func (v *viewing) findCells() {
	v.out.Crossed = true
	for _, r := range v.randomised {
		v.out.Cells = append(v.out.Cells, v.valuesOf(r))
	}
	if len(v.out.Segments) == 0 {
		v.out.Cells = append(v.out.Cells, []int{})
	}
	v.sortCells()
	if len(v.out.Cells) <= datasets.MaxCells {
		return
	}
	crossed := v.out.Cells
	v.out.Crossed, v.out.Cells = false, nil
	for _, values := range crossed {
		for s := range values {
			alone := slices.Repeat([]int{-1}, len(values))
			alone[s] = values[s]
			v.out.Cells = append(v.out.Cells, alone)
		}
	}
	v.sortCells()
}

func (v *viewing) sortCells() {
	slices.SortFunc(v.out.Cells, slices.Compare)
	v.out.Cells = slices.CompactFunc(v.out.Cells, slices.Equal)
}

// cellsOf are the cells in which something randomised lies.
func (v *viewing) cellsOf(r *randomised) []int {
	values := v.valuesOf(r)
	var cells []int
	for i, cell := range v.out.Cells {
		inside := true
		for s := range cell {
			inside = inside && (cell[s] < 0 || cell[s] == values[s])
		}
		if inside {
			cells = append(cells, i)
		}
	}
	return cells
}

// dayOf is the first day that ends after an exposure.
func (v *viewing) dayOf(exposed datasets.Instant) int {
	if v.asOf == nil {
		return 0
	}
	return slices.IndexFunc(v.out.Days, func(end datasets.Instant) bool { return exposed < end })
}

func (v *viewing) countExposed() {
	found := map[datasets.Exposed]*datasets.Exposed{}
	at := func(first datasets.Instant, cell, variant int) *datasets.Exposed {
		place := datasets.Exposed{Day: v.dayOf(first), Cell: cell, Variant: variant}
		if found[place] == nil {
			row := place
			found[place] = &row
		}
		return found[place]
	}
	for _, r := range v.randomised {
		for _, cell := range v.cells[r] {
			row := at(r.first, cell, r.variant)
			row.Units++
			if r.crossover {
				row.Crossover++
			}
			for _, u := range r.units {
				at(u.first, cell, r.variant).AnalysisUnits++
			}
		}
	}
	for _, row := range found {
		v.out.Exposed = append(v.out.Exposed, *row)
	}
	slices.SortFunc(v.out.Exposed, func(a, b datasets.Exposed) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Cell, b.Cell), cmp.Compare(a.Variant, b.Variant))
	})
}
