package columnar

import (
	"slices"

	"liftgate/datasets"
	"liftgate/datasets/internal/depot"
	"liftgate/datasets/internal/reuse"
	"liftgate/datasets/tabular"
)

// tableReader is a worker's pass over parts of a unit table.
type tableReader struct {
	*unitTable
	places

	columns    enrolColumns
	hasher     unitHasher
	variant    labeller
	conditions *conditions // nil: every row is eligible
	marks      []uint64
	attributes []labeller
	values     []cellColumn
	coded      []bool // by value: codes of its column are fine
	ofClusters bool   // the same of clusters
	tables     []numberTable
	index      *clusterIndex // nil unless the query is clustered

	seen       *keyShares
	room       *depot.Arena // of sheets
	verify     *verifier    // of a second look at the keys alone; else nil
	dropped    datasets.Dropped
	counts     [][][]int64 // units by attribute, variant and code
	recomputed datasets.Recomputed

	part  *tablePart
	sheet *sheet   // that is being filled
	all   []uint16 // memory of groups and rows
	kept  []int32
	codes []uint32
	few   []uint32
	buf   []byte

	nonzero []nonzeros // by value: of the rows at hand
	filled  []uint64   // by row that counts: whether it has any
}

func (t *unitTable) newReader(c enrolColumns, w *tabular.Wanted, integers bool) *tableReader {
	groups := len(t.query.Variants)
	r := &tableReader{
		unitTable: t, columns: c, variant: labeller{code: declared(t.query)}, conditions: t.eligible(w),
		hasher: unitHasher{integers: integers, buf: make([]byte, 0, 24)}, buf: make([]byte, 0, 24),
		values: newCellReader(&t.cells, w).columns, seen: &keyShares{room: t.depot.Arena()}, room: t.depot.Arena(), counts: t.noLabels(),
	}
	for _, l := range t.labels {
		r.attributes = append(r.attributes, labeller{code: func(s string) (uint32, error) { return l.code(s), nil }})
	}
	r.nonzero = make([]nonzeros, len(r.values))
	r.findCoded(w.List)
	if t.query.Clustered {
		groups, r.index = partitions, newClusterIndex(len(t.labels))
	}
	r.sheet = newSheet(t.cells.numbers, len(t.segments), groups)
	if r.index != nil {
		r.sheet.clusters, r.sheet.index = make([][]uint32, groups), r.index
	}
	return r
}

func (t *unitTable) noLabels() [][][]int64 {
	counts := make([][][]int64, len(t.labels))
	for a := range counts {
		counts[a] = make([][]int64, len(t.query.Variants))
	}
	return counts
}

// take adds rows to the sheet.
func (r *tableReader) take(b *tabular.Batch, from, to int) error {
	if err := r.judge(b, from, to); err != nil || r.verify != nil {
		return err
	}
	if err := r.describe(b); err != nil {
		return err
	}
	if err := r.addValues(b, to-from); err != nil {
		return err
	}
	r.sheet.rows += to - from
	return nil
}

// judge finds out which rows count, in the order that datasets.Dropped states, and the group of each.
func (r *tableReader) judge(b *tabular.Batch, from, to int) error {
	var cols [3]*tabular.Column
	for i, want := range [...]int{r.columns.unit, r.columns.variant, r.columns.cluster} {
		if want < 0 || want == r.columns.cluster && r.codedClusters() {
			continue
		}
		c, err := b.Column(want)
		if err != nil {
			return err
		}
		cols[i] = c
	}
	if err := r.hasher.read(cols[0], from, to); err != nil {
		return errIrregular
	}
	r.all = reuse.Slice(r.all, to-from)
	r.places = places{from: from, groups: r.all, at: r.at}
	if err := r.judgeVariants(cols[1]); err != nil {
		return err
	}
	if r.columns.cluster >= 0 {
		if err := r.judgeClusters(b, cols[2]); err != nil {
			return err
		}
	}
	if r.verify != nil {
		return r.verify.note(r, b, cols[0], cols[2])
	}
	r.seen.add(r.hasher.hashes)
	if err := r.markEligible(b, from, to); err != nil {
		return err
	}
	return r.judgeUnits(cols[0])
}

// judgeVariants makes groups of variants.
func (r *tableReader) judgeVariants(c *tabular.Column) error {
	nulls := r.hasher.nulls
	if nulls > 0 || !r.variant.fill(c, r.from, r.groups) {
		for i := range r.groups {
			if nulls > 0 && r.hasher.absent[i] {
				r.groups[i] = dropped
				continue
			}
			v, err := r.variant.at(c, r.from+i)
			if err != nil || c.Null(r.from+i) {
				return errIrregular
			}
			r.groups[i] = uint16(v)
		}
	}
	if nulls > 0 || len(r.query.IgnoreVariants) > 0 {
		r.dropped.NullUnit += int64(nulls)
		r.dropped.IgnoredVariants += int64(r.drop() - nulls)
	}
	return nil
}

// fill codes rows of a column without nulls whose dictionary is known. It gives up at a text that is not known yet.
func (l *labeller) fill(c *tabular.Column, from int, out []uint16) bool {
	if c.Kind != tabular.Text || c.Codes == nil || c.Valid != nil || l.dict != c.Dict {
		return false
	}
	for i, code := range c.Codes[from : from+len(out)] {
		known := l.known[code]
		if known == 0 {
			return false
		}
		out[i] = uint16(known - 1)
	}
	return true
}

