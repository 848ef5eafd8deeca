package columnar

import (
	"slices"

	"liftgate/datasets/internal/depot"
	"liftgate/datasets/internal/parallel"
)

// shares is into how many parts hashes are divided, by their top bits, to look for equal ones: a part then fits the processor's cache.
const (
	shareBits  = 8
	shares     = 1 << shareBits
	shareBlock = 1 << 9 // hashes that are kept together
)

// keyShares are the hashes that a worker has seen.
type keyShares struct {
	full [shares][]*[shareBlock]uint64
	open [shares]*[shareBlock]uint64
	used [shares]uint16 // of open
	free []uint64       // for further blocks
	size int            // of the memory that was taken last
	room *depot.Arena
}

const (
	firstRoom = 1 << 13
	largeRoom = 1 << 20
)

// block makes room for hashes.
func (k *keyShares) block() *[shareBlock]uint64 {
	if len(k.free) < shareBlock {
		k.size = min(max(2*k.size, firstRoom), largeRoom)
		k.free = depot.Slice[uint64](k.room, k.size)
	}
	k.free[0] = 0 // a page that is read before it is written is mapped twice, the second time with a word to all processors
	block := (*[shareBlock]uint64)(k.free)
	k.free = k.free[shareBlock:]
	return block
}

// add takes in hashes.
func (k *keyShares) add(hashes []uint64) {
	for _, h := range hashes {
		i := h >> (64 - shareBits)
		block, at := k.open[i], k.used[i]
		if block == nil || at == shareBlock {
			if block != nil {
				k.full[i] = append(k.full[i], block)
			}
			block, at = k.block(), 0
			k.open[i] = block
		}
		block[at%shareBlock] = h
		k.used[i] = at + 1
	}
}

// each goes over the hashes of a part.
func (k *keyShares) each(i int, do func([]uint64)) {
	for _, b := range k.full[i] {
		do(b[:])
	}
	if k.open[i] != nil {
		do(k.open[i][:k.used[i]])
	}
}

// marked is a set of places that hashes of one part may have; most of them have one of their own.
const markedBits = 19

type marked [1 << (markedBits - 6)]uint64

// placeOf goes by other bits of a hash at each turn.
func placeOf(h uint64, turn int) (word int, bit uint64) {
	at := h << (shareBits + turn*markedBits) >> (64 - markedBits)
	return int(at >> 6), 1 << (at & 63)
}

// sieve is memory to look for equal hashes in.
type sieve struct {
	taken, shared marked
	crowd         []uint64 // hashes whose place is shared
}

// repeated lists the hashes of one part that the workers have seen more than once: of those that share a place at both turns. It gives up
// the part.
func (s *sieve) repeated(seen []*keyShares, i int) (twice []uint64) {
	s.crowd = s.crowd[:0]
	s.sift(0, func(do func([]uint64)) {
		for _, k := range seen {
			k.each(i, do)
		}
	})
	for _, k := range seen {
		k.full[i], k.open[i] = nil, nil
		k.room.Release()
	}
	crowd := s.crowd
	s.crowd = crowd[:0]
	s.sift(1, func(do func([]uint64)) { do(crowd) })
	slices.Sort(s.crowd)
	for j, h := range s.crowd {
		if j > 0 && h == s.crowd[j-1] {
			twice = append(twice, h)
		}
	}
	return twice
}

// sift adds to the crowd.
func (s *sieve) sift(turn int, each func(do func(hashes []uint64))) {
	s.taken, s.shared = marked{}, marked{}
	each(func(hashes []uint64) {
		for _, h := range hashes {
			word, bit := placeOf(h, turn)
			s.shared[word] |= s.taken[word] & bit
			s.taken[word] |= bit
		}
	})
	each(func(hashes []uint64) {
		for _, h := range hashes {
			if word, bit := placeOf(h, turn); s.shared[word]&bit != 0 {
				s.crowd = append(s.crowd, h)
			}
		}
	})
}

// allRepeated looks through all parts, in no order, and hands their memory on.
func allRepeated(seen []*keyShares, workers int) []uint64 {
	lists, sieves := make([][]uint64, shares), make([]sieve, workers)
	parallel.EachBy(workers, shares, func(worker, i int) { lists[i] = sieves[worker].repeated(seen, i) })
	for _, k := range seen {
		k.room.GiveBack()
	}
	return slices.Concat(lists...)
}
