package columnar

import "liftgate/datasets/internal/depot"

// rowList keeps the rows of a value while they come; units are positions of records, until they become places among the members.
type rowList unitRows

func (l *rowList) add(unit int32, x float64) {
	if x == 0 {
		x = 0 // no negative zero, which has another place in the order of bits
	}
	l.units = append(l.units, unit)
	l.values = append(l.values, x)
}

// move takes a list into an arena, if there is one.
func (l *rowList) move(room *depot.Arena) {
	if room != nil {
		l.units, l.values = depot.Clone(room, l.units), depot.Clone(room, l.values)
	}
}

// listPlaces makes room for the places of the units, by the position of their records, where any rows are kept.
func (p *partition) listPlaces() []int32 {
	if len(p.lists) == 0 && len(p.histories) == 0 {
		return nil
	}
	return make([]int32, p.enrolled.count())
}

// takeLists takes over the rows that were kept. A value with an unless condition has a list of its own, without the units that a row
// spares.
func (p *partition) takeLists(values []valuePlan, place []int32, zeroed int, room *depot.Arena) []unitRows {
	rows := make([]unitRows, len(values))
	for i := range p.lists {
		p.lists[i].move(room)
	}
	for i := range values {
		if v := &values[i]; v.list >= 0 && v.unless >= 0 {
			var own rowList
			for j, at := range p.lists[v.list].units {
				if !hasBit(p.enrolled.record(int(at))[zeroed:], v.unless) {
					own.add(place[at], p.lists[v.list].values[j])
				}
			}
			own.move(room)
			rows[i] = unitRows(own)
		}
	}
	for _, l := range p.lists {
		for j, at := range l.units {
			l.units[j] = place[at]
		}
	}
	for i := range values {
		if v := &values[i]; v.list >= 0 && v.unless < 0 {
			rows[i] = unitRows(p.lists[v.list])
		}
	}
	p.lists = nil
	return rows
}
