package columnar

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// namesOf gives attributes whose codes are below the bounds, each with a text of its own.
func namesOf(codes []int, attributes int, text string) []*labels {
	out := make([]*labels, attributes)
	for i := range out {
		out[i] = newLabels()
		for n := range codes[i] - 1 {
			out[i].code(fmt.Sprint(text, n))
		}
	}
	return out
}

// textsOf are the attributes of a packet's rows.
func textsOf(p *packet, l []*labels) [][]string {
	out := make([][]string, len(l))
	for i := range l {
		for _, code := range p.labels[i] {
			out[i] = append(out[i], l[i].texts[code])
		}
	}
	return out
}

// TestBlocks: what was written is read again, also where attributes have other codes by then.
func TestBlocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shape, bounds := drawShape(t)
		shape.times = true
		written := namesOf(bounds.codes, shape.labels, "text ")
		read := namesOf([]int{3, 5}, shape.labels, "other ")
		w := newBlockWriter(shape, written)
		r := &blockReader{shape: shape, bounds: packetBounds{variants: bounds.variants, found: bounds.found}, labels: read}
		for i := range rapid.IntRange(1, 3).Draw(t, "blocks") {
			drawn := drawPacket(t, shape, bounds, i)
			p := &packet{labels: make([][]uint32, shape.labels), cells: make([][]float64, shape.cells), hashes: make([][]key, shape.hashes)}
			drawn.bucket(p)
			count := func(name string) int64 { return rapid.Int64Range(0, 1<<40).Draw(t, name) }
			want := remainder{
				nullUnit: count("null unit"), ignored: count("ignored"), outside: count("outside"), nullTime: count("null time"),
				strays: rapid.SliceOfN(rapid.Int64(), 0, 4).Draw(t, "strays"),
			}
			block, err := w.write(p, &want)
			if err == nil {
				err = r.open(block)
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, r.remainder, cmp.AllowUnexported(remainder{}), cmpopts.EquateEmpty()); diff != "" {
				t.Fatal(diff)
			}
			if r.rows != len(p.keys) {
				t.Fatalf("%d rows, want %d", r.rows, len(p.keys))
			}
			if r.rows == 0 {
				continue
			}
			if r.first != slices.Min(p.times) || r.last != slices.Max(p.times) {
				t.Fatalf("times from %d to %d", r.first, r.last)
			}
			got := &packet{}
			if err := r.read(got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(textsOf(p, written), textsOf(got, read)); diff != "" {
				t.Fatal(diff)
			}
			got.origin, got.labels = p.origin, p.labels
			if diff := cmp.Diff(inOrder(p), inOrder(got)); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}

// FuzzBlock: arbitrary bytes are an error or rows that are possible.
func FuzzBlock(f *testing.F) {
	shape := packetShape{times: true, variants: true, clusters: true, barred: true, found: true, labels: 2, words: 1, cells: 1, hashes: 1}
	bounds := packetBounds{variants: 2, found: 2, codes: []int{3, 40}}
	w := newBlockWriter(shape, namesOf(bounds.codes, 2, "text "))
	for i := range 3 {
		drawn := rapid.Custom(func(t *rapid.T) *packet { return drawPacket(t, shape, bounds, i) }).Example(i)
		p := &packet{labels: make([][]uint32, 2), cells: make([][]float64, 1), hashes: make([][]key, 1)}
		drawn.bucket(p)
		block, err := w.write(p, &remainder{nullUnit: 1, strays: []int64{5, 7}})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(slices.Clone(block))
	}
	f.Fuzz(func(t *testing.T, block []byte) {
		r := &blockReader{shape: shape, bounds: packetBounds{variants: 2, found: 2}, labels: namesOf(bounds.codes, 2, "other ")}
		if r.open(block) != nil || r.rows == 0 {
			return
		}
		p := &packet{}
		if r.read(p) != nil {
			return
		}
		if len(p.keys) != r.rows || len(r.remainder.strays) > len(block) {
			t.Fatalf("%d rows of %d, %d strays in %d bytes", len(p.keys), r.rows, len(r.remainder.strays), len(block))
		}
		for i := range p.keys {
			if p.variant[i] > 1 || p.found[i] > 1 || int(p.labels[1][i]) >= len(r.labels[1].texts) {
				t.Fatal("a number beyond its bounds")
			}
		}
	})
}

// TestWithin compares what is left of a packet with rows that are taken one by one, whether it was bucketed or not.
func TestWithin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shape, bounds := drawShape(t)
		shape.times = true
		p := drawPacket(t, shape, bounds, 0)
		for i := range p.times {
			p.times[i] = int64(rapid.IntRange(0, 9).Draw(t, "time"))
		}
		from, to := int64(rapid.IntRange(0, 9).Draw(t, "from")), int64(rapid.IntRange(0, 10).Draw(t, "to"))
		cut := rapid.IntRange(0, len(p.keys)).Draw(t, "rows")
		before := rowsOf(p)
		p.truncate(cut, shape.words)
		var want []string
		for i := range cut {
			if p.times[i] >= from && p.times[i] < to {
				want = append(want, before[i])
			}
		}
		if rapid.Bool().Draw(t, "bucketed") {
			out := &packet{labels: make([][]uint32, shape.labels), cells: make([][]float64, shape.cells), hashes: make([][]key, shape.hashes)}
			p.bucket(out)
			p = out
		}
		p.within(from, to, shape.words, nil)
		if p.order != nil && !increasing(p) {
			t.Fatalf("rows stood at %v", p.order)
		}
		got := rowsOf(p)
		for i := range partitions {
			for j := p.start[i]; len(p.order) > 0 && j < p.start[i+1]; j++ {
				if p.keys[j].partition() != i {
					t.Fatalf("row %d does not lie in partition %d", j, i)
				}
			}
		}
		if len(p.order) > 0 && int(p.start[partitions]) != len(p.keys) {
			t.Fatalf("partitions end at %d of %d", p.start[partitions], len(p.keys))
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
	})
}

// increasing reports whether the places where rows stood are those from 0 on, and in order within each partition.
func increasing(p *packet) bool {
	all := slices.Clone(p.order)
	slices.Sort(all)
	for i := range all {
		if int(all[i]) != i {
			return false
		}
	}
	for i := range partitions {
		if !slices.IsSorted(p.order[p.start[i]:p.start[i+1]]) {
			return false
		}
	}
	return true
}

// rowsOf are the rows of a packet, each with all that is known of it but where it stands.
func rowsOf(p *packet) []string {
	out := make([]string, len(p.keys))
	for i := range p.keys {
		row := []any{p.keys[i], cellOf(p.times, i), cellOf(p.variant, i), cellOf(p.cluster, i), cellOf(p.found, i), cellOf(p.barred, i)}
		words := len(p.marks) / len(p.keys)
		row = append(row, p.marks[i*words:(i+1)*words], cellOf(p.lines, int(p.original(int32(i)))))
		for j := range p.labels {
			row = append(row, cellOf(p.labels[j], i))
		}
		for j := range p.cells {
			row = append(row, math.Float64bits(p.cells[j][i]))
		}
		for j := range p.hashes {
			row = append(row, cellOf(p.hashes[j], i))
		}
		out[i] = fmt.Sprint(row...)
	}
	return out
}

// cellOf is a cell of a column that may not be there.
func cellOf[T any](column []T, i int) any {
	if len(column) == 0 {
		return nil
	}
	return column[i]
}
