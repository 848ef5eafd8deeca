package sourcetest

import (
	"cmp"
	"slices"

	"liftgate/datasets"
)

// seen is a unit at an age on a day.
type seen struct {
	*unit
	age, day int
}

// place is a row of a table of moments.
type place struct{ age, day, cell, variant int }

func (p place) compare(o place) int {
	return cmp.Or(cmp.Compare(p.age, o.age), cmp.Compare(p.day, o.day), cmp.Compare(p.cell, o.cell), cmp.Compare(p.variant, o.variant))
}

// byCell are the places where a unit counts.
func (b blockViewing) byCell(s seen) []place {
	var places []place
	for _, cell := range b.cells[s.randomised] {
		places = append(places, place{s.age, s.day, cell, s.variant})
	}
	return places
}

// byCluster is the place of a unit's cluster.
func (b blockViewing) byCluster(s seen) []place {
	return []place{{s.age, s.day, slices.Index(b.randomised, s.randomised), s.variant}}
}

// table takes the moments of the units of a sample, by where they count.
func (b blockViewing) table(name datasets.Sample, units []seen, places func(seen) []place) *datasets.MomentTable {
	at := gathered(units, places)
	if len(at) > datasets.MaxViewRows {
		at = gathered(units, ageOfEverybody(places))
	}
	out := &datasets.MomentTable{Dim: len(b.indexes), Parts: len(b.block.Parts)}
	var sorted []place
	for p := range at {
		sorted = append(sorted, p)
	}
	slices.SortFunc(sorted, place.compare)
	for _, p := range sorted {
		b.addRow(out, name, p, at[p])
	}
	return out
}

func gathered(units []seen, places func(seen) []place) map[place][]seen {
	at := map[place][]seen{}
	for _, u := range units {
		for _, p := range places(u) {
			at[p] = append(at[p], u)
		}
	}
	return at
}

// ageOfEverybody counts units at ages in no cell.
func ageOfEverybody(places func(seen) []place) func(seen) []place {
	return func(s seen) []place {
		if s.age > 0 {
			return []place{{s.age, s.day, -1, s.variant}}
		}
		return places(s)
	}
}

// addRow adds the moments of the units at a place, as far as they are in the sample.
func (b blockViewing) addRow(t *datasets.MomentTable, name datasets.Sample, p place, units []seen) {
	var vectors [][]float64
	null := int64(0)
	for _, u := range units {
		if name == datasets.WithoutCrossover && u.crossover {
			continue
		}
		x := b.vector(u.unit)
		if x == nil {
			null++
			continue
		}
		if name != datasets.Uncapped {
			x = inside(b.whole, x)
		}
		if name != datasets.WithoutTop || x[0] <= b.whole.Top {
			vectors = append(vectors, x)
		}
	}
	if len(vectors) == 0 && null == 0 {
		return
	}
	t.Age, t.Day = append(t.Age, int32(p.age)), append(t.Day, int32(p.day))
	t.Cell, t.Variant = append(t.Cell, int32(p.cell)), append(t.Variant, int32(p.variant))
	t.N, t.Null = append(t.N, int64(len(vectors))), append(t.Null, null)
	means, cross, third := make([]float64, t.Dim), make([]float64, t.Dim*(t.Dim+1)/2), thirdMoments(vectors, t.Parts)
	if len(vectors) > 0 {
		m := moments(vectors)
		means, cross = m.Means, m.Cross
	}
	t.Means, t.Cross, t.Third = append(t.Means, means...), append(t.Cross, cross...), append(t.Third, third...)
}

// vector is nil when a value is null.
func (b blockViewing) vector(u *unit) []float64 {
	var x []float64
	for _, i := range b.indexes {
		if u.values[i] == nil {
			return nil
		}
		x = append(x, *u.values[i])
	}
	return x
}

// thirdPowers are the parts that each third moment multiplies.
func thirdPowers(parts int) [][3]int {
	if parts == 2 {
		return [][3]int{{0, 0, 0}, {0, 0, 1}, {0, 1, 1}, {1, 1, 1}}
	}
	return [][3]int{{0, 0, 0}}
}

// thirdMoments are the sums of third powers of the parts around their means.
func thirdMoments(vectors [][]float64, parts int) []float64 {
	powers := thirdPowers(parts)
	out := make([]float64, len(powers))
	if len(vectors) == 0 {
		return out
	}
	mean := moments(vectors).Means
	for i, p := range powers {
		for _, x := range vectors {
			out[i] += (x[p[0]] - mean[p[0]]) * (x[p[1]] - mean[p[1]]) * (x[p[2]] - mean[p[2]])
		}
	}
	return out
}
