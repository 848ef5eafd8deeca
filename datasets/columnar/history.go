package columnar

import (
	"cmp"
	"slices"

	"liftgate/datasets"
	"liftgate/datasets/fold"
	"liftgate/datasets/internal/depot"
)

// history keeps the rows that entered by one rule into one partition, in canonical order, for views of what was known earlier.
type history struct {
	kind   historyKind
	chunks []historyChunk
	count  int
}

// historyKind says what is kept of a row beside its unit and its time.
type historyKind uint8

const (
	keepTimes historyKind = iota
	keepNumbers
	keepHashes // of cells that are counted once each
)

// The first chunk of a partition is small, the others double up to chunkUnits.
const (
	firstChunkUnits = 1 << 6
	chunkUnits      = 1 << 12
)

// historyChunk is a run of rows. Its slices are made for chunkUnits at most and never grow.
type historyChunk struct {
	units   []int32 // positions of records
	times   []int64
	numbers []float64
	hashes  []key
}

// room gives the chunk that takes the next row.
func (h *history) room() *historyChunk {
	last := len(h.chunks) - 1
	if last < 0 || len(h.chunks[last].units) == cap(h.chunks[last].units) {
		size := min(max(h.count, firstChunkUnits), chunkUnits)
		c := historyChunk{units: make([]int32, 0, size), times: make([]int64, 0, size)}
		switch h.kind {
		case keepNumbers:
			c.numbers = make([]float64, 0, size)
		case keepHashes:
			c.hashes = make([]key, 0, size)
		}
		h.chunks = append(h.chunks, c)
		last++
	}
	h.count++
	return &h.chunks[last]
}

// add keeps a row.
func (h *history) add(unit int32, at int64, x float64) {
	c := h.room()
	c.units, c.times = append(c.units, unit), append(c.times, at)
	if h.kind == keepNumbers {
		c.numbers = append(c.numbers, x)
	}
}

// addHash keeps a row whose cell is counted once.
func (h *history) addHash(unit int32, at int64, cell key) {
	c := h.room()
	c.units, c.times, c.hashes = append(c.units, unit), append(c.times, at), append(c.hashes, cell)
}

// settle turns the positions of records into places among the members.
func (h *history) settle(place []int32) {
	for _, c := range h.chunks {
		for j, at := range c.units {
			c.units[j] = place[at]
		}
	}
}

// keepHistories lets every rule that moments or quantiles are taken of keep its rows, as far as they may come after the exposure, or are
// values: all others are known by then.
func (p *plan) keepHistories() {
	if p.query.Views == nil {
		return
	}
	for i := range p.query.Blocks {
		b := &p.query.Blocks[i]
		for _, c := range slices.Concat(b.Parts, b.Covariates) {
			v := &p.values[c]
			if v.value.Window[1] <= 0 && v.value.Take != datasets.Rows {
				continue
			}
			t := p.tables[slices.IndexFunc(p.query.Events, func(t *datasets.Table) bool { return t.Name == v.value.Table })]
			for r := range t.rules {
				if rule := &t.rules[r]; rule.unless < 0 && slices.Contains(rule.values, c) {
					v.history = p.keepHistory(t, rule)
				} else if rule.unless >= 0 && rule.unless == v.unless {
					v.spares = p.keepHistory(t, rule)
				}
			}
		}
	}
}

func (p *plan) keepHistory(t *tablePlan, r *rule) int {
	if r.history >= 0 {
		return r.history
	}
	kind := keepTimes
	if r.cell >= 0 {
		kind = keepNumbers
		if t.cells.columns[r.cell].distinct {
			kind = keepHashes
		}
	}
	r.history = len(p.histories)
	p.histories = append(p.histories, kind)
	return r.history
}

// newHistories makes room for what a partition keeps.
func (p *plan) newHistories() []history {
	out := make([]history, len(p.histories))
	for i, kind := range p.histories {
		out[i].kind = kind
	}
	return out
}

