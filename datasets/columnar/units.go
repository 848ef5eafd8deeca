package columnar

// layout says where a unit's record keeps what. A record is a run of words.
type layout struct {
	stride  int
	cluster int // two words, when clusters are used
	labels  int // attributes, two codes a word
	matched int // of each table of events, the rows that matched: two counts a word
	zeroed  int // a bit for each value with an unless condition
	values  int
}

// Words that every record starts with.
const (
	wordHi = iota
	wordLo
	wordFirst // time of first exposure
	wordState // variant, flags and assignment
	wordsFixed
)

// Flags of a unit, above its variant in the state word.
const (
	flagForced uint64 = 1 << (16 + iota)
	flagTied
	flagCrossover
	flagExcluded // from the analysis
	flagAssigned // the assignment above is set
)

const assignedShift = 32 // of the recomputed variant, 0xffff for none

// newLayout reserves words for a query.
func newLayout(clusters bool, labels, tables, zeroed, values int) layout {
	l := layout{cluster: wordsFixed}
	l.labels = l.cluster
	if clusters {
		l.labels += 2
	}
	l.matched = l.labels + (labels+1)/2
	l.zeroed = l.matched + (tables+1)/2
	l.values = l.zeroed + (zeroed+63)/64
	l.stride = l.values + values
	return l
}

// half reads one of the 32-bit numbers that are packed two a word from the given word on.
func half(record []uint64, word, i int) uint32 {
	return uint32(record[word+i/2] >> (32 * (i % 2)))
}

func setHalf(record []uint64, word, i int, v uint32) {
	shift := 32 * (i % 2)
	w := &record[word+i/2]
	*w = *w&^(0xffffffff<<shift) | uint64(v)<<shift
}

const (
	chunkBits = 10
	chunkRows = 1 << chunkBits
)

// units is the hash table of one partition: open addressing over records that never move.
type units struct {
	stride int
	count  int
	slots  []uint32 // position of a record + 1, 0 when empty
	shift  uint     // takes a hash, less its partition, to a slot
	chunks [][]uint64
}

func newUnits(stride int) *units {
	u := &units{stride: stride}
	u.resize(6)
	return u
}

func (u *units) resize(bits uint) {
	u.slots, u.shift = make([]uint32, 1<<bits), 64-bits
	for i := range u.count {
		r := u.record(i)
		at := u.slot(key{r[wordHi], r[wordLo]})
		for u.slots[at] != 0 {
			at = (at + 1) & (len(u.slots) - 1)
		}
		u.slots[at] = uint32(i + 1)
	}
}

func (u *units) slot(k key) int { return int(k.hi << partitionBits >> u.shift) }

func (u *units) record(i int) []uint64 {
	at := (i & (chunkRows - 1)) * u.stride
	return u.chunks[i>>chunkBits][at : at+u.stride : at+u.stride]
}

// find gives the record of a unit, nil when it has none.
func (u *units) find(k key) []uint64 {
	for at := u.slot(k); ; at = (at + 1) & (len(u.slots) - 1) {
		i := u.slots[at]
		if i == 0 {
			return nil
		}
		if r := u.record(int(i - 1)); r[wordHi] == k.hi && r[wordLo] == k.lo {
			return r
		}
	}
}

// enter gives the record of a unit, a new one when it has none yet.
func (u *units) enter(k key) (record []uint64, fresh bool) {
	if r := u.find(k); r != nil {
		return r, false
	}
	if 4*(u.count+1) > 3*len(u.slots) {
		u.resize(64 - u.shift + 1)
	}
	if u.count>>chunkBits == len(u.chunks) {
		u.chunks = append(u.chunks, make([]uint64, chunkRows*u.stride))
	}
	i := u.count
	u.count++
	at := u.slot(k)
	for u.slots[at] != 0 {
		at = (at + 1) & (len(u.slots) - 1)
	}
	u.slots[at] = uint32(i + 1)
	r := u.record(i)
	r[wordHi], r[wordLo] = k.hi, k.lo
	return r, true
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
