package columnar

import (
	"math"
	"slices"

	"liftgate/datasets"
	"liftgate/datasets/fold"
	"liftgate/datasets/internal/depot"
)

// members takes the units of a partition out of their records, which it gives up, into an arena.
func (e *enrolment) members(p *partition, values []valuePlan, days *fold.Calendar, d *depot.Depot) *fold.Members {
	variants := len(e.query.Variants)
	room := d.Arena()
	m := &fold.Members{Room: room, Scratch: d.Arena(), Latest: math.MinInt64, Absent: make([][]bool, len(values))}
	groups := variants
	var rank []int32
	if p.clusters != nil {
		m.Clusters, rank = orderClusters(p.clusters, variants)
		groups = m.Clusters.Count()
	}
	group := p.groups(rank)
	m.Bounds = starts(group, groups)
	next := slices.Clone(m.Bounds)
	if m.Clusters != nil {
		m.Clusters.Bounds = m.Bounds
		m.Bounds = m.Clusters.UnitBounds()
	}
	m.First, m.Matched = depot.Slice[int64](room, len(group)), depot.Columns[float64](room, len(e.query.Events), len(group))
	for i := range values {
		m.Values = append(m.Values, values[i].column(room, len(group)))
	}
	m.Segments = e.segmentCodes(p, m, rank, len(group))
	place := p.listPlaces()
	for i, g := range group {
		j := next[g]
		next[g]++
		e.put(m, j, p.enrolled.record(i), values)
		if place != nil {
			place[i] = j
		}
	}
	m.Rows = p.takeLists(values, place, e.layout.zeroed, room)
	m.Lines = p.takeHistories(place, m.First, days, room, m.Scratch)
	p.enrolled.room.GiveBack()
	p.enrolled, p.clusters = nil, nil
	return m
}

// put takes a unit out of its record.
func (e *enrolment) put(m *fold.Members, j int32, r []uint64, values []valuePlan) {
	m.First[j] = int64(r[wordFirst])
	m.Latest = max(m.Latest, m.First[j])
	if r[wordState]&flagCrossover != 0 {
		mark(&m.Crossed, j, m)
	}
	for s := range m.Segments {
		if m.Clusters == nil {
			m.Segments[s][j] = half(r, e.layout.labels, e.query.Views.Segments[s])
		}
	}
	for t := range m.Matched {
		m.Matched[t][j] = float64(counted(r, uint(2*e.layout.counts+t)))
	}
	for i := range values {
		if values[i].list >= 0 {
			continue
		}
		x, ok := values[i].number(r, e.layout.zeroed)
		m.Values[i][j] = x
		if !ok {
			mark(&m.Absent[i], j, m)
		}
	}
}

// column makes room for the numbers of a value.
func (p *valuePlan) column(room *depot.Arena, units int) []float64 {
	if p.list >= 0 {
		return nil
	}
	return depot.Slice[float64](room, units)
}

// groups tells of every enrolled unit which group it belongs to: its variant or, given the ranks of clusters, its cluster.
func (p *partition) groups(rank []int32) []int32 {
	groups := make([]int32, p.enrolled.count())
	for i := range groups {
		state := p.enrolled.record(i)[wordState]
		if groups[i] = int32(state & 0xffff); rank != nil {
			groups[i] = rank[state>>clusterShift]
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
	return added(bounds)
}

// mark sets a bit of a list that is made when it is needed.
func mark(list *[]bool, i int32, m *fold.Members) {
	if *list == nil {
		*list = depot.Slice[bool](m.Room, len(m.First))
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
