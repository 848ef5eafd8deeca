package simulate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"liftgate/experiment"
)

// Options of a run. The zero value of a field is its default, except for Dir and Shoppers, which are required.
type Options struct {
	Dir           string // where the definition's relative paths start
	Shoppers      int64  // shoppers in the population; about three in five visit while enrolment is open
	Seed          uint64
	Scenario      string // one of Scenarios; "": DefaultScenario
	Workers       int    // 0: one for each processor
	TruthShoppers int64  // shoppers that Truth simulates under every variant; 0: no truth (see DefaultTruthShoppers)

	// Progress is told how many shoppers are done, of Shoppers and TruthShoppers together. It may be called from several
	// goroutines.
	Progress func(done, total int64)
}

// Report says what a run wrote.
type Report struct {
	Scenario   string
	Shoppers   int64
	Exposed    []int64  // exposed shoppers by variant of the definition
	Exposures  int64    // rows
	Events     int64    // rows of the stream, whether one or several sources got them
	Files      []string // below Dir, in order
	Definition string   // path of the definition in Dir
	Truth      *Truths  // nil when it was not asked for
}

// Run simulates the traffic of an experiment and writes it to the places that the definition names, with a copy of the
// definition (definition.yaml, unless Dir has one) and the true effects (truth.json). It replaces no data: a file in the
// way is an error. A run that fails or is interrupted while it makes the data leaves nothing behind but folders.
//
// With a design the market's merchants are the list that it assigns: they are written to ListName, and the design's record where the
// definition has it.
//
// It fails for definitions that data cannot be simulated for: unit tables, formats other than Parquet, paths outside Dir, unknown
// attributes, and designs that cannot be drawn.
func Run(ctx context.Context, d *experiment.Definition, o Options) (*Report, error) {
	o = o.withDefaults()
	w, err := newWorld(d, o.Scenario)
	if err != nil {
		return nil, err
	}
	s, err := newStore(d, o)
	if err != nil {
		return nil, err
	}
	report := &Report{Scenario: w.scenario.name, Shoppers: o.Shoppers, Exposed: make([]int64, len(d.Variants))}
	if err := w.draw(ctx, d, o.Dir); err != nil {
		return nil, err
	}
	if err := s.fill(ctx, w, o, report); err != nil {
		return nil, errors.Join(err, s.discard())
	}
	if o.TruthShoppers > 0 {
		if report.Truth, err = Truth(ctx, d, o); err != nil {
			return nil, errors.Join(err, s.discard())
		}
	}
	if report.Files, err = s.commit(); err != nil {
		return nil, err
	}
	listed, err := w.writeDesign(d, o.Dir)
	if err != nil {
		return nil, err
	}
	report.Files = append(report.Files, listed...)
	report.Definition = filepath.Join(o.Dir, "definition.yaml")
	return report, writeBeside(d, o.Dir, report.Truth)
}

func (o Options) withDefaults() Options {
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Progress == nil {
		o.Progress = func(int64, int64) {}
	}
	return o
}

// writeBeside writes what explains the data.
func writeBeside(d *experiment.Definition, dir string, t *Truths) error {
	path := filepath.Join(dir, "definition.yaml")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := os.WriteFile(path, d.Source, 0o644); err != nil {
			return err
		}
	}
	if t == nil {
		return nil
	}
	text, err := json.MarshalIndent(t, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "truth.json"), append(text, '\n'), 0o644)
}

// chunkShoppers are made and written together. It is fixed, because the split of a log into parts must not depend on the
// machine.
const chunkShoppers = 16_380

// fill makes all shoppers, chunk by chunk, and writes what they do.
func (s *store) fill(ctx context.Context, w *world, o Options, report *Report) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(o.Workers)
	family := familyOf(o.Seed)
	var done, exposures, events atomic.Int64
	exposed := make([]atomic.Int64, len(report.Exposed))
	for i := range s.chunks {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			from := min(int64(i)*chunkShoppers, o.Shoppers)
			c := w.crowd(family, from, min(from+chunkShoppers, o.Shoppers))
			if err := s.write(ctx, i, c); err != nil {
				return err
			}
			for j := range c.shoppers {
				if v := c.shoppers[j].variant; v != noVariant {
					exposed[v].Add(1)
				}
			}
			exposures.Add(int64(len(c.exposures)))
			events.Add(int64(len(c.events)))
			o.Progress(done.Add(int64(len(c.shoppers))), o.Shoppers+o.TruthShoppers)
			return nil
		})
	}
	err := group.Wait()
	for v := range exposed {
		report.Exposed[v] = exposed[v].Load()
	}
	report.Exposures, report.Events = exposures.Load(), events.Load()
	return err
}

func chunksOf(shoppers int64) int { return int((shoppers + chunkShoppers - 1) / chunkShoppers) }

func checkSize(o Options) error {
	if o.Shoppers <= 0 {
		return fmt.Errorf("simulate needs at least one shopper, not %d", o.Shoppers)
	}
	if o.Dir == "" {
		return fmt.Errorf("simulate needs a folder to write to")
	}
	return nil
}
