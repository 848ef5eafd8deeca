package columnar

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zeebo/xxh3"
	"pgregory.net/rapid"
)

// drawPacket draws rows as a filter would leave them.
func drawPacket(t *rapid.T, s packetShape, bounds packetBounds, number int) *packet {
	n := rapid.IntRange(0, 200).Draw(t, "rows")
	p := &packet{
		origin: &origin{path: fmt.Sprint("file-", number/2), place: rapid.SampledFrom([]string{"", "row group 3"}).Draw(t, "place")},
		labels: make([][]uint32, s.labels), cells: make([][]float64, s.cells), hashes: make([][]key, s.hashes),
	}
	lines := rapid.Bool().Draw(t, "lines")
	aKey := rapid.Custom(func(t *rapid.T) key {
		if rapid.IntRange(0, 9).Draw(t, "none") == 0 {
			return key{}
		}
		return mix(key{rapid.Uint64().Draw(t, "hi"), 1}, key{}, 0)
	})
	for i := range n {
		p.keys = append(p.keys, aKey.Draw(t, "key"))
		if lines {
			p.lines = append(p.lines, 10*i+2)
		}
		if s.times {
			p.times = append(p.times, rapid.OneOf(rapid.Int64(), rapid.Int64Range(1e15, 1e15+1e9)).Draw(t, "time"))
		}
		if s.variants {
			p.variant = append(p.variant, uint16(rapid.IntRange(0, bounds.variants-1).Draw(t, "variant")))
		}
		if s.clusters {
			p.cluster = append(p.cluster, aKey.Draw(t, "cluster"))
		}
		if s.barred {
			p.barred = append(p.barred, rapid.Bool().Draw(t, "barred"))
		}
		if s.found {
			p.found = append(p.found, int32(rapid.IntRange(-1, bounds.found-1).Draw(t, "found")))
		}
		for j := range p.labels {
			p.labels[j] = append(p.labels[j], uint32(rapid.IntRange(0, bounds.codes[j]-1).Draw(t, "label")))
		}
		for range s.words {
			p.marks = append(p.marks, rapid.Uint64().Draw(t, "marks"))
		}
		for j := range p.cells {
			p.cells[j] = append(p.cells[j], rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, 1, 2.5, math.Copysign(0, -1), math.NaN()})).Draw(t, "cell"))
		}
		for j := range p.hashes {
			p.hashes[j] = append(p.hashes[j], aKey.Draw(t, "hash"))
		}
	}
	return p
}

func drawShape(t *rapid.T) (packetShape, packetBounds) {
	flag := func(name string) bool { return rapid.Bool().Draw(t, name) }
	s := packetShape{
		times: flag("times"), variants: flag("variants"), clusters: flag("clusters"), barred: flag("barred"), found: flag("found"),
		labels: rapid.IntRange(0, 2).Draw(t, "labels"), words: rapid.IntRange(0, 2).Draw(t, "words"),
		cells: rapid.IntRange(0, 2).Draw(t, "cells"), hashes: rapid.IntRange(0, 2).Draw(t, "hashes"),
	}
	return s, packetBounds{variants: 3, found: 3, codes: []int{1, 300}}
}

// inOrder are the rows of a packet, each with all that is known of it, in the order that they had before they were bucketed.
func inOrder(p *packet) []string {
	out := make([]string, len(p.keys))
	for i := range p.keys {
		s := fmt.Sprint(p.origin.path, p.origin.place, p.keys[i], p.original(int32(i)))
		words := len(p.marks) / len(p.keys)
		s += fmt.Sprint(p.marks[i*words : (i+1)*words])
		if len(p.lines) > 0 {
			s += fmt.Sprint(" line ", p.lines[p.original(int32(i))])
		}
		if len(p.times) > 0 {
			s += fmt.Sprint(" at ", p.times[i])
		}
		if len(p.variant) > 0 {
			s += fmt.Sprint(" variant ", p.variant[i])
		}
		if len(p.cluster) > 0 {
			s += fmt.Sprint(" in ", p.cluster[i])
		}
		if len(p.barred) > 0 {
			s += fmt.Sprint(p.barred[i])
		}
		if len(p.found) > 0 {
			s += fmt.Sprint(" found ", p.found[i])
		}
		for _, l := range p.labels {
			s += fmt.Sprint(" label ", l[i])
		}
		for _, c := range p.cells {
			s += fmt.Sprint(" cell ", math.Float64bits(c[i]))
		}
		for _, h := range p.hashes {
			s += fmt.Sprint(" hash ", h[i])
		}
		out[i] = s
	}
	return out
}

