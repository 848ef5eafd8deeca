package columnar

import (
	"math"
	"math/rand/v2"
	"testing"

	"liftgate/datasets"
	"liftgate/datasets/fold"
)

// TestRecordBlock compares with numbers that are taken out of the records one by one.
func TestRecordBlock(t *testing.T) {
	const units, half = 2*blockUnits + 3, 5 // a count is the upper half of the word 2
	r := rand.New(rand.NewPCG(3, 4))
	u := &enrolled{his: make([]uint64, units+1), stride: 7}
	var places []int32
	for _, at := range r.Perm(units) {
		record := make([]uint64, u.stride) // first, state, counts, spared, sum or time, number, and one that nobody asks for
		record[wordFirst], record[3] = r.Uint64()>>1, r.Uint64N(4)
		if record[2] = r.Uint64N(4)<<32 | r.Uint64N(9); record[2]>>32 > 0 {
			record[4], record[5] = math.Float64bits(r.NormFloat64()), math.Float64bits(r.NormFloat64())
		}
		u.records, places = append(u.records, record...), append(places, int32(at))
	}
	for _, take := range []datasets.Take{datasets.Any, datasets.Count, datasets.Distinct, datasets.Sum, datasets.Mean, datasets.Max, datasets.Last} {
		for _, nulls := range []datasets.Nulls{datasets.NullsZero, datasets.NullsDrop} {
			for _, unless := range []int{-1, 1} {
				v := &datasets.Value{Take: take, Nulls: nulls, AtLeast: r.IntN(4)}
				plan := valuePlan{value: v, main: 4, count: half, unless: unless}
				m := &fold.Members{First: make([]int64, units), Values: [][]float64{make([]float64, units)}, Absent: [][]bool{make([]bool, units)}}
				for from := 0; from < units; from += blockUnits {
					b := u.block(from, places[from:min(from+blockUnits, units)])
					b.numbers(&plan, 3, 0, m)
				}
				for i, j := range places {
					want, ok := numberOf(&plan, u.record(i))
					if got := m.Values[0][j]; got != want || m.Absent[0][j] == ok {
						t.Fatalf("%s, %s, unless %d: %v, absent: %v, not %v", take, nulls, unless, got, m.Absent[0][j], want)
					}
				}
			}
		}
	}
}

// numberOf is the number of a unit, given its record in TestRecordBlock; ok is false when there is none.
func numberOf(p *valuePlan, r []uint64) (x float64, ok bool) {
	rows := r[2] >> 32
	switch {
	case p.unless >= 0 && r[3]&2 != 0:
		return 0, true
	case rows == 0:
		return 0, p.value.Nulls != datasets.NullsDrop
	}
	switch p.value.Take {
	case datasets.Any:
		if rows < uint64(p.value.AtLeast) {
			return 0, true
		}
		return 1, true
	case datasets.Count, datasets.Distinct:
		return float64(rows), true
	case datasets.Mean:
		return math.Float64frombits(r[4]) / float64(rows), true
	case datasets.Last:
		return math.Float64frombits(r[5]), true
	default:
		return math.Float64frombits(r[4]), true
	}
}
