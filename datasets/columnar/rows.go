package columnar

import (
	"liftgate/datasets/fold"
	"liftgate/datasets/internal/depot"
)

// rowList keeps the rows of a value while they come; units are positions of records, until they become places among the members.
type rowList fold.Rows

func (l *rowList) add(unit int32, x float64) {
	if x == 0 {
		x = 0 // no negative zero, which has another place in the order of bits
	}
	l.Units = append(l.Units, unit)
	l.Values = append(l.Values, x)
}

// move takes a list into an arena.
func (l *rowList) move(room *depot.Arena) {
	l.Units, l.Values = depot.Move(room, l.Units), depot.Move(room, l.Values)
}

// takeLists takes over the rows that were kept. A value with an unless condition has a list of its own, without the units that a row
// spares.
func (p *partition) takeLists(values []valuePlan, place []int32, zeroed int, room *depot.Arena) []fold.Rows {
	rows := make([]fold.Rows, len(values))
	for i := range p.lists {
		p.lists[i].move(room)
	}
	for i := range values {
		if v := &values[i]; v.list >= 0 && v.unless >= 0 {
			var own rowList
			for j, at := range p.lists[v.list].Units {
				if !hasBit(p.enrolled.record(int(at))[zeroed:], v.unless) {
					own.add(place[at], p.lists[v.list].Values[j])
				}
			}
			own.move(room)
			rows[i] = fold.Rows(own)
		}
	}
	for _, l := range p.lists {
		for j, at := range l.Units {
			l.Units[j] = place[at]
		}
	}
	for i := range values {
		if v := &values[i]; v.list >= 0 && v.unless < 0 {
			rows[i] = fold.Rows(p.lists[v.list])
		}
	}
	p.lists = nil
	return rows
}
