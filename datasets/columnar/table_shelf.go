package columnar

import (
	"math/bits"
	"slices"

	"liftgate/datasets/fold"
	"liftgate/datasets/internal/depot"
)

// shelf is the units of a unit table in one of the partitions of the fold: some sheets, or, in a clustered query, one group of each.
type shelf struct {
	sheets []*sheet
	values []int          // of the query: columns of the sheets
	group  int            // of a clustered query
	all    *fold.Clusters // of a clustered query: the members'
	bounds []int32        // the members'
	memory [][]float64    // of the columns of the last block
	room   *depot.Arena
}

// members puts the units of a partition of the fold together. Where the query is not clustered, that is an equal share of the sheets, in
// their order.
func (t *unitTable) members(i int) *fold.Members {
	s := &shelf{sheets: t.sheets, values: make([]int, len(t.values)), group: i}
	for j, c := range t.values {
		s.values[j] = t.cells.columns[c].slot
	}
	m := &fold.Members{Absent: make([][]bool, len(t.values)), Rows: make([]fold.Rows, len(t.values)), Packed: s, Room: t.depot.Arena(), Scratch: t.depot.Arena()}
	s.room = m.Room
	var rank []int32
	if t.query.Clustered {
		m.Clusters, rank = orderClusters(t.records[i], len(t.query.Variants))
		s.all = m.Clusters
		m.Clusters.Bounds = t.clusterBounds(i, rank, m.Clusters.Count())
		m.Bounds = m.Clusters.UnitBounds()
	} else {
		n := len(t.sheets)
		s.sheets = t.sheets[i*n/partitions : (i+1)*n/partitions]
		m.Bounds = s.variantBounds(len(t.query.Variants))
	}
	s.bounds = m.Bounds
	m.Segments = t.segmentCodes(s, rank)
	return m
}

func (s *shelf) variantBounds(variants int) []int32 {
	bounds := make([]int32, variants+1)
	for v := range variants {
		bounds[v+1] = bounds[v]
		for _, sheet := range s.sheets {
			bounds[v+1] += int32(sheet.units[v])
		}
	}
	return bounds
}

// clusterBounds tells the workers' clusters of a partition their places among the members, and where the units of each lie.
func (t *unitTable) clusterBounds(partition int, rank []int32, clusters int) []int32 {
	bounds := make([]int32, clusters+1)
	for _, x := range t.indexes {
		for _, c := range x.within[x.bounds[partition]:x.bounds[partition+1]] {
			x.ranks[c] = rank[x.records[c]]
			bounds[x.ranks[c]+1] += x.units[c]
		}
	}
	return added(bounds)
}

// Fill gives the members all values, zeros too.
func (s *shelf) Fill() (columns [][]float64) {
	units := int(s.bounds[len(s.bounds)-1])
	place := s.placesOfAll()
	for _, c := range s.values {
		column := depot.Slice[float64](s.room, units)
		at := place
		for _, sheet := range s.sheets {
			for g := range sheet.units {
				if s.all != nil && g != s.group {
					continue
				}
				sheet.values[c][g].each(func(unit int, x float64) { column[at[unit]] = x })
				at = at[sheet.units[g]:]
			}
		}
		columns = append(columns, column)
	}
	return columns
}

// placesOfAll are the places of the units among the members, sheet by sheet and group by group.
func (s *shelf) placesOfAll() (place []int32) {
	if s.all != nil {
		next := slices.Clone(s.all.Bounds)
		for _, sheet := range s.sheets {
			for _, c := range sheet.clusters[s.group] {
				at := &next[sheet.index.ranks[c]]
				place = append(place, *at)
				*at++
			}
		}
		return place
	}
	next := slices.Clone(s.bounds)
	for _, sheet := range s.sheets {
		for v, n := range sheet.units {
			for range n {
				place = append(place, next[v])
				next[v]++
			}
		}
	}
	return place
}

// each goes over the numbers that are not zero.
func (s *sparse) each(do func(unit int, x float64)) {
	next := 0
	for w, word := range s.bits {
		for ; word != 0; word &= word - 1 {
			do(w<<6+bits.TrailingZeros64(word), s.number(next))
			next++
		}
	}
}

// Gather puts the columns of a block together, but for units all of whose numbers are zero.
func (s *shelf) Gather(components []int, variants int) (p fold.Gathered) {
	p.Columns, p.Row = make([][]float64, len(components)), make([]float64, len(components))
	if s.all != nil {
		s.gatherClusters(&p, components)
		return p
	}
	p.Others = make([]int64, variants)
	room := 0
	for v := range variants {
		for _, sheet := range s.sheets {
			room += filled(s.columns(sheet, v, components))
		}
	}
	s.remember(p.Columns, room)
	at := int32(0)
	for v := range variants {
		units := 0
		for _, sheet := range s.sheets {
			units += sheet.units[v]
			join(p.Columns, s.columns(sheet, v, components))
		}
		to := int32(len(p.Columns[0]))
		p.Units = append(p.Units, []fold.Run{{From: at, To: to}})
		p.Others[v] = int64(units) - int64(to-at)
		at = to
	}
	return p
}

