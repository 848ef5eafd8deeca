package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"

	"liftgate/experiment"
	"liftgate/experiment/report"
	"liftgate/experiment/result"
	runs "liftgate/experiment/run"
	"liftgate/experiment/run/staging"
	"liftgate/experiment/simulate"
)

type demoOptions struct {
	out      string
	shoppers int64
	seed     uint64
}

const demoHelp = `Simulates four weeks of an Amazon Pay experiment with a real trade-off, assigns the shoppers, analyses the
data, decides, and shows the scorecard. The folder then holds everything: the definition, the data, the
truth behind them, and the run with its page for reviewers. Running it again replaces the folder.`

// The files of a demo, beside those that simulate writes to the places of demo.yaml.
const (
	demoRun  = "run"
	demoNote = "demo.txt" // marks the folder as one that may be replaced
)

const demoNoteText = "Written by liftgate demo, which replaces this folder when it runs again.\n"

//go:embed demo.yaml
var demoDefinition []byte

func demoCommand(c *console) *cli.Command {
	var o demoOptions
	return &cli.Command{
		Name:        "demo",
		Usage:       "the whole story in one command",
		Description: demoHelp,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "out", Usage: "write the demo to `DIR`", Value: "liftgate-demo", Destination: &o.out},
			shoppersFlag(&o.shoppers, 200_000),
			seedFlag(&o.seed),
			quietFlag(c),
		},
		Action: func(ctx *cli.Context) error {
			if err := none(ctx); err != nil {
				return err
			}
			return demo(ctx.Context, c, o)
		},
	}
}

func demo(ctx context.Context, c *console, o demoOptions) (err error) {
	if o.shoppers < 1 {
		return usagef("--shoppers must be at least 1")
	}
	if err := demoMayReplace(o.out); err != nil {
		return err
	}
	folder, err := staging.Create(o.out, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, folder.Discard()) }()
	res, err := tellDemo(ctx, c, folder.Path(), o)
	if err != nil {
		return err
	}
	if err := folder.Commit(); err != nil {
		return err
	}
	if err := report.Write(c.stdout, res, report.Options{Color: c.color(), Width: c.width()}); err != nil {
		return err
	}
	c.pointTo(report.Table, filepath.Join(o.out, demoRun, runs.ReportName))
	c.note("the definition is %s", filepath.Join(o.out, runs.DefinitionName))
	return nil
}

// tellDemo simulates and analyses in dir.
func tellDemo(ctx context.Context, c *console, dir string, o demoOptions) (*result.Result, error) {
	if err := createFile(filepath.Join(dir, demoNote), []byte(demoNoteText)); err != nil {
		return nil, err
	}
	def, err := experiment.Parse(filepath.Join(dir, runs.DefinitionName), demoDefinition)
	if err != nil {
		return nil, err
	}
	data := simulate.Options{Dir: dir, Shoppers: o.shoppers, Seed: o.seed, TruthShoppers: o.shoppers}
	if err := generate(ctx, c, def, data); err != nil {
		return nil, err
	}
	j := job{definition: def, views: true, out: filepath.Join(dir, demoRun)}
	_, res, err := j.do(ctx, c)
	return res, err
}

// demoMayReplace reports, as an error, why the demo may not be written to dir: what stands there is not its own.
func demoMayReplace(dir string) error {
	if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("%s exists and is not a demo; choose another folder with --out: %w", dir, err)
	}
	own := []string{"exposures", "events", "truth.json", runs.DefinitionName, demoNote, demoRun}
	isDemo := false
	for _, e := range entries {
		if !slices.Contains(own, e.Name()) {
			return fmt.Errorf("%s holds %s, which no demo has written; choose another folder with --out", dir, e.Name())
		}
		isDemo = isDemo || e.Name() == demoNote
	}
	if !isDemo {
		return fmt.Errorf("%s exists and is not a demo; choose another folder with --out", dir)
	}
	return runs.Vacant(filepath.Join(dir, demoRun), true)
}
