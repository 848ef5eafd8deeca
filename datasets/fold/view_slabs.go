package fold

import (
	"math"
	"slices"

	"liftgate/datasets"
	"liftgate/stats/skewed"
)

// blockSlabs says where the units of a group's slabs are counted in a block: cohorts of one class together.
type blockSlabs struct {
	whole []viewSlab
	ages  []viewSlab // the same as whole, but where ages are kept in no cell
	cells []viewSlab // of all classes together
	// By slab of the group, the position in these lists; -1: not there.
	toWhole, toAges, toCells []int32
}

// viewSlab is the units of one variant, cell and class.
type viewSlab struct {
	variant, cell, class int32
	units, crossed       int64
}

func (w *viewBlock) slabsOf(set int) *blockSlabs {
	out := &blockSlabs{}
	alone := map[viewSlab]int32{}
	for _, s := range w.slabs[set] {
		next := viewSlab{variant: s.variant, cell: w.cellOf(set, s.cell), class: w.schedule.class[s.cohort]}
		out.toWhole = append(out.toWhole, take(&out.whole, next, s))
		if w.alone {
			out.toAges = append(out.toAges, w.takeAlone(out, alone, s))
		}
		next.class = 0
		out.toCells = append(out.toCells, take(&out.cells, next, s))
	}
	if !w.alone {
		out.ages, out.toAges = out.whole, out.toWhole
	}
	return out
}

// take counts a group's slab in the last of a list, or in a new one where it is another.
func take(list *[]viewSlab, next viewSlab, s slab) int32 {
	last := len(*list) - 1
	if last < 0 || (*list)[last].variant != next.variant || (*list)[last].cell != next.cell || (*list)[last].class != next.class {
		*list = append(*list, next)
		last++
	}
	(*list)[last].units += s.units
	(*list)[last].crossed += s.crossed
	return int32(last)
}

// takeAlone counts a group's slab in no cell; each unit once.
func (w *viewBlock) takeAlone(out *blockSlabs, known map[viewSlab]int32, s slab) int32 {
	if !w.out.Crossed && !w.query.Clustered && w.out.Cells[s.cell][0] < 0 {
		return -1
	}
	alone := viewSlab{variant: s.variant, cell: -1, class: w.schedule.class[s.cohort]}
	at, found := known[alone]
	if !found {
		at = int32(len(out.ages))
		known[alone] = at
		out.ages = append(out.ages, alone)
	}
	out.ages[at].units += s.units
	return at
}

// powerTable is sums of powers row by row, and how many units have a value, or have none.
type powerTable struct {
	powers skewed.Powers
	width  int
	n      []int64
	null   []int64
	sums   []skewed.Sum
	lost   []float64 // by row and component: the squares that were taken out; nil before any were
}

func newPowerTable(p skewed.Powers, rows int) *powerTable {
	return &powerTable{powers: p, width: p.Len(), n: make([]int64, rows), null: make([]int64, rows), sums: make([]skewed.Sum, rows*p.Len())}
}

func (t *powerTable) row(i int) []skewed.Sum {
	return t.sums[i*t.width : (i+1)*t.width : (i+1)*t.width]
}

// merge adds the sums of other units; a table that is nil has none.
func (t *powerTable) merge(o *powerTable) {
	if t == nil {
		return
	}
	for i := range t.n {
		t.n[i] += o.n[i]
		t.enter(i, o.null[i], o.row(i))
	}
	for i := 0; i < len(o.lost); i += o.powers.Dim {
		t.lose(i/o.powers.Dim, o.lost[i:i+o.powers.Dim])
	}
}

// A stratum is units that are in the same samples.
const (
	aboveTop = 1 << iota
	isCrossover
)

// strata is how many the block has.
func (w *viewBlock) strata() int {
	switch {
	case w.block.out.WithoutCrossover != nil:
		return 2 * isCrossover
	case w.block.out.WithoutTop != nil:
		return 2 * aboveTop
	default:
		return 1
	}
}

// left tells the units that are left out of a sample.
func left(s datasets.Sample) int {
	switch s {
	case datasets.WithoutCrossover:
		return isCrossover
	case datasets.WithoutTop:
		return aboveTop
	default:
		return 0
	}
}

