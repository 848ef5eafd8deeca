package rank

import (
	"fmt"
	"math"
	"slices"

	"liftgate/stats"
)

// sample gives the values in order.
func sample(name string, values []float64) ([]float64, error) {
	if len(values) == 0 {
		return nil, fmt.Errorf("%w: the %s has no values", stats.ErrTooFew, name)
	}
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("%w: a value of the %s is %v", stats.ErrInvalid, name, v)
		}
	}
	if len(values) < 256 {
		sorted := slices.Clone(values)
		slices.Sort(sorted)
		return sorted, nil
	}
	return radixSorted(values), nil
}

// both gives the two samples in order.
func both(treated, control []float64) (x, y []float64, err error) {
	if x, err = sample("treatment", treated); err != nil {
		return nil, nil, err
	}
	if y, err = sample("control", control); err != nil {
		return nil, nil, err
	}
	return x, y, nil
}

// ties yields the distinct values of both samples in order, as how many of x and of y have them.
func ties(x, y []float64) func(yield func(inX, inY int) bool) {
	return func(yield func(inX, inY int) bool) {
		for i, j := 0, 0; i < len(x) || j < len(y); {
			v := math.Inf(1)
			if i < len(x) {
				v = x[i]
			}
			if j < len(y) && y[j] < v {
				v = y[j]
			}
			fromX, fromY := i, j
			for i < len(x) && x[i] == v {
				i++
			}
			for j < len(y) && y[j] == v {
				j++
			}
			if !yield(i-fromX, j-fromY) {
				return
			}
		}
	}
}

const (
	digit  = 11 // bits sorted at a time: the counts fit the first-level cache
	passes = 6  // of 11 bits make 64
)

// radixSorted sorts without comparing: the bits of a double, its sign turned, have the order of the numbers.
func radixSorted(values []float64) []float64 {
	var counts [passes][1 << digit]int32
	keys, spare := make([]uint64, len(values)), make([]uint64, len(values))
	for i, v := range values {
		k := keyOf(v)
		keys[i] = k
		for p := range passes {
			counts[p][k>>(p*digit)&(1<<digit-1)]++
		}
	}
	for p := range passes {
		if counts[p][keys[0]>>(p*digit)&(1<<digit-1)] == int32(len(keys)) {
			continue // all have this digit
		}
		at := int32(0)
		for d, n := range counts[p] {
			counts[p][d] = at
			at += n
		}
		for _, k := range keys {
			d := k >> (p * digit) & (1<<digit - 1)
			spare[counts[p][d]] = k
			counts[p][d]++
		}
		keys, spare = spare, keys
	}
	sorted := make([]float64, len(keys))
	for i, k := range keys {
		sorted[i] = valueOf(k)
	}
	return sorted
}

const sign = 1 << 63

// keyOf maps a number to an unsigned integer of the same order; -0 to that of 0.
func keyOf(v float64) uint64 {
	bits := math.Float64bits(v + 0)
	if bits&sign != 0 {
		return ^bits
	}
	return bits | sign
}

func valueOf(key uint64) float64 {
	if key&sign != 0 {
		return math.Float64frombits(key &^ sign)
	}
	return math.Float64frombits(^key)
}
