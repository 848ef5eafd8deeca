package fold

import (
	"cmp"
	"slices"
)

// clusterSketches are those of a clustered query: what the units that came on each day add to the sums over clusters.
func (w *viewBlock) clusterSketches() sketchRows {
	all := make([]steps, len(w.fold.parts))
	w.each(func(i int) { all[i] = w.stepsOf(i) })
	return w.finestOfAll(func(f fineness) atAges {
		var before sketchRows
		return func(age int32) sketchRows {
			parts := make([]sketchRows, len(w.fold.parts))
			w.each(func(i int) { parts[i] = w.clustersAt(i, &all[i], age, f) })
			out := parts[0]
			for _, p := range parts[1:] {
				for place, s := range p {
					out.at(place).add(s, 1)
				}
			}
			if age == 0 {
				return out
			}
			now := sketchRows{}
			for place, s := range out {
				now.at(place).add(s, 1)
			}
			for place, s := range before {
				place.age = age
				out.at(place).add(s, -1)
			}
			before = now
			return out
		}
	})
}

// clustersAt adds up the clusters of a partition at an age.
func (w *viewBlock) clustersAt(i int, all *steps, age int32, f fineness) sketchRows {
	out := sketchRows{}
	c, crossed := w.fold.parts[i].Clusters, w.fold.parts[i].Crossed
	for variant := range w.query.Variants {
		for k := c.Variants[variant]; k < c.Variants[variant+1]; k++ {
			if c.Bounds[k] == c.Bounds[k+1] {
				continue
			}
			place := sketchPlace{age: age, variant: int32(variant), crossover: crossed != nil && crossed[c.Bounds[k]]}
			w.clusterAt(out, place, w.cellsOfCluster(i, k, f), w.arrivals(i, all, k, age))
		}
	}
	return out
}

// arrival is a unit that became complete on a day.
type arrival struct {
	day    int32
	ok     bool
	values []int32
}

// arrivals are the units of a cluster that were complete at an age, by day.
func (w *viewBlock) arrivals(i int, all *steps, k, age int32) []arrival {
	m, slot := w.fold.parts[i], w.slotOf(age)
	var out []arrival
	for unit := m.Clusters.Bounds[k]; unit < m.Clusters.Bounds[k+1]; unit++ {
		cohort := int32(0)
		if m.First != nil {
			cohort = w.cohorts.of(m.First[unit])
		}
		day := w.schedule.closed[w.schedule.class[cohort]][age]
		if day < 0 {
			continue
		}
		a := arrival{day: w.dayAt(int(age), day)}
		for _, s := range all.of(unit) {
			if s.slot <= slot {
				a.values, a.ok = s.take(a.values)
			}
		}
		out = append(out, a)
	}
	slices.SortStableFunc(out, func(a, b arrival) int { return cmp.Compare(a.day, b.day) })
	return out
}

// clusterAt adds a cluster to the rows of its cells, day by day.
func (w *viewBlock) clusterAt(rows sketchRows, place sketchPlace, cells []int32, units []arrival) {
	var was, is unitSketch
	for len(units) > 0 {
		place.day = units[0].day
		var n, null int64
		is.values, is.known = append(is.values[:0], was.values...), was.known
		for ; len(units) > 0 && units[0].day == place.day; units = units[1:] {
			if !units[0].ok {
				null++
				continue
			}
			n++
			is.known = true
			is.values = append(is.values, units[0].values...)
		}
		is.sum()
		for _, cell := range cells {
			place.cell = cell
			row := rows.at(place)
			row.n += n
			row.null += null
			if was.known {
				row.enter(&was.sketch, -1)
			}
			if is.known {
				row.enter(&is.sketch, 1)
			}
		}
		was, is = is, was
	}
}

// cellsOfCluster are the cells of a cluster.
func (w *viewBlock) cellsOfCluster(i int, k int32, f fineness) []int32 {
	if f != byCell {
		return []int32{-1}
	}
	var out []int32
	for _, cells := range w.cellsBy[i] {
		out = append(out, cells[k])
	}
	return out
}
