package calibration

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"liftgate/datasets"
	"liftgate/stats"
)

// merchants are dealt out whole, with all their shoppers: by the weights, or, where a design assigned them, within its blocks.
type merchants struct {
	population *population
	seed       uint64
	chances    chances
	exposed    []datasets.Cluster // those dealt out
	unexposed  []datasets.Cluster // on the list of a design, without shoppers
	blocks     []merchantBlock
}

// merchantBlock is a block by merchant. What does not apply is nil.
type merchantBlock struct {
	powers
	n          []int64
	sums       [][]float64
	total      []stats.Moments
	withoutTop []stats.Moments
	quantile   *ordered
}

func newMerchants(p *population, o Options) *merchants {
	q, ev := p.query(), p.values.Evidence
	m := &merchants{population: p, seed: o.Seed, chances: p.chances(), blocks: make([]merchantBlock, len(q.Blocks))}
	for _, c := range p.clusters {
		m.exposed = append(m.exposed, ev.Exposure.Clusters[c])
	}
	if q.Roster != nil {
		m.unexposed = ev.Exposure.Unexposed
	}
	place := p.places(p.units)
	for b := range q.Blocks {
		switch {
		case !p.wanted[b]:
		case q.Blocks[b].Quantile != nil:
			m.blocks[b].quantile = p.ordered(b, p.units)
		default:
			m.blocks[b] = m.newBlock(b, place)
		}
	}
	return m
}

func (m *merchants) newBlock(b int, place []int32) merchantBlock {
	p := m.population
	block, values, own := &p.query().Blocks[b], &p.values.Blocks[b], p.values.Evidence.Blocks[b].Clusters
	columns := make([][]float64, len(values.Columns))
	present := newCounted(len(p.units))
	for i, unit := range p.units {
		if values.Has(int(unit)) {
			present.set(i)
		}
	}
	for c := range columns {
		columns[c] = pick(values.Columns[c], p.units)
	}
	v := newVectors(block, columns, present)
	out := merchantBlock{powers: v.powers, n: make([]int64, len(m.exposed)), sums: make([][]float64, len(m.exposed))}
	for i := range out.sums {
		out.sums[i] = make([]float64, v.width())
	}
	var x [maxDim]float64
	var one [maxWidth]float64
	each(present, func(unit int) {
		at := place[p.units[unit]]
		for c := range columns {
			x[c] = columns[c][unit] - v.center[c]
		}
		v.of(x[:v.dim], one[:])
		out.n[at]++
		for k := range out.sums[at] {
			out.sums[at][k] += one[k]
		}
	})
	for _, c := range p.clusters {
		out.total = append(out.total, own.Total[c])
		if own.WithoutTop != nil {
			out.withoutTop = append(out.withoutTop, own.WithoutTop[c])
		}
	}
	return out
}

// deal has nothing to prepare: splits are dealt when they are asked for.
func (m *merchants) deal(ctx context.Context, _, _, _ int, done func()) error {
	for range stripes {
		done()
	}
	return ctx.Err()
}

func (m *merchants) evidence(split int) (*datasets.Evidence, error) {
	ev, dealt, err := m.assign(split)
	if err != nil {
		return nil, err
	}
	for b := range m.blocks {
		from, to := &m.blocks[b], &ev.Blocks[b]
		switch {
		case from.quantile != nil:
			to.Quantiles = from.quantile.summaries(dealt, len(ev.Variants))
		case from.total != nil:
			from.fill(to, dealt, len(ev.Variants))
		}
	}
	return ev, nil
}

func (b *merchantBlock) fill(to *datasets.BlockEvidence, dealt []int, variants int) {
	n, sums := make([]int64, variants), make([][]float64, variants)
	for v := range sums {
		sums[v] = make([]float64, b.width())
	}
	to.Clusters = &datasets.ClusterMoments{Total: slices.Clone(b.total), WithoutTop: b.withoutTop}
	if b.withoutTop != nil {
		to.WithoutTop = make([]stats.Moments, variants)
	}
	for i, v := range dealt {
		n[v] += b.n[i]
		for k, x := range b.sums[i] {
			sums[v][k] += x
		}
		if b.withoutTop != nil {
			to.WithoutTop[v].Merge(&b.withoutTop[i])
		}
	}
	for v := range variants {
		to.Total = append(to.Total, b.moments(n[v], sums[v]))
		to.Skewness = append(to.Skewness, b.skewness(n[v], sums[v]))
	}
}

// maxTries is how often a design that draws again until it is balanced is drawn for one split.
const maxTries = 100_000

// assign deals the merchants out.
func (m *merchants) assign(split int) (*datasets.Evidence, []int, error) {
	ev := m.population.blank()
	ev.Exposure.Clusters, ev.Exposure.Unexposed = slices.Clone(m.exposed), slices.Clone(m.unexposed)
	source := chance(m.seed, split, dealMerchants, 0)
	for range maxTries {
		m.draw(source, &ev.Exposure)
		trial, err := m.population.study.NewTrial(ev)
		if err != nil {
			return nil, nil, err
		}
		balanced, err := trial.Balanced()
		if err != nil {
			return nil, nil, err
		}
		if balanced {
			dealt := make([]int, len(m.exposed))
			for i, c := range ev.Exposure.Clusters {
				dealt[i] = c.Variant
				ev.Exposure.Units[c.Variant]++
			}
			return ev, dealt, nil
		}
	}
	return nil, nil, errUnbalanced
}

var errUnbalanced = errors.New("none of " + fmt.Sprint(maxTries) + " draws was as balanced as the design accepts; see what its threshold asks for")

// draw gives every merchant a variant. Blocks of a design keep their numbers.
func (m *merchants) draw(source *rand.ChaCha8, x *datasets.Exposure) {
	x.Units = make([]int64, len(m.population.query().Variants))
	variants := append(slices.Clone(m.population.treatments), m.population.control)
	blocks := map[int][]*datasets.Cluster{}
	var names []int
	for _, list := range [][]datasets.Cluster{x.Clusters, x.Unexposed} {
		for i := range list {
			c := &list[i]
			if m.population.query().Roster == nil || c.Block < 0 {
				c.Variant = variants[m.chances.one(source)]
				continue
			}
			if blocks[c.Block] == nil {
				names = append(names, c.Block)
			}
			blocks[c.Block] = append(blocks[c.Block], c)
		}
	}
	r := rand.New(source)
	for _, name := range names {
		block := blocks[name]
		r.Shuffle(len(block), func(i, j int) { block[i].Variant, block[j].Variant = block[j].Variant, block[i].Variant })
	}
}
