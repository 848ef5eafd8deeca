package columnar

import (
	"math"
	"slices"

	"liftgate/datasets"
)

// members are the analysed units of one partition, those of a variant together and in the order of their hashes, in a unit table of
// their rows; in a clustered query those of a cluster together, too.
type members struct {
	bounds   []int32     // the units of variant v lie at bounds[v] to bounds[v+1]-1
	clusters *clusters   // nil unless the query is clustered
	values   [][]float64 // by value of the query; nil for those that keep rows
	absent   [][]bool    // by value: the unit has none; nil where all have one
	rows     []rowList   // by value of the query, of those that keep rows
	matched  [][]float64 // by table of events, the rows that matched
	first    []int64     // first exposure; nil in a unit table
	latest   int64       // of first
	crossed  []bool      // crossover units; nil without any
	segments [][]uint32  // by segment of views: the label's code of each unit, or cluster
	history  []history   // for views, until it becomes lines
	lines    []timeline
	room     *arena // of what grows with the units; nil: memory
	scratch  *arena // of what is needed for one block
	sheets   *shelf // of a unit table, which has values only where units are looked at one by one
}

// members takes the units of a partition out of their records, which it gives up, into an arena.
func (e *enrolment) members(p *partition, values []valuePlan, d *depot) *members {
	variants := len(e.query.Variants)
	room := d.arena()
	m := &members{room: room, scratch: d.arena(), latest: math.MinInt64, absent: make([][]bool, len(values))}
	groups := variants
	if p.clusters != nil {
		m.clusters = orderClusters(p.clusters, variants)
		groups = m.clusters.count()
	}
	group := p.groups(m.clusters)
	m.bounds = starts(group, groups)
	next := slices.Clone(m.bounds)
	if m.clusters != nil {
		m.clusters.bounds = m.bounds
		m.bounds = m.clusters.unitBounds()
	}
	m.first, m.matched = slice[int64](room, len(group)), columnsOf[float64](room, len(e.query.Events), len(group))
	for i := range values {
		m.values = append(m.values, values[i].column(room, len(group)))
	}
	m.segments = e.segmentCodes(p, m, len(group))
	place := p.listPlaces()
	for i, g := range group {
		j := next[g]
		next[g]++
		e.put(m, j, p.enrolled.record(i), values)
		if place != nil {
			place[i] = j
		}
	}
	m.takeLists(p, values, place, e.layout.zeroed)
	m.takeHistories(p, place)
	p.enrolled, p.clusters = nil, nil
	return m
}

// put takes a unit out of its record.
func (e *enrolment) put(m *members, j int32, r []uint64, values []valuePlan) {
	m.first[j] = int64(r[wordFirst])
	m.latest = max(m.latest, m.first[j])
	if r[wordState]&flagCrossover != 0 {
		mark(&m.crossed, j, m)
	}
	for s := range m.segments {
		if m.clusters == nil {
			m.segments[s][j] = half(r, e.layout.labels, e.query.Views.Segments[s])
		}
	}
	for t := range m.matched {
		m.matched[t][j] = float64(counted(r, uint(2*e.layout.counts+t)))
	}
	for i := range values {
		if values[i].list >= 0 {
			continue
		}
		x, ok := values[i].number(r, e.layout.zeroed)
		m.values[i][j] = x
		if !ok {
			mark(&m.absent[i], j, m)
		}
	}
}

// column makes room for the numbers of a value.
func (p *valuePlan) column(room *arena, units int) []float64 {
	if p.list >= 0 {
		return nil
	}
	return slice[float64](room, units)
}

// groups tells of every enrolled unit which group it belongs to: its variant or, where there are clusters, its cluster.
func (p *partition) groups(c *clusters) []int32 {
	groups := make([]int32, p.enrolled.count())
	for i := range groups {
		state := p.enrolled.record(i)[wordState]
		if groups[i] = int32(state & 0xffff); c != nil {
			groups[i] = c.rank[state>>clusterShift]
		}
	}
	return groups
}

// starts tells where the units of each group start when those of a group lie together, and where the last one's end.
func starts(group []int32, groups int) []int32 {
	bounds := make([]int32, groups+1)
	for _, g := range group {
		bounds[g+1]++
	}
	for g := range groups {
		bounds[g+1] += bounds[g]
	}
	return bounds
}

// mark sets a bit of a list that is made when it is needed.
func mark(list *[]bool, i int32, m *members) {
	if *list == nil {
		*list = slice[bool](m.room, len(m.first))
	}
	(*list)[i] = true
}

// number is a unit's number; ok is false when there is none.
func (p *valuePlan) number(r []uint64, zeroed int) (x float64, ok bool) {
	if p.unless >= 0 && hasBit(r[zeroed:], p.unless) {
		return 0, true
	}
	v, rows := p.value, uint32(0)
	if p.count >= 0 {
		rows = counted(r, uint(p.count))
	}
	if p.count >= 0 && rows == 0 {
		return 0, v.Nulls != datasets.NullsDrop && v.Nulls != datasets.NullsError
	}
	switch v.Take {
	case datasets.Any:
		if uint64(rows) >= uint64(max(1, v.AtLeast)) {
			return 1, true
		}
		return 0, true
	case datasets.Count, datasets.Distinct:
		return float64(rows), true
	case datasets.Mean:
		return math.Float64frombits(r[p.main]) / float64(rows), true
	case datasets.First, datasets.Last:
		return math.Float64frombits(r[p.main+1]), true
	default:
		return math.Float64frombits(r[p.main]), true
	}
}

// release tells the system that the units are not needed for a while.
func (m *members) release() {
	m.room.release()
	m.scratch.release()
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
