package main

import (
	"github.com/urfave/cli/v2"

	"liftgate/experiment"
)

func schemaCommand(c *console) *cli.Command {
	return &cli.Command{
		Name:        "schema",
		Usage:       "the JSON Schema of definitions, for editors",
		Description: "Prints the JSON Schema of a definition (v1), so that editors can complete and check one.",
		Action: func(ctx *cli.Context) error {
			if err := none(ctx); err != nil {
				return err
			}
			schema, err := experiment.Schema()
			if err != nil {
				return err
			}
			_, err = c.stdout.Write(schema)
			return err
		},
	}
}