// remember gives columns the room of those of the block before.
func (s *shelf) remember(columns [][]float64, room int) {
	for c := range columns {
		if c == len(s.memory) {
			s.memory = append(s.memory, nil)
		}
		if cap(s.memory[c]) < room {
			s.memory[c] = depot.Slice[float64](s.room, room)
		}
		columns[c] = s.memory[c][:0]
	}
}

// columns are those of a block in one group of a sheet.
func (s *shelf) columns(sheet *sheet, group int, components []int) []*sparse {
	out := make([]*sparse, len(components))
	for c, value := range components {
		out[c] = &sheet.values[s.values[value]][group]
	}
	return out
}

// gatherClusters is gather in a clustered query.
func (s *shelf) gatherClusters(p *fold.Gathered, components []int) {
	sheets, room := make([][]*sparse, len(s.sheets)), 0
	for i, sheet := range s.sheets {
		sheets[i] = s.columns(sheet, s.group, components)
		room += len(sheet.clusters[s.group])
	}
	place, bounds := depot.Slice[int32](s.room, room)[:0], make([]int32, s.all.Count()+1)
	for i, sheet := range s.sheets {
		own, ranks := sheet.clusters[s.group], sheet.index.ranks
		eachFilled(sheets[i], func(unit int) {
			at := ranks[own[unit]]
			place = append(place, at)
			bounds[at+1]++
		})
	}
	compact := *s.all
	compact.Bounds = added(bounds)
	p.Clusters, p.Others = &compact, make([]int64, s.all.Count())
	for c := range p.Others {
		p.Others[c] = int64(s.all.Bounds[c+1]-s.all.Bounds[c]) - int64(bounds[c+1]-bounds[c])
	}
	next := slices.Clone(bounds)
	s.remember(p.Columns, len(place))
	for c := range p.Columns {
		p.Columns[c] = p.Columns[c][:len(place)]
	}
	row := make([][]float64, len(components))
	for _, columns := range sheets {
		for c := range row {
			row[c] = row[c][:0]
		}
		join(row, columns)
		for i := range row[0] {
			at := next[place[i]]
			next[place[i]]++
			for c := range row {
				p.Columns[c][at] = row[c][i]
			}
		}
		place = place[len(row[0]):]
	}
	for v := range len(s.all.Variants) - 1 {
		p.Units = append(p.Units, []fold.Run{{From: bounds[s.all.Variants[v]], To: bounds[s.all.Variants[v+1]]}})
	}
}

// filled counts the units one of whose numbers is not zero.
func filled(columns []*sparse) int {
	if len(columns) == 1 {
		return columns[0].count()
	}
	n := 0
	for w := range columns[0].bits {
		n += bits.OnesCount64(anyOf(columns, w))
	}
	return n
}

func eachFilled(columns []*sparse, do func(unit int)) {
	for w := range columns[0].bits {
		for any := anyOf(columns, w); any != 0; any &= any - 1 {
			do(w<<6 + bits.TrailingZeros64(any))
		}
	}
}

func anyOf(columns []*sparse, word int) uint64 {
	any := uint64(0)
	for _, c := range columns {
		any |= c.bits[word]
	}
	return any
}

// join appends the rows of some columns that are not all zero.
func join(to [][]float64, from []*sparse) {
	if len(from) == 1 {
		to[0] = from[0].numbers(to[0], 0, from[0].count())
		return
	}
	for c, f := range from {
		out, next := to[c], 0
		for w, own := range f.bits {
			any, n := anyOf(from, w), bits.OnesCount64(own)
			if own == any {
				out = f.numbers(out, next, next+n)
			} else {
				out = f.spread(out, next, own, any)
			}
			next += n
		}
		to[c] = out
	}
}

// spread appends the numbers of up to 64 units, the next ones, with zero where a unit has none of its own.
func (s *sparse) spread(out []float64, next int, own, any uint64) []float64 {
	var row [64]float64
	n := 0
	for ; any != 0; any &= any - 1 {
		if own&any&-any != 0 {
			row[n] = s.number(next)
			next++
		}
		n++
	}
	return append(out, row[:n]...)
}

func (s *sparse) number(i int) float64 {
	if s.values != nil {
		return s.values[i]
	}
	return float64(s.small[i])
}
