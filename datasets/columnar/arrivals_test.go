package columnar

import (
	"testing"

	"pgregory.net/rapid"
)

// TestArrivals merges rows now and then, and has at the end what taking them in one by one gives.
func TestArrivals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, s := arrivals{records: records{stride: wordsFixed}}, &sorter{}
		into := func(unit, row []uint64) { unit[wordFirst] = 31*unit[wordFirst] + row[wordFirst] } // tells any other order
		want := map[key]uint64{}
		most := rapid.Uint64Range(0, 400).Draw(t, "keys")
		for range rapid.IntRange(1, 4).Draw(t, "merges") {
			for range rapid.IntRange(0, 2*chunkRows).Draw(t, "rows") {
				n := rapid.Uint64Range(0, most).Draw(t, "key")
				k, x := key{n % 20 << 50, n}, uint64(len(want)+a.count)
				r := a.next()
				for _, word := range r {
					if word != 0 {
						t.Fatalf("a new record holds %v", r)
					}
				}
				r[wordHi], r[wordLo], r[wordFirst] = k.hi, k.lo, x
				if before, known := want[k]; known {
					x += 31 * before
				}
				want[k] = x
			}
			a.merge(s, into)
		}
		if a.count != len(want) || a.units != len(want) || len(a.order) != len(want) || a.due(1) {
			t.Fatalf("%d records, %d of units, %d in order; want %d", a.count, a.units, len(a.order), len(want))
		}
		last := key{}
		for i, at := range a.order {
			r := a.record(int(at))
			k := key{r[wordHi], r[wordLo]}
			if x, known := want[k]; !known || x != r[wordFirst] {
				t.Fatalf("%v has %d, want %d", k, r[wordFirst], x)
			}
			if i > 0 && (placed{key: last}).compare(placed{key: k}) >= 0 {
				t.Fatalf("%v comes after %v", k, last)
			}
			last = k
		}
	})
}
