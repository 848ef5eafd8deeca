package main

import (
	"context"
	"errors"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"liftgate/datasets/columnar"
	"liftgate/experiment"
	"liftgate/experiment/analysis"
	"liftgate/experiment/planning"
	"liftgate/experiment/report"
)

type planOptions struct {
	file      string
	noData    bool
	baselines []string
	perDay    float64
	merchants float64
	icc       float64
	workers   int
	format    string
	out       string

	given func(option string) bool
}

const planHelp = `Says how many units and days every metric that decides needs, what the schedule can show, and what the most
expensive guardrail costs. Error rates and power are those of the decision, all guardrails together.

A plan needs each metric's level, of a mean or ratio also the standard deviation of one unit, and how many
units enter a day. --baseline, --units-per-day and the definition (baseline:) give them. What they leave
open is measured in the definition's data: the same metrics in the time before the exposure, with the same
methods as the analysis. Where merchants are randomised, it also needs their number and the correlation of
shoppers of one merchant (icc).`

func planCommand(c *console) *cli.Command {
	var o planOptions
	return &cli.Command{
		Name:        "plan",
		Usage:       "sample size, detectable effect and days, for every metric that decides",
		ArgsUsage:   "FILE",
		Description: planHelp,
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "baseline", Usage: "a metric's level and standard deviation, `M=L,SD`"},
			&cli.Float64Flag{Name: "units-per-day", Usage: "`N` units enter a day, all variants together", Destination: &o.perDay, DefaultText: "as measured"},
			&cli.Float64Flag{Name: "merchants", Usage: "`N` merchants take part, all variants together", Destination: &o.merchants, DefaultText: "as measured"},
			&cli.Float64Flag{Name: "icc", Usage: "correlation `R` of shoppers of one merchant", Destination: &o.icc, DefaultText: "as measured"},
			&cli.BoolFlag{Name: "no-data", Usage: "never read data", Destination: &o.noData},
			&cli.IntFlag{Name: "workers", Usage: "read with `N` workers", Destination: &o.workers, DefaultText: "one a processor"},
			&cli.StringFlag{Name: "format", Usage: "print a table, markdown, json or html `FORMAT`", Value: "table", Destination: &o.format},
			&cli.StringFlag{Name: "out", Usage: "write to `FILE` instead of stdout", Destination: &o.out},
			quietFlag(c),
		},
		Action: func(ctx *cli.Context) (err error) {
			if o.file, err = one(ctx, "FILE"); err != nil {
				return err
			}
			o.baselines = ctx.StringSlice("baseline")
			o.given = ctx.IsSet
			return writePlan(ctx.Context, c, o)
		},
	}
}

func writePlan(ctx context.Context, c *console, o planOptions) error {
	format, err := pick("--format", o.format, planning.Formats...)
	if err != nil {
		return err
	}
	def, err := load(o.file)
	if err != nil {
		return err
	}
	basis, err := o.basis(def)
	if err != nil {
		return err
	}
	plan, err := o.plan(ctx, c, def, basis)
	if err != nil {
		return err
	}
	width := c.width()
	write := func(w io.Writer) error {
		return plan.Write(w, format, planning.Options{Width: width, Style: report.PageStyle()})
	}
	if o.out != "" {
		width = 0
		return writeFile(o.out, write)
	}
	return write(c.stdout)
}

// plan takes what is not given from the data. Without data, what is given must do, and every gap is a problem.
func (o *planOptions) plan(ctx context.Context, c *console, d *experiment.Definition, given planning.Basis) (*planning.Plan, error) {
	if metrics, traffic := given.Lacks(d); o.noData || len(metrics) == 0 && !traffic {
		return planning.New(d, given)
	}
	measured, err := observeBefore(ctx, c, d, o.workers)
	var noData, gaps experiment.Problems
	if !errors.As(err, &noData) {
		if err != nil {
			return nil, err
		}
		return planning.New(d, given.Over(measured))
	}
	plan, err := planning.New(d, given)
	switch {
	case errors.As(err, &gaps):
		return nil, append(gaps, noData...).Sorted()
	case err == nil:
		c.note("no data to measure how many units enter a day: give --units-per-day N")
	}
	return plan, err
}

