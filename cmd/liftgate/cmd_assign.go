package main

import (
	"context"
	"os"
	"path/filepath"
	"runtime/debug"

	"github.com/urfave/cli/v2"

	"liftgate/experiment"
	"liftgate/experiment/assignment/bulk"
)

type assignOptions struct {
	file       string
	ids        []string
	attributes []string
	units      string
	out        string
	force      bool
	verify     string
	workers    int
	format     string
}

const assignHelp = `Says who gets which variant, by the definition alone: the same definition and key give the same variant in
every process and language.

  --id ID [--attr K=V]...     one unit, with the reason; --id may be repeated. --attr gives what the
                              eligibility condition reads (K= for null).
  --units IN --out OUT        a whole file: Parquet, Arrow or CSV to any of them (.parquet, .arrow, .arrows,
                              .csv). The key's column is the one that data names: exposures.unit or
                              units.unit, the cluster where merchants are randomised. All columns are kept;
                              variant (empty for none), reason and point (the hash that chose, null without)
                              are added. Rows stay in order, and memory is bounded. With assignment.design
                              the file is the list of merchants: the design is drawn, stratum and pair are
                              added, and the record that analyses need is written too (assignment.design.record,
                              or NAME.design.json beside OUT).
  --verify LOG                recomputes the variants of a log of exposures, a file or a quoted glob, or of
                              the definition's own data ("--verify data"), and lists who disagrees and which
                              values of the attributes are worst. Ends with 1 when a row disagrees.

Reasons: assigned, forced (the definition says so; left out of analyses), not_eligible, no_unit (no key),
holdout, layer (the slots of another experiment), traffic (outside the share), not_listed (not on the
design's list).`

func assignCommand(c *console) *cli.Command {
	var o assignOptions
	return &cli.Command{
		Name:        "assign",
		Usage:       "who gets which variant: one unit, a file of them, or a check of a log",
		ArgsUsage:   "FILE",
		Description: assignHelp,
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "id", Usage: "assign the unit with key `ID`", KeepSpace: true},
			&cli.StringSliceFlag{Name: "attr", Usage: "an attribute of that unit, `K=V`", KeepSpace: true},
			&cli.StringFlag{Name: "units", Usage: "assign the units of file `IN`", Destination: &o.units},
			&cli.StringFlag{Name: "out", Usage: "write them to file `OUT`", Destination: &o.out},
			&cli.BoolFlag{Name: "force", Usage: "replace OUT, and the record of another draw of the design", Destination: &o.force},
			&cli.StringFlag{Name: "verify", Usage: "check the log `LOG`, \"data\" for the definition's own", Destination: &o.verify},
			&cli.IntFlag{Name: "workers", Usage: "hash with `N` workers", Destination: &o.workers, DefaultText: "one a processor"},
			&cli.StringFlag{Name: "format", Usage: "print a table or json `FORMAT`", Value: "table", Destination: &o.format},
			quietFlag(c),
		},
		Action: func(ctx *cli.Context) (err error) {
			if o.file, err = one(ctx, "FILE"); err != nil {
				return err
			}
			o.ids, o.attributes = ctx.StringSlice("id"), ctx.StringSlice("attr")
			return assign(ctx.Context, c, &o)
		},
	}
}

// assign picks the mode that the options ask for.
func assign(ctx context.Context, c *console, o *assignOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	def, err := load(o.file)
	if err != nil {
		return err
	}
	relaxCollector()
	switch {
	case len(o.ids) > 0:
		return assignOne(c, def, o)
	case o.units != "":
		return assignFile(ctx, c, def, o)
	default:
		return verifyLog(ctx, c, def, o)
	}
}

// relaxCollector undoes what main sets for tables of units. Of a stream of batches little is alive at a time, and collecting early
// would cost a third of the run; the whole stays under 400 MB. Files whose batches are large themselves, such as an Arrow file of
// one batch, are collected earlier. GOGC and GOMEMLIMIT override it.
func relaxCollector() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(1 << 30)
	}
}

// check finds options that contradict each other.
func (o *assignOptions) check() error {
	if _, err := pick("--format", o.format, "table", "json"); err != nil {
		return err
	}
	modes := 0
	for _, given := range []bool{len(o.ids) > 0, o.units != "", o.verify != ""} {
		if given {
			modes++
		}
	}
	switch {
	case modes != 1:
		return usagef("assign needs one of --id, --units and --verify; see liftgate assign --help")
	case len(o.attributes) > 0 && len(o.ids) == 0:
		return usagef("--attr goes with --id; a file brings its attributes in its columns")
	case o.workers < 0:
		return usagef("--workers must not be negative")
	case o.units == "" && (o.out != "" || o.force):
		return usagef("--out and --force go with --units")
	case o.units != "" && o.out == "":
		return usagef("assign --units needs --out OUT; see liftgate assign --help")
	case o.units != "" && sameFile(o.units, o.out):
		return usagef("--out %s is the file of --units: it would be replaced while it is read", o.out)
	}
	return nil
}

func sameFile(a, b string) bool {
	first, err := os.Stat(a)
	second, err2 := os.Stat(b)
	if err == nil && err2 == nil {
		return os.SameFile(first, second)
	}
	return filepath.Clean(a) == filepath.Clean(b)
}

// assignFile assigns a whole file, by hash or by drawing the design.
func assignFile(ctx context.Context, c *console, def *experiment.Definition, o *assignOptions) error {
	bar := c.progress()
	defer bar.end()
	options := bulk.Options{
		In: o.units, Out: o.out, Replace: o.force, Workers: o.workers,
		Progress: func(done, total int64) { bar.update(done, total, "assigning "+filepath.Base(o.units)) },
	}
	if def.Assignment == nil || def.Assignment.Design == nil {
		summary, err := bulk.Assign(ctx, def, options)
		if err != nil {
			return err
		}
		bar.end()
		return printSummary(c.stdout, o, summary)
	}
	drawn, err := bulk.Draw(ctx, def, options)
	if err != nil {
		return err
	}
	bar.end()
	if !sameFile(drawn.Path, def.RecordPath()) {
		c.note("analyze looks for the design's record in %s: %s", def.RecordPath(), recordAdvice(def, drawn.Path))
	}
	return printDrawn(c.stdout, o, drawn, c.width())
}

// recordAdvice says how the definition finds a record that lies elsewhere.
func recordAdvice(def *experiment.Definition, path string) string {
	if relative, err := filepath.Rel(def.Dir(), path); err == nil {
		path = filepath.ToSlash(relative)
	}
	return "set assignment.design.record to " + path + ", or move it there"
}