// whole adds up the units whose windows have closed, by slab and stratum.
func (w *viewBlock) whole(g int, slabs *blockSlabs, capped bool) *powerTable {
	strata, sparse := w.strata(), w.sparse()
	t := newPowerTable(w.powers, len(slabs.whole)*strata)
	top := math.Inf(1)
	if w.block.out.WithoutTop != nil && capped {
		top = w.block.out.Top
	}
	for k, i := range w.groups[g].partitions {
		c := wholeColumns{
			table: t, strata: strata, slabs: slabs.toWhole, planes: w.groups[g].planes[k], top: top,
			columns: w.columns(i, capped), center: w.center,
			x: make([]float64, w.powers.Dim), powers: make([]skewed.Sum, w.powers.Len()),
		}
		if w.block.out.WithoutCrossover != nil {
			c.crossed = w.fold.parts[i].Crossed
		}
		for _, units := range w.block.parts[i].Units {
			for _, r := range units {
				for unit := r.From; unit < r.To; unit++ {
					if !sparse || nonzero(c.columns, unit) {
						c.add(unit)
					}
				}
			}
		}
		w.fold.parts[i].Release()
	}
	return t
}

// sparse reports whether units whose components are all zero are known by their number, once all others have been counted.
func (w *viewBlock) sparse() bool {
	if w.block.out.WithoutCrossover != nil || w.block.out.Top < 0 || w.centred() {
		return false
	}
	for _, m := range w.fold.parts {
		for _, c := range w.block.components {
			if m.Absent[c] != nil {
				return false
			}
		}
	}
	return true
}

func nonzero(columns [][]float64, unit int32) bool {
	for _, c := range columns {
		if c[unit] != 0 {
			return true
		}
	}
	return false
}

// countZeros counts the units that are not above the top, given those that are.
func (t *powerTable) countZeros(slabs []viewSlab, strata int) {
	for i, s := range slabs {
		t.n[i*strata] = s.units
		for stratum := 1; stratum < strata; stratum++ {
			t.n[i*strata] -= t.n[i*strata+stratum]
		}
	}
}

// wholeColumns are the columns of one partition while its units are added up.
type wholeColumns struct {
	table   *powerTable
	strata  int
	slabs   []int32 // rows of the table, less the stratum, by slab of the group
	planes  [][]int32
	top     float64
	columns [][]float64
	center  []float64
	crossed []bool
	x       []float64
	powers  []skewed.Sum
}

func (c *wholeColumns) add(unit int32) {
	stratum := 0
	if c.columns[0][unit] > c.top {
		stratum |= aboveTop
	}
	if c.crossed != nil && c.crossed[unit] {
		stratum |= isCrossover
	}
	some := false
	for i, column := range c.columns {
		c.x[i] = column[unit] - c.center[i]
		some = some || c.x[i] != 0
	}
	if some {
		c.table.powers.Of(c.powers, c.x)
	}
	for _, plane := range c.planes {
		row := int(c.slabs[plane[unit]])*c.strata + stratum
		c.table.n[row]++
		if some {
			c.table.powers.Merge(c.table.row(row), c.powers)
		}
	}
}

// columns are those of the vectors, with or without the cap.
func (w *viewBlock) columns(partition int, capped bool) [][]float64 {
	p := &w.block.parts[partition]
	if capped || p.uncapped == nil {
		return p.Columns
	}
	return slices.Concat([][]float64{p.uncapped}, p.Columns[1:])
}

// wholeRows are the rows of a sample by the day on which units became complete.
func (w *viewBlock) wholeRows(slabs *blockSlabs, t *powerTable, sample datasets.Sample) []viewRow {
	var out []viewRow
	for i, s := range slabs.whole {
		if day := w.schedule.closed[s.class][0]; day >= 0 {
			out = append(out, w.wholeRow(i, s, day, t, sample))
		}
	}
	return out
}

// cohortRows are the rows of all complete units by the day of their exposure.
func (w *viewBlock) cohortRows(slabs *blockSlabs, t *powerTable) []viewRow {
	var out []viewRow
	for i, s := range slabs.whole {
		if w.schedule.closed[s.class][0] >= 0 {
			out = append(out, w.wholeRow(i, s, int32(w.schedule.exposed[s.class]), t, datasets.Total))
		}
	}
	return out
}

// wholeRow is what a sample has of slab i.
func (w *viewBlock) wholeRow(i int, s viewSlab, day int32, t *powerTable, sample datasets.Sample) viewRow {
	row := viewRow{viewRowPlace: viewRowPlace{0, day, s.cell, s.variant}, null: s.units, sums: make([]skewed.Sum, t.width)}
	if sample == datasets.WithoutCrossover {
		row.null -= s.crossed
	}
	strata := w.strata()
	for stratum := range strata {
		n := t.n[i*strata+stratum]
		if sample != datasets.WithoutCrossover || stratum&isCrossover == 0 {
			row.null -= n
		}
		if n > 0 && stratum&left(sample) == 0 {
			row.n += n
			w.powers.Merge(row.sums, t.row(i*strata+stratum))
		}
	}
	return row
}
