package columnar

import (
	"errors"
	"fmt"

	"liftgate/datasets"
	"liftgate/datasets/fold"
	"liftgate/datasets/internal/reuse"
)

// Units are divided by the top bits of their hash.
const (
	partitionBits = fold.PartitionBits
	partitions    = fold.Partitions
)

func (k key) partition() int { return int(k.hi >> (64 - partitionBits)) }

const (
	packetRows = 1 << 14 // that a packet holds at most
	pieceRows  = 1 << 12 // that a filter takes at a time
)

// packet holds the rows of a part that survived the filter, in their order, with what the partitions need of them. Which of the
// slices are used depends on the pass.
type packet struct {
	origin *origin
	lines  []int // of a CSV file

	keys    []key
	times   []int64
	labels  [][]uint32  // exposures: attributes, as codes
	variant []uint16    // exposures
	cluster []key       // exposures, when clusters are used
	texts   []string    // exposures, when assignments are recomputed: the keys of what was randomised
	found   []int32     // exposures that go through a file, in place of texts: see assigned
	barred  []bool      // exposures, when there is a condition: the row is not eligible
	marks   []uint64    // marksPerRow words a row
	cells   [][]float64 // numbers that enter values
	hashes  [][]key     // cells that are counted once each

	order []int32 // once they are sorted by partition: where the rows stood before
	start [partitions + 1]int32
}

// origin is where the rows of a packet come from.
type origin struct {
	path, place string
}

// fail names the place of a row.
func (p *packet) fail(row int32, column, what string) error {
	e := &datasets.DataError{File: p.origin.path, Place: p.origin.place, Column: column, Err: errors.New(what)}
	if p.lines != nil {
		e.Place = fmt.Sprintf("line %d", p.lines[p.original(row)])
	}
	return e
}

// bucket gives another packet the rows by partition, in their order within one: what one partition reads lies together then.
func (p *packet) bucket(out *packet) {
	out.origin, out.lines = p.origin, append(out.lines[:0], p.lines...)
	out.sort(p.keys)
	out.keys, out.times, out.marks = spreadOut(out.keys, p.keys, out.order), spreadOut(out.times, p.times, out.order), p.sortedMarks(out)
	out.variant, out.cluster = spreadOut(out.variant, p.variant, out.order), spreadOut(out.cluster, p.cluster, out.order)
	out.texts, out.barred = spreadOut(out.texts, p.texts, out.order), spreadOut(out.barred, p.barred, out.order)
	out.found = spreadOut(out.found, p.found, out.order)
	for i := range p.labels {
		out.labels[i] = spreadOut(out.labels[i], p.labels[i], out.order)
	}
	for i := range p.cells {
		out.cells[i] = spreadOut(out.cells[i], p.cells[i], out.order)
	}
	for i := range p.hashes {
		out.hashes[i] = spreadOut(out.hashes[i], p.hashes[i], out.order)
	}
}

// sort finds the order of rows by partition.
func (p *packet) sort(keys []key) {
	p.start = [partitions + 1]int32{}
	for i := range keys {
		p.start[keys[i].partition()+1]++
	}
	for i := range partitions {
		p.start[i+1] += p.start[i]
	}
	p.order = reuse.Slice(p.order, len(keys))
	next := p.start
	for i := range keys {
		at := keys[i].partition()
		p.order[next[at]] = int32(i)
		next[at]++
	}
}

// spreadOut takes cells into another order.
func spreadOut[T any](to, from []T, order []int32) []T {
	if len(from) == 0 {
		return to[:0]
	}
	to = reuse.Slice(to, len(from))
	for i, row := range order {
		to[i] = from[row]
	}
	return to
}

func (p *packet) sortedMarks(out *packet) []uint64 {
	words := len(p.marks) / max(1, len(p.keys))
	if words <= 1 {
		return spreadOut(out.marks, p.marks, out.order)
	}
	to := out.marks[:0]
	for _, row := range out.order {
		to = append(to, p.marks[int(row)*words:][:words]...)
	}
	return to
}

// rows are those of a partition: from the first up to the second.
func (p *packet) rows(partition int) (from, to int32) {
	return p.start[partition], p.start[partition+1]
}

// original is the place of a row before the rows were sorted.
func (p *packet) original(row int32) int32 {
	if len(p.order) == 0 {
		return row
	}
	return p.order[row]
}

// at is the time of a row, 0 in a unit table.
func (p *packet) at(row int32) int64 {
	if len(p.times) == 0 {
		return 0
	}
	return p.times[row]
}

// eligibility is the flag of an eligible row, 0 of another.
func (p *packet) eligibility(row int32) uint64 {
	if len(p.barred) > 0 && p.barred[row] {
		return 0
	}
	return flagEligible
}

// clear empties the packet for other rows.
func (p *packet) clear() {
	p.origin, p.lines = nil, p.lines[:0]
	p.keys, p.times, p.variant, p.cluster = p.keys[:0], p.times[:0], p.variant[:0], p.cluster[:0]
	p.texts, p.found, p.barred, p.marks, p.order = p.texts[:0], p.found[:0], p.barred[:0], p.marks[:0], p.order[:0]
	for i := range p.labels {
		p.labels[i] = p.labels[i][:0]
	}
	for i := range p.cells {
		p.cells[i] = p.cells[i][:0]
	}
	for i := range p.hashes {
		p.hashes[i] = p.hashes[i][:0]
	}
}
