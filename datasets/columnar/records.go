package columnar

import (
	"math"
	"slices"

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
	place := p.groups(rank)
	m.Bounds = starts(place, groups)
	takePlaces(place, m.Bounds)
	if m.Clusters != nil {
		m.Clusters.Bounds = m.Bounds
		m.Bounds = m.Clusters.UnitBounds()
	}
	m.First, m.Matched = depot.Slice[int64](room, len(place)), depot.Columns[float64](room, len(e.query.Events), len(place))
	for i := range values {
		m.Values = append(m.Values, values[i].column(room, len(place)))
	}
	m.Segments = e.segmentCodes(p, m, rank, len(place))
	for from := 0; from < len(place); from += blockUnits {
		e.put(m, p.enrolled.block(from, place[from:min(from+blockUnits, len(place))]), values)
	}
	m.Rows = p.takeLists(values, place, e.layout.zeroed, room)
	m.Lines = p.takeHistories(place, m.First, days, room, m.Scratch)
	p.enrolled.room.GiveBack()
	p.enrolled, p.clusters = nil, nil
	return m
}

// put takes a block of units out of their records, column by column.
func (e *enrolment) put(m *fold.Members, b recordBlock, values []valuePlan) {
	m.Latest = max(m.Latest, b.first(m.First))
	b.crossed(m)
	if m.Clusters == nil {
		for s := range m.Segments {
			b.codes(e.layout.labels, e.query.Views.Segments[s], m.Segments[s])
		}
	}
	for t := range m.Matched {
		b.counts(2*e.layout.counts+t, m.Matched[t])
	}
	for i := range values {
		if values[i].list < 0 {
			b.numbers(&values[i], e.layout.zeroed, i, m)
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
	at := wordState
	for i := range groups {
		state := p.enrolled.records[at]
		if groups[i] = int32(state & 0xffff); rank != nil {
			groups[i] = rank[state>>clusterShift]
		}
		at += p.enrolled.stride
	}
	return groups
}

// takePlaces turns the group of every unit into its place, given where the units of each group start: those of one stay in their order.
func takePlaces(group, bounds []int32) {
	next := slices.Clone(bounds)
	for i, g := range group {
		group[i] = next[g]
		next[g]++
	}
}

// starts tells where the units of each group start when those of a group lie together, and where the last one's end.
func starts(group []int32, groups int) []int32 {
	bounds := make([]int32, groups+1)
	for _, g := range group {
		bounds[g+1]++
	}
	return added(bounds)
}
