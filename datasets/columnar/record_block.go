package columnar

import (
	"math"

	"liftgate/datasets"
	"liftgate/datasets/fold"
	"liftgate/datasets/internal/depot"
)

// recordBlock is some units on the way out of their records, one column after the other.
type recordBlock struct {
	words  []uint64 // of the records
	stride int
	places []int32 // of the units among the members
}

// blockUnits is how many units' records stay in the nearest cache until the last column has been taken out of them.
const blockUnits = 256

// block is the units from the given one on, as many as have places.
func (u *enrolled) block(from int, places []int32) recordBlock {
	return recordBlock{u.records[from*u.stride : (from+len(places))*u.stride], u.stride, places}
}

// first takes out first exposures, and gives the latest.
func (b *recordBlock) first(to []int64) (latest int64) {
	latest = math.MinInt64
	words, at := b.words, wordFirst
	for _, j := range b.places {
		to[j] = int64(words[at])
		latest = max(latest, int64(words[at]))
		at += b.stride
	}
	return latest
}

// crossed marks crossover units.
func (b *recordBlock) crossed(m *fold.Members) {
	at := wordState
	for _, j := range b.places {
		if b.words[at]&flagCrossover != 0 {
			mark(&m.Crossed, j, m)
		}
		at += b.stride
	}
}

// codes takes out labels of an attribute.
func (b *recordBlock) codes(labels, attribute int, to []uint32) {
	words, stride, at, shift := b.words, b.stride, labels+attribute/2, 32*(attribute%2)
	for _, j := range b.places {
		to[j] = uint32(words[at] >> (shift & 63))
		at += stride
	}
}

// counts takes out counts, given their place among the halves of a record.
func (b *recordBlock) counts(half int, to []float64) {
	words, stride, at, shift := b.words, b.stride, half/2, 32*(half%2)
	for _, j := range b.places {
		to[j] = float64(uint32(words[at] >> (shift & 63)))
		at += stride
	}
}

// reached takes out 1 for units with so many rows, and 0 for others.
func (b *recordBlock) reached(half int, least uint64, to []float64) {
	words, stride, at, shift := b.words, b.stride, half/2, 32*(half%2)
	for _, j := range b.places {
		is := 0
		if words[at]>>(shift&63)&math.MaxUint32 >= least {
			is = 1
		}
		to[j] = float64(is)
		at += stride
	}
}

// floats takes out a word of each record.
func (b *recordBlock) floats(word int, to []float64) {
	words, stride, at := b.words, b.stride, word
	for _, j := range b.places {
		to[j] = math.Float64frombits(words[at])
		at += stride
	}
}

// means takes out sums, divided by counts.
func (b *recordBlock) means(word, half int, to []float64) {
	words, stride, at, count, shift := b.words, b.stride, word, half/2, 32*(half%2)
	for _, j := range b.places {
		rows := uint32(words[count] >> (shift & 63))
		to[j] = math.Float64frombits(words[at]) / float64(max(1, rows)) // the sum of no rows is 0
		at, count = at+stride, count+stride
	}
}

// numbers takes out a value. A word of a record is zero until a row enters it.
func (b *recordBlock) numbers(p *valuePlan, zeroed, value int, m *fold.Members) {
	v, to := p.value, m.Values[value]
	switch v.Take {
	case datasets.Any:
		b.reached(p.count, uint64(max(1, v.AtLeast)), to)
	case datasets.Count, datasets.Distinct:
		b.counts(p.count, to)
	case datasets.Mean:
		b.means(p.main, p.count, to)
	case datasets.First, datasets.Last:
		b.floats(p.main+1, to)
	default:
		b.floats(p.main, to)
	}
	drop := p.count >= 0 && (v.Nulls == datasets.NullsDrop || v.Nulls == datasets.NullsError)
	if !drop && p.unless < 0 {
		return
	}
	at := 0
	for _, j := range b.places {
		r := b.words[at:][:b.stride]
		switch {
		case p.unless >= 0 && hasBit(r[zeroed:], p.unless):
			to[j] = 0
		case drop && counted(r, uint(p.count)) == 0:
			mark(&m.Absent[value], j, m)
		}
		at += b.stride
	}
}

// mark sets a bit of a list that is made when it is needed.
func mark(list *[]bool, i int32, m *fold.Members) {
	if *list == nil {
		*list = depot.Slice[bool](m.Room, len(m.First))
	}
	(*list)[i] = true
}
