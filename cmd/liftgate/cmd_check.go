package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"liftgate/datasets"
	"liftgate/datasets/columnar"
	"liftgate/experiment"
	"liftgate/experiment/analysis"
)

type checkOptions struct {
	files  []string
	noData bool
}

const checkHelp = `Finds every problem of each definition at once, with line, column and what to write instead, and compares
it with the columns that its data really have. No rows are read. A definition without problems gets "ok"
and a summary of what it says and what its data hold.`

func checkCommand(c *console) *cli.Command {
	var o checkOptions
	return &cli.Command{
		Name:        "check",
		Usage:       "every problem of a definition, with line and column",
		ArgsUsage:   "FILE...",
		Description: checkHelp,
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "no-data", Usage: "look at the definition only", Destination: &o.noData},
		},
		Action: func(ctx *cli.Context) error {
			if o.files = ctx.Args().Slice(); len(o.files) == 0 {
				return usagef("check needs FILE...; see liftgate check --help")
			}
			return check(ctx.Context, c, o)
		},
	}
}

func check(ctx context.Context, c *console, o checkOptions) error {
	var failures []error
	for _, file := range o.files {
		summary, err := checkOne(ctx, file, o.noData)
		if err != nil {
			failures = append(failures, err)
			continue
		}
		fmt.Fprintf(c.stdout, "%s: ok\n%s", file, summary)
	}
	return errors.Join(failures...)
}

// checkOne returns a summary of a definition without problems.
func checkOne(ctx context.Context, file string, noData bool) (string, error) {
	def, err := load(file)
	if err != nil {
		return "", err
	}
	if noData {
		return describeDefinition(def), nil
	}
	source := columnar.New(columnar.Options{})
	study, err := analysis.Bind(ctx, def, source, analysis.Options{})
	if err != nil {
		return "", err
	}
	data, err := describeData(ctx, source, &study.Query)
	return describeDefinition(def) + data, err
}

func describeDefinition(d *experiment.Definition) string {
	var treatments []string
	for _, v := range d.Variants {
		if v.Name != d.Control {
			treatments = append(treatments, v.Name)
		}
	}
	counts := map[experiment.Role]int{}
	for _, m := range d.Metrics {
		counts[m.Role]++
	}
	var roles []string
	for _, r := range []experiment.Role{
		experiment.Success, experiment.Guardrail, experiment.Deterioration, experiment.Quality, experiment.Supporting,
	} {
		if counts[r] > 0 {
			roles = append(roles, fmt.Sprintf("%d %s", counts[r], r))
		}
	}
	return fmt.Sprintf("  %s: %s against %s, by %s\n  metrics: %s\n",
		d.Name, strings.Join(treatments, ", "), d.Control, d.Unit, strings.Join(roles, ", "))
}

// describeData says how much data each table has, without reading rows.
func describeData(ctx context.Context, source *columnar.Source, q *datasets.Query) (string, error) {
	var b strings.Builder
	for _, t := range tables(q) {
		columns, err := source.Schema(ctx, t)
		if err != nil {
			return "", err
		}
		files, size, err := measure(ctx, source, t)
		if err != nil {
			return "", err
		}
		names := make([]string, len(columns))
		for i, col := range columns {
			names[i] = col.Name
		}
		fmt.Fprintf(&b, "  %s: %s, %s, columns %s\n", t.Name, plural(files, "file"), bytesText(size), strings.Join(names, ", "))
	}
	return b.String(), nil
}

// measure counts the files of a table and their bytes.
func measure(ctx context.Context, source *columnar.Source, t *datasets.Table) (files int, size int64, err error) {
	paths, err := source.Files(ctx, t)
	if err != nil {
		return 0, 0, err
	}
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			return 0, 0, err
		}
		size += info.Size()
	}
	return len(paths), size, nil
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func bytesText(n int64) string {
	if n < 1_000_000 {
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}
