package pagetest

import (
	"encoding/binary"
	"io"
	"math/rand/v2"
)

// draw makes every choice.
type draw struct{ *rand.Rand }

func (d draw) oneIn(n int) bool { return d.IntN(n) == 0 }

func pick[T any](d draw, from ...T) T { return from[d.IntN(len(from))] }

const magic = "PAR1"

// Write writes columns, which have the same number of cells, to a file of a random shape. It fails when w or a compression does.
func Write(w io.Writer, r *rand.Rand, columns []Column) error {
	d := draw{r}
	rows := 0
	if len(columns) > 0 {
		rows = len(columns[0].Cells)
	}
	f := &file{draw: d, out: []byte(magic), columns: columns}
	longest := max(1, pick(d, 1+rows/40, 1+rows/8, 1+rows/2, rows))
	for at := 0; at < rows || len(f.groups) == 0 && d.oneIn(2); {
		n := min(rows-at, pick(d, longest, 1+d.IntN(longest)))
		if d.oneIn(10) {
			n = 0
		}
		if err := f.group(at, n); err != nil {
			return err
		}
		at += n
	}
	f.writeIndexes()
	footer := f.footer(rows)
	f.out = append(f.out, footer...)
	f.out = binary.LittleEndian.AppendUint32(f.out, uint32(len(footer)))
	f.out = append(f.out, magic...)
	_, err := w.Write(f.out)
	return err
}

// file is a file that is being written.
type file struct {
	draw
	out     []byte
	columns []Column
	groups  []group
}

// group is a row group that has been written.
type group struct {
	rows   int
	chunks []*chunk
}

// group writes n rows from the given one on.
func (f *file) group(at, n int) error {
	g := group{rows: n}
	for i := range f.columns {
		c := f.chunk(&f.columns[i], f.columns[i].Cells[at:at+n])
		if err := c.write(); err != nil {
			return err
		}
		g.chunks = append(g.chunks, c)
		f.out = c.out
		if f.oneIn(6) {
			f.out = append(f.out, make([]byte, f.IntN(9))...)
		}
	}
	f.groups = append(f.groups, g)
	return nil
}

// writeIndexes writes the page indexes of some chunks.
func (f *file) writeIndexes() {
	for _, g := range f.groups {
		for _, c := range g.chunks {
			if !c.indexed {
				continue
			}
			c.offsetIndex = f.place(object(c.writeOffsets))
			c.columnIndex = f.place(object(c.writeBounds))
		}
	}
}

// span is where something lies in a file.
type span struct{ at, size int }

func (f *file) place(data []byte) span {
	s := span{len(f.out), len(data)}
	f.out = append(f.out, data...)
	return s
}
