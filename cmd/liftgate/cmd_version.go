package main

import (
	"fmt"
	"runtime"

	"github.com/urfave/cli/v2"
)

func versionCommand(c *console) *cli.Command {
	return &cli.Command{
		Name:        "version",
		Usage:       "the version of the program",
		Description: "Prints the version of the program, of Go, and of the platform.",
		Action: func(ctx *cli.Context) error {
			if err := none(ctx); err != nil {
				return err
			}
			_, err := fmt.Fprintf(c.stdout, "%s %s %s/%s\n", engine, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}
