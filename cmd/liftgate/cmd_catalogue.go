package main

import (
	"github.com/urfave/cli/v2"

	"liftgate/experiment"
)

func catalogueCommand(c *console) *cli.Command {
	return &cli.Command{
		Name:        "catalogue",
		Usage:       "the built-in metrics, to be had with use: amazon-pay/NAME",
		Description: "Lists the built-in metrics by tier (core, supporting, risk), with stage, stakeholders and the events\nthat they are made of.",
		Action: func(ctx *cli.Context) error {
			if err := none(ctx); err != nil {
				return err
			}
			return experiment.PrintCatalogue(c.stdout)
		},
	}
}
