package fold

import (
	"liftgate/datasets/internal/parallel"
	"liftgate/stats/quantile"
)

// slabSketches are, by slab of a block, what changed in it: by slot, crossover units apart. A slab in which nothing did is nil.
type slabSketches [][][2]*sketchSums

func (s slabSketches) at(slab, slot int32, side, slots int) *sketchSums {
	if s[slab] == nil {
		s[slab] = make([][2]*sketchSums, slots)
	}
	own := &s[slab][slot][side]
	if *own == nil {
		*own = &sketchSums{}
	}
	return *own
}

// add merges the changes of other units.
func (s slabSketches) add(o slabSketches) {
	for slab := range o {
		for slot := range o[slab] {
			for side, own := range o[slab][slot] {
				if own != nil {
					s.at(int32(slab), int32(slot), side, len(o[slab])).add(own, 1)
				}
			}
		}
	}
}

// sideOf tells crossover units from the others.
func sideOf(crossed []bool, unit int32) int {
	if crossed != nil && crossed[unit] {
		return 1
	}
	return 0
}

// unitSketches are those of a query that is not clustered.
func (w *viewBlock) unitSketches() sketchRows {
	slabs := w.slabsOf(0)
	groups := make([]slabSketches, len(w.groups))
	parallel.Each(w.workers, len(groups), func(g int) { groups[g] = w.changes(g, slabs) })
	changes := groups[0]
	for _, g := range groups[1:] {
		changes.add(g)
	}
	return w.finestOfAll(func(f fineness) atAges {
		c := slabCourse{viewBlock: w, slabs: slabs, changes: changes, fineness: f, known: make([][2]sketchSums, len(slabs.whole))}
		return func(age int32) sketchRows {
			if age == 0 {
				return c.whole()
			}
			return c.age(age)
		}
	})
}

// slabCourse is how sketches of slabs change with age.
type slabCourse struct {
	*viewBlock
	fineness
	slabs   *blockSlabs
	changes slabSketches
	known   [][2]sketchSums // at the age before, crossover units last
}

// place is where a slab counts; not ok where it is told elsewhere.
func (c *slabCourse) place(i int, age int32) (p sketchPlace, ok bool) {
	s := &c.slabs.whole[i]
	p = sketchPlace{age: age, cell: s.cell, variant: s.variant}
	if c.fineness == byCell {
		return p, true
	}
	p.cell = -1
	return p, c.out.Crossed || c.out.Cells[s.cell][0] >= 0
}

// whole are the rows of whole windows.
func (c *slabCourse) whole() sketchRows {
	out := sketchRows{}
	for slab := range c.changes {
		place, ok := c.place(slab, 0)
		if place.day = c.schedule.closed[c.slabs.whole[slab].class][0]; !ok || place.day < 0 {
			continue
		}
		for _, sides := range c.changes[slab] {
			for side, own := range sides {
				if place.crossover = side == 1; own != nil {
					out.at(place).add(own, 1)
				}
			}
		}
	}
	return out
}

// age is what an age adds to the rows of the age before on the day before. Most slabs come on one day later, with what changed in them;
// of others all that was known is taken out there, and is new where they come.
func (c *slabCourse) age(age int32) sketchRows {
	out := sketchRows{}
	for i, s := range c.slabs.whole {
		place, ok := c.place(i, age)
		if !ok {
			continue
		}
		closed, before := c.schedule.closed[s.class], int32(-1)
		if age > 1 {
			before = closed[age-1]
		}
		for side := range c.known[i] {
			place.crossover = side == 1
			own := &c.known[i][side]
			var change *sketchSums
			if c.changes[i] != nil {
				change = c.changes[i][age-1][side]
			}
			inStep := before >= 0 && closed[age] == before+1
			if place.day = before + 1; before >= 0 && !inStep && int(place.day) < c.days {
				out.at(place).add(own, -1)
			}
			if change != nil {
				own.add(change, 1)
			}
			switch place.day = closed[age]; {
			case inStep && change != nil:
				out.at(place).add(change, 1)
			case !inStep && place.day >= 0:
				out.at(place).add(own, 1)
			}
		}
	}
	return out
}

// changes follows the units of a group.
func (w *viewBlock) changes(g int, slabs *blockSlabs) slabSketches {
	out, slots := make(slabSketches, len(slabs.whole)), w.schedule.ages+1
	var was, is unitSketch
	for k, i := range w.groups[g].partitions {
		all, planes := w.stepsOf(i), w.groups[g].planes[k]
		crossed := w.fold.parts[i].Crossed
		for unit := range int32(len(all.ends)) {
			was.reset()
			for slot, own := range slotsOf(all.of(unit)) {
				is.follow(&was, own)
				for _, plane := range planes {
					at := out.at(slabs.toWhole[plane[unit]], slot, sideOf(crossed, unit), slots)
					was.enter(at, -1)
					is.enter(at, 1)
				}
				was, is = is, was
			}
		}
		w.fold.parts[i].Release()
	}
	return out
}

// unitSketch is what a unit adds at a time.
type unitSketch struct {
	known, ok bool
	values    []int32
	buckets   []quantile.SketchBucket
	sketch    quantile.Sketch
}

func (u *unitSketch) reset() { u.known, u.values = false, u.values[:0] }

// follow is what the unit adds after steps.
func (u *unitSketch) follow(was *unitSketch, own []step) {
	u.known, u.ok = true, was.ok
	u.values = append(u.values[:0], was.values...)
	for _, s := range own {
		u.values, u.ok = s.take(u.values)
	}
	u.sum()
}

func (u *unitSketch) sum() {
	u.sketch = quantile.SketchOf(u.values, u.buckets[:0])
	u.buckets = u.sketch.Buckets
}

// enter adds the unit to a row, or takes it out.
func (u *unitSketch) enter(row *sketchSums, sign int64) {
	switch {
	case !u.known:
	case !u.ok:
		row.null += sign
	default:
		row.n += sign
		row.enter(&u.sketch, sign)
	}
}
