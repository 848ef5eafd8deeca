package columnar

import (
	"math"
	"slices"

	"liftgate/datasets"
)

// members are the analysed units of one partition, those of a variant together and in the order of their hashes.
type members struct {
	bounds  []int32     // the units of variant v lie at bounds[v] to bounds[v+1]-1
	values  [][]float64 // by value of the query
	absent  [][]bool    // by value: the unit has none; nil where all have one
	matched [][]float64 // by table of events, the rows that matched
	first   []int64     // first exposure; nil in a unit table
	latest  int64       // of first
	crossed []bool      // crossover units; nil without any
}

// members takes the units of a partition out of their records, which it gives up.
func (e *enrolment) members(p *partition, values []valuePlan) *members {
	sorted := p.analysed()
	m := &members{
		bounds: boundsOf(sorted, len(e.query.Variants)), first: make([]int64, len(sorted)), latest: math.MinInt64,
		values: columnsOf[float64](len(values), len(sorted)), absent: make([][]bool, len(values)),
		matched: columnsOf[float64](len(e.query.Events), len(sorted)),
	}
	next := slices.Clone(m.bounds)
	for _, unit := range sorted {
		r := p.units.record(int(unit.at))
		j := next[unit.variant]
		next[unit.variant]++
		m.first[j] = int64(r[wordFirst])
		m.latest = max(m.latest, m.first[j])
		if r[wordState]&flagCrossover != 0 {
			mark(&m.crossed, j, len(sorted))
		}
		for t := range m.matched {
			m.matched[t][j] = float64(half(r, e.layout.matched, t))
		}
		for i := range values {
			x, ok := values[i].number(r, e.layout.zeroed)
			m.values[i][j] = x
			if !ok {
				mark(&m.absent[i], j, len(sorted))
			}
		}
	}
	p.units = nil
	return m
}

// analysed lists the analysed units in the order of their hashes.
func (p *partition) analysed() []placed {
	u := p.units
	list := make([]placed, 0, u.count)
	for i := range u.count {
		if r := u.record(i); r[wordState]&flagExcluded == 0 {
			list = append(list, placed{key{r[wordHi], r[wordLo]}, int32(i), uint16(r[wordState])})
		}
	}
	return sortByHash(list)
}

// mark sets a bit of a list that is made when it is needed.
func mark(list *[]bool, i int32, n int) {
	if *list == nil {
		*list = make([]bool, n)
	}
	(*list)[i] = true
}

// number is a unit's number; ok is false when there is none.
func (p *valuePlan) number(r []uint64, zeroed int) (x float64, ok bool) {
	if p.unless >= 0 && hasBit(r[zeroed:], p.unless) {
		return 0, true
	}
	v := p.value
	if p.count >= 0 && r[p.count] == 0 {
		return 0, v.Nulls != datasets.NullsDrop && v.Nulls != datasets.NullsError
	}
	switch v.Take {
	case datasets.Any:
		if r[p.main] >= uint64(max(1, v.AtLeast)) {
			return 1, true
		}
		return 0, true
	case datasets.Count, datasets.Distinct:
		return float64(r[p.main]), true
	case datasets.Mean:
		return math.Float64frombits(r[p.main]) / float64(r[p.count]), true
	case datasets.First, datasets.Last:
		return math.Float64frombits(r[p.main+1]), true
	default:
		return math.Float64frombits(r[p.main]), true
	}
}

// variant lists the units of a variant.
func (m *members) variant(v int) []run { return []run{{m.bounds[v], m.bounds[v+1]}} }

func (m *members) size(variant int) int64 { return int64(m.bounds[variant+1] - m.bounds[variant]) }

// run is a stretch of units, to exclusive.
type run struct{ from, to int32 }

func count(runs []run) (units int64) {
	for _, r := range runs {
		units += int64(r.to - r.from)
	}
	return units
}

// those cuts runs down to the units that keep lets pass.
func those(runs []run, keep func(unit int32) bool) []run {
	var out []run
	for _, r := range runs {
		from := r.from
		for i := r.from; i < r.to; i++ {
			if keep(i) {
				continue
			}
			if from < i {
				out = append(out, run{from, i})
			}
			from = i + 1
		}
		if from < r.to {
			out = append(out, run{from, r.to})
		}
	}
	return out
}
