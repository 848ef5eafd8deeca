package columnar

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"liftgate/datasets"
	"liftgate/datasets/expr"
	"liftgate/datasets/tabular"
)

// enrolColumns are the positions of an enrolment table's columns among the wanted ones; -1 for those that it has not.
type enrolColumns struct {
	unit, variant, time, cluster int
	attributes                   []int
}

func wantEnrolment(t *datasets.Table, timed bool, w *tabular.Wanted) enrolColumns {
	c := enrolColumns{unit: w.Add(t.Unit, tabular.AsKey), variant: w.Add(t.Variant, tabular.AsLabel), time: -1, cluster: -1}
	if timed {
		c.time = w.Add(t.Time, tabular.AsInstant)
	}
	if t.Cluster != "" {
		c.cluster = w.Add(t.Cluster, tabular.AsKey)
	}
	for _, a := range t.Attributes {
		c.attributes = append(c.attributes, w.Add(a, tabular.AsLabel))
	}
	return c
}

// ignored is the code of a variant whose rows are left out.
const ignored = 1<<16 - 1

// enrolFilter judges the rows of exposures or of a unit table in the order that datasets.Dropped states.
type enrolFilter struct {
	*enrolment

	wants      []tabular.Want
	columns    enrolColumns
	variant    labeller
	conditions *conditions // that says which rows are eligible; nil: all are
	marks      []uint64
	attributes []labeller
	values     *cellReader // of a unit table
	dropped    datasets.Dropped
	before     datasets.Instant // exposures from then on are outside
	rows       []int32          // that count, of the piece at hand
	units      keyReader
	keys       []key // of rows, while they are taken by columns
	buf        []byte
	clusterBuf []byte
}

func (e *enrolment) newFilter(c enrolColumns, w *tabular.Wanted) *enrolFilter {
	f := &enrolFilter{
		enrolment: e, wants: w.List, columns: c, variant: labeller{code: declared(e.query)},
		buf: make([]byte, 0, 24), clusterBuf: make([]byte, 0, 24),
	}
	for _, l := range e.labels {
		f.attributes = append(f.attributes, labeller{code: func(s string) (uint32, error) { return l.code(s), nil }})
	}
	if e.asOf != nil {
		f.before = *e.asOf
	}
	f.conditions = e.eligible(w)
	if len(e.cells.columns) > 0 {
		f.values = newCellReader(&e.cells, w)
	}
	return f
}

// eligible makes the condition of eligible rows ready; nil where there is none to look at.
func (e *enrolment) eligible(w *tabular.Wanted) *conditions {
	if e.assigned.eligible == nil {
		return nil
	}
	return compile([]*expr.Node{e.assigned.eligible}, w)
}

func (f *enrolFilter) newPacket() *packet {
	p := &packet{labels: make([][]uint32, len(f.columns.attributes))}
	if f.values != nil {
		f.values.prepare(p)
	}
	return p
}

// judge gives the row's unit and variant, and whether the row counts.
func (f *enrolFilter) judge(b *tabular.Batch, unit, variant *tabular.Column, row int) (name string, v uint32, counts bool, err error) {
	name, err = keyText(unit, row, f.buf)
	if err != nil {
		return "", 0, false, f.fail(b, f.columns.unit, row, err)
	}
	if name == "" {
		f.dropped.NullUnit++
		return "", 0, false, nil
	}
	v, err = f.variant.at(variant, row)
	if err == nil && variant.Null(row) {
		err = errors.New("a row without a variant")
	}
	if err != nil {
		return "", 0, false, f.fail(b, f.columns.variant, row, err)
	}
	if v == ignored {
		f.dropped.IgnoredVariants++
		return "", 0, false, nil
	}
	return name, v, true, nil
}

// fail names the column and, in CSV, the line of an error.
func (f *enrolFilter) fail(b *tabular.Batch, want, row int, err error) error {
	return b.Fail(f.wants[want].Name, row, err)
}

// declared codes the variants of a query.
func declared(q *datasets.Query) func(string) (uint32, error) {
	codes := map[string]uint32{}
	for i, name := range q.Variants {
		codes[name] = uint32(i)
	}
	for _, name := range q.IgnoreVariants {
		codes[name] = ignored
	}
	return func(name string) (uint32, error) {
		code, known := codes[name]
		if !known {
			return 0, fmt.Errorf("variant %q is neither declared nor ignored", name)
		}
		return code, nil
	}
}

