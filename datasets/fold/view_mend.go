package fold

import (
	"slices"

	"liftgate/datasets/internal/parallel"
	"liftgate/stats/skewed"
)

// A number that is taken out of a sum leaves its rounding behind, which may be larger than what stays. So a row from which much more was
// taken than it holds is added up again, of what its units had then; nothing has to be taken out of that.

// muchMore is how many times larger the squares that were taken out must be: 24 of the 106 bits of a sum are gone by then, and of third
// powers 36.
const muchMore = 1 << 24

func (t *powerTable) lostOf(row int) []float64 {
	return t.lost[row*t.powers.Dim : (row+1)*t.powers.Dim]
}

// lose notes the squares that were taken out of a row.
func (t *powerTable) lose(row int, squares []float64) {
	if t.lost == nil {
		t.lost = make([]float64, len(t.n)*t.powers.Dim)
	}
	own := t.lostOf(row)
	for i, x := range squares {
		own[i] += x
	}
}

// doubtful reports whether a row lost much more than it holds, or whether numbers may have been too large for it that left.
func (t *powerTable) doubtful(row int) bool {
	sums, square, some := t.row(row), t.powers.Dim, false
	for i, lost := range t.lostOf(row) {
		if lost != 0 && !(lost <= muchMore*sums[square].Hi) {
			return true
		}
		some = some || lost != 0
		square += t.powers.Dim - i
	}
	return some && slices.ContainsFunc(sums, func(s skewed.Sum) bool { return !Finite(s.Hi) })
}

// mended are the doubtful rows of the tables of a past, while they are added up again.
type mended struct{ ages, uncapped, running mendedRows }

type mendedRows struct {
	*powerTable         // of the doubtful rows
	places      []int32 // of these, by row; -1: it is not doubtful. Nil: none is
}

func newMendedRows(t *powerTable) mendedRows {
	if t == nil || t.lost == nil {
		return mendedRows{}
	}
	places, count := make([]int32, len(t.n)), int32(0)
	for row := range places {
		if places[row] = -1; t.doubtful(row) {
			places[row] = count
			count++
		}
	}
	if count == 0 {
		return mendedRows{}
	}
	return mendedRows{newPowerTable(t.powers, int(count)), places}
}

// empty is the same rows without a unit.
func (m mendedRows) empty() mendedRows {
	if m.places == nil {
		return m
	}
	return mendedRows{newPowerTable(m.powers, len(m.n)), m.places}
}

func (m mendedRows) merge(o mendedRows) {
	if m.places != nil {
		m.powerTable.merge(o.powerTable)
	}
}

// hold adds what a unit had to the doubtful ones among rows from to to, exclusive.
func (m mendedRows) hold(from, to int, powers []skewed.Sum) {
	if m.places == nil {
		return
	}
	for _, at := range m.places[from:max(from, to)] {
		if at >= 0 {
			m.powers.Merge(m.row(int(at)), powers)
		}
	}
}

func (m mendedRows) replace(t *powerTable) {
	for row, at := range m.places {
		if at >= 0 {
			copy(t.row(row), m.row(int(at)))
		}
	}
}

// mend adds the doubtful rows up again.
func (p *past) mend() {
	all := mended{newMendedRows(p.ages), newMendedRows(p.uncapped), newMendedRows(p.running)}
	if all.ages.places == nil && all.uncapped.places == nil && all.running.places == nil {
		return
	}
	groups := make([]mended, len(p.of))
	parallel.Each(p.workers, len(groups), func(i int) {
		groups[i] = mended{all.ages.empty(), all.uncapped.empty(), all.running.empty()}
		p.eachFollower(p.of[i], func(f *follower) {
			f.mended = &groups[i]
			f.follow()
		})
	})
	for _, g := range groups {
		all.ages.merge(g.ages)
		all.uncapped.merge(g.uncapped)
		all.running.merge(g.running)
	}
	all.ages.replace(p.ages)
	all.uncapped.replace(p.uncapped)
	all.running.replace(p.running)
}

// hold takes in that a unit had a state since a moment, until now.
func (f *follower) hold(since, now When, unit int32, s *state) {
	ages := f.schedule.ages
	for _, plane := range f.planes {
		slab := plane[unit]
		if row := int(f.slabs.toAges[slab]) * ages; row >= 0 && since.age() < ages {
			from, to := row+since.age(), row+min(now.age(), ages)
			f.mended.ages.hold(from, to, s.powers)
			f.mended.uncapped.hold(from, to, s.uncapped)
		}
		if f.running != nil {
			row := int(f.slabs.toCells[slab]) * f.days
			f.mended.running.hold(row+since.day(), row+min(now.day(), f.days), s.powers)
		}
	}
}
