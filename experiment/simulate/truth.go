package simulate

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"liftgate/datasets"
	"liftgate/experiment"
	"liftgate/stats"
)

// DefaultTruthShoppers makes the error of a truth about a tenth of the sampling error of a run with 100,000 shoppers, and
// a third for what is rare or what a variant changes for nearly everybody it reaches (failed logins, the choice of Amazon
// Pay). Where that is not enough, as in a study of coverage, take some millions: the truth is the same for all seeds.
const DefaultTruthShoppers = 500_000

// Truth computes what an analysis of simulated data should find: expectations over shoppers drawn from the scenario's fixed
// merchants, exposed and with complete windows as the definition has it, at the definition's caps.
//
// It simulates o.TruthShoppers shoppers, spread evenly over the merchants by size, each under every variant with the same luck,
// and measures them by the definition's own conditions, windows and takes. They are other shoppers than those of any
// run, and the same for every seed: the truth belongs to the definition and the scenario.
func Truth(ctx context.Context, d *experiment.Definition, o Options) (*Truths, error) {
	o = o.withDefaults()
	if o.TruthShoppers <= 0 {
		return nil, fmt.Errorf("the truth needs at least one shopper, not %d", o.TruthShoppers)
	}
	w, err := newWorld(d, o.Scenario)
	if err != nil {
		return nil, err
	}
	blocks, err := w.observeAll(ctx, d, o)
	if err != nil {
		return nil, err
	}
	estimands, err := estimandsOf(d)
	if err != nil {
		return nil, err
	}
	t := &Truths{
		Schema: TruthSchema, Experiment: d.Name, Scenario: w.scenario.name, Shoppers: o.TruthShoppers, Note: truthNote,
		IncrementalShare: w.scenario.effect.incremental,
	}
	for _, b := range blocks {
		t.Exposed += b.exposed
	}
	for i, e := range estimands {
		t.Metrics = append(t.Metrics, e.truth(d, gather(blocks, i)))
	}
	return t, nil
}

func estimandsOf(d *experiment.Definition) ([]*estimand, error) {
	tables, err := tablesOf(d)
	if err != nil {
		return nil, err
	}
	out := make([]*estimand, len(d.Metrics))
	for i := range d.Metrics {
		out[i] = newEstimand(tables, &d.Metrics[i])
		if d.Trigger != nil && out[i].reason == "" {
			out[i].reason = "the truth among triggered units is not computed yet"
		}
	}
	return out, nil
}

// truthBlock shoppers are observed together; it is fixed, so that sums do not depend on the number of workers.
const truthBlock = 4096

// observation is what a block of shoppers did.
type observation struct {
	exposed int64
	moments []stats.Moments // by metric: numerator and denominator of each variant
	pairs   [][]float64     // of capped metrics the same, shopper by shopper
	lives   [][]lives       // of quantile metrics, shopper by shopper
}

// gather puts the blocks together for metric i.
func gather(blocks []*observation, i int) *observation {
	all := &observation{moments: make([]stats.Moments, 1), pairs: make([][]float64, 1), lives: make([][]lives, 1)}
	for _, b := range blocks {
		all.moments[0].Merge(&b.moments[i])
		all.pairs[0] = append(all.pairs[0], b.pairs[i]...)
		all.lives[0] = append(all.lives[0], b.lives[i]...)
	}
	return all
}

func (w *world) observeAll(ctx context.Context, d *experiment.Definition, o Options) ([]*observation, error) {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(o.Workers)
	blocks := make([]*observation, (o.TruthShoppers+truthBlock-1)/truthBlock)
	done := atomic.Int64{}
	done.Store(o.Shoppers)
	for b := range blocks {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			estimands, err := estimandsOf(d) // conditions remember, so each block has its own
			if err != nil {
				return err
			}
			from := int64(b) * truthBlock
			to := min(from+truthBlock, o.TruthShoppers)
			blocks[b] = w.observe(estimands, asOf(d), from, to, o.TruthShoppers)
			o.Progress(done.Add(to-from), o.Shoppers+o.TruthShoppers)
			return nil
		})
	}
	return blocks, group.Wait()
}

// asOf is the cut that an analysis makes by default: where the first of the sources ends; nil when none says so.
func asOf(d *experiment.Definition) *datasets.Instant {
	var first *datasets.Instant
	for i := range d.Data.Events {
		at := d.Data.Events[i].CompleteThrough
		if at != nil && usesSource(d, d.Data.Events[i].Name) && (first == nil || *at < *first) {
			first = at
		}
	}
	return first
}

func usesSource(d *experiment.Definition, name string) bool {
	for i := range d.Metrics {
		for _, v := range valuesOf(&d.Metrics[i]) {
			if v.From == name {
				return true
			}
		}
	}
	return false
}

// observe lets the shoppers from number `from` up to `to` of all meet every variant. Which share of the eligible takes
// part is left to hashes and changes no expectation.
func (w *world) observe(estimands []*estimand, asOf *datasets.Instant, from, to, all int64) *observation {
	n := len(estimands)
	o := &observation{moments: make([]stats.Moments, n), pairs: make([][]float64, n), lives: make([][]lives, n)}
	family := fateOf("shoppers of the truth of " + w.scenario.name)
	c := &crowd{market: w.market, shoppers: make([]shopper, 1)}
	lives, same := make([][]row, len(w.effects)), make([]bool, len(w.effects))
	var visits []datasets.Instant
	for i := from; i < to; i++ {
		f := family.child(uint64(i))
		c.shoppers[0] = w.market.newShopper(f, (float64(i)+f.uniform(shopperMerchant))/float64(all))
		s := &c.shoppers[0]
		visits = w.calendar.visits(s, visits[:0])
		if s.exposed = w.calendar.firstExposure(visits); s.exposed == notExposed || !w.gate.Eligible(w.attributes(s)) {
			continue
		}
		o.exposed++
		for v, e := range w.effects {
			c.events = lives[v][:0]
			c.live(0, visits, e)
			lives[v] = c.events
			same[v] = v > 0 && slices.EqualFunc(lives[v], lives[0], sameRow)
		}
		for j, e := range estimands {
			switch {
			case e.reason != "", asOf != nil && s.exposed.Add(e.open) > *asOf:
			case e.metric.Type == experiment.Quantile:
				o.list(j, e, c, lives, same)
			default:
				o.add(j, e, c, lives, same)
			}
		}
	}
	return o
}

// add measures one shopper's lives. A life that is the same as the first is not measured again.
func (o *observation) add(j int, e *estimand, c *crowd, lives [][]row, same []bool) {
	pairs := make([]float64, 0, 2*len(lives))
	for v := range lives {
		if same[v] {
			pairs = append(pairs, pairs[0], pairs[1])
			continue
		}
		c.events = lives[v]
		n, d := e.pair(c, c.shoppers[0].exposed)
		pairs = append(pairs, n, d)
	}
	if e.metric.Cap != nil {
		o.pairs[j] = append(o.pairs[j], pairs...)
		return
	}
	o.moments[j].Add(pairs...)
}