// TestPacketFile: what was written is read again, all at once and some partitions at a time.
func TestPacketFile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shape, bounds := drawShape(t)
		var file bytes.Buffer
		w := newPacketWriter(&file, shape)
		var want []*packet
		for i := range rapid.IntRange(0, 3).Draw(t, "packets") {
			drawn := drawPacket(t, shape, bounds, i)
			p := &packet{labels: make([][]uint32, shape.labels), cells: make([][]float64, shape.cells), hashes: make([][]key, shape.hashes)}
			drawn.bucket(p)
			if err := w.write(p); err != nil {
				t.Fatal(err)
			}
			want = append(want, p)
		}
		if w.bytes != int64(file.Len()) {
			t.Fatalf("%d bytes written, %d counted", file.Len(), w.bytes)
		}
		cuts := []int{0, rapid.IntRange(0, partitions).Draw(t, "cut"), partitions}
		slices.Sort(cuts)
		got := make([][]string, len(want))
		for c := range len(cuts) - 1 {
			r, p := newPacketReader(bytes.NewReader(file.Bytes()), w.bytes, shape, bounds), &packet{}
			for i := range want {
				if err := r.next(p, cuts[c], cuts[c+1]); err != nil {
					t.Fatal(err)
				}
				for part := range partitions {
					inside := part >= cuts[c] && part < cuts[c+1]
					from, to := p.rows(part)
					first, end := want[i].rows(part)
					if have := to - from; inside && have != end-first || !inside && have != 0 {
						t.Fatalf("%d rows of partition %d", have, part)
					}
				}
				got[i] = append(got[i], inOrder(p)...)
			}
			if err := r.next(p, cuts[c], cuts[c+1]); !errors.Is(err, io.EOF) {
				t.Fatalf("error %v, want the end", err)
			}
		}
		for i := range want {
			if diff := cmp.Diff(append([]string{}, inOrder(want[i])...), append([]string{}, got[i]...)); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}

// TestPacketLabels: codes of labels become others.
func TestPacketLabels(t *testing.T) {
	shape := packetShape{labels: 1}
	var file bytes.Buffer
	w := newPacketWriter(&file, shape)
	p, out := &packet{origin: &origin{}, keys: []key{{1, 2}, {3, 4}}, labels: [][]uint32{{2, 0}}}, &packet{labels: make([][]uint32, 1)}
	p.bucket(out)
	if err := w.write(out); err != nil {
		t.Fatal(err)
	}
	read := func(remap []uint32) ([]uint32, error) {
		r := newPacketReader(bytes.NewReader(file.Bytes()), w.bytes, shape, packetBounds{remap: [][]uint32{remap}})
		err := r.next(out, 0, partitions)
		return out.labels[0], err
	}
	if got, err := read([]uint32{7, 8, 9}); err != nil || !slices.Equal(got, []uint32{9, 7}) {
		t.Errorf("labels %v, error %v", got, err)
	}
	if _, err := read([]uint32{7, 8}); !errors.Is(err, errPackets) {
		t.Errorf("error %v for a code that there is not", err)
	}
}

// FuzzPackets: arbitrary bytes never panic, and a packet file that is cut short or damaged is an error.
func FuzzPackets(f *testing.F) {
	shape := packetShape{times: true, variants: true, clusters: true, barred: true, found: true, labels: 2, words: 1, cells: 2, hashes: 1}
	bounds := packetBounds{variants: 2, found: 2, codes: []int{3, 300}}
	var file bytes.Buffer
	w := newPacketWriter(&file, shape)
	for i := range 3 {
		drawn := rapid.Custom(func(t *rapid.T) *packet { return drawPacket(t, shape, bounds, i) }).Example(i)
		p := &packet{labels: make([][]uint32, shape.labels), cells: make([][]float64, shape.cells), hashes: make([][]key, shape.hashes)}
		drawn.bucket(p)
		if err := w.write(p); err != nil {
			f.Fatal(err)
		}
	}
	f.Add(file.Bytes(), uint16(0), byte(0), false)
	f.Add(file.Bytes(), uint16(100), byte(1), true)
	f.Fuzz(func(t *testing.T, content []byte, at uint16, flip byte, resum bool) {
		if len(content) > 0 {
			content = slices.Clone(content)
			content[int(at)%len(content)] ^= flip
		}
		if resum {
			checksums(content)
		}
		r, p, rows := newPacketReader(bytes.NewReader(content), int64(len(content)), shape, bounds), &packet{}, 0
		for {
			err := r.next(p, 0, partitions)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return
			}
			rows += len(p.keys)
			for i, k := range p.keys {
				if int(p.variant[i]) >= bounds.variants || int(p.found[i]) >= bounds.found || int(p.labels[1][i]) >= bounds.codes[1] || k.partition() >= partitions {
					t.Fatal("a number beyond its bounds")
				}
			}
		}
		if bytes.HasPrefix(file.Bytes(), content) && rows > len(content) {
			t.Fatalf("%d rows in %d bytes", rows, len(content))
		}
	})
}

// checksums makes the checksum of the first header right, so that fuzzing reaches what is behind it.
func checksums(content []byte) {
	if len(content) < packetPrefix {
		return
	}
	size := int(binary.LittleEndian.Uint32(content[4:]))
	if size > len(content)-packetPrefix {
		return
	}
	binary.LittleEndian.PutUint64(content[8:], xxh3.Hash(content[packetPrefix:packetPrefix+size]))
}
