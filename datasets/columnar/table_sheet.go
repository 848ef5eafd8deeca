package columnar

import (
	"math/bits"
	"slices"

	"liftgate/datasets/internal/depot"
)

// sheetRows is how many rows of a unit table make a sheet. Sheets start at every sheetRows-th row of the table, wherever files and row groups
// do, and are what moments are first taken of: the number is part of the canonical order.
const sheetRows = 1 << 14

// clusterSheetRows is sheetRows of a clustered query, whose moments are taken cluster by cluster. What one group has in smaller ones is too
// little to be looked for.
const clusterSheetRows = 1 << 16

// rowsOfSheet is after how many rows of the table a sheet ends.
func (t *unitTable) rowsOfSheet() int64 {
	if t.query.Clustered {
		return clusterSheetRows
	}
	return sheetRows
}

// sheet is a run of rows of a unit table, column by column. The units of a group lie together, in the order of their rows. Groups are
// variants, in a clustered query the partitions that the clusters' hashes fall into.
type sheet struct {
	rows     int          // of the table, also those that were dropped
	units    []int        // by group; in a clustered query only those one of whose numbers is not zero
	values   [][]sparse   // by cell column and group
	labels   [][][]uint32 // by segment of the views and group
	clusters [][]uint32   // by group: their places in the index; nil unless the query is clustered
	index    *clusterIndex
	order    []uint16 // by row: its group, dropped for none; only where rows of a part are not counted yet
}

// sparse is numbers of which zeros are not kept: most units buy nothing. The others are counts, as a rule, or amounts of money.
type sparse struct {
	bits   []uint64 // by unit: its number is not zero
	values []float64
	small  []uint8 // in place of values where all are whole numbers below 256
}

// dropped is the group of a row that does not count.
const dropped = ignored

func newSheet(columns, segments, groups int) *sheet {
	s := &sheet{units: make([]int, groups), values: make([][]sparse, columns), labels: make([][][]uint32, segments)}
	for c := range s.values {
		s.values[c] = make([]sparse, groups)
	}
	for a := range s.labels {
		s.labels[a] = make([][]uint32, groups)
	}
	return s
}

// reserve makes room for bits of so many units.
func (s *sparse) reserve(units int) {
	if need := (units+63)/64 - len(s.bits); need > 0 {
		s.bits = append(s.bits, make([]uint64, need)...)
	}
}

// tight gives a copy without spare room, in an arena, and empties the sheet.
func (s *sheet) tight(room *depot.Arena) *sheet {
	out := newSheet(len(s.values), len(s.labels), len(s.units))
	out.rows, out.index, out.order = s.rows, s.index, depot.Clone(room, s.order)
	copy(out.units, s.units)
	words, amounts, counts := 0, 0, 0
	for _, groups := range s.values {
		for g := range groups {
			words += len(groups[g].bits)
			if own := &groups[g]; own.narrow() {
				counts += len(own.small)
			} else {
				amounts += len(own.values)
			}
		}
	}
	all := sparse{depot.Slice[uint64](room, words)[:0], depot.Slice[float64](room, amounts)[:0], depot.Slice[uint8](room, counts)[:0]}
	for c, groups := range s.values {
		for g := range groups {
			out.values[c][g] = all.take(&groups[g])
		}
	}
	for a, groups := range s.labels {
		cloneAll(room, out.labels[a], groups)
	}
	if s.clusters != nil {
		out.clusters = make([][]uint32, len(s.clusters))
		cloneAll(room, out.clusters, s.clusters)
	}
	s.rows, s.order = 0, s.order[:0]
	clear(s.units)
	return out
}

// narrow turns numbers into small ones, if it can.
func (s *sparse) narrow() bool {
	s.small = s.small[:0]
	for _, x := range s.values {
		n := uint8(int64(x))
		if float64(n) != x {
			return false
		}
		s.small = append(s.small, n)
	}
	s.values = s.values[:0]
	return true
}

