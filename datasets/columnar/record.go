package columnar

import "slices"

// layout says where a unit's record keeps what. A record is a run of words.
type layout struct {
	stride int
	labels int // attributes, two codes a word
	counts int // two a word: of each table of events the rows that matched, then those of values
	zeroed int // a bit for each value with an unless condition
	values int
}

// Words that every record starts with.
const (
	wordFirst = iota // time of first exposure
	wordState        // variant, flags and assignment
	wordLo
	wordHi // missing from the records of enrolled units
	wordsFixed
)

// Flags of a unit, above its variant in the state word.
const (
	flagForced uint64 = 1 << (16 + iota)
	flagTied
	flagCrossover
	flagExcluded // from the analysis
	flagEligible // by a row at first exposure
)

const assignedShift = 32 // of what was found in assigned

// found32 is what a state word holds from assignedShift on.
func found32(state uint64) int32 { return int32(state >> assignedShift) }

// newLayout reserves words for a query, behind the fixed ones.
func newLayout(fixed, labels, counts, zeroed, values int) layout {
	l := layout{labels: fixed}
	l.counts = l.labels + (labels+1)/2
	l.zeroed = l.counts + (counts+1)/2
	l.values = l.zeroed + (zeroed+63)/64
	l.stride = l.values + values
	return l
}

// clusterLayout is that of a cluster's record.
func clusterLayout(labels int) layout { return newLayout(wordsFixed, labels, 0, 0, 0) }

// half reads one of the 32-bit numbers that are packed two a word from the given word on.
func half(record []uint64, word, i int) uint32 {
	return uint32(record[word+i/2] >> (32 * (i % 2)))
}

func setHalf(record []uint64, word, i int, v uint32) {
	shift := 32 * (i % 2)
	w := &record[word+i/2]
	*w = *w&^(0xffffffff<<shift) | uint64(v)<<shift
}

// counted reads one of the counts that are packed two a word, given its place among the halves of the record.
func counted(record []uint64, i uint) uint32 { return uint32(record[i/2] >> (32 * (i % 2))) }

// countOne adds one to it.
func countOne(record []uint64, i uint) { record[i/2] += 1 << (32 * (i % 2)) }

const (
	chunkBits = 8
	chunkRows = 1 << chunkBits
)

// records are those of the units, or clusters, of one partition.
type records struct {
	stride int
	count  int
	chunks [][]uint64
}

func (r *records) record(i int) []uint64 {
	at := (i & (chunkRows - 1)) * r.stride
	return r.chunks[i>>chunkBits][at : at+r.stride : at+r.stride]
}

// next gives another record, all zero.
func (r *records) next() []uint64 {
	if r.count>>chunkBits == len(r.chunks) {
		chunk := make([]uint64, chunkRows*r.stride)
		touch(chunk)
		r.chunks = append(r.chunks, chunk)
	}
	r.count++
	return r.record(r.count - 1)
}

// truncate gives up the records from the given one on.
func (r *records) truncate(count int) {
	used := (count + chunkRows - 1) >> chunkBits
	r.chunks = slices.Delete(r.chunks, used, len(r.chunks))
	for i := count; i < min(r.count, used<<chunkBits); i++ {
		clear(r.record(i))
	}
	r.count = count
}

// touch writes to each page of fresh memory. Where a page is read first, the kernel lends one page of zeros, and takes it back from all
// processors at the first write.
func touch(fresh []uint64) {
	for i := 0; i < len(fresh); i += pageBytes / 8 {
		fresh[i] = 0
	}
	if len(fresh) > 0 {
		fresh[len(fresh)-1] = 0
	}
}

const pageBytes = 4096
