package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"

	"liftgate/experiment/assignment"
	"liftgate/experiment/assignment/bulk"
	"liftgate/experiment/assignment/design"
	"liftgate/experiment/result"
)

// printSummary tells what became of the rows of a file.
func printSummary(w io.Writer, o *assignOptions, s *bulk.Summary) error {
	if o.format == "json" {
		return printJSON(w, s)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%s: %s rows\n", o.out, thousands(s.Rows))
	for _, n := range s.Counts {
		fmt.Fprintf(t, "  %s\t%s\t%s\t%s\n", orNone(n.Variant), n.Reason, thousands(n.Rows), percent(n.Rows, s.Rows))
	}
	return t.Flush()
}

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// thousands writes a count with commas.
func thousands(n int64) string { return result.Grouped(strconv.FormatInt(n, 10)) }

func percent(part, whole int64) string {
	if whole == 0 {
		return ""
	}
	return strconv.FormatFloat(100*float64(part)/float64(whole), 'f', 2, 64) + "%"
}

// printDrawn tells what became of a list of merchants, and how balanced it is.
func printDrawn(w io.Writer, o *assignOptions, d *bulk.Drawn, width int) error {
	if o.format == "json" {
		return printJSON(w, struct {
			bulk.Summary
			Record string             `json:"record"`
			Report *assignment.Report `json:"report"`
		}{d.Summary, d.Path, &d.Record.Report})
	}
	if err := printSummary(w, o, &d.Summary); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "%s: the design's record\n\n", d.Path); err != nil {
		return err
	}
	return design.WriteReport(w, d.Record, width)
}
