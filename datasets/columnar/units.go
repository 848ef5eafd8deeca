package columnar

// layout says where a unit's record keeps what. A record is a run of words.
type layout struct {
	stride  int
	cluster int // two words, when clusters are used
	labels  int // attributes, two codes a word
	counts  int // two a word: of each table of events the rows that matched, then those of values
	zeroed  int // a bit for each value with an unless condition
	values  int
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
func newLayout(fixed int, clusters bool, labels, counts, zeroed, values int) layout {
	l := layout{cluster: fixed}
	l.labels = l.cluster
	if clusters {
		l.labels += 2
	}
	l.counts = l.labels + (labels+1)/2
	l.zeroed = l.counts + (counts+1)/2
	l.values = l.zeroed + (zeroed+63)/64
	l.stride = l.values + values
	return l
}

// clusterLayout is that of a cluster's record.
func clusterLayout(labels int) layout { return newLayout(wordsFixed, false, labels, 0, 0, 0) }

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

// units is the hash table of one partition: open addressing over records that never move.
type units struct {
	stride int
	count  int
	slots  []uint64 // position of a record + 1, below the tag of its hash; 0 when empty
	shift  uint     // takes a tag to its slot
	chunks [][]uint64
}

func newUnits(stride int) *units {
	u := &units{stride: stride}
	u.resize(6)
	return u
}

// resize makes more slots. Tags are in the order of their slots, so that this goes through both tables from their start to their end.
func (u *units) resize(bits uint) {
	old := u.slots
	u.slots, u.shift = make([]uint64, 1<<bits), 64-bits
	touch(u.slots)
	for _, s := range old {
		if s != 0 {
			u.put(s)
		}
	}
}

// touch writes to each page of fresh memory. Where a page is read first, the kernel lends one page of zeros, and takes it back from all
// processors at the first write.
func touch(fresh []uint64) {
	for i := 0; i < len(fresh); i += pageBytes / 8 {
		fresh[i] = 0
	}
}

const pageBytes = 4096

// put enters a position below a tag.
func (u *units) put(s uint64) {
	at := int(s >> u.shift)
	for u.slots[at] != 0 {
		at = (at + 1) & (len(u.slots) - 1)
	}
	u.slots[at] = s
}

// tag is what a slot keeps of a hash, less its partition, so that few records are looked at in vain. It starts with the slot.
func (k key) tag() uint64 { return k.hi << partitionBits &^ (1<<32 - 1) }

func (u *units) slot(k key) int { return int(k.hi << partitionBits >> u.shift) }

func (u *units) record(i int) []uint64 {
	at := (i & (chunkRows - 1)) * u.stride
	return u.chunks[i>>chunkBits][at : at+u.stride : at+u.stride]
}

// has reports whether a record is that of a unit.
func (u *units) has(record int32, k key) bool {
	r := u.record(int(record))
	return r[wordHi] == k.hi && r[wordLo] == k.lo
}

// find gives the position of a unit's record, -1 when it has none.
func (u *units) find(k key) int32 {
	for at := u.slot(k); ; at = (at + 1) & (len(u.slots) - 1) {
		s := u.slots[at]
		if s == 0 {
			return -1
		}
		if s&^(1<<32-1) == k.tag() && u.has(int32(s)-1, k) {
			return int32(s) - 1
		}
	}
}

// findAhead is how many units are looked up together.
const findAhead = 64

// found are the positions of units' records, -1 for units that have none.
type found [findAhead]int32

// findAll looks up the units of rows, findAhead at most. First all slots are loaded and then all records, none of them waiting
// for the one before: a table of units is far larger than the processor's cache.
func (u *units) findAll(keys []key, rows []int32, at *found) {
	var heads [findAhead]uint64
	for i, row := range rows {
		heads[i] = u.slots[u.slot(keys[row])]
	}
	for i, row := range rows {
		k, s := keys[row], heads[i]
		if s&^(1<<32-1) == k.tag() && s != 0 && u.has(int32(s)-1, k) {
			at[i] = int32(s) - 1
		} else {
			at[i] = u.find(k)
		}
	}
}

// enter gives the position of a unit's record, a new one when it has none yet.
func (u *units) enter(k key) (at int, fresh bool) {
	if at := u.find(k); at >= 0 {
		return int(at), false
	}
	if 4*(u.count+1) > 3*len(u.slots) {
		u.resize(64 - u.shift + 1)
	}
	if u.count>>chunkBits == len(u.chunks) {
		u.chunks = append(u.chunks, make([]uint64, chunkRows*u.stride))
	}
	i := u.count
	u.count++
	u.put(k.tag() | uint64(i+1))
	r := u.record(i)
	r[wordHi], r[wordLo] = k.hi, k.lo
	return i, true
}

// keySet is a set of hashes.
type keySet struct {
	slots []key
	count int
	zero  bool // the zero key is in the set
}

// add reports whether the key is new.
func (s *keySet) add(k key) bool {
	if k == (key{}) {
		fresh := !s.zero
		s.zero = true
		return fresh
	}
	if 4*(s.count+1) > 3*len(s.slots) {
		old := s.slots
		s.slots = make([]key, max(64, 2*len(old)))
		for _, o := range old {
			if o != (key{}) {
				s.slots[s.place(o)] = o
			}
		}
	}
	at := s.place(k)
	if s.slots[at] == k {
		return false
	}
	s.slots[at] = k
	s.count++
	return true
}

// place is where the key is or would go.
func (s *keySet) place(k key) int {
	at := int(k.lo) & (len(s.slots) - 1)
	for s.slots[at] != (key{}) && s.slots[at] != k {
		at = (at + 1) & (len(s.slots) - 1)
	}
	return at
}
