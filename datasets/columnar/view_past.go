package columnar

import (
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
	lower, upper float64
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
		p.lower = *limit
	}
	if limit := w.block.out.CapUpper; limit != nil {
		p.upper = *limit
	}
	return p
}

// follow goes through the units of a group.
func (p *past) follow(g int) {
	for k, i := range p.groups[g].partitions {
		newFollower(p, i, p.groups[g].planes[k]).follow()
	}
}

func (p *past) merge(o *past) {
	p.ages.merge(o.ages)
	if p.uncapped != nil {
		p.uncapped.merge(o.uncapped)
	}
	if p.running != nil {
		p.running.merge(o.running)
	}
}

// change is how the state of a unit changes: by how much what is counted of it.
type change struct {
	null             int64
	powers, uncapped []skewed.Sum
}

// enter takes in that the state of a unit changed at a moment.
func (p *past) enter(at moment, planes [][]int32, unit int32, c *change) {
	age, ages := at.age(), p.schedule.ages
	for _, plane := range planes {
		slab := plane[unit]
		if row := int(p.slabs.toAges[slab])*ages + age; row >= 0 && age < ages {
			p.ages.enter(row, c.null, c.powers)
			if p.uncapped != nil {
				p.uncapped.enter(row, c.null, c.uncapped)
			}
		}
		if p.running != nil {
			p.running.enter(int(p.slabs.toCells[slab])*p.days+at.day(), c.null, c.powers)
		}
	}
}

func (t *powerTable) enter(row int, null int64, powers []skewed.Sum) {
	t.null[row] += null
	t.powers.Merge(t.row(row), powers)
}

// fill turns changes into what was true, and makes rows of it.
func (p *past) fill(out *viewRows) {
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
			if a > 0 {
				t.accumulate(row)
			}
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

// accumulate adds the row before.
func (t *powerTable) accumulate(row int) {
	t.enter(row, t.null[row-1], t.row(row-1))
	t.n[row] += t.n[row-1]
}

func (p *past) runningRows() []viewRow {
	for i, s := range p.viewBlock.slabs[0] {
		day := p.schedule.exposed[p.schedule.class[s.cohort]]
		p.running.n[int(p.slabs.toCells[i])*p.days+day] += s.units
	}
	out := make([]viewRow, 0, len(p.slabs.cells)*p.days)
	for i, s := range p.slabs.cells {
		for day := range p.days {
			row := i*p.days + day
			if day > 0 {
				p.running.accumulate(row)
			}
			null := p.running.null[row]
			out = append(out, viewRow{viewRowPlace{0, int32(day), s.cell, s.variant}, p.running.n[row] - null, null, p.running.row(row)})
		}
	}
	return out
}
