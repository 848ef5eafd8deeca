package design

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"liftgate/experiment/assignment"
	"liftgate/experiment/result"
)

const (
	narrowest = 80 // columns that a report needs
	mostRows  = 12 // strata that are shown, those that differ most
)

// WriteReport writes a record's balance report as text, at most width columns wide; widths below 80 count as 80.
func WriteReport(w io.Writer, r *assignment.Record, width int) error {
	t := &reportText{record: r, width: max(width, narrowest)}
	t.headline()
	for i := range r.Report.Comparisons {
		c := &r.Report.Comparisons[i]
		t.line("")
		t.line(fmt.Sprintf("%s against %s: %s and %s merchants", result.Printable(c.Treatment), result.Printable(r.Control), count(c.Treated), count(c.Controls)))
		t.variables(c)
		t.worth(c)
		t.strata(c)
		t.power(c)
	}
	t.notes()
	_, err := io.WriteString(w, t.b.String())
	return err
}

type reportText struct {
	b      strings.Builder
	record *assignment.Record
	width  int
}

func (t *reportText) headline() {
	r := t.record
	how := []string{r.Design.Method}
	if m := r.Matching; m != nil {
		how = append(how, "blocks of "+strconv.Itoa(m.Size)+matched(m, r.Design.Matching))
		if len(r.Design.Strata) > 0 {
			how = append(how, count(m.Across)+" of them across strata")
		}
	}
	if r.Tries > 0 {
		how = append(how, fmt.Sprintf("accepted at draw %s with a distance of %.3g (limit %.3g)", count(r.Tries), r.Distance, r.Limit))
	}
	t.line(fmt.Sprintf("%s: %s, seed %d", result.Printable(r.Experiment), strings.Join(how, ", "), r.Design.Seed))
	t.line(fmt.Sprintf("%s of %s merchants on the list got a variant by the design", count(r.Report.Merchants), count(len(r.Merchants))))
}

func matched(m *assignment.Matching, asked string) string {
	switch {
	case m.Optimal:
		return " (optimal)"
	case m.Size > 2 && asked == "optimal":
		return " (not proven optimal: that takes pairs)"
	}
	return " (greedy)"
}

// line breaks a text between words.
func (t *reportText) line(text string) {
	used := 0
	for i, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case used+1+n > t.width:
			t.b.WriteString("\n  ")
			used = 2
		default:
			t.b.WriteByte(' ')
			used++
		}
		t.b.WriteString(word)
		used += n
	}
	t.b.WriteByte('\n')
}

// table aligns the first column left and the others right; the first gives way.
func (t *reportText) table(rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	rest := 0
	for _, w := range widths[1:] {
		rest += w + 2
	}
	widths[0] = max(min(widths[0], t.width-2-rest), 8)
	for _, row := range rows {
		first := clip(row[0], widths[0])
		fmt.Fprintf(&t.b, "  %s%s", first, strings.Repeat(" ", widths[0]-utf8.RuneCountInString(first)))
		for i, cell := range row[1:] {
			fmt.Fprintf(&t.b, "  %*s", widths[i+1], cell)
		}
		t.b.WriteByte('\n')
	}
}

func clip(s string, width int) string {
	if utf8.RuneCountInString(s) <= width {
		return s
	}
	return string([]rune(s)[:width-1]) + "…"
}

// names heads the columns of the two variants, the control first.
func (t *reportText) names(c *assignment.Comparison) []string {
	const most = 12
	return []string{clip(result.Printable(t.record.Control), most), clip(result.Printable(c.Treatment), most)}
}

func (t *reportText) variables(c *assignment.Comparison) {
	if len(c.Variables) == 0 {
		return
	}
	rows := [][]string{slices.Concat([]string{"mean of"}, t.names(c), []string{"difference", "by design", "by chance", "gain"})}
	for _, v := range c.Variables {
		rows = append(rows, []string{
			result.Printable(v.Name), fmt.Sprintf("%.4g", v.Control), fmt.Sprintf("%.4g", v.Treated), difference(v.After),
			typical(v.Expected), typical(v.Before), gain(v.Gain),
		})
	}
	t.table(rows)
}

// worth sums the variables' gains up.
func (t *reportText) worth(c *assignment.Comparison) {
	if c.Gain == nil {
		return
	}
	t.line(fmt.Sprintf("Worth %.3g times as many merchants as chance on average over outcomes that are a mixture of these variables, %.3g times for the worst mixture.",
		c.Gain.Average, c.Gain.Least))
}

func (t *reportText) strata(c *assignment.Comparison) {
	if len(c.Strata) == 0 {
		return
	}
	list := slices.Clone(c.Strata)
	if len(list) > mostRows {
		slices.SortStableFunc(list, func(a, b assignment.StratumShare) int {
			return cmp.Compare(math.Abs(b.After), math.Abs(a.After))
		})
		list = list[:mostRows]
	}
	rows := [][]string{slices.Concat([]string{"merchants in"}, t.names(c), []string{"difference", "by chance"})}
	for _, s := range list {
		rows = append(rows, []string{result.Printable(s.Stratum), count(s.Control), count(s.Treated), difference(s.After), typical(s.Before)})
	}
	t.table(rows)
	if more := len(c.Strata) - len(list); more > 0 {
		t.line(fmt.Sprintf("and %s more strata, which differ less", count(more)))
	}
}

func (t *reportText) power(c *assignment.Comparison) {
	if len(c.Power) == 0 {
		return
	}
	rows := [][]string{{"power, if outcomes vary as", "metric", "effect", "by design", "by chance"}}
	for _, p := range c.Power {
		rows = append(rows, []string{
			result.Printable(p.Variable), clip(result.Printable(p.Metric), 24), fmt.Sprintf("%+.3g%%", 100*p.Effect), percent(p.Designed), percent(p.Complete),
		})
	}
	t.table(rows)
}

func (t *reportText) notes() {
	first := t.record.Report.Comparisons
	if len(first) == 0 || len(first[0].Variables)+len(first[0].Strata) == 0 {
		return
	}
	t.line("")
	t.line("difference: treatment less control, in standard deviations between the list's merchants; 0 is perfect balance.")
	t.line("by chance: how large it would be, typically, if merchants got their variants by lot (root mean square).")
	if len(first[0].Variables) == 0 {
		return
	}
	t.line("by design: how large this design leaves it, typically.")
	t.line("gain: how many times as many merchants chance would need for the same precision if the outcome followed the variable exactly. Real outcomes follow it less and gain less: 1 / (1 - r² (1 - 1/gain)) times at a correlation of r.")
}

func count(n int) string { return result.Grouped(strconv.Itoa(n)) }

func difference(x float64) string { return fmt.Sprintf("%+.4f", x) }

func typical(x float64) string { return fmt.Sprintf("±%.4f", x) }

func gain(g *float64) string {
	if g == nil {
		return "∞"
	}
	return fmt.Sprintf("%.3g×", *g)
}

func percent(p float64) string {
	if p > 0.999 {
		return ">99.9%"
	}
	return fmt.Sprintf("%.1f%%", 100*p)
}
