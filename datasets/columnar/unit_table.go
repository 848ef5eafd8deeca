package columnar

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"liftgate/datasets"
)

// unitTable is the pass over a unit table. Every row is a unit of its own, so rows are kept as they come, column by column; that
// none comes twice shows when they are put in order.
type unitTable struct {
	*enrolment
	values []int // of the query: columns of the cell plan
	parts  [partitions]unitRows
}

// unitRows are the units of one partition in the order of their rows.
type unitRows struct {
	clusters   *units // nil unless the query is clustered
	chunks     []unitChunk
	groups     []int32 // of the rows at hand
	count      int
	forced     map[key]bool // the forced units seen
	recomputed datasets.Recomputed
	twice      []key // the first unit that is listed again, and the first forced one
}

// unitChunk is a run of units. Its slices are made for chunkUnits at most and never grow.
type unitChunk struct {
	keys   []key
	groups []int32 // variants; in a clustered query the positions of clusters' records
	labels [][]uint32
	cells  [][]float64
}

// The first chunk of a partition is small, the others double up to chunkUnits.
const (
	firstChunkUnits = 1 << 6
	chunkUnits      = 1 << 12
)

func newUnitTable(q *datasets.Query) *unitTable {
	t := &unitTable{enrolment: newEnrolment(q, nil)}
	for i := range q.Values {
		t.values = append(t.values, t.cells.add(q.Values[i].Column, false))
	}
	t.cells.lay(0)
	if q.Clustered {
		t.randomised = clusterLayout(len(t.labels))
		for i := range t.parts {
			t.parts[i].clusters = newUnits(t.randomised.stride)
		}
	}
	return t
}

// apply takes rows into a partition.
func (t *unitTable) apply(i int, p *packet, rows []int32) error {
	part := &t.parts[i]
	kept := rows[:0]
	part.groups = part.groups[:0]
	for _, row := range rows {
		group, forced, err := t.group(part, p, row)
		if err != nil {
			return err
		}
		if forced {
			part.force(p.keys[row])
			continue
		}
		if err := t.check(p, row); err != nil {
			return err
		}
		kept = append(kept, row)
		part.groups = append(part.groups, group)
	}
	part.add(p, kept)
	return nil
}

// group gives what a row's unit belongs to, see unitChunk, and whether that is forced.
func (t *unitTable) group(part *unitRows, p *packet, row int32) (group int32, forced bool, err error) {
	if part.clusters != nil {
		return t.cluster(part.clusters, p, row)
	}
	if len(t.forced) > 0 && t.forced[p.keys[row]] {
		return 0, true, nil
	}
	if a := &t.assigned; a.known() {
		a.compare(&part.recomputed, a.find(p.keys[row], p, row), p.eligibility(row) != 0, int(p.variant[row]))
	}
	return int32(p.variant[row]), false, nil
}

// cluster takes in a row of a cluster.
func (t *unitTable) cluster(clusters *units, p *packet, row int32) (at int32, forced bool, err error) {
	i, fresh := clusters.enter(p.cluster[row])
	record := clusters.record(i)
	switch {
	case fresh:
		t.enter(record, p, row)
	case uint16(record[wordState]) != p.variant[row]:
		return 0, false, &rowError{row, p.fail(row, t.table.Variant, "a cluster is listed with two variants")}
	default:
		t.expose(record, p, row)
	}
	return int32(i), record[wordState]&flagForced != 0, nil
}

// force counts a forced unit.
func (l *unitRows) force(k key) {
	if l.forced == nil {
		l.forced = map[key]bool{}
	}
	if l.forced[k] && len(l.twice) == 0 {
		l.twice = append(l.twice, k)
	}
	l.forced[k] = true
}

// check makes sure that every cell of a row is a number.
func (t *unitTable) check(p *packet, row int32) error {
	marks := p.marks[int(row)*t.cells.words:][:t.cells.words]
	if !slices.ContainsFunc(marks, func(w uint64) bool { return w != 0 }) {
		return nil
	}
	for _, c := range t.cells.columns {
		switch {
		case hasBit(marks, c.null):
			return &rowError{row, p.fail(row, c.name(), "a unit without a value")}
		case hasBit(marks, c.bad):
			return &rowError{row, p.fail(row, c.name(), "a value that is not a finite number")}
		}
	}
	return nil
}

// add keeps rows, column by column.
func (l *unitRows) add(p *packet, rows []int32) {
	groups := l.groups
	for len(rows) > 0 {
		last := len(l.chunks) - 1
		if last < 0 || len(l.chunks[last].keys) == cap(l.chunks[last].keys) {
			l.chunks = append(l.chunks, newUnitChunk(p, l.clusters != nil, min(max(l.count, firstChunkUnits), chunkUnits)))
			last++
		}
		c := &l.chunks[last]
		n := min(len(rows), cap(c.keys)-len(c.keys))
		c.keys = pick(c.keys, p.keys, rows[:n])
		c.groups = append(c.groups, groups[:n]...)
		for i := range c.labels {
			c.labels[i] = pick(c.labels[i], p.labels[i], rows[:n])
		}
		for i := range c.cells {
			c.cells[i] = pick(c.cells[i], p.cells[i], rows[:n])
		}
		l.count += n
		rows, groups = rows[n:], groups[n:]
	}
}

