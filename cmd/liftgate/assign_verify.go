package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"liftgate/datasets"
	"liftgate/datasets/columnar"
	"liftgate/experiment"
	"liftgate/experiment/assignment/bulk"
)

// ownData names the definition's own log in --verify.
const ownData = "data"

// verifyLog compares a log with the definition. A log that disagrees is a failure, and so is one in which nothing can be compared.
func verifyLog(ctx context.Context, c *console, def *experiment.Definition, o *assignOptions) error {
	files, err := logFiles(ctx, def, o.verify)
	if err != nil {
		return err
	}
	bar := c.progress()
	defer bar.end()
	v, err := bulk.Verify(ctx, def, bulk.VerifyOptions{
		Files: files, Workers: o.workers,
		Progress: func(file string, done, total int64) { bar.update(done, total, "checking "+filepath.Base(file)) },
	})
	if err != nil {
		return err
	}
	bar.end()
	if len(v.Unchecked) > 0 {
		c.note("the log has no column %s, so assignment.eligible is not judged", strings.Join(v.Unchecked, ", "))
	}
	if o.format == "json" {
		err = printJSON(c.stdout, v)
	} else {
		err = printVerification(c.stdout, o, v)
	}
	switch {
	case err != nil:
		return err
	case v.Disagree > 0:
		return fmt.Errorf("%s of %s rows disagree with the definition", thousands(v.Disagree), thousands(v.Agree+v.Disagree))
	case v.Agree == 0:
		return errors.New("no row could be compared")
	}
	return nil
}

// logFiles finds the files of a log, which is a path, a glob, or the definition's own.
func logFiles(ctx context.Context, def *experiment.Definition, log string) ([]string, error) {
	table := &datasets.Table{Name: "--verify", Files: []string{log}}
	own := experiment.Source{}
	if log == ownData {
		if own = exposures(def); own.Path == "" {
			return nil, usagef("%s names no exposures", def.File)
		}
		table = &datasets.Table{Name: own.Name, Dir: def.Dir(), Files: own.Files}
	}
	files, err := columnar.New(columnar.Options{}).Files(ctx, table)
	var none *datasets.NoFilesError
	if errors.As(err, &none) && own.Path != "" {
		return nil, experiment.Problems{def.ProblemAt(own.Path+".files", 0, fmt.Sprintf("no file for %q: %s", none.Pattern, none.Reason))}
	}
	return files, err
}

func exposures(def *experiment.Definition) experiment.Source {
	if def.Data.Units != nil {
		return def.Data.Units.Source
	}
	return def.Data.Exposures.Source
}

func printVerification(w io.Writer, o *assignOptions, v *bulk.Verification) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	compared := v.Agree + v.Disagree
	fmt.Fprintf(t, "%s: %s rows, %s\n", o.verify, thousands(v.Rows), unitsText(v.Units))
	line := func(what, detail string, rows int64) {
		fmt.Fprintf(t, "  %s\t%s\t%s\t%s\n", what, detail, thousands(rows), percent(rows, compared))
	}
	line("agree", "", v.Agree)
	for _, m := range v.Moved {
		line("moved", m.Logged+" -> "+m.Assigned, m.Rows)
	}
	for _, e := range v.Excluded {
		line("excluded", string(e.Reason), e.Rows)
	}
	for _, u := range v.Undeclared {
		line("undeclared", printableID(u.Variant), u.Rows)
	}
	for _, n := range []struct {
		what string
		rows int64
	}{{"of these, forced", v.Forced}, {"not compared: ignored variants", v.Ignored}, {"not compared: no unit", v.NoUnit}} {
		if n.rows > 0 {
			fmt.Fprintf(t, "  %s\t\t%s\n", n.what, thousands(n.rows))
		}
	}
	printOffenders(t, v.Offenders)
	return t.Flush()
}

func unitsText(u bulk.Units) string {
	atLeast := ""
	if u.Partial {
		atLeast = "at least "
	}
	if u.Disagree == 0 {
		return atLeast + thousands(u.Compared) + " units compared"
	}
	return fmt.Sprintf("%s%s units compared, %s%s disagree", atLeast, thousands(u.Compared), atLeast, thousands(u.Disagree))
}

func printOffenders(w io.Writer, worst []bulk.Offender) {
	if len(worst) == 0 {
		return
	}
	fmt.Fprint(w, "\n  attribute\tvalue\tdisagree\trows\tshare\tat least (95%)\n")
	for _, o := range worst {
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\t%s\t%.2f%%\n", o.Attribute, printableID(o.Value), thousands(o.Disagree), thousands(o.Rows),
			percent(o.Disagree, o.Rows), 100*o.AtLeast)
	}
}
