package columnar

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestKeyReader hashes keys that lie in pages and dictionaries as it hashes them one by one.
func TestKeyReader(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.OneOf(rapid.StringN(0, 20, 1000), rapid.Just(""), rapid.Just("\xff"), rapid.Just("1234567\xff")), 1, 20).Draw(t, "texts")
		var rows []int32
		for i := range texts {
			rows = append(rows, int32(i))
		}
		want, n, wantErr := (&keyReader{}).hash(textColumn("plain", texts), rows, nil)
		for _, name := range []string{"page", "dictionary"} {
			r, c := &keyReader{}, textColumn(name, texts)
			for range 2 {
				got, m, err := r.hash(c, rows, nil)
				if m != n || !slices.Equal(got, want) || !errors.Is(err, wantErr) {
					t.Fatalf("%s: got %v, %d, %v; want %v, %d, %v", name, got, m, err, want, n, wantErr)
				}
			}
		}
	})
}

// TestEnrolled finds every analysed unit, whatever its hash, and nobody else.
func TestEnrolled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hi := rapid.OneOf(rapid.Uint64Range(0, 3), rapid.Uint64Range(1<<58-2, 1<<58-1), rapid.Uint64Range(0, 1<<58-1))
		keys := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) key {
			return key{hi.Draw(t, "hi"), rapid.Uint64Range(0, 2).Draw(t, "lo")}
		}), 0, 200).Draw(t, "keys")
		was, is := newLayout(wordsFixed, 0, 0, 0, 0), newLayout(wordHi, 0, 1, 0, 1)
		old, analysed := arrivals{records: records{stride: was.stride}}, map[key]bool{}
		for i, k := range keys {
			r, excluded := old.next(), i%5 == 0
			if r[wordHi], r[wordLo] = k.hi, k.lo; excluded {
				r[wordState] = flagExcluded
			}
			analysed[k] = analysed[k] || !excluded
		}
		old.merge(&sorter{}, func(unit, row []uint64) { unit[wordState] &= row[wordState] })
		u := newEnrolled(&old, &was, &is, nil)
		var at [aheadRows]int32
		u.findAll(keys, &at)
		for i, k := range keys {
			if found := at[i] >= 0; found != analysed[k] || found && u.hash(int(at[i])) != k {
				t.Fatalf("%v is found at %d", k, at[i])
			}
		}
	})
}
