package calibration

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"liftgate/experiment/result"
	"liftgate/experiment/wrap"
)

// Format is a way to write a calibration.
type Format string

const (
	Table    Format = "table"
	Markdown Format = "markdown"
	JSON     Format = "json"
)

// Formats lists them.
var Formats = []Format{Table, Markdown, JSON}

// Write writes the calibration. Text for a terminal is as wide as width, 0 means 100 columns.
func (c *Calibration) Write(w io.Writer, f Format, width int) error {
	switch f {
	case JSON:
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(c)
	case Markdown:
		return c.writeMarkdown(w)
	case Table:
		return c.writeTable(w, width)
	}
	return fmt.Errorf("no format %q", f)
}

func (c *Calibration) writeTable(w io.Writer, width int) error {
	width = wrap.Width(width)
	var b strings.Builder
	paragraph := func(mark, s string) { b.WriteString(wrap.Paragraph(mark, s, width)) }
	paragraph("", c.name())
	paragraph("", c.Headline())
	paragraph("", c.facts())
	b.WriteByte('\n')
	for _, line := range strings.Split(c.grid().Render(), "\n") {
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	b.WriteByte('\n')
	for _, line := range c.notes() {
		paragraph("! ", line)
	}
	for _, line := range c.together() {
		paragraph("", line)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (c *Calibration) writeMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Calibration of %s\n\n**%s**\n\n%s\n\n%s\n\n", result.EscapeMarkdown(c.name()), result.EscapeMarkdown(c.Headline()), result.EscapeMarkdown(c.facts()), c.grid().RenderMarkdown())
	for _, line := range append(c.notes(), c.together()...) {
		b.WriteString("- " + result.EscapeMarkdown(line) + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (c *Calibration) name() string {
	if c.Title == "" {
		return c.Experiment
	}
	return result.Printable(c.Experiment + " · " + c.Title)
}

// grid has a line for each error that a comparison could have made.
func (c *Calibration) grid() table.Writer {
	t := table.NewWriter()
	style := table.StyleLight
	style.Options = table.Options{SeparateHeader: true}
	style.Box.PaddingLeft, style.Box.PaddingRight = "", "  "
	style.Format.Header = text.FormatDefault
	t.SetStyle(style)
	var right []table.ColumnConfig
	for column := 4; column <= 8; column++ {
		right = append(right, table.ColumnConfig{Number: column, Align: text.AlignRight, AlignHeader: text.AlignRight})
	}
	t.SetColumnConfigs(right)
	t.AppendHeader(table.Row{"metric", "verdict", "error", "rate", "99% interval", "should", "uniform", "SE/spread"})
	for i := range c.Metrics {
		m := &c.Metrics[i]
		if len(m.Comparisons) == 0 {
			t.AppendRow(table.Row{m.Metric, m.Verdict.mark(), absent, absent, absent, absent, absent, absent})
		}
		for j := range m.Comparisons {
			for _, row := range m.Comparisons[j].rows(m.Metric, len(m.Comparisons) > 1) {
				t.AppendRow(row)
			}
		}
	}
	return t
}

// absent stands for a number that does not exist.
const absent = "–"

func (k *Comparison) rows(name string, several bool) []table.Row {
	var methods []string
	for _, m := range k.Methods {
		methods = append(methods, m.Method)
	}
	under := strings.Join(methods, ", ")
	if several {
		under = strings.TrimSuffix(k.Variant+": "+under, ": ")
	}
	rows := []table.Row{append(append(table.Row{name, k.Verdict.mark(), "false positive"}, k.FalsePositives.cells()...),
		shown(k.Uniform.PValue, "p %.2g"), ratio(k.StdError, k.Spread))}
	second := table.Row{"  " + under, "", "", "", "", "", "", ""}
	if k.FalseNonInferior != nil {
		second = append(append(table.Row{"  " + under, "", "passes at margin"}, k.FalseNonInferior.cells()...), "", "")
	}
	return append(rows, second)
}

func (t *Test) cells() []any {
	if t.Rate.Rate == nil {
		return []any{absent, absent, percent(t.Alpha)}
	}
	return []any{percent(*t.Rate.Rate), percent(*t.Lower) + " – " + percent(*t.Upper), percent(t.Alpha)}
}

func shown(x *float64, format string) string {
	if x == nil {
		return absent
	}
	return fmt.Sprintf(format, *x)
}

func ratio(x, y *float64) string {
	if x == nil || y == nil || *y == 0 {
		return absent
	}
	return fmt.Sprintf("%.3f", *x / *y)
}
