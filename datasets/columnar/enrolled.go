package columnar

import (
	"math/bits"

	"liftgate/datasets/internal/depot"
	"liftgate/datasets/internal/parallel"
)

// enrolled are the analysed units of one partition while events come in, in the order of their hashes. A directory tells by the leading
// bits of a hash where to look for its first word; where that is found, the unit's record is at the same position. So an event touches
// two small tables and one record, and an event of anybody else no record at all.
type enrolled struct {
	starts  []uint32 // by leading bits: the first position of a hash that has them, or larger ones
	shift   uint     // takes a hash, less its partition, to its leading bits
	his     []uint64 // the first words of the hashes; the largest number comes last, and belongs to no unit
	records []uint64
	stride  int
	room    *depot.Arena // of all of them; nil: memory
	touched uint64       // so that no load of findAll is in vain for the compiler
}

// aheadRows is how many events are taken in together.
const aheadRows = 256

func (u *enrolled) count() int { return len(u.his) - 1 }

func (u *enrolled) leading(k key) uint64 { return k.hi << partitionBits >> (u.shift & 63) }

func (u *enrolled) record(i int) []uint64 {
	at := i * u.stride
	return u.records[at : at+u.stride : at+u.stride]
}

// hash is that of a unit.
func (u *enrolled) hash(i int) key { return key{u.his[i], u.record(i)[wordLo]} }

// findAll looks up the units of keys, at most aheadRows, and gives the positions of their records, -1 where there is none. It goes in
// steps each of which waits for memory once and not once a row: the tables are larger than the processor's cache, and the records far
// larger.
func (u *enrolled) findAll(keys []key, at *[aheadRows]int32) {
	starts, shift := u.starts, u.shift&63
	for i := range keys {
		at[i&(aheadRows-1)] = int32(starts[keys[i].hi<<partitionBits>>shift])
	}
	touched, his := uint64(0), u.his
	for i := range keys {
		touched ^= his[at[i&(aheadRows-1)]]
	}
	for i := range keys {
		hi, from := keys[i].hi, at[i&(aheadRows-1)]
		for his[from] < hi {
			from++
		}
		if his[from] != hi {
			from = -1
		}
		at[i&(aheadRows-1)] = from
	}
	records, stride := u.records, u.stride
	for i := range keys {
		first := max(0, int(at[i&(aheadRows-1)])) * stride
		touched ^= records[first] ^ records[first+stride-1]
	}
	u.touched = touched
	for i := range keys {
		if from := at[i&(aheadRows-1)]; from >= 0 {
			at[i&(aheadRows-1)] = u.settle(keys[i], from)
		}
	}
}

// settle gives the position of a unit, where the first word of its hash is found from the given one on.
func (u *enrolled) settle(k key, from int32) int32 {
	for i := int(from); i < u.count() && u.his[i] == k.hi; i++ {
		if u.records[i*u.stride+wordLo] == k.lo {
			return int32(i)
		}
	}
	return -1
}

// arrange puts the analysed units in order, in a depot, and gives up the records that they had.
func (e *enrolment) arrange(workers int, d *depot.Depot) {
	parallel.Each(workers, partitions, func(i int) { e.arrangePart(i, d.Arena()) })
}

func (e *enrolment) arrangePart(i int, room *depot.Arena) {
	part := e.parts[i]
	part.enrolled, part.exposed, part.clusterOf = newEnrolled(part.exposed, &e.randomised, &e.layout, room), nil, nil
}

// newEnrolled puts the analysed units of a partition in order, whose records had another layout so far.
func newEnrolled(old *arrivals, was, is *layout, room *depot.Arena) *enrolled {
	count := old.analysed()
	leading := max(1, bits.Len(uint(count))) // more places than units
	u := &enrolled{
		starts: depot.Slice[uint32](room, 1<<leading+1), shift: 64 - uint(leading), his: depot.Slice[uint64](room, count+1),
		records: depot.Slice[uint64](room, (count+1)*is.stride), stride: is.stride, room: room,
	}
	u.his[count] = ^uint64(0)
	labels := is.counts - is.labels
	i := 0
	for _, at := range old.order {
		from := old.record(int(at))
		if from[wordState]&flagExcluded != 0 {
			continue
		}
		to, k := u.record(i), key{from[wordHi], from[wordLo]}
		u.his[i] = k.hi
		u.starts[u.leading(k)+1]++
		to[wordFirst], to[wordState], to[wordLo] = from[wordFirst], from[wordState], from[wordLo]
		copy(to[is.labels:], from[was.labels:][:labels])
		i++
	}
	for i := range 1 << leading {
		u.starts[i+1] += u.starts[i]
	}
	return u
}
