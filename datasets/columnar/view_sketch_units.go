package columnar

import "liftgate/stats/quantile"

// slabSketches are by slab of a block, crossover units apart, and by slot what changed in it.
type slabSketches map[slabSlot]*sketchSums

type slabSlot struct {
	slab, slot int32
	crossover  bool
}

func (s slabSketches) at(p slabSlot) *sketchSums {
	own := s[p]
	if own == nil {
		own = &sketchSums{}
		s[p] = own
	}
	return own
}

// unitSketches are those of a query that is not clustered.
func (w *viewBlock) unitSketches() sketchRows {
	slabs := w.slabsOf(0)
	groups := make([]slabSketches, len(w.groups))
	inParallel(w.workers, len(groups), func(g int) { groups[g] = w.changes(g, slabs) })
	changes := groups[0]
	for _, g := range groups[1:] {
		for at, s := range g {
			changes.at(at).add(s)
		}
	}
	return w.finestOfAll(func(f fineness) atAges {
		known, slot := make([][2]sketchSums, len(slabs.whole)), int32(0)
		return func(age int32) sketchRows {
			for ; slot <= w.slotOf(age); slot++ {
				for i := range known {
					for side := range known[i] {
						if own := changes[slabSlot{int32(i), slot, side == 1}]; own != nil {
							known[i][side].add(own)
						}
					}
				}
			}
			return w.slabRows(slabs, known, age, f)
		}
	})
}

// slabRows are the rows of an age, given what is known of each slab by then, its crossover units last.
func (w *viewBlock) slabRows(slabs *blockSlabs, known [][2]sketchSums, age int32, f fineness) sketchRows {
	out := sketchRows{}
	for i, s := range slabs.whole {
		place := sketchPlace{age: age, day: w.schedule.closed[s.class][age], cell: s.cell, variant: s.variant}
		if f != byCell {
			place.cell = -1
		}
		if place.day < 0 || f != byCell && !w.out.Crossed && w.out.Cells[s.cell][0] < 0 {
			continue
		}
		for side := range known[i] {
			if own := &known[i][side]; own.n > 0 || own.null > 0 {
				place.crossover = side == 1
				out.at(place).add(own)
			}
		}
	}
	return out
}

// changes follows the units of a group.
func (w *viewBlock) changes(g int, slabs *blockSlabs) slabSketches {
	out := slabSketches{}
	var was, is unitSketch
	for k, i := range w.groups[g].partitions {
		all, planes := w.stepsOf(i), w.planesOf(g, k)
		crossed := w.fold.parts[i].crossed
		for unit := range int32(len(all.ends)) {
			was.reset()
			for slot, own := range slotsOf(all.of(unit)) {
				is.follow(&was, own)
				for _, plane := range planes {
					at := out.at(slabSlot{slabs.toWhole[plane[unit]], slot, crossed != nil && crossed[unit]})
					was.enter(at, -1)
					is.enter(at, 1)
				}
				was, is = is, was
			}
		}
		w.fold.parts[i].release()
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
