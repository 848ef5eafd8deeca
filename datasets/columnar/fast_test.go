package columnar

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestUnpack reads bit-packed values of every width one bit at a time, too.
func TestUnpack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for width := range 33 {
		for range 20 {
			n := r.IntN(100)
			data := make([]byte, (n*width+7)/8)
			for i := range data {
				data[i] = byte(r.Uint32())
			}
			got := make([]uint32, n)
			unpack(data, width, got)
			for i := range got {
				want := uint32(0)
				for b := range width {
					at := i*width + b
					want |= uint32(data[at/8]>>(at%8)&1) << b
				}
				if got[i] != want {
					t.Fatalf("width %d, value %d of %d: got %d, want %d", width, i, n, got[i], want)
				}
			}
		}
	}
}

// TestAllDefined: levels that are found to be all 1 at a glance are all 1 when they are read one by one.
func TestAllDefined(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var data []byte
		for range rapid.IntRange(1, 4).Draw(t, "runs") {
			if rapid.Bool().Draw(t, "packed") {
				data = append(binary.AppendUvarint(data, 1<<1|1), rapid.SampledFrom([]byte{0xff, 0xfe}).Draw(t, "bits"))
			} else {
				data = binary.AppendUvarint(data, rapid.Uint64Range(0, 12).Draw(t, "count")<<1)
				data = append(data, rapid.SampledFrom([]byte{1, 1, 1, 0, 2}).Draw(t, "level"))
			}
		}
		data = data[:rapid.IntRange(0, len(data)).Draw(t, "cut")]
		n := rapid.IntRange(0, 30).Draw(t, "levels")
		levels := make([]uint32, n)
		err := readHybrid(data, 1, levels)
		ones := err == nil
		for _, l := range levels {
			ones = ones && l == 1
		}
		if allDefined(data, n) && !ones {
			t.Fatalf("%x: %v, %v", data, levels, err)
		}
	})
}

// FuzzOffsets finds the texts of a page by offsets and one by one.
func FuzzOffsets(f *testing.F) {
	f.Add([]byte("\x01\x00\x00\x00a\x00\x00\x00\x00\x02\x00\x00\x00bc"), 3)
	f.Add([]byte("\xff\xff\xff\xff"), 1)
	f.Add([]byte("\xfc\xff\xff\xff\x00\x00\x00\x00"), 2)
	f.Fuzz(func(t *testing.T, data []byte, n int) {
		if n < 0 || n > len(data) {
			return
		}
		want, wantErr := plainTexts(data, n, nil)
		offsets, err := offsetsOf(data, n, nil)
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("got %v, want %v", err, wantErr)
		}
		if err != nil {
			return
		}
		c := column{kind: text, data: data, offsets: offsets}
		for i := range want {
			if got := c.text(i); got != want[i] {
				t.Fatalf("text %d: got %q, want %q", i, got, want[i])
			}
		}
	})
}

// TestKeyReader hashes keys that lie in pages and dictionaries as it hashes them one by one.
func TestKeyReader(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.OneOf(rapid.StringN(0, 20, 1000), rapid.Just(""), rapid.Just("\xff"), rapid.Just("1234567\xff")), 1, 20).Draw(t, "texts")
		plain, page := column{kind: text, texts: texts}, column{kind: text}
		coded := column{kind: text, dict: &dictionary{texts}}
		var rows []int32
		for i, s := range texts {
			page.data = append(binary.LittleEndian.AppendUint32(page.data, uint32(len(s))), s...)
			coded.codes = append(coded.codes, uint32(i))
			rows = append(rows, int32(i))
		}
		var err error
		if page.offsets, err = offsetsOf(page.data, len(texts), nil); err != nil {
			t.Fatal(err)
		}
		want, n, wantErr := (&keyReader{}).hash(&plain, rows, nil)
		for name, c := range map[string]*column{"page": &page, "dictionary": &coded} {
			r := &keyReader{}
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
		was, is := newLayout(wordsFixed, false, 0, 0, 0, 0), newLayout(wordHi, false, 0, 1, 0, 1)
		old, analysed := newUnits(was.stride), map[key]bool{}
		for i, k := range keys {
			at, fresh := old.enter(k)
			if fresh && i%5 == 0 {
				old.record(at)[wordState] = flagExcluded
			} else if fresh {
				analysed[k] = true
			}
		}
		u := newEnrolled(old, &was, &is)
		var rows []int32
		for i := range keys {
			rows = append(rows, int32(i))
		}
		var at [aheadRows]int32
		u.findAll(keys, rows, &at)
		for i, k := range keys {
			if found := at[i] >= 0; found != analysed[k] || found && u.hash(int(at[i])) != k {
				t.Fatalf("%v is found at %d", k, at[i])
			}
		}
	})
}
