package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"liftgate/experiment"
	"liftgate/stats/procedure"
)

type statOptions struct {
	list    bool
	explain bool
}

const statHelp = `Computes one statistical procedure from summary numbers: a JSON object in, as an argument or on stdin, a JSON
object out, so that scripts in any language can ask. "liftgate stat --list" names the procedures,
"liftgate stat PROCEDURE --help" explains the input of one, with an example that runs.

Numbers that do not exist are null, infinite ones "inf" and "-inf". An input that the procedure does not
take ends with 2; numbers that allow no answer, such as a variance of one unit, end with 1.`

func statCommand(c *console) *cli.Command {
	var o statOptions
	return &cli.Command{
		Name:        "stat",
		Usage:       "one statistical procedure, JSON in, JSON out",
		ArgsUsage:   "PROCEDURE [JSON]",
		Description: statHelp,
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "list", Usage: "name the procedures", Destination: &o.list},
			&cli.BoolFlag{Name: explainOption, Hidden: true, Destination: &o.explain},
		},
		Action: func(ctx *cli.Context) error {
			args := ctx.Args().Slice()
			switch {
			case o.list && len(args) > 0:
				return usagef("--list names all procedures, it takes no %q", args[0])
			case o.list:
				return listProcedures(c.stdout)
			case len(args) == 0:
				return usagef("stat needs PROCEDURE; liftgate stat --list names them")
			case len(args) > 2:
				return usagef("stat takes one JSON object, not also %q; put it in quotes", args[2])
			}
			p, err := findProcedure(args[0])
			if err != nil {
				return err
			}
			if o.explain {
				return explainProcedure(c.stdout, p)
			}
			input, err := statInput(c, args[1:])
			if err != nil {
				return err
			}
			return compute(c.stdout, p, input)
		},
	}
}

func findProcedure(name string) (procedure.Procedure, error) {
	if p, ok := procedure.Find(name); ok {
		return p, nil
	}
	var names []string
	for _, p := range procedure.All() {
		names = append(names, p.Name)
	}
	if s := experiment.Suggest(name, names); s != "" {
		return procedure.Procedure{}, usagef("unknown procedure %q; %s", name, s)
	}
	return procedure.Procedure{}, usagef("unknown procedure %q; liftgate stat --list names them", name)
}

func statInput(c *console, args []string) ([]byte, error) {
	if len(args) == 1 {
		return []byte(args[0]), nil
	}
	if isTerminal(c.stdin) {
		return nil, usagef("stat needs a JSON object, as an argument in quotes or on stdin")
	}
	return io.ReadAll(c.stdin)
}

// compute answers with an indented object. What the procedure cannot read is wrong usage, what it cannot answer a failure.
func compute(w io.Writer, p procedure.Procedure, input []byte) error {
	answer, err := p.Run(input)
	var wrong *procedure.InputError
	if errors.As(err, &wrong) {
		return usagef("%v; see liftgate stat %s --help", err, p.Name)
	}
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, answer, "", "  "); err != nil {
		return err
	}
	out.WriteByte('\n')
	_, err = out.WriteTo(w)
	return err
}

func listProcedures(w io.Writer) error {
	all, width := procedure.All(), 0
	for _, p := range all {
		width = max(width, len(p.Name))
	}
	var out bytes.Buffer
	for i, p := range all {
		if i == 0 || p.Family != all[i-1].Family {
			fmt.Fprintf(&out, "%s%s\n", strings.Repeat("\n", min(i, 1)), p.Family)
		}
		fmt.Fprintf(&out, "  %-*s  %s\n", width, p.Name, p.Summary)
	}
	_, err := out.WriteTo(w)
	return err
}

func explainProcedure(w io.Writer, p procedure.Procedure) error {
	var answer bytes.Buffer
	if err := compute(&answer, p, []byte(p.Example)); err != nil {
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "liftgate stat %s: %s\n\nInput, a JSON object:\n", p.Name, p.Summary)
	for _, in := range p.Inputs {
		fmt.Fprintf(t, "  %s\t%s%s\n", in.Name, in.Doc, byDefault(in))
	}
	fmt.Fprintf(t, "\nExample:\n  liftgate stat %s '%s'\n\nprints\n%s", p.Name, p.Example, indent(answer.String()))
	if err := explainOutputs(t, p); err != nil {
		return err
	}
	fmt.Fprint(t, "\nNumbers that do not exist are null, infinite ones \"inf\" and \"-inf\".\n", commonCodes)
	return t.Flush()
}

// explainOutputs says of the answer what its names alone do not.
func explainOutputs(w io.Writer, p procedure.Procedure) error {
	outputs, err := p.Outputs()
	if err != nil || len(outputs) == 0 {
		return err
	}
	fmt.Fprint(w, "\nOutput, where names do not say it all:\n")
	for _, out := range outputs {
		fmt.Fprintf(w, "  %s\t%s\n", out.Name, out.Doc)
	}
	return nil
}

func byDefault(in procedure.Input) string {
	switch {
	case in.Required:
		return ""
	case in.Default == "":
		return " (may be left out)"
	}
	return " (default: " + in.Default + ")"
}

func indent(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString("  " + line)
	}
	return b.String()
}
