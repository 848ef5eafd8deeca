package columnar

import (
	"fmt"

	"liftgate/datasets"
)

// partitions is into how many parts the units are divided, by the top bits of their hash. It is part of the canonical order.
const (
	partitionBits = 6
	partitions    = 1 << partitionBits
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
	barred  []bool      // exposures, when there is a condition: the row is not eligible
	marks   []uint64    // marksPerRow words a row
	cells   [][]float64 // numbers that enter values
	hashes  [][]key     // cells that are counted once each

	order []int32 // rows by partition, in their order
	start [partitions + 1]int32
}

// origin is where the rows of a packet come from.
type origin struct {
	path, place string
}

// fail names the place of a row.
func (p *packet) fail(row int32, column, format string, args ...any) error {
	e := &datasets.DataError{File: p.origin.path, Place: p.origin.place, Column: column, Err: fmt.Errorf(format, args...)}
	if p.lines != nil {
		e.Place = fmt.Sprintf("line %d", p.lines[row])
	}
	return e
}

// bucket sorts the rows by partition.
func (p *packet) bucket() {
	p.start = [partitions + 1]int32{}
	for _, k := range p.keys {
		p.start[k.partition()+1]++
	}
	for i := range partitions {
		p.start[i+1] += p.start[i]
	}
	if cap(p.order) < len(p.keys) {
		p.order = make([]int32, len(p.keys), packetRows)
	}
	p.order = p.order[:len(p.keys)]
	next := p.start
	for i, k := range p.keys {
		at := k.partition()
		p.order[next[at]] = int32(i)
		next[at]++
	}
}

func (p *packet) rows(partition int) []int32 { return p.order[p.start[partition]:p.start[partition+1]] }

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
	p.texts, p.barred, p.marks = p.texts[:0], p.barred[:0], p.marks[:0]
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
