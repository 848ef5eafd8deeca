package columnar

// arrivals are the exposed rows of one partition, each a record, until those of one unit become one. To put all in order at the end costs
// less than to look each of them up.
type arrivals struct {
	records
	units int     // of the first records no two are of one unit
	order []int32 // of the records by hash, once no two of them are of one unit
}

// gone is the state of a record that has become part of another.
const gone = ^uint64(0)

// due reports whether as many rows have come since the units were merged as there were units, and so many that it is worth it.
func (a *arrivals) due(patience int) bool { return a.count >= max(patience, 2*a.units) }

// merge makes one record of those of a unit: into takes all but the first into that, in their order.
func (a *arrivals) merge(s *sorter, into func(unit, row []uint64)) {
	s.units = s.units[:0]
	for i := range a.count {
		r := a.record(i)
		s.units = append(s.units, placed{key{r[wordHi], r[wordLo]}, int32(i), 0})
	}
	list := s.byHash()
	kept := list[:0]
	for _, next := range list {
		if last := len(kept) - 1; last >= 0 && kept[last].key == next.key {
			row := a.record(int(next.at))
			into(a.record(int(kept[last].at)), row)
			row[wordState] = gone
			continue
		}
		kept = append(kept, next)
	}
	if len(kept) < a.count {
		a.closeRanks(kept)
	}
	a.units = a.count
	a.order = a.order[:0]
	for i := range kept {
		a.order = append(a.order, kept[i].at)
	}
}

// closeRanks moves the last records to where others are gone, and tells those that are kept.
func (a *arrivals) closeRanks(kept []placed) {
	count := len(kept)
	moved, to := make([]int32, a.count-count), 0
	for from := count; from < a.count; from++ {
		if a.record(from)[wordState] == gone {
			continue
		}
		for a.record(to)[wordState] != gone {
			to++
		}
		copy(a.record(to), a.record(from))
		moved[from-count] = int32(to)
	}
	for i := range kept {
		if at := int(kept[i].at) - count; at >= 0 {
			kept[i].at = moved[at]
		}
	}
	a.truncate(count)
}

// analysed counts the units that are.
func (a *arrivals) analysed() (n int) {
	for i := range a.count {
		if a.record(i)[wordState]&flagExcluded == 0 {
			n++
		}
	}
	return n
}
