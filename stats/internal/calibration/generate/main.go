// Command generate writes the table of error rates: go generate ./stats.
package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"liftgate/stats/internal/calibration"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run writes the table to the first argument. With a second one it only prints the lines of the studies whose names hold that text.
func run(arguments []string) error {
	if len(arguments) == 0 {
		return errors.New("usage: generate FILE [STUDY]")
	}
	var rows []calibration.Row
	for _, study := range calibration.Studies() {
		if len(arguments) > 1 && !strings.Contains(study.Name(), arguments[1]) {
			continue
		}
		fmt.Fprintln(os.Stderr, study.Name())
		rows = append(rows, study.Run()...)
	}
	if len(arguments) == 1 {
		return os.WriteFile(arguments[0], []byte(calibration.Table(rows)), 0o644)
	}
	for _, r := range rows {
		fmt.Fprintln(os.Stderr, r.Line(calibration.Numbers(rows)))
	}
	return nil
}
