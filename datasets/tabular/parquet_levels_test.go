package tabular

import (
	"encoding/binary"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestReadLevels reads levels as numbers, too, and looks whether they are found to be all 1 at a glance only where they are.
func TestReadLevels(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var data []byte
		for range rapid.IntRange(1, 4).Draw(t, "runs") {
			if rapid.Bool().Draw(t, "packed") {
				groups := rapid.SliceOfN(rapid.SampledFrom([]byte{0xff, 0xfe, 0x80, 0x35, 0}), 0, 4).Draw(t, "groups")
				data = append(binary.AppendUvarint(data, uint64(len(groups))<<1|1), groups...)
			} else {
				data = binary.AppendUvarint(data, rapid.Uint64Range(0, 30).Draw(t, "count")<<1)
				data = append(data, rapid.SampledFrom([]byte{1, 1, 1, 0, 0, 2}).Draw(t, "level"))
			}
		}
		data = data[:rapid.IntRange(0, len(data)).Draw(t, "cut")]
		levels := make([]uint32, rapid.IntRange(0, 60).Draw(t, "levels"))
		valid, want := slices.Repeat([]bool{rapid.Bool().Draw(t, "before")}, len(levels)), make([]bool, len(levels))
		ones, good := 0, readHybrid(data, 1, levels) == nil
		for i, l := range levels {
			want[i] = l == 1
			ones += int(l)
			good = good && l <= 1
		}
		got, err := readLevels(data, valid)
		if good != (err == nil) || good && (got != ones || !slices.Equal(valid, want)) {
			t.Fatalf("%x: %d of %v, %v; as numbers %v", data, got, valid, err, levels)
		}
		if allDefined(data, len(levels)) && (!good || ones < len(levels)) {
			t.Fatalf("%x: %v, %v", data, levels, err)
		}
	})
}
