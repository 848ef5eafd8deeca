package columnar

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"liftgate/datasets"
	"liftgate/stats"
)

// fold turns the units' records into moments: partition by partition, and within one in the order of the units' hashes.
type fold struct {
	*enrolment
	values  []valuePlan
	workers int
	order   [partitions][]int32 // the analysed units

	crossover bool // one of them is a crossover unit
}

func newFold(e *enrolment, values []valuePlan, workers int) *fold {
	f := &fold{enrolment: e, values: values, workers: workers}
	f.each(func(i int) { f.order[i] = f.sorted(f.parts[i].units) })
	for i := range f.order {
		for _, at := range f.order[i] {
			f.crossover = f.crossover || f.parts[i].units.record(int(at))[wordState]&flagCrossover != 0
		}
	}
	return f
}

// each calls do for every partition, some of them side by side.
func (f *fold) each(do func(partition int)) {
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(f.workers, partitions) {
		group.Go(func() {
			for i := next.Add(1) - 1; i < partitions; i = next.Add(1) - 1 {
				do(int(i))
			}
		})
	}
	group.Wait()
}

// sorted lists the analysed units in the order of their hashes.
func (f *fold) sorted(u *units) []int32 {
	type item struct {
		key key
		at  int32
	}
	items := make([]item, 0, u.count)
	for i := range u.count {
		if r := u.record(i); r[wordState]&flagExcluded == 0 {
			items = append(items, item{key{r[wordHi], r[wordLo]}, int32(i)})
		}
	}
	slices.SortFunc(items, func(a, b item) int {
		if c := cmp.Compare(a.key.hi, b.key.hi); c != 0 {
			return c
		}
		return cmp.Compare(a.key.lo, b.key.lo)
	})
	order := make([]int32, len(items))
	for i, it := range items {
		order[i] = it.at
	}
	return order
}

// perUnit is the moments of the rows of a table of events that matched each unit.
func (f *fold) perUnit(table int) []stats.Moments {
	return f.tallied(func(i int) []tally {
		u := f.parts[i].units
		tags, rows := make([]uint16, len(f.order[i])), make([]float64, len(f.order[i]))
		for j, at := range f.order[i] {
			r := u.record(int(at))
			tags[j], rows[j] = uint16(r[wordState]), float64(half(r, f.layout.matched, table))
		}
		return tallies(len(f.query.Variants), 1, tags, rows, everyone)
	})
}

// tallied takes tallies by variant in every partition and combines them.
func (f *fold) tallied(take func(partition int) []tally) []stats.Moments {
	parts := make([][]tally, partitions)
	f.each(func(i int) { parts[i] = take(i) })
	return combine(parts, len(f.query.Variants))
}

func everyone(uint16, []float64) bool { return true }

// block is the units of one metric while they are folded.
type block struct {
	*fold
	spec       *datasets.Block
	components []int // values: parts, then covariates
	window     int64
	parts      [partitions]blockPart
	out        datasets.BlockEvidence
}

// blockPart is the block's units in one partition, in canonical order.
type blockPart struct {
	tags             []uint16  // variant, and tagCrossover
	rows             []float64 // one vector after another
	incomplete, null []int64   // by variant
	notBinary        bool
	err              error
	touched          uint64 // see units.touch
}

const tagCrossover = 1 << 15

func (f *fold) blocks(ctx context.Context) ([]datasets.BlockEvidence, error) {
	var out []datasets.BlockEvidence
	b := &block{fold: f}
	for i := range f.query.Blocks {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		b.reset(&f.query.Blocks[i])
		if err := b.gather(); err != nil {
			return nil, err
		}
		b.measure()
		out = append(out, b.out)
	}
	return out, nil
}

// reset turns to another metric.
func (b *block) reset(spec *datasets.Block) {
	b.spec, b.window = spec, math.MinInt64
	b.components = slices.Concat(spec.Parts, spec.Covariates)
	n := len(b.query.Variants)
	b.out = datasets.BlockEvidence{Metric: spec.Metric, Incomplete: make([]int64, n), Null: make([]int64, n)}
	for _, i := range b.components {
		v := b.values[i].value
		b.window = max(b.window, int64(v.Window[1]))
		b.out.Components = append(b.out.Components, v.Name)
	}
}

// gather collects the vectors of the units that count.
func (b *block) gather() error {
	b.each(func(i int) { b.gatherPart(i) })
	for i := range b.parts {
		p := &b.parts[i]
		if p.err != nil {
			return p.err
		}
		if p.notBinary {
			b.out.Failed = "a unit's value is neither 0 nor 1"
		}
		for v := range p.incomplete {
			b.out.Incomplete[v] += p.incomplete[v]
			b.out.Null[v] += p.null[v]
		}
	}
	return nil
}

