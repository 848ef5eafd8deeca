package sourcetest

import (
	"fmt"
	"strconv"
	"strings"

	"liftgate/datasets"
	"liftgate/datasets/expr"
)

// describe prints a case, the tables in the form that Parse reads.
func describe(d Data, q *datasets.Query) string {
	var b strings.Builder
	for _, t := range d.Tables {
		fmt.Fprintf(&b, "%s %+v\n", t.Spec.Name, t.Spec)
		for i, c := range t.Columns {
			fmt.Fprintf(&b, "\t%s:%s", c.Name, t.kind(i))
		}
		for _, cells := range t.Rows {
			b.WriteByte('\n')
			for _, c := range cells {
				b.WriteString("\t" + cellText(c))
			}
		}
		b.WriteByte('\n')
	}
	for i, v := range q.Values {
		fmt.Fprintf(&b, "value %d: %s of %s: %q where %q unless %q at least %d in [%s, %s) nulls %s\n",
			i, v.Take, v.Table, v.Column, v.Where, v.Unless, v.AtLeast, spanText(v.Window[0]), spanText(v.Window[1]), v.Nulls)
	}
	for _, block := range q.Blocks {
		fmt.Fprintf(&b, "block %+v\n", block)
		if block.Cap != nil {
			fmt.Fprintf(&b, "  cap %+v %+v\n", block.Cap.Lower, block.Cap.Upper)
		}
		if block.Quantile != nil {
			fmt.Fprintf(&b, "  quantile %v\n", block.Quantile.Q)
		}
	}
	fmt.Fprintf(&b, "clustered %v start %v end %v as of %v crossover %s forced %q ignored %q plan %+v\n",
		q.Clustered, q.Start, q.End, q.AsOf, q.Crossover, q.Forced, q.IgnoreVariants, q.Plan)
	fmt.Fprintf(&b, "eligible %q roster %+v\n", q.Eligible, q.Roster)
	fmt.Fprintf(&b, "views %+v in %v\n", q.Views, q.Location)
	return b.String()
}

// kind is how Parse calls the type of a column.
func (t *Table) kind(column int) string {
	switch t.Columns[column].Type {
	case expr.Text:
		return "text"
	case expr.Time:
		return "time"
	case expr.Bool:
		return "boolean"
	}
	for _, cells := range t.Rows {
		if !cells[column].Null() && !cells[column].Exact {
			return "float"
		}
	}
	return "integer"
}

func cellText(v expr.Value) string {
	switch {
	case v.Null():
		return "-"
	case v.Type == expr.Time:
		return spanText(datasets.Instant(v.Int).Sub(Origin))
	case v.Plain() == "":
		return "''"
	}
	return v.Plain()
}

func spanText(s datasets.Span) string {
	d := datasets.Span(s.Days())
	rest := int64(s - d*datasets.Day)
	if rest == 0 {
		return fmt.Sprintf("%dd", d)
	}
	return fmt.Sprintf("%dd+%sus", d, strconv.FormatInt(rest, 10))
}