// newUnitChunk leaves labels to the records of clusters.
func newUnitChunk(p *packet, clustered bool, size int) unitChunk {
	c := unitChunk{keys: make([]key, 0, size), groups: make([]int32, 0, size)}
	for i := 0; i < len(p.labels) && !clustered; i++ {
		c.labels = append(c.labels, make([]uint32, 0, size))
	}
	for range p.cells {
		c.cells = append(c.cells, make([]float64, 0, size))
	}
	return c
}

// pick appends some cells of a column.
func pick[T any](to, from []T, rows []int32) []T {
	for _, row := range rows {
		to = append(to, from[row])
	}
	return to
}

// settle describes the units.
func (t *unitTable) settle(dropped datasets.Dropped, x *datasets.Exposure) {
	variants := len(t.query.Variants)
	*x = datasets.Exposure{Units: make([]int64, variants), Crossover: make([]int64, variants), Dropped: dropped}
	counts := t.labelCounts()
	for i := range t.parts {
		part := &t.parts[i]
		if part.clusters != nil {
			t.settleRecords(part.clusters, counts, x, &span{})
			continue
		}
		x.Dropped.Forced += int64(len(part.forced))
		x.Recomputed.Compared += part.recomputed.Compared
		x.Recomputed.Moved += part.recomputed.Moved
		x.Recomputed.Excluded += part.recomputed.Excluded
		for _, c := range part.chunks {
			for j, v := range c.groups {
				x.Units[v]++
				for a := range counts {
					counts[a][v][c.labels[a][j]]++
				}
			}
		}
	}
	t.settleAttributes(counts, x)
	x.Unexposed = t.unexposed()
}

// members puts the units of a partition in order and gives up the rows. Units that are listed twice are noted.
func (t *unitTable) members(i int) *members {
	part := &t.parts[i]
	m := &members{absent: make([][]bool, len(t.values)), rows: make([]rowList, len(t.values))}
	groups := len(t.query.Variants)
	if part.clusters != nil {
		m.clusters = orderClusters(part.clusters, groups)
		groups = m.clusters.count()
	}
	bounds, place := part.places(m.clusters, groups)
	if m.bounds = bounds; m.clusters != nil {
		m.clusters.bounds = bounds
		m.bounds = m.clusters.unitBounds()
	}
	columns := columnsOf[float64](t.cells.numbers, len(place))
	for c, column := range columns {
		at := place
		for _, chunk := range part.chunks {
			for j, x := range chunk.cells[c] {
				column[at[j]] = x
			}
			at = at[len(chunk.keys):]
		}
	}
	part.chunks, part.clusters = nil, nil
	for _, c := range t.values {
		m.values = append(m.values, columns[t.cells.columns[c].slot])
	}
	return m
}

// places tells where each unit goes, in the order of their rows, and where the units of each variant, or cluster, lie then.
func (l *unitRows) places(order *clusters, groups int) (bounds, place []int32) {
	list := make([]placed, 0, l.count)
	for _, c := range l.chunks {
		for j, k := range c.keys {
			group := c.groups[j]
			if order != nil {
				group = order.rank[group]
			}
			list = append(list, placed{k, int32(len(list)), group})
		}
	}
	list = sortByHash(list)
	bounds, place = boundsOf(list, groups), make([]int32, len(list))
	next := slices.Clone(bounds)
	var again *placed // the first row of a unit that was listed before
	for j := range list {
		unit := &list[j]
		if j > 0 && unit.key == list[j-1].key && (again == nil || unit.at < again.at) {
			again = unit
		}
		place[unit.at] = next[unit.group]
		next[unit.group]++
	}
	if again != nil {
		l.twice = append(l.twice, again.key)
	}
	return bounds, place
}

// called names the unit of a row, given the key of what was randomised.
func (t *unitTable) called(key string) string {
	if t.query.Clustered {
		return fmt.Sprintf("a unit of cluster %q", key)
	}
	return fmt.Sprintf("unit %q", key)
}

// listedTwice reads the table once more to name the row of the first unit that is listed twice, when there is one.
func (s *Source) listedTwice(ctx context.Context, t *unitTable) error {
	twice := map[key]bool{}
	for i := range t.parts {
		for _, k := range t.parts[i].twice {
			twice[k] = true
		}
	}
	if len(twice) == 0 {
		return nil
	}
	t.needText = true
	var seen [partitions]keySet
	_, err := s.enrol(ctx, t.enrolment, func(i int, p *packet, rows []int32) error {
		for _, row := range rows {
			if k := p.keys[row]; twice[k] && !seen[i].add(k) {
				return &rowError{row, p.fail(row, t.table.Unit, "%s is listed twice", t.called(p.texts[row]))}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return &datasets.DataError{File: t.table.Name, Column: t.table.Unit, Err: errors.New("a unit is listed twice")}
}
