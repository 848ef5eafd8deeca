package calibration

import (
	"context"
	"slices"

	"liftgate/datasets"
	"liftgate/stats"
)

// dealer deals units out to the variants, some splits at a time.
type dealer interface {
	// deal prepares splits from the first one on.
	deal(ctx context.Context, first, splits, workers int, done func()) error
	// evidence is that of one of them; it may be asked for concurrently.
	evidence(split int) (*datasets.Evidence, error)
}

// shoppers are dealt out one by one.
type shoppers struct {
	deck

	population *population
	blocks     []shopperBlock
	first      int
	hands      *hands
}

// shopperBlock says where the numbers of a block are found. What does not apply is nil or negative.
type shopperBlock struct {
	skip       bool     // nothing of it is asked for
	units      int      // of deck.counted: its units
	ones       int      // of deck.counted: units with a success
	vectors    int      // of deck.vectors
	above      int      // of deck.counted: units above the top
	aboveParts int      // of deck.vectors
	quantile   *ordered // in place of all
}

func newShoppers(p *population, o Options) *shoppers {
	q := p.query()
	s := &shoppers{population: p}
	s.seed, s.units = o.Seed, len(p.units)
	s.chances = p.chances()
	order := p.order()
	everyone := newCounted(s.units)
	for i := range s.units {
		everyone.set(i)
	}
	s.count(everyone)
	for b := range q.Blocks {
		s.blocks = append(s.blocks, s.newBlock(b, order, everyone))
	}
	return s
}

func (s *shoppers) newBlock(b int, order []int32, everyone counted) shopperBlock {
	p := s.population
	block, values, ev := &p.query().Blocks[b], &p.values.Blocks[b], &p.values.Evidence.Blocks[b]
	out := shopperBlock{units: 0, ones: -1, vectors: -1, above: -1, aboveParts: -1}
	if !p.wanted[b] {
		out.skip = true
		return out
	}
	present := everyone
	if values.Absent != nil {
		present = newCounted(len(order))
		for i, unit := range order {
			if !values.Absent[unit] {
				present.set(i)
			}
		}
		out.units = s.count(present)
	}
	if block.Quantile != nil {
		out.quantile = p.ordered(b, order)
		return out
	}
	columns := make([][]float64, len(values.Columns))
	for c := range columns {
		columns[c] = pick(values.Columns[c], order)
	}
	if block.Binary && len(block.Covariates) == 0 {
		ones := newCounted(len(order))
		each(present, func(unit int) {
			if columns[0][unit] != 0 {
				ones.set(unit)
			}
		})
		out.ones = s.count(ones)
		return out
	}
	out.vectors = s.sum(newVectors(block, columns, present))
	if !block.Binary {
		s.addTop(&out, present, ev.Top)
	}
	return out
}

// addTop takes in the units above a block's top.
func (s *shoppers) addTop(out *shopperBlock, present counted, top float64) {
	all := s.vectors[out.vectors]
	above := newCounted(s.units)
	each(present, func(unit int) {
		if all.columns[0][unit] > top {
			above.set(unit)
		}
	})
	parts := &vectors{powers: all.powers, columns: all.columns, active: above}
	parts.thirds = 0
	out.above, out.aboveParts = s.count(above), s.sum(parts)
}

func (s *shoppers) count(c counted) int {
	s.counted, s.totals = append(s.counted, c), append(s.totals, c.total())
	return len(s.counted) - 1
}

func (s *shoppers) sum(v *vectors) int {
	s.vectors = append(s.vectors, v)
	return len(s.vectors) - 1
}

func pick(column []float64, units []int32) []float64 {
	out := make([]float64, len(units))
	for i, unit := range units {
		out[i] = column[unit]
	}
	return out
}

func (s *shoppers) deal(ctx context.Context, first, splits, workers int, done func()) (err error) {
	s.first = first
	s.hands, err = s.deck.deal(ctx, first, splits, workers, done)
	return err
}

func (s *shoppers) evidence(split int) (*datasets.Evidence, error) {
	ev := s.population.blank()
	at := split - s.first
	ev.Exposure.Units = s.counts(0, at)
	var dealt []int
	for b := range s.blocks {
		from, to := &s.blocks[b], &ev.Blocks[b]
		switch {
		case from.skip:
		case from.quantile != nil:
			if dealt == nil {
				dealt = s.variants(split)
			}
			to.Quantiles = from.quantile.summaries(dealt, len(ev.Variants))
		case from.ones >= 0:
			to.Total = binaries(s.counts(from.units, at), s.counts(from.ones, at))
		default:
			s.moments(from, to, at)
		}
	}
	return ev, nil
}

func (s *shoppers) moments(from *shopperBlock, to *datasets.BlockEvidence, at int) {
	all := s.vectors[from.vectors]
	n, sums := s.counts(from.units, at), s.sums(from.vectors, at)
	to.Total, to.Skewness = make([]stats.Moments, len(n)), make([]float64, len(n))
	for v := range n {
		to.Total[v], to.Skewness[v] = all.moments(n[v], sums[v]), all.skewness(n[v], sums[v])
	}
	if from.above < 0 {
		return
	}
	over, overSums := s.counts(from.above, at), s.sums(from.aboveParts, at)
	to.WithoutTop = make([]stats.Moments, len(n))
	for v := range n {
		for k, x := range overSums[v] {
			sums[v][k] -= x
		}
		to.WithoutTop[v] = all.moments(n[v]-over[v], sums[v])
	}
}

// counts are those of a split by variant.
func (s *shoppers) counts(counted, at int) []int64 {
	out := make([]int64, len(s.chances)+1)
	left := s.deck.totals[counted]
	for t, v := range s.population.treatments {
		out[v] = s.hands.count[counted][t][at]
		left -= out[v]
	}
	out[s.population.control] = left
	return out
}

// sums are those of a split by variant.
func (s *shoppers) sums(vectors, at int) [][]float64 {
	out := make([][]float64, len(s.chances)+1)
	left := slices.Clone(s.hands.whole[vectors])
	for t, v := range s.population.treatments {
		out[v] = make([]float64, len(left))
		for k, sums := range s.hands.sums[vectors][t] {
			out[v][k] = sums[at]
			left[k] -= sums[at]
		}
	}
	out[s.population.control] = left
	return out
}

// variants are those of all units in a split.
func (s *shoppers) variants(split int) []int {
	places := append(slices.Clone(s.population.treatments), s.population.control)
	out := make([]int, s.units)
	for i, t := range s.dealt(split) {
		out[i] = places[t]
	}
	return out
}

// binaries are the moments of zeros and ones by variant.
func binaries(units, ones []int64) []stats.Moments {
	out := make([]stats.Moments, len(units))
	for v, n := range units {
		out[v] = zeroOnes(n, ones[v])
	}
	return out
}

func zeroOnes(n, ones int64) stats.Moments {
	if n == 0 {
		return stats.Moments{}
	}
	p := float64(ones) / float64(n)
	return stats.Moments{N: n, Means: []float64{p}, Cross: []float64{float64(ones) * (1 - p)}}
}
