package fold

import (
	"iter"
	"math"

	"liftgate/datasets"
	"liftgate/stats/skewed"
)

// past adds up what was known of the units of a group: at each age, and at the end of each day. Its tables first hold what changed at an
// age or on a day, then what was true there.
type past struct {
	*viewBlock
	slabs        *blockSlabs
	ages         *powerTable // by slab and age, from 1
	uncapped     *powerTable // the same before the cap; nil without one
	running      *powerTable // by cell and day; nil in a clustered query
	lower, upper float64     // the cap, from the center
	of           []int       // groups that were followed
}

func newPast(w *viewBlock, slabs *blockSlabs) *past {
	p := &past{viewBlock: w, slabs: slabs, lower: math.Inf(-1), upper: math.Inf(1)}
	p.ages = newPowerTable(w.powers, len(slabs.ages)*w.schedule.ages)
	if w.block.out.Uncapped != nil {
		p.uncapped = newPowerTable(w.powers, len(slabs.ages)*w.schedule.ages)
	}
	if !w.query.Clustered {
		p.running = newPowerTable(w.powers, len(slabs.cells)*w.days)
	}
	if limit := w.block.out.CapLower; limit != nil {
		p.lower = *limit - w.center[0]
	}
	if limit := w.block.out.CapUpper; limit != nil {
		p.upper = *limit - w.center[0]
	}
	return p
}

// follow goes through the units of a group.
func (p *past) follow(g int) {
	p.of = append(p.of, g)
	p.eachFollower(g, (*follower).follow)
}

func (p *past) eachFollower(g int, do func(*follower)) {
	for k, i := range p.groups[g].partitions {
		do(newFollower(p, i, p.groups[g].planes[k]))
		p.fold.parts[i].Release()
	}
}

func (p *past) merge(o *past) {
	p.of = append(p.of, o.of...)
	p.ages.merge(o.ages)
	p.uncapped.merge(o.uncapped)
	p.running.merge(o.running)
}

// change is how the state of a unit changes: by how much what is counted of it.
type change struct {
	null             int64
	capped, uncapped difference
}

// difference is what is added to sums of powers, and the squares of the components that became smaller by it: what is taken out of a sum
// leaves its rounding behind.
type difference struct {
	powers []skewed.Sum
	lost   []float64
	loses  bool
}

func newDifference(p skewed.Powers) difference {
	return difference{powers: make([]skewed.Sum, p.Len()), lost: make([]float64, p.Dim)}
}

// set makes it the difference of two states; of the first it may be known that it is zero.
func (d *difference) set(p skewed.Powers, was, is []skewed.Sum, fromZero bool) {
	copy(d.powers, is)
	d.loses = false
	if fromZero {
		return
	}
	p.Remove(d.powers, was)
	square := p.Dim
	for i := range d.lost {
		if d.lost[i] = 0; !(was[square].Hi <= is[square].Hi) {
			d.lost[i], d.loses = was[square].Hi, true
		}
		square += p.Dim - i
	}
}

// enter takes in that the state of a unit changed at a moment.
func (p *past) enter(at When, planes [][]int32, unit int32, c *change) {
	age, ages := at.age(), p.schedule.ages
	for _, plane := range planes {
		slab := plane[unit]
		if row := int(p.slabs.toAges[slab])*ages + age; row >= 0 && age < ages {
			p.ages.change(row, c.null, &c.capped)
			if p.uncapped != nil {
				p.uncapped.change(row, c.null, &c.uncapped)
			}
		}
		if p.running != nil {
			p.running.change(int(p.slabs.toCells[slab])*p.days+at.day(), c.null, &c.capped)
		}
	}
}

func (t *powerTable) enter(row int, null int64, powers []skewed.Sum) {
	t.null[row] += null
	t.powers.Merge(t.row(row), powers)
}

func (t *powerTable) change(row int, null int64, d *difference) {
	t.enter(row, null, d.powers)
	if d.loses && !t.powers.Whole {
		t.lose(row, d.lost)
	}
}

// fill turns changes into what was true, and makes rows of it.
func (p *past) fill(out *viewRows) {
	if p.running != nil {
		for i, s := range p.viewBlock.slabs[0] {
			day := p.schedule.exposed[p.schedule.class[s.cohort]]
			p.running.n[int(p.slabs.toCells[i])*p.days+day] += s.units
		}
	}
	for t, width := range p.tables() {
		t.accumulate(width)
	}
	p.mend()
	out.ages[datasets.Total] = p.ageRows(p.ages)
	if p.uncapped != nil {
		out.ages[datasets.Uncapped] = p.ageRows(p.uncapped)
	}
	if p.running != nil {
		out.running = p.runningRows()
	}
}

func (p *past) ageRows(t *powerTable) []viewRow {
	ages := p.schedule.ages
	out := make([]viewRow, 0, len(p.slabs.ages)*ages)
	for i, s := range p.slabs.ages {
		for a := range ages {
			row := i*ages + a
			if day := p.schedule.closed[s.class][a+1]; day >= 0 {
				place := viewRowPlace{int32(a + 1), p.dayAt(a+1, day), s.cell, s.variant}
				out = append(out, viewRow{place, s.units - t.null[row], t.null[row], t.row(row)})
			}
		}
	}
	if p.query.Clustered {
		out = joined(p.powers, out) // the cohorts of a cluster are counted on one day
	}
	return out
}

// tables gives the tables, and how many rows follow each other in time.
func (p *past) tables() iter.Seq2[*powerTable, int] {
	return func(yield func(*powerTable, int) bool) {
		_ = yield(p.ages, p.schedule.ages) &&
			(p.uncapped == nil || yield(p.uncapped, p.schedule.ages)) &&
			(p.running == nil || yield(p.running, p.days))
	}
}

// accumulate adds to each row the one before, but for the first of so many.
func (t *powerTable) accumulate(width int) {
	for row := range t.n {
		if row%width == 0 {
			continue
		}
		t.enter(row, t.null[row-1], t.row(row-1))
		t.n[row] += t.n[row-1]
		if t.lost != nil {
			t.lose(row, t.lostOf(row-1))
		}
	}
}

func (p *past) runningRows() []viewRow {
	out := make([]viewRow, 0, len(p.slabs.cells)*p.days)
	for i, s := range p.slabs.cells {
		for day := range p.days {
			row := i*p.days + day
			null := p.running.null[row]
			out = append(out, viewRow{viewRowPlace{0, int32(day), s.cell, s.variant}, p.running.n[row] - null, null, p.running.row(row)})
		}
	}
	return out
}
