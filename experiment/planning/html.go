package planning

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
)

//go:embed page/plan.html
var pageText string

// pageTemplate is the page. It is part of the program, so a mistake in it is one in the program.
var pageTemplate = template.Must(template.New("plan.html").Funcs(template.FuncMap{
	"parts": func(s string) []string { return strings.SplitAfter(s, "_") },
	"next":  func(i int) int { return i + 1 },
	"stack": func(s string) string { return strings.ReplaceAll(s, " / ", "\n") },
	"minus": func(s string) string { return strings.ReplaceAll(s, "-", "−") },
}).Parse(pageText))

// planPage is what the page shows.
type planPage struct {
	*Plan
	Style   template.CSS
	Rates   string
	Columns []string
	Rows    []pageRow
	Notes   []string
	Chart   *chart
}

type pageRow struct {
	Row
	Cells []string // behind the metric's name
}

func (p *Plan) writeHTML(w io.Writer, style template.CSS) error {
	page := planPage{Plan: p, Style: style, Rates: p.rates(), Columns: p.columns(), Notes: p.notes(), Chart: p.chart()}
	for i := range p.Metrics {
		page.Rows = append(page.Rows, pageRow{p.Metrics[i], p.cells(&p.Metrics[i])[1:]})
	}
	if err := pageTemplate.Execute(w, page); err != nil {
		return fmt.Errorf("plan of %s as HTML: %w", p.Experiment, err)
	}
	return nil
}
