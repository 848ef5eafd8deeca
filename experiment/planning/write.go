package planning

import (
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strings"
	"unicode/utf8"
)

// Format is a way to write a plan.
type Format string

const (
	Table    Format = "table"
	Markdown Format = "markdown"
	JSON     Format = "json"
	HTML     Format = "html"
)

// Formats lists them.
var Formats = []Format{Table, Markdown, JSON, HTML}

// Write writes the plan. The style sheet is for HTML only: that of the program's other pages.
func (p *Plan) Write(w io.Writer, f Format, style template.CSS) error {
	switch f {
	case JSON:
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(p)
	case HTML:
		return p.writeHTML(w, style)
	case Markdown:
		return p.writeMarkdown(w)
	case Table:
		return p.writeTable(w)
	}
	return fmt.Errorf("no format %q", f)
}

func (p *Plan) writeTable(w io.Writer) error {
	columns := p.columns()
	rows := [][]string{columns}
	for i := range p.Metrics {
		rows = append(rows, p.cells(&p.Metrics[i]))
	}
	widths := make([]int, len(columns))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s · %s\n%s\n\n", p.Experiment, p.Title, p.rates())
	for n, row := range rows {
		for i, cell := range row {
			gap := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i < 3 {
				cell += gap
			} else {
				cell = gap + cell
			}
			row[i] = cell
		}
		b.WriteString(strings.TrimRight(strings.Join(row, "  "), " ") + "\n")
		if n == 0 {
			b.WriteString(strings.Repeat("─", utf8.RuneCountInString(strings.Join(row, "  "))) + "\n")
		}
	}
	b.WriteString("\n" + p.Headline() + "\n")
	for _, line := range append([]string{p.Calendar(), p.CostLine()}, p.notes()...) {
		if line != "" {
			b.WriteString(line + "\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (p *Plan) writeMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n%s\n\n", escape(p.Title), p.rates(), escape(p.Headline()))
	for _, line := range []string{p.Calendar(), p.CostLine()} {
		if line != "" {
			b.WriteString(escape(line) + "\n\n")
		}
	}
	columns := p.columns()
	b.WriteString("| " + strings.Join(columns, " | ") + " |\n|---|---|---" + strings.Repeat("|---:", len(columns)-3) + "|\n")
	for i := range p.Metrics {
		cells := p.cells(&p.Metrics[i])
		for j := range cells {
			cells[j] = escape(cells[j])
		}
		b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
	}
	for i, note := range p.notes() {
		if i == 0 {
			b.WriteByte('\n')
		}
		b.WriteString("- " + escape(note) + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// escape keeps text from being read as Markdown.
func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, `|`, `\|`, `_`, `\_`, `*`, `\*`, `<`, `&lt;`, "`", "\\`", "[", `\[`).Replace(s)
}

// rates say what the experiment is planned for.
func (p *Plan) rates() string {
	return fmt.Sprintf("alpha %s, power %s of the whole decision, %s monitoring", percent(p.Alpha), percent(p.Power), p.Monitoring)
}
