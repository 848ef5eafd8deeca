package columnar

import (
	"errors"
	"fmt"
	"math"
	"os"
	"sync/atomic"
)

// Memory is how much memory a query may take; the zero value sets no limit.
type Memory struct {
	Limit int64  // bytes of the whole process; what units take beyond it goes through temporary files. 0: none
	Spill string // folder of these files, empty: os.TempDir. They have no names while they are used
	// Warn is told of what costs time or is beyond the limit, Explain what memory is needed for what. Nil: nobody.
	Warn, Explain func(text string)
}

// What a process takes beside the units: the program itself and what it collects late, and for each worker pages that are decoded and
// packets on their way.
const (
	programBytes = 64 << 20
	workerBytes  = 24 << 20
)

// besideUnits is what there is in any case.
func besideUnits(workers int) int64 { return programBytes + int64(workers)*workerBytes }

// forUnits is what is left of the limit for units and their rows; without a limit, more than there can be.
func (m *Memory) forUnits(workers int) int64 {
	if m.Limit <= 0 {
		return math.MaxInt64
	}
	return max(m.Limit-besideUnits(workers), m.Limit/4)
}

func (m *Memory) folder() string {
	if m.Spill == "" {
		return os.TempDir()
	}
	return m.Spill
}

func (m *Memory) warn(text string) {
	if m.Warn != nil {
		m.Warn(text)
	}
}

// warnOfFiles says that something does not fit.
func (s *Source) warnOfFiles(what string) {
	m := &s.options.Memory
	m.warn(fmt.Sprintf("%s need more than the %s that are left for them of %s: going through temporary files in %s, which takes longer",
		what, mega(m.forUnits(s.options.Workers)), mega(m.Limit), m.folder()))
	if beside := besideUnits(s.options.Workers); m.Limit < beside {
		m.warn(fmt.Sprintf("the program and its %d workers take up to %s beside the units, so it may be more than %s", s.options.Workers, mega(beside), mega(m.Limit)))
	}
}

func (m *Memory) explain(text string) {
	if m.Explain != nil {
		m.Explain(text)
	}
}

// errMemory means that units and their rows take more than a query may.
var errMemory = errors.New("more memory is needed than a query may take")

// gauge measures what the partitions of a query take. Nil measures nothing.
type gauge struct {
	limit int64
	used  atomic.Int64
}

// note measures a partition again. It fails when all of them take too much.
func (g *gauge) note(p *partition) error {
	if g == nil {
		return nil
	}
	bytes := p.bytes()
	used := g.used.Add(bytes - p.noted)
	p.noted = bytes
	if used > g.limit {
		return errMemory
	}
	return nil
}

// bytes are about those of the slices of a partition that grow.
func (p *partition) bytes() int64 {
	return p.exposed.bytes() + p.clusters.bytes() + p.clusterOf.bytes() + p.enrolled.bytes() + p.rowBytes()
}

// rowBytes are those of rows, and of what was counted once.
func (p *partition) rowBytes() int64 {
	n := int64(cap(p.distinct.slots)) * keyBytes
	for i := range p.lists {
		n += int64(cap(p.lists[i].Units))*4 + int64(cap(p.lists[i].Values))*8
	}
	for i := range p.histories {
		n += int64(p.histories[i].count) * p.histories[i].kind.bytes()
	}
	return n
}

const keyBytes = 16

func (u *units) bytes() int64 {
	if u == nil {
		return 0
	}
	return int64(len(u.slots))*8 + u.records.bytes()
}

func (a *arrivals) bytes() int64 {
	if a == nil {
		return 0
	}
	return a.records.bytes() + int64(cap(a.order))*4
}

func (r *records) bytes() int64 { return int64(len(r.chunks)) * chunkRows * 8 * int64(r.stride) }

func (u *enrolled) bytes() int64 {
	if u == nil {
		return 0
	}
	return int64(len(u.starts))*4 + int64(len(u.his)+len(u.records))*8
}

// bytes are those of a row that is kept.
func (k historyKind) bytes() int64 {
	switch k {
	case keepNumbers:
		return 20
	case keepHashes:
		return 28
	default:
		return 12
	}
}