// rowAt is where a row of a history lies: its chunk, then its place in that.
type rowAt int32

func (h *history) at(r rowAt) (c *historyChunk, i int) {
	return &h.chunks[r/chunkUnits], int(r % chunkUnits)
}

// compare orders rows of one unit, by time and then by number.
func (h *history) compare(r, o rowAt) int {
	c, i := h.at(r)
	d, j := h.at(o)
	if t := cmp.Compare(c.times[i], d.times[j]); t != 0 || h.kind != keepNumbers {
		return t
	}
	return cmp.Compare(c.numbers[i], d.numbers[j])
}

// timeline puts the rows of a history in order; first tells the first exposure of each unit. Of cells that are counted once only the
// first row of each is left. The history is given up.
func (h *history) timeline(first []int64, days *fold.Calendar, room, scratch *depot.Arena) fold.Timeline {
	mark := scratch.Mark()
	next := depot.Slice[int32](scratch, len(first)+1)
	for _, c := range h.chunks {
		for _, unit := range c.units {
			next[unit+1]++
		}
	}
	added(next)
	rows := depot.Slice[rowAt](scratch, h.count)
	for k, c := range h.chunks {
		for j, unit := range c.units {
			rows[next[unit]] = rowAt(k*chunkUnits + j)
			next[unit]++
		}
	}
	out := h.order(rows, next, first, days, room)
	scratch.Reset(mark)
	h.chunks = nil
	return out
}

// order makes a timeline of rows by unit, given where those of each end.
func (h *history) order(rows []rowAt, ends []int32, first []int64, days *fold.Calendar, room *depot.Arena) fold.Timeline {
	out := fold.Timeline{Units: depot.Slice[int32](room, len(rows))[:0], At: depot.Slice[fold.When](room, len(rows))[:0]}
	if h.kind == keepNumbers {
		out.Numbers = depot.Slice[float64](room, len(rows))[:0]
	}
	var seen keySet
	from := int32(0)
	for unit, since := range first {
		own := rows[from:ends[unit]]
		from = ends[unit]
		if len(own) == 0 {
			continue
		}
		if !slices.IsSortedFunc(own, h.compare) {
			slices.SortStableFunc(own, h.compare)
		}
		out.Most = max(out.Most, len(own))
		exposed := days.DayOf(since)
		for _, r := range own {
			c, i := h.at(r)
			if h.kind == keepHashes && !seen.add(mix(key{uint64(unit), 1}, c.hashes[i], 0)) {
				continue
			}
			age := max(0, int((c.times[i]-since)/int64(datasets.Day)))
			out.Units = append(out.Units, int32(unit))
			out.At = append(out.At, fold.WhenOf(age, max(exposed, days.DayOf(c.times[i]))))
			if h.kind == keepNumbers {
				out.Numbers = append(out.Numbers, c.numbers[i])
			}
		}
	}
	return out
}

// remember keeps rows that enter by a rule.
func (n *entering) remember(r *rule, rows []uint16) {
	if r.history < 0 {
		return
	}
	h, p := &n.part.histories[r.history], n.packet
	for _, j := range rows {
		row := n.row[j]
		if h.kind == keepHashes {
			h.addHash(n.unit[j], p.times[row], p.hashes[n.pass.plan.cells.columns[r.cell].slot][row])
		} else {
			h.add(n.unit[j], p.times[row], n.cells[j])
		}
	}
}

// takeHistories puts the rows that were kept for views in order, given the first exposures of the members.
func (p *partition) takeHistories(place []int32, first []int64, days *fold.Calendar, room, scratch *depot.Arena) (lines []fold.Timeline) {
	for i := range p.histories {
		p.histories[i].settle(place)
		lines = append(lines, p.histories[i].timeline(first, days, room, scratch))
	}
	p.histories = nil
	return lines
}
