package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/urfave/cli/v2"

	"liftgate/experiment"
)

type initOptions struct {
	dir  string
	unit string
}

// starterName is what init calls a definition. Its copies beside data and in runs are called definition.yaml.
const starterName = "experiment.yaml"

const initHelp = `Writes a commented definition to start from, DIR/experiment.yaml. A file of that name is never replaced.`

func initCommand(c *console) *cli.Command {
	var o initOptions
	return &cli.Command{
		Name:        "init",
		Usage:       "a commented definition to start from",
		ArgsUsage:   "DIR",
		Description: initHelp,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "unit", Usage: "randomise `UNIT`, shopper or merchant", Value: string(experiment.Shopper), Destination: &o.unit},
			quietFlag(c),
		},
		Action: func(ctx *cli.Context) (err error) {
			if o.dir, err = one(ctx, "DIR"); err != nil {
				return err
			}
			return initialise(c, o)
		},
	}
}

func initialise(c *console, o initOptions) error {
	unit, err := pick("--unit", o.unit, experiment.Shopper, experiment.Merchant)
	if err != nil {
		return err
	}
	name, err := experimentName(o.dir)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(o.dir, 0o777); err != nil {
		return err
	}
	file := filepath.Join(o.dir, starterName)
	err = createFile(file, experiment.Starter(unit, name))
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s exists already; choose another folder", file)
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(c.stdout, file)
	c.note("next: liftgate check --no-data %s", file)
	return nil
}

var notInNames = regexp.MustCompile(`[^a-z0-9]+`)

// experimentName makes a name from that of a folder.
func experimentName(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	name := strings.Trim(notInNames.ReplaceAllString(strings.ToLower(filepath.Base(abs)), "-"), "-")
	if name == "" {
		name = "my-experiment"
	}
	return name, nil
}