// observeBefore measures the metrics in the time before the exposure.
func observeBefore(ctx context.Context, c *console, d *experiment.Definition, workers int) (planning.Basis, error) {
	bar := c.progress()
	defer bar.end()
	source, err := new(memoryOptions).source(c, bar, "", columnar.Options{Workers: workers})
	if err != nil {
		return planning.Basis{}, err
	}
	before := planning.Before(d)
	study, err := analysis.Bind(ctx, before, source, analysis.Options{})
	if err != nil {
		return planning.Basis{}, err
	}
	ev, err := source.Observe(ctx, &study.Query)
	if err != nil {
		return planning.Basis{}, err
	}
	res, err := study.Infer(ev, analysis.Stamp{Engine: engine})
	if err != nil {
		return planning.Basis{}, err
	}
	return planning.Learn(before, res, ev), nil
}

// basis is what the options give.
func (o *planOptions) basis(d *experiment.Definition) (planning.Basis, error) {
	if err := o.check(d); err != nil {
		return planning.Basis{}, err
	}
	b := planning.Basis{Metrics: map[string]planning.Baseline{}, UnitsPerDay: o.perDay, Merchants: o.merchants}
	if o.given("icc") {
		b.ICC = &o.icc
	}
	var names []string
	for _, m := range d.Metrics {
		names = append(names, m.Name)
	}
	for _, text := range o.baselines {
		name, numbers, _ := strings.Cut(text, "=")
		if !slices.Contains(names, name) {
			return planning.Basis{}, unknown("metric of --baseline", name, names)
		}
		baseline, err := readBaseline(text, numbers)
		if err == nil {
			err = fits(baseline, d.Metrics[slices.Index(names, name)], text)
		}
		if err != nil {
			return planning.Basis{}, err
		}
		b.Metrics[name] = baseline
	}
	return b, nil
}

// check says which number is not one that a plan could use.
func (o *planOptions) check(d *experiment.Definition) error {
	counts := []struct {
		option string
		n      float64
	}{{"units-per-day", o.perDay}, {"merchants", o.merchants}}
	for _, c := range counts {
		if o.given(c.option) && !(c.n >= 0.001 && c.n <= 1e12) { // beyond, days are no longer a time
			return usagef("--%s lies between 0.001 and 1e12, it cannot be %v", c.option, c.n)
		}
	}
	if !(o.icc >= 0 && o.icc <= 1) {
		return usagef("--icc lies between 0 and 1, it cannot be %v", o.icc)
	}
	if d.Unit != experiment.Merchant && (o.given("merchants") || o.given("icc")) {
		return usagef("--merchants and --icc are for experiments that randomise merchants; %s randomises shoppers", d.Name)
	}
	return nil
}

// fits says when a baseline cannot be that of its metric.
func fits(b planning.Baseline, m experiment.Metric, text string) error {
	rate := m.Type == experiment.Proportion || m.Type == experiment.DelayedRate
	switch {
	case rate && !(b.Level > 0 && b.Level < 1):
		return usagef("--baseline %s: the level of a %s lies between 0 and 1, or 0%% and 100%%", text, m.Type)
	case m.Type == experiment.Proportion && b.SD > 0:
		return usagef("--baseline %s: the standard deviation of a proportion follows from its level, give the level alone", text)
	}
	return nil
}

// readBaseline reads LEVEL or LEVEL,SD; a number may be a percentage.
func readBaseline(text, numbers string) (planning.Baseline, error) {
	b := planning.Baseline{Source: "given by hand", Given: true}
	level, sd, hasSD := strings.Cut(numbers, ",")
	var err, errSD error
	b.Level, err = readNumber(level)
	if hasSD {
		b.SD, errSD = readNumber(sd)
	}
	if errors.Join(err, errSD) != nil || b.SD < 0 || hasSD && b.SD == 0 {
		return planning.Baseline{}, usagef("--baseline is NAME=LEVEL or NAME=LEVEL,SD, such as checkout_conversion=42%% or captured_value=37,95, not %s", text)
	}
	return b, nil
}

func readNumber(text string) (float64, error) {
	digits, percent := strings.CutSuffix(strings.TrimSpace(text), "%")
	x, err := strconv.ParseFloat(digits, 64)
	if err == nil && (math.IsNaN(x) || math.IsInf(x, 0)) {
		err = strconv.ErrRange
	}
	if percent {
		x /= 100
	}
	return x, err
}