// take moves what another keeps into the room of s.
func (s *sparse) take(from *sparse) (out sparse) {
	s.bits = append(s.bits, from.bits...)
	out.bits = last(s.bits, len(from.bits))
	if n := len(from.values); n > 0 {
		s.values = append(s.values, from.values...)
		out.values = last(s.values, n)
	} else if n := len(from.small); n > 0 {
		s.small = append(s.small, from.small...)
		out.small = last(s.small, n)
	}
	from.bits, from.values, from.small = from.bits[:0], from.values[:0], from.small[:0]
	return out
}

// count is how many numbers are not zero.
func (s *sparse) count() int { return len(s.values) + len(s.small) }

// numbers appends those from up to to that are not zero.
func (s *sparse) numbers(out []float64, from, to int) []float64 {
	if s.values != nil {
		return append(out, s.values[from:to]...)
	}
	for _, n := range s.small[from:to] {
		out = append(out, float64(n))
	}
	return out
}

func last[T any](all []T, n int) []T { return all[len(all)-n : len(all) : len(all)] }

// cloneAll copies lists, one after the other, and empties them.
func cloneAll(room *depot.Arena, to, from [][]uint32) {
	all := depot.Concat(room, from)
	for g := range from {
		n := len(from[g])
		to[g], all = all[:n:n], all[n:]
		from[g] = from[g][:0]
	}
}

// add appends, of each group, the units from up to to of another sheet.
func (s *sheet) add(o *sheet, from, to []int) {
	for g := range s.units {
		if from[g] == to[g] {
			continue
		}
		for c := range s.values {
			s.values[c][g].add(s.units[g], &o.values[c][g], from[g], to[g])
		}
		for a := range s.labels {
			s.labels[a][g] = append(s.labels[a][g], o.labels[a][g][from[g]:to[g]]...)
		}
		s.units[g] += to[g] - from[g]
	}
}

// add appends the numbers of the units from up to to, given how many units there are already.
func (s *sparse) add(units int, o *sparse, from, to int) {
	s.reserve(units + to - from)
	before, n := rank(o.bits, from), 0
	for at := from; at < to; {
		word := o.bits[at>>6] >> (at & 63)
		take := min(64-at&63, to-at, 64-units&63)
		if take < 64 {
			word &= 1<<take - 1
		}
		s.bits[units>>6] |= word << (units & 63)
		n += bits.OnesCount64(word)
		at, units = at+take, units+take
	}
	s.values = o.numbers(s.values, before, before+n)
}

// rank counts the bits that are set before a place.
func rank(words []uint64, place int) int {
	n := 0
	for _, w := range words[:place>>6] {
		n += bits.OnesCount64(w)
	}
	if place&63 != 0 {
		n += bits.OnesCount64(words[place>>6] & (1<<(place&63) - 1))
	}
	return n
}

// aligned cuts sheets anew, so that one ends at every sheetRows-th row. What is cut has its order.
func aligned(sheets []*sheet, room *depot.Arena) []*sheet {
	var out []*sheet
	var open *sheet
	for _, s := range sheets {
		if open == nil && s.rows == sheetRows {
			out = append(out, s)
			continue
		}
		for from, at := make([]int, len(s.units)), 0; at < s.rows; {
			if open == nil {
				open = newSheet(len(s.values), len(s.labels), len(s.units))
			}
			rows := min(s.rows-at, sheetRows-open.rows)
			to := s.units
			if rows < s.rows {
				to = slices.Clone(from)
				for _, g := range s.order[at : at+rows] {
					if g != dropped {
						to[g]++
					}
				}
			}
			open.add(s, from, to)
			open.rows, at, from = open.rows+rows, at+rows, to
			if open.rows == sheetRows {
				out, open = append(out, open.tight(room)), nil
				room.Release()
			}
		}
	}
	if open != nil {
		out = append(out, open)
	}
	return out
}
