package columnar

// units is the hash table of one partition: open addressing over records that never move.
type units struct {
	records
	slots []uint64 // position of a record + 1, below the tag of its hash; 0 when empty
	shift uint     // takes a tag to its slot
}

func newUnits(stride int) *units {
	u := &units{records: records{stride: stride}}
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

// enter gives the position of a unit's record, a new one when it has none yet.
func (u *units) enter(k key) (at int, fresh bool) {
	if at := u.find(k); at >= 0 {
		return int(at), false
	}
	if 4*(u.count+1) > 3*len(u.slots) {
		u.resize(64 - u.shift + 1)
	}
	r := u.next()
	u.put(k.tag() | uint64(u.count))
	r[wordHi], r[wordLo] = k.hi, k.lo
	return u.count - 1, true
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
