package calibration

import (
	"math/bits"

	"liftgate/datasets"
)

// counted are units that are counted by variant: those of a block, those with a success.
type counted []uint64 // a bit a unit

func newCounted(units int) counted { return make(counted, (units+wordUnits-1)/wordUnits) }

func (c counted) set(unit int) { c[unit/wordUnits] |= 1 << (unit % wordUnits) }

func (c counted) total() (n int64) {
	for _, w := range c {
		n += int64(bits.OnesCount64(w))
	}
	return n
}

// vectors are what is summed by variant, with the units that have any but zero.
type vectors struct {
	powers

	columns [][]float64 // by component and unit, uncentred
	active  counted
}

// word writes what the units of a word contribute to each sum.
func (v *vectors) word(w int, out [][wordUnits]float64) {
	var x [maxDim]float64
	var sums [maxWidth]float64
	clear(out)
	for b := v.active[w]; b != 0; b &= b - 1 {
		i := bits.TrailingZeros64(b)
		for c, column := range v.columns {
			x[c] = column[w*wordUnits+i] - v.center[c]
		}
		v.of(x[:v.dim], sums[:])
		for k := range out {
			out[k][i] = sums[k]
		}
	}
}

// Components of a vector: two parts and covariates; more are not calibrated.
const (
	maxDim   = 32
	maxWidth = maxDim + maxDim*(maxDim+1)/2 + 4
)

// sparse is the share of units without anything from which those units are left out of all sums; they then lie at the centre, which is zero.
const sparse = 0.25

// newVectors chooses the centre: zero where many units are, else the mean, which is the value itself where all are equal.
func newVectors(block *datasets.Block, columns [][]float64, present counted) *vectors {
	v := &vectors{powers: powers{dim: len(columns), center: make([]float64, len(columns))}, columns: columns}
	if !block.Binary {
		v.thirds = len(block.Parts)
	}
	v.active = make(counted, len(present))
	var n, idle int64
	sums, first, equal := make([]float64, v.dim), -1, make([]bool, v.dim)
	for c := range equal {
		equal[c] = true
	}
	each(present, func(unit int) {
		if first < 0 {
			first = unit
		}
		some := false
		for c, column := range columns {
			sums[c] += column[unit]
			equal[c] = equal[c] && column[unit] == column[first]
			some = some || column[unit] != 0
		}
		if n++; some {
			v.active.set(unit)
		} else {
			idle++
		}
	})
	if float64(idle) >= sparse*float64(n) {
		return v
	}
	v.active = present
	for c := range v.center {
		if v.center[c] = sums[c] / float64(n); equal[c] {
			v.center[c] = columns[c][first]
		}
	}
	return v
}

// each goes over the units of a set.
func each(set counted, do func(unit int)) {
	for w, word := range set {
		for ; word != 0; word &= word - 1 {
			do(w*wordUnits + bits.TrailingZeros64(word))
		}
	}
}
