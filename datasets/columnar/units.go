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
	chunkBits = 8
	chunkRows = 1 << chunkBits
)

// units is the hash table of one partition: open addressing over records that never move.
type units struct {
	stride int
	count  int
	slots  []uint64 // position of a record + 1, below a tag of its hash; 0 when empty
	shift  uint     // takes a hash, less its partition, to a slot
	chunks [][]uint64
}

func newUnits(stride int) *units {
	u := &units{stride: stride}
	u.resize(6)
	return u
}

func (u *units) resize(bits uint) {
	u.slots, u.shift = make([]uint64, 1<<bits), 64-bits
	for i := range u.count {
		r := u.record(i)
		u.put(key{r[wordHi], r[wordLo]}, i)
	}
}

func (u *units) put(k key, i int) {
	at := u.slot(k)
	for u.slots[at] != 0 {
		at = (at + 1) & (len(u.slots) - 1)
	}
	u.slots[at] = k.tag() | uint64(i+1)
}

// tag is what a slot keeps of a hash, so that few records are looked at in vain.
func (k key) tag() uint64 { return k.lo &^ (1<<32 - 1) }

func (u *units) slot(k key) int { return int(k.hi << partitionBits >> u.shift) }

func (u *units) record(i int) []uint64 {
	at := (i & (chunkRows - 1)) * u.stride
	return u.chunks[i>>chunkBits][at : at+u.stride : at+u.stride]
}

// find gives the record of a unit, nil when it has none.
func (u *units) find(k key) []uint64 {
	for at := u.slot(k); ; at = (at + 1) & (len(u.slots) - 1) {
		s := u.slots[at]
		if s == 0 {
			return nil
		}
		if s&^(1<<32-1) != k.tag() {
			continue
		}
		if r := u.record(int(s&(1<<32-1)) - 1); r[wordHi] == k.hi && r[wordLo] == k.lo {
			return r
		}
	}
}

// touchAhead is how many loads are started before the first is waited for.
const touchAhead = 64

// touchRecords loads records like touch.
func (u *units) touchRecords(at []int32) (sum uint64) {
	for _, i := range at {
		sum += u.record(int(i))[wordState]
	}
	return sum
}

// touch loads the slots of the rows' keys and then their records, each without waiting for the one before, so that the look-ups
// that follow find them in the processor's cache. It gives a number that means nothing and keeps the loads alive.
func (u *units) touch(keys []key, rows []int32) (sum uint64) {
	var heads [touchAhead]uint64
	for len(rows) > 0 {
		n := min(len(rows), len(heads))
		for i, row := range rows[:n] {
			heads[i] = u.slots[u.slot(keys[row])]
		}
		for i, row := range rows[:n] {
			if s := heads[i]; s != 0 && s&^(1<<32-1) == keys[row].tag() {
				sum += u.record(int(s&(1<<32-1)) - 1)[wordState]
			}
		}
		rows = rows[n:]
	}
	return sum
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
	u.put(k, i)
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
