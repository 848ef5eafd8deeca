package calibration

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"liftgate/datasets"
	"liftgate/experiment"
	"liftgate/experiment/analysis"
	"liftgate/experiment/result"
)

// Options of a calibration. The zero value deals everyone out a thousand times.
type Options struct {
	Splits     int    // 0: DefaultSplits
	Seed       uint64 // the same seed gives the same splits, however many
	Population Population
	Workers    int // 0: GOMAXPROCS. They do not change the answer
	// Progress is told how far the calibration is; calls do not overlap. Nil: nobody.
	Progress func(done, total int64)
	Engine   string // name and version, for the record
}

// DefaultSplits are enough to tell 5 % from 7 %.
const DefaultSplits = 1000

const (
	chunk = 1024 // splits that are dealt out together
	round = 100  // of them judged before looking whether to go on
	// enough is how many splits of a metric are decided by repeating the assignment before no more are tried: its p-value is exact for whatever
	// values, by the very symmetry that makes splits, so that more of them would find nothing but mistakes in the program.
	enough = 100
)

// Run deals the units of a study out and says how its methods did. It fails with the context's error when that ends first, and where there is
// nothing to deal out.
func Run(ctx context.Context, study *analysis.Study, values *datasets.UnitValues, o Options) (*Calibration, error) {
	if o.Splits < 0 {
		return nil, fmt.Errorf("%d splits: there must be at least one", o.Splits)
	}
	if o.Splits == 0 {
		o.Splits = DefaultSplits
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Population == "" {
		o.Population = Everyone
	}
	if o.Population != Everyone && o.Population != Control {
		return nil, fmt.Errorf("no population %q", o.Population)
	}
	p, err := newPopulation(study, values, o.Population)
	if err != nil {
		return nil, err
	}
	c := &campaign{study: study, population: p, options: o}
	c.prepare()
	if err := c.run(ctx); err != nil {
		return nil, err
	}
	return c.calibration(), nil
}

// campaign is one calibration.
type campaign struct {
	study      *analysis.Study
	population *population
	options    Options
	dealer     dealer
	metrics    []subject
	sheets     []*sheet

	telling sync.Mutex // of progress
	done    int64
}

// subject is a metric of the definition.
type subject struct {
	block  int
	reason string // why nothing is asked; empty when something is
	harm   *harm
	noHarm string // why a guardrail's margin is not tried
}

// prepare finds what can be asked.
func (c *campaign) prepare() {
	d := c.study.Definition
	for i := range d.Metrics {
		s := c.subject(i)
		if s.reason == "" {
			c.population.wanted[s.block] = true
		}
		c.metrics = append(c.metrics, s)
	}
	if c.study.Query.Clustered {
		c.dealer = newMerchants(c.population, c.options)
	} else {
		c.dealer = newShoppers(c.population, c.options)
	}
	for i := range d.Metrics {
		c.metrics[i].prepareHarm(c.population, &d.Metrics[i])
	}
}

func (c *campaign) subject(i int) subject {
	trial, values := c.population.trial, c.population.values
	status, reason := trial.Status(i)
	b, ok := trial.Block(i)
	s := subject{block: b}
	switch {
	case !ok || status == result.Failed || status == result.NoData:
		s.reason = reason
	case values.Evidence.Blocks[b].Failed != "":
		s.reason = values.Evidence.Blocks[b].Failed
	case c.population.size(b) == 0:
		s.reason = "no unit counts in this metric: windows are open, or values are missing"
	case len(values.Blocks[b].Columns) > maxDim:
		s.reason = fmt.Sprintf("%d numbers a unit are more than can be dealt out together", len(values.Blocks[b].Columns))
	}
	return s
}

// prepareHarm sees whether a guardrail's margin can be tried.
func (s *subject) prepareHarm(p *population, m *experiment.Metric) {
	if s.reason != "" || m.Role != experiment.Guardrail {
		return
	}
	if m.Margin == nil {
		s.noHarm = "it has no margin, so it can never pass"
		return
	}
	h, ok := newHarm(m, &p.query().Blocks[s.block], p.level(s.block))
	if !ok {
		s.noHarm = "no treatment can be as bad as the margin at this level, so it is not tried"
		return
	}
	s.harm = &h
}

func (c *campaign) run(ctx context.Context) error {
	asked := make([]bool, len(c.metrics))
	any := false
	for m := range asked {
		asked[m] = c.metrics[m].reason == ""
		any = any || asked[m]
	}
	if !any {
		return errors.Join(errNothing, errors.New(c.metrics[0].reason))
	}
	repeated := make([]int, len(c.metrics))
	for first := 0; first < c.options.Splits; first += chunk {
		splits := min(chunk, c.options.Splits-first)
		if err := c.dealer.deal(ctx, first, splits, c.options.Workers, func() { c.step(int64(splits) / stripes) }); err != nil {
			return err
		}
		for from := first; from < first+splits; from += round {
			to := min(from+round, first+splits)
			if err := c.judgeAll(ctx, from, to, asked); err != nil {
				return err
			}
			c.tire(from, asked, repeated)
		}
	}
	return nil
}

var errNothing = errors.New("no metric can be calibrated")

// judgeAll judges some splits side by side.
func (c *campaign) judgeAll(ctx context.Context, from, to int, asked []bool) error {
	checks := true
	for m := range asked {
		checks = checks && (asked[m] || c.metrics[m].reason != "")
	}
	sheets := make([]*sheet, to-from)
	var next atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	for range min(c.options.Workers, len(sheets)) {
		g.Go(func() error {
			for i := int(next.Add(1) - 1); i < len(sheets); i = int(next.Add(1) - 1) {
				if err := ctx.Err(); err != nil {
					return err
				}
				var err error
				if sheets[i], err = c.judge(from+i, asked, checks); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	c.sheets = append(c.sheets, sheets...)
	c.step(int64(len(sheets)))
	return nil
}

// tire stops asking for metrics that were decided by repeating the assignment often enough.
func (c *campaign) tire(from int, asked []bool, repeated []int) {
	for m := range asked {
		for _, s := range c.sheets[from:] {
			if asked[m] && s.repeats(m) {
				repeated[m]++
			}
		}
		asked[m] = asked[m] && repeated[m] < enough
	}
}

func (c *campaign) step(n int64) {
	if c.options.Progress == nil {
		return
	}
	c.telling.Lock()
	defer c.telling.Unlock()
	c.done += n
	c.options.Progress(c.done, 2*int64(c.options.Splits))
}

// calibration puts together what was found.
func (c *campaign) calibration() *Calibration {
	d, p := c.study.Definition, c.population
	sum := sha256.Sum256(d.Source)
	out := &Calibration{
		Schema: SchemaV1, Experiment: d.Name, Title: d.Title, DefinitionSHA256: hex.EncodeToString(sum[:]), Engine: c.options.Engine,
		Unit: string(d.Unit), Population: c.options.Population, Units: int64(len(p.units)), AnalysisUnits: int64(len(p.units)),
		Splits: c.options.Splits, Seed: c.options.Seed,
	}
	if p.clusters != nil {
		out.Units = int64(len(p.clusters))
	}
	if p.values.Evidence.AsOf != nil {
		at := p.values.Evidence.AsOf.String()
		out.AsOf = &at
	}
	for m := range d.Metrics {
		out.Metrics = append(out.Metrics, c.metric(m))
	}
	out.Checks, out.Scorecard = c.checks(), c.scorecard()
	return out
}