// drop takes out the rows whose group is dropped, and tells how many they were.
func (r *tableReader) drop() int {
	before := len(r.groups)
	if !slices.Contains(r.groups, dropped) {
		return 0
	}
	old := r.rows
	kept := r.kept[:0]
	for i, g := range r.groups {
		if g == dropped {
			continue
		}
		row := int32(i)
		if old != nil {
			row = old[i]
		}
		n := len(kept)
		r.groups[n], r.hasher.hashes[n] = g, r.hasher.hashes[i]
		if r.index != nil && i < len(r.codes) {
			r.codes[n] = r.codes[i]
		}
		kept = append(kept, row)
	}
	r.kept, r.rows = kept, kept
	r.groups, r.hasher.hashes = r.groups[:len(kept)], r.hasher.hashes[:len(kept)]
	return before - len(kept)
}

// judgeClusters finds the clusters. Where they are randomised, they make pairs of the units and settle the groups. The column is nil where
// codes of clusters are fine.
func (r *tableReader) judgeClusters(b *tabular.Batch, c *tabular.Column) error {
	if r.index == nil {
		for i := range r.groups {
			if name, err := keyText(c, r.row(i), r.buf); err != nil || name == "" {
				return errIrregular
			}
		}
		return nil
	}
	r.codes = reuse.Slice(r.codes, len(r.groups))
	if c == nil {
		codes, numbers, err := b.Codes(r.columns.cluster)
		if err != nil {
			return err
		}
		if codes != nil {
			return r.judgeCodes(codes, numbers)
		}
		if c, err = b.Column(r.columns.cluster); err != nil {
			return err
		}
	}
	for i, v := range r.groups {
		at, known := r.index.lately(c, r.row(i))
		if !known {
			var err error
			if at, err = r.meet(c, r.row(i), v); err != nil {
				return err
			}
		}
		if r.index.variant[at] != v {
			return errIrregular
		}
		r.codes[i], r.groups[i] = at, r.index.group[at]
		r.index.units[at]++
		r.hasher.hashes[i] = folded(r.hasher.hashes[i]^odd0, r.index.salt(at))
	}
	return nil
}

// meet gives the place of a row's cluster, and describes it when it is fresh.
func (r *tableReader) meet(c *tabular.Column, row int, variant uint16) (place uint32, err error) {
	place, fresh, err := r.index.at(c, row, r.buf)
	if err != nil {
		return 0, errIrregular
	}
	if fresh {
		r.index.enter(variant, r.forced[r.index.keys[place]], r.conditions == nil)
	}
	return place, nil
}

// judgeCodes is judgeClusters by codes into a dictionary of integers.
func (r *tableReader) judgeCodes(codes []uint32, numbers *tabular.Column) error {
	coded, hashes := r.index.of(numbers), r.hasher.hashes[:len(r.groups)]
	codes = r.codesAtHand(codes)
	for i, v := range r.groups {
		code := codes[i]
		if int(code) >= len(coded) {
			return beyond(code, len(coded))
		}
		c := &coded[code]
		if c.place == 0 {
			at, err := r.meet(numbers, int(code), v)
			if err != nil {
				return err
			}
			*c = codedCluster{r.index.salt(at), at + 1, r.index.variant[at], r.index.group[at]}
		}
		if c.variant != v {
			return errIrregular
		}
		r.codes[i], r.groups[i] = c.place-1, c.group
		r.index.units[c.place-1]++
		hashes[i] = folded(hashes[i]^odd0, c.salt)
	}
	return nil
}

func (r *tableReader) markEligible(b *tabular.Batch, from, to int) (err error) {
	if r.conditions != nil {
		r.marks, err = r.conditions.mark(b, from, to, r.marks)
	}
	return err
}

// isEligible is asked of a row that counts.
func (r *tableReader) isEligible(i int) bool {
	return r.conditions == nil || hasBit(r.marks[(r.row(i)-r.from)*r.conditions.words:], 0)
}

// judgeUnits drops what is forced, and compares units with their assignment.
func (r *tableReader) judgeUnits(c *tabular.Column) error {
	if r.index != nil && r.conditions != nil {
		for i, at := range r.codes {
			r.index.eligible[at] = r.index.eligible[at] || r.isEligible(i)
		}
	} else if r.index == nil && (len(r.forced) > 0 || r.assigned.known()) {
		for i := range r.groups {
			if err := r.judgeUnit(c, i); err != nil {
				return err
			}
		}
	}
	if len(r.forced) > 0 {
		forced := r.drop()
		if r.index == nil {
			r.dropped.Forced += int64(forced)
		}
	}
	return nil
}

func (r *tableReader) judgeUnit(c *tabular.Column, i int) error {
	name, err := keyText(c, r.row(i), r.buf)
	if err != nil {
		return errIrregular
	}
	k := hashText(name)
	if r.forced[k] {
		r.groups[i] = dropped
	} else if a := &r.assigned; a.known() {
		a.compare(&r.recomputed, a.lookup(k, name), r.isEligible(i), int(r.groups[i]))
	}
	return nil
}

// describe counts units by their attributes, in a clustered query finds the smallest of each cluster.
func (r *tableReader) describe(b *tabular.Batch) error {
	for a, want := range r.columns.attributes {
		c, err := b.Column(want)
		if err != nil {
			return err
		}
		keep := slices.Index(r.segments, a)
		for i, g := range r.groups {
			code, err := r.attributes[a].at(c, r.row(i))
			if err != nil {
				return errIrregular
			}
			if r.index != nil {
				r.index.label(a, r.codes[i], code, r.labels[a])
				continue
			}
			counts := &r.counts[a][g]
			for int(code) >= len(*counts) {
				*counts = append(*counts, 0)
			}
			(*counts)[code]++
			if keep >= 0 {
				r.sheet.labels[keep][g] = append(r.sheet.labels[keep][g], code)
			}
		}
	}
	return nil
}
