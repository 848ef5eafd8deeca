package columnar

import (
	"slices"
	"unicode/utf8"

	"liftgate/datasets/expr"
	"liftgate/datasets/internal/reuse"
	"liftgate/datasets/tabular"
)

// conditions tests rows against the distinct conditions of a pass. Conditions on one column are tested together, once for each
// distinct text; the others row by row, after the parts of them that read one column only.
type conditions struct {
	nodes  []*expr.Node // nil: every row
	groups []*group
	rest   []compound
	always []uint64 // the bits of conditions that every row satisfies
	words  int      // of bits a row: one for each condition, then one for each part of a compound
	rows   *rowReader
}

// group is the tests that read one column.
type group struct {
	want  int
	tests []test
	words int

	dict  *tabular.Dictionary
	known []uint64 // by position in dict, words + 1 each: whether it has been tested, then the bits
	table []uint64 // by position in dict, of one word: the bits; nil where texts are tested as they come
	texts map[string][]uint64
	null  []uint64 // of a null cell
	bits  []uint64

	comparisons bool // all tests are such; see test.comparison
}

type test struct {
	bit  int
	node *expr.Node
}

// comparison gives the literal of a test that compares its column with one number or time.
func (t test) comparison() (v expr.Value, ok bool) {
	n := t.node
	if !n.Op.Comparison() || n.Args[0].Op != expr.Column || n.Args[1].Op != expr.Literal {
		return v, false
	}
	v = n.Args[1].Value
	return v, v.Type == expr.Number || v.Type == expr.Time
}

// compound is a condition on several columns: rows that pass the tests in need are tried with what is left of it.
type compound struct {
	bit  int
	need []int // bits
	left []*expr.Node
}

// memoTexts bounds how many distinct texts of a column without a dictionary are remembered.
const memoTexts = 1 << 12

func compile(nodes []*expr.Node, w *tabular.Wanted) *conditions {
	c := &conditions{nodes: nodes, rows: &rowReader{}}
	bits := len(nodes)
	for bit, n := range nodes {
		switch len(n.Columns()) {
		case 0:
			c.constant(bit, n)
		case 1:
			c.addTest(bit, n, w)
		default:
			bits = c.addCompound(bit, n, bits, w)
		}
	}
	c.words = max(1, (bits+63)/64)
	c.always = append(c.always, make([]uint64, c.words-len(c.always))...)
	for _, g := range c.groups {
		g.words = c.words
		g.null, g.bits = make([]uint64, c.words), make([]uint64, c.words)
		g.test(expr.Value{}, g.null)
		g.comparisons = !slices.ContainsFunc(g.tests, func(t test) bool {
			_, ok := t.comparison()
			return !ok
		})
	}
	return c
}

// addTest adds a condition on one column to the tests of that column.
func (c *conditions) addTest(bit int, n *expr.Node, w *tabular.Wanted) {
	used := n.Columns()[0]
	at := w.Add(used.Name, tabular.UseOf(used.Type))
	i := slices.IndexFunc(c.groups, func(g *group) bool { return g.want == at })
	if i < 0 {
		i = len(c.groups)
		c.groups = append(c.groups, &group{want: at, texts: map[string][]uint64{}})
	}
	c.groups[i].tests = append(c.groups[i].tests, test{bit, n})
}

// addCompound takes a condition on several columns apart; next is the next bit that is free.
func (c *conditions) addCompound(bit int, n *expr.Node, next int, w *tabular.Wanted) (free int) {
	rest := compound{bit: bit}
	for _, part := range n.Conjuncts() {
		if len(part.Columns()) == 1 {
			c.addTest(next, part, w)
			rest.need = append(rest.need, next)
			next++
		} else {
			rest.left = append(rest.left, part)
		}
	}
	c.rest = append(c.rest, rest)
	c.rows.want(n, w)
	return next
}

// constant settles a condition that reads no column.
func (c *conditions) constant(bit int, n *expr.Node) {
	if !n.Holds(nil) {
		return
	}
	for len(c.always) <= bit/64 {
		c.always = append(c.always, 0)
	}
	setBit(c.always, bit)
}

func setBit(bits []uint64, i int)      { bits[i/64] |= 1 << (i % 64) }
func hasBit(bits []uint64, i int) bool { return bits[i/64]>>(i%64)&1 != 0 }

// mark gives the bits of the conditions that each of the rows satisfies, words a row.
func (c *conditions) mark(b *tabular.Batch, from, to int, marks []uint64) ([]uint64, error) {
	marks = reuse.Slice(marks, (to-from)*c.words)
	clear(marks)
	for w, bits := range c.always {
		for at := w; bits != 0 && at < len(marks); at += c.words {
			marks[at] = bits
		}
	}
	for _, g := range c.groups {
		col, err := b.Column(g.want)
		if err != nil {
			return nil, err
		}
		if err := g.mark(b, col, from, to, marks); err != nil {
			return nil, err
		}
	}
	if len(c.rest) == 0 {
		return marks, nil
	}
	if err := c.rows.bind(b); err != nil {
		return nil, err
	}
	for i := range to - from {
		c.try(from+i, marks[i*c.words:(i+1)*c.words])
	}
	return marks, c.rows.err
}

// try tests a row against the conditions that read several columns.
func (c *conditions) try(row int, bits []uint64) {
next:
	for _, r := range c.rest {
		for _, need := range r.need {
			if !hasBit(bits, need) {
				continue next
			}
		}
		for _, n := range r.left {
			if !n.Holds(c.rows.at(row)) {
				continue next
			}
		}
		setBit(bits, r.bit)
	}
}