func (f *enrolFilter) take(b *tabular.Batch, from, to int, out *packet) error {
	var cols [4]*tabular.Column
	for i, want := range [...]int{f.columns.unit, f.columns.variant, f.columns.time, f.columns.cluster} {
		if want < 0 {
			continue
		}
		c, err := b.Column(want)
		if err != nil {
			return err
		}
		cols[i] = c
	}
	if !f.takeColumns(cols, from, to, out) {
		if err := f.takeRows(b, cols, from, to, out); err != nil {
			return err
		}
	}
	if err := f.addEligibility(b, from, to, out); err != nil {
		return err
	}
	if f.spool != nil {
		f.assigned.foresee(out)
	}
	return f.addCells(b, out)
}

// takeRows adds the rows that count, given unit, variant, time and cluster. Its error is that of the first row with one.
func (f *enrolFilter) takeRows(b *tabular.Batch, cols [4]*tabular.Column, from, to int, out *packet) error {
	f.rows = f.rows[:0]
	for row := from; row < to; row++ {
		name, v, counts, err := f.judge(b, cols[0], cols[1], row)
		var at int64
		if err == nil && counts && f.asOf != nil {
			at, counts, err = f.timeOf(b, cols[2], row)
		}
		var cluster string
		if err == nil && counts && cols[3] != nil {
			cluster, err = f.clusterOf(b, cols[3], row)
		}
		if err != nil {
			return err
		}
		if counts {
			f.add(int32(row), name, cluster, v, at, out)
		}
	}
	return nil
}

// addEligibility tells of the rows that count which are not eligible.
func (f *enrolFilter) addEligibility(b *tabular.Batch, from, to int, out *packet) (err error) {
	if f.conditions == nil || len(f.rows) == 0 {
		return nil
	}
	if f.marks, err = f.conditions.mark(b, from, to, f.marks); err != nil {
		return err
	}
	for _, row := range f.rows {
		out.barred = append(out.barred, !hasBit(f.marks[(int(row)-from)*f.conditions.words:], 0))
	}
	return nil
}

// timeOf gives the time of a row, and whether it lies in the schedule.
func (f *enrolFilter) timeOf(b *tabular.Batch, times *tabular.Column, row int) (at int64, inside bool, err error) {
	if times.Null(row) {
		return 0, false, f.fail(b, f.columns.time, row, errors.New("an exposure without a time"))
	}
	at = times.Ints[row]
	first, end := f.schedule()
	if inside = at >= first && at < end; !inside {
		f.dropped.OutsideSchedule++
	}
	return at, inside, nil
}

// clusterOf gives the key of a row's cluster.
func (f *enrolFilter) clusterOf(b *tabular.Batch, clusters *tabular.Column, row int) (string, error) {
	name, err := keyText(clusters, row, f.clusterBuf)
	if err == nil && name == "" {
		err = errNoCluster
	}
	if err != nil {
		return "", f.fail(b, f.columns.cluster, row, err)
	}
	return name, nil
}

var errNoCluster = errors.New("a row without a cluster")

// add puts a row that counts into the packet.
func (f *enrolFilter) add(row int32, name, cluster string, variant uint32, at int64, out *packet) {
	f.rows = append(f.rows, row)
	k, randomised := hashText(name), name
	if cluster != "" {
		out.cluster = append(out.cluster, hashText(cluster))
	}
	if f.query.Clustered {
		k, randomised = pairOf(out.cluster[len(out.cluster)-1], k), cluster
	}
	out.keys = append(out.keys, k)
	if f.asOf != nil {
		out.times = append(out.times, at)
	}
	out.variant = append(out.variant, uint16(variant))
	if f.needText {
		out.texts = append(out.texts, strings.Clone(randomised))
	}
}

// addCells adds lines, attributes and values of the rows that count.
func (f *enrolFilter) addCells(b *tabular.Batch, out *packet) error {
	if b.Lines != nil {
		for _, row := range f.rows {
			out.lines = append(out.lines, b.Lines[row])
		}
	}
	for i, want := range f.columns.attributes {
		c, err := b.Column(want)
		if err != nil {
			return err
		}
		n := len(out.labels[i])
		if out.labels[i], err = codesOf(&f.attributes[i], c, f.rows, out.labels[i]); err != nil {
			return f.fail(b, want, int(f.rows[len(out.labels[i])-n]), err)
		}
	}
	if f.values == nil {
		return nil
	}
	return f.values.add(b, f.rows, out)
}

// schedule is from when on exposures count, and from when on no longer.
func (f *enrolFilter) schedule() (first, end int64) {
	first, end = math.MinInt64, int64(f.before)
	if q := f.query; q.Start != nil {
		first = int64(*q.Start)
	}
	if q := f.query; q.End != nil {
		end = min(end, int64(*q.End))
	}
	return first, end
}
