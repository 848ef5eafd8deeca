package columnar

import (
	"math"
	"slices"

	"liftgate/datasets/expr"
	"liftgate/datasets/fold"
	"liftgate/datasets/tabular"
)

// cellColumn is a column, or what is computed from some, that enters values.
type cellColumn struct {
	node     *expr.Node
	distinct bool // values are told apart and not added up
	slot     int  // among packet.cells, or packet.hashes when distinct
	null     int  // bit of a row's marks: the cell is null
	bad      int  // the cell is not a finite number
	want     int  // of a column that is read as it is, else -1
	rows     *rowReader
}

// name is how errors speak of the column.
func (c *cellColumn) name() string {
	if used := c.node.Columns(); len(used) > 0 {
		return used[0].Name
	}
	return ""
}

// cellPlan lists the distinct cell columns of a pass.
type cellPlan struct {
	columns []cellColumn
	first   int // words of the marks that hold conditions; the bits of cells follow right behind those
	words   int // of the marks of a row
	numbers int
	hashes  int
}

// add gives the position of a cell column.
func (p *cellPlan) add(n *expr.Node, distinct bool) int {
	for i, c := range p.columns {
		if c.distinct == distinct && c.node.Type == n.Type && c.node.String() == n.String() {
			return i
		}
	}
	c := cellColumn{node: n, distinct: distinct}
	if distinct {
		c.slot = p.hashes
		p.hashes++
	} else {
		c.slot = p.numbers
		p.numbers++
	}
	p.columns = append(p.columns, c)
	return len(p.columns) - 1
}

// lay settles the bits, after those of so many conditions.
func (p *cellPlan) lay(conditions int) {
	p.first = (conditions + 63) / 64
	for i := range p.columns {
		p.columns[i].null = conditions + 2*i
		p.columns[i].bad = conditions + 2*i + 1
	}
	p.words = (conditions + 2*len(p.columns) + 63) / 64
}

// cellReader reads cell columns; each worker has one of its own.
type cellReader struct {
	plan    *cellPlan
	columns []cellColumn
}

func newCellReader(p *cellPlan, w *tabular.Wanted) *cellReader {
	r := &cellReader{plan: p, columns: append([]cellColumn(nil), p.columns...)}
	for i := range r.columns {
		c := &r.columns[i]
		if c.want = -1; c.node.Op == expr.Column {
			c.want = w.Add(c.node.Name, tabular.UseOf(c.node.Type))
			continue
		}
		c.rows = &rowReader{}
		c.rows.want(c.node, w)
	}
	return r
}

func (r *cellReader) prepare(p *packet) {
	p.cells = make([][]float64, r.plan.numbers)
	p.hashes = make([][]key, r.plan.hashes)
}

// add puts the cells of rows, the last ones of the packet, beside their keys. Marks of a row that has none yet are added too.
func (r *cellReader) add(b *tabular.Batch, rows []int32, out *packet) error {
	if need := len(out.keys) * r.plan.words; len(out.marks) < need {
		out.marks = append(out.marks, make([]uint64, need-len(out.marks))...)
	}
	at := len(out.keys) - len(rows)
	for i := range r.columns {
		c := &r.columns[i]
		var err error
		switch {
		case c.rows != nil:
			err = c.compute(b, rows, at, r.plan.words, out)
		case c.node.Type == expr.Number && !c.distinct:
			err = c.copyNumbers(b, rows, at, r.plan.words, out)
		default:
			err = c.copyCells(b, rows, at, r.plan.words, out)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *cellColumn) copyNumbers(b *tabular.Batch, rows []int32, at, words int, out *packet) error {
	col, err := b.Column(c.want)
	if err != nil {
		return err
	}
	cells := out.cells[c.slot]
	if len(col.Floats) > 0 && col.Exact == nil && words == 1 { // a page of nulls has none
		n := len(cells)
		cells = slices.Grow(cells, len(rows))[:n+len(rows)]
		c.copyFloats(col, rows, out.marks[at:], cells[n:])
		out.cells[c.slot] = cells
		return nil
	}
	for i, row := range rows {
		x := 0.0
		if col.Null(int(row)) {
			setBit(out.marks[(at+i)*words:], c.null)
		} else if x = col.Float(int(row)); !fold.Finite(x) {
			setBit(out.marks[(at+i)*words:], c.bad)
		}
		cells = append(cells, x)
	}
	out.cells[c.slot] = cells
	return nil
}

// copyFloats copies cells of a column of floats, and sets bits in marks of one word. Nobody could foresee which cells are null, so there
// is no branch on that.
func (c *cellColumn) copyFloats(col *tabular.Column, rows []int32, marks []uint64, to []float64) {
	to, marks = to[:len(rows)], marks[:len(rows)]
	valid, floats, null, bad := col.Valid, col.Floats, uint64(1)<<(c.null&63), uint64(1)<<(c.bad&63)
	for i, row := range rows {
		mask := uint64(0)
		if valid != nil {
			if !valid[row] {
				mask = 1
			}
			mask = -mask
		}
		x := math.Float64frombits(math.Float64bits(floats[row]) &^ mask)
		to[i] = x
		if marks[i] |= null & mask; !fold.Finite(x) {
			marks[i] |= bad
		}
	}
}

func (c *cellColumn) copyCells(b *tabular.Batch, rows []int32, at, words int, out *packet) error {
	col, err := b.Column(c.want)
	if err != nil {
		return err
	}
	for i, row := range rows {
		c.put(col.Value(int(row)), out.marks[(at+i)*words:], out)
	}
	return nil
}

func (c *cellColumn) compute(b *tabular.Batch, rows []int32, at, words int, out *packet) error {
	if err := c.rows.bind(b); err != nil {
		return err
	}
	for i, row := range rows {
		c.put(c.node.Eval(c.rows.at(int(row))), out.marks[(at+i)*words:], out)
	}
	return c.rows.err
}

// put adds one cell to the packet.
func (c *cellColumn) put(v expr.Value, marks []uint64, out *packet) {
	if v.Null() {
		setBit(marks, c.null)
	} else if v.Type == expr.Number && !fold.Finite(v.Number()) {
		setBit(marks, c.bad)
	}
	switch {
	case c.distinct:
		out.hashes[c.slot] = append(out.hashes[c.slot], hashCell(v))
	case v.Type == expr.Number:
		out.cells[c.slot] = append(out.cells[c.slot], v.Number())
	default:
		out.cells[c.slot] = append(out.cells[c.slot], 0)
	}
}