// test sets the bits of the tests that a cell passes.
func (g *group) test(v expr.Value, bits []uint64) {
	row := func(string, expr.Type) expr.Value { return v }
	for _, t := range g.tests {
		if t.node.Holds(row) {
			setBit(bits, t.bit)
		}
	}
}

func (g *group) mark(b *tabular.Batch, col *tabular.Column, from, to int, marks []uint64) error {
	switch {
	case col.Kind == tabular.Text && col.Codes != nil:
		return g.markCodes(b, col, from, to, marks)
	case col.Kind != tabular.Text && g.comparisons:
		g.markCompared(col, from, to, marks)
		return nil
	}
	for row := from; row < to; row++ {
		bits := g.null
		switch {
		case col.Null(row):
		case col.Kind == tabular.Text:
			var err error
			if bits, err = g.testText(col.Text(row)); err != nil {
				return g.fail(b, row, err)
			}
		default:
			clear(g.bits)
			g.test(col.Value(row), g.bits)
			bits = g.bits
		}
		for w, word := range bits {
			marks[(row-from)*g.words+w] |= word
		}
	}
	return nil
}

// markCompared compares cells with literals without going through expressions. No null passes a comparison.
func (g *group) markCompared(col *tabular.Column, from, to int, marks []uint64) {
	for _, t := range g.tests {
		literal, _ := t.comparison()
		word, bit := t.bit/64, uint64(1)<<(t.bit%64)
		for row := from; row < to; row++ {
			if !col.Null(row) && t.node.Op.Accepts(expr.Compare(col.Value(row), literal)) {
				marks[(row-from)*g.words+word] |= bit
			}
		}
	}
}

func (g *group) fail(b *tabular.Batch, row int, err error) error {
	return b.Fail(g.tests[0].node.Columns()[0].Name, row, err)
}

// markCodes tests each position of a dictionary once.
func (g *group) markCodes(b *tabular.Batch, col *tabular.Column, from, to int, marks []uint64) error {
	size := g.words + 1
	if g.dict != col.Dict {
		g.dict, g.known = col.Dict, make([]uint64, len(col.Dict.Texts)*size)
		g.tabulate()
	}
	if g.table != nil {
		g.lookUp(col, from, to, marks)
		return nil
	}
	for row := from; row < to; row++ {
		bits := g.null
		if !col.Null(row) {
			at := int(col.Codes[row]) * size
			bits = g.known[at : at+size]
			if bits[0] == 0 {
				s := col.Text(row)
				if !utf8.ValidString(s) {
					return g.fail(b, row, tabular.ErrNotUTF8)
				}
				bits[0] = 1
				g.test(expr.TextValue(s), bits[1:])
			}
			bits = bits[1:]
		}
		for w, word := range bits {
			marks[(row-from)*g.words+w] |= word
		}
	}
	return nil
}

// tabulate tests all texts of a small dictionary at once.
func (g *group) tabulate() {
	g.table = nil
	texts := g.dict.Texts
	if g.words > 1 || len(texts) > memoTexts || slices.ContainsFunc(texts, func(s string) bool { return !utf8.ValidString(s) }) {
		return
	}
	g.table = make([]uint64, len(texts))
	for i, s := range texts {
		g.test(expr.TextValue(s), g.table[i:i+1])
	}
}

// lookUp marks rows by the table.
func (g *group) lookUp(col *tabular.Column, from, to int, marks []uint64) {
	codes, table := col.Codes[from:to], g.table
	if col.Valid == nil {
		for i, code := range codes {
			marks[i] |= table[code]
		}
		return
	}
	for i, valid := range col.Valid[from:to] {
		bits := g.null[0]
		if valid {
			bits = table[codes[i]]
		}
		marks[i] |= bits
	}
}

func (g *group) testText(s string) ([]uint64, error) {
	if bits, known := g.texts[s]; known {
		return bits, nil
	}
	if !utf8.ValidString(s) {
		return nil, tabular.ErrNotUTF8
	}
	bits := make([]uint64, g.words)
	g.test(expr.TextValue(s), bits)
	if len(g.texts) < memoTexts {
		g.texts[string([]byte(s))] = bits
	}
	return bits, nil
}

// rowReader lets expressions read rows of a batch.
type rowReader struct {
	used    []expr.Used
	wants   []int
	batch   *tabular.Batch
	columns []*tabular.Column
	row     int
	err     error
	read    expr.Row
}

func (r *rowReader) want(n *expr.Node, w *tabular.Wanted) {
	for _, u := range n.Columns() {
		r.used = append(r.used, u)
		r.wants = append(r.wants, w.Add(u.Name, tabular.UseOf(u.Type)))
	}
}

// bind turns to another batch.
func (r *rowReader) bind(b *tabular.Batch) error {
	r.batch, r.columns = b, r.columns[:0]
	for _, want := range r.wants {
		c, err := b.Column(want)
		if err != nil {
			return err
		}
		r.columns = append(r.columns, c)
	}
	if r.read == nil {
		r.read = r.cell
	}
	return nil
}

// at gives the row as an expression reads it.
func (r *rowReader) at(row int) expr.Row {
	r.row = row
	return r.read
}

func (r *rowReader) cell(name string, t expr.Type) expr.Value {
	for i, u := range r.used {
		if u.Type == t && u.Name == name {
			v := r.columns[i].Value(r.row)
			if v.Type == expr.Text && r.err == nil && !utf8.ValidString(v.Text) {
				r.err = r.batch.Fail(name, r.row, tabular.ErrNotUTF8)
			}
			return v
		}
	}
	return expr.Value{}
}