func (b *block) gatherPart(i int) {
	n := len(b.query.Variants)
	p, u := &b.parts[i], b.enrolment.parts[i].units
	*p = blockPart{tags: p.tags[:0], rows: p.rows[:0], incomplete: make([]int64, n), null: make([]int64, n)}
	for j, at := range b.order[i] {
		if j%touchAhead == 0 {
			p.touched += u.touchRecords(b.order[i][j:min(j+touchAhead, len(b.order[i]))])
		}
		r := u.record(int(at))
		variant := r[wordState] & 0xffff
		if b.asOf != nil && int64(r[wordFirst])+b.window > int64(*b.asOf) {
			p.incomplete[variant]++
			continue
		}
		start := len(p.rows)
		null := false
		for _, c := range b.components {
			x, ok, err := b.valueOf(r, &b.values[c])
			if err != nil {
				p.err = err
				return
			}
			null = null || !ok
			p.rows = append(p.rows, x)
		}
		if null {
			p.rows = p.rows[:start]
			p.null[variant]++
			continue
		}
		if x := p.rows[start]; b.spec.Binary && x != 0 && x != 1 {
			p.notBinary = true
		}
		tag := uint16(variant)
		if r[wordState]&flagCrossover != 0 {
			tag |= tagCrossover
		}
		p.tags = append(p.tags, tag)
	}
}

// valueOf is a unit's number; ok is false when it is null.
func (b *block) valueOf(r []uint64, p *valuePlan) (x float64, ok bool, err error) {
	if p.unless >= 0 && hasBit(r[b.layout.zeroed:], p.unless) {
		return 0, true, nil
	}
	v := p.value
	if p.count >= 0 && r[p.count] == 0 {
		switch v.Nulls {
		case datasets.NullsDrop:
			return 0, false, nil
		case datasets.NullsError:
			return 0, false, &datasets.DataError{File: v.Table, Err: fmt.Errorf("value %q: a unit has no row, and nulls are an error", v.Name)}
		}
		return 0, true, nil
	}
	switch v.Take {
	case datasets.Any:
		if r[p.main] >= uint64(max(1, v.AtLeast)) {
			return 1, true, nil
		}
		return 0, true, nil
	case datasets.Count, datasets.Distinct:
		return float64(r[p.main]), true, nil
	case datasets.Mean:
		return math.Float64frombits(r[p.main]) / float64(r[p.count]), true, nil
	case datasets.First, datasets.Last:
		return math.Float64frombits(r[p.main+1]), true, nil
	default:
		return math.Float64frombits(r[p.main]), true, nil
	}
}

// measure takes the moments.
func (b *block) measure() {
	if b.out.Failed != "" {
		return
	}
	dim := len(b.components)
	b.out.Positive = b.positive(dim)
	if b.spec.Cap != nil {
		b.limit(dim)
		b.out.Uncapped = b.moments(dim, everyone)
		b.cap(dim)
	}
	b.out.Total = b.moments(dim, everyone)
	if b.crossover {
		b.out.WithoutCrossover = b.moments(dim, func(tag uint16, _ []float64) bool { return tag&tagCrossover == 0 })
	}
	if !b.spec.Binary {
		b.out.Top = b.top(dim)
		b.out.WithoutTop = b.moments(dim, func(_ uint16, x []float64) bool { return x[0] <= b.out.Top })
	}
	if err := b.checkFinite(); err != nil {
		b.out = datasets.BlockEvidence{
			Metric: b.out.Metric, Components: b.out.Components, Failed: err.Error(), Incomplete: b.out.Incomplete, Null: b.out.Null,
		}
	}
}

// moments are those of the units that keep lets pass.
func (b *block) moments(dim int, keep func(tag uint16, x []float64) bool) []stats.Moments {
	return b.tallied(func(i int) []tally {
		return tallies(len(b.query.Variants), dim, b.parts[i].tags, b.parts[i].rows, keep)
	})
}

func (b *block) checkFinite() error {
	for _, all := range [][]stats.Moments{b.out.Total, b.out.WithoutCrossover, b.out.Uncapped, b.out.WithoutTop} {
		for _, m := range all {
			for _, x := range slices.Concat(m.Means, m.Cross) {
				if !finite(x) {
					return errors.New("its numbers are too large: a moment is not finite")
				}
			}
		}
	}
	return nil
}
