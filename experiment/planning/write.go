package planning

import (
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strings"

	"liftgate/experiment/result"
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

// Options are how a plan is written. The zero value is good.
type Options struct {
	Width int          // columns of the table; 0 means 100
	Style template.CSS // of the page: that of the program's other pages
}

// Write writes the plan.
func (p *Plan) Write(w io.Writer, f Format, o Options) error {
	switch f {
	case JSON:
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(p)
	case HTML:
		return p.writeHTML(w, o.Style)
	case Markdown:
		return p.writeMarkdown(w)
	case Table:
		return p.writeTable(w, o.Width)
	}
	return fmt.Errorf("no format %q", f)
}

func (p *Plan) writeMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n%s\n\n", result.EscapeMarkdown(result.Printable(p.Title)), p.rates(), result.EscapeMarkdown(p.Headline()))
	for _, line := range []string{p.Calendar(), p.CostLine()} {
		if line != "" {
			b.WriteString(result.EscapeMarkdown(line) + "\n\n")
		}
	}
	columns := p.columns()
	b.WriteString("| " + strings.Join(columns, " | ") + " |\n|---|---|---" + strings.Repeat("|---:", len(columns)-3) + "|\n")
	for i := range p.Metrics {
		cells := p.cells(&p.Metrics[i])
		for j := range cells {
			cells[j] = result.EscapeMarkdown(cells[j])
		}
		b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
	}
	for i, note := range p.notes() {
		if i == 0 {
			b.WriteByte('\n')
		}
		b.WriteString("- " + result.EscapeMarkdown(note) + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// rates say what the experiment is planned for.
func (p *Plan) rates() string {
	text := fmt.Sprintf("alpha %s, power %s of the whole decision", percent(p.Alpha), percent(p.Power))
	if len(p.Metrics) > 0 {
		text += fmt.Sprintf(" (%s of each test)", percent(p.Metrics[0].Power))
	}
	if p.Merchants != nil {
		text += fmt.Sprintf(", %s merchants", count(*p.Merchants))
	}
	switch {
	case p.Monitoring == "fixed":
		return text + ", one look"
	case p.looks > 0:
		return text + fmt.Sprintf(", %d looks (%s)", p.looks, p.Monitoring)
	}
	return text + ", " + p.Monitoring + " monitoring"
}
