package report

import (
	"cmp"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"liftgate/experiment/result"
	"liftgate/experiment/wrap"
)

const (
	defaultWidth = 100
	leastWidth   = 80
)

// terminal writes a scorecard as text with a fixed number of columns.
type terminal struct {
	strings.Builder
	paint painter
	width int
	spare int // columns that the first one may have beside its own
	card  *scorecard

	closers []closer
}

func writeTable(w io.Writer, r *result.Result, o Options) error {
	width := defaultWidth
	if o.Width > 0 {
		width = max(o.Width, leastWidth)
	}
	t := &terminal{paint: painter(o.Color), width: width, card: newScorecard(r)}
	t.closers = newClosers(r, t.card)
	t.banner()
	t.checks()
	t.metrics()
	t.segments()
	t.treatments()
	t.warnings()
	_, err := io.WriteString(w, t.String())
	return err
}

// paragraph writes text wrapped to the width, all lines indented, in one style; nothing for no text.
func (t *terminal) paragraph(indent int, style style, s string) {
	if s == "" {
		return
	}
	for _, l := range wrap.Text(s, t.width-indent) {
		t.WriteString(strings.Repeat(" ", indent) + t.paint.as(style, l) + "\n")
	}
}

func (t *terminal) banner() {
	c := t.card
	name := c.Experiment
	if c.Title != "" {
		name += " · " + c.Title
	}
	t.paragraph(0, dim, name)
	t.paragraph(0, banner(c.Decision.Tone), c.Decision.String())
	t.paragraph(0, bold, c.Headline)
	t.paragraph(0, dim, c.Facts)
	if c.Cut != "" {
		t.paragraph(0, plainStyle, "Only "+c.Cut)
	}
	if c.Caution != "" {
		t.paragraph(0, banner(c.Decision.Tone), c.Caution)
	}
}

func (t *terminal) checks() {
	if len(t.card.Checks) == 0 {
		return
	}
	t.WriteString("\n")
	names := make([]string, len(t.card.Checks))
	for i, c := range t.card.Checks {
		names[i] = c.Mark.Symbol + " " + c.Name
	}
	for i, l := range wrap.Items(names, t.width-len("Checks  "), "  ") {
		label := "        "
		if i == 0 {
			label = "Checks  "
		}
		t.WriteString(t.paint.as(bold, label) + l + "\n")
	}
	for _, c := range t.card.Checks {
		if c.Mark.Tone != good {
			t.paragraph(2, toneStyle(c.Mark.Tone), c.Mark.Symbol+" "+c.Name+", "+c.Mark.Word+": "+c.Detail)
		}
	}
}

// treatments says why, and what blocks SHIP; the decision too when there are several treatments.
func (t *terminal) treatments() {
	for _, c := range t.card.Treatments {
		if !c.Says(t.card.Single) {
			continue
		}
		t.WriteString("\n")
		t.paragraph(0, bold, c.Variant+": "+c.Mark.Word)
		if !t.card.Single {
			t.paragraph(2, plainStyle, c.Headline)
		}
		for _, reason := range c.Reasons {
			t.paragraph(2, plainStyle, "- "+reason)
		}
		t.blockers(c.Blockers)
	}
}

func (t *terminal) blockers(blockers []blocker) {
	if len(blockers) > 0 {
		t.paragraph(2, plainStyle, "What blocks SHIP:")
	}
	for _, b := range blockers {
		t.paragraph(2, toneStyle(b.Mark.Tone), b.Mark.Symbol+" "+b.Metric+", "+b.Mark.Word+": "+b.Why)
		if b.Needs != "" {
			t.paragraph(4, plainStyle, "Needs: "+b.Needs)
		}
	}
}

func (t *terminal) warnings() {
	if len(t.card.Warnings) == 0 {
		return
	}
	t.WriteString("\n")
	t.paragraph(0, bold, "Warnings")
	for _, w := range t.card.Warnings {
		t.paragraph(2, plainStyle, "! "+w)
	}
}

// metrics writes one table a tier, all with the same columns, and under each the reasons of rows without numbers.
func (t *terminal) metrics() {
	blocks, widths := t.layout()
	for i, w := range widths[1:] { // the first column takes the room that others leave
		t.spare += t.limits()[i+1] - w
	}
	if t.spare > 0 {
		blocks, widths = t.layout()
	}
	for i, tier := range t.card.Tiers {
		t.WriteString("\n" + t.grid(t.cells(bold, t.header(strings.ToUpper(tier.Title))...), blocks[i], widths) + "\n")
		for _, m := range tier.Metrics {
			if m.Reason != "" {
				t.paragraph(2, toneStyle(open), "? "+m.Metric+", "+m.Reason)
			}
			for _, note := range m.Notes {
				t.paragraph(2, dim, m.Metric+": "+note)
			}
		}
	}
	if t.card.Levels != "" {
		t.WriteString("\n")
		t.paragraph(0, dim, "Intervals in brackets are two-sided: "+t.card.Levels+". "+pNote+".")
	}
	for _, m := range t.card.Methods {
		t.paragraph(0, dim, m.String())
	}
}

// layout makes the rows of each tier, and says how wide they make the columns.
func (t *terminal) layout() (blocks [][]table.Row, widths []int) {
	blocks, widths = make([][]table.Row, len(t.card.Tiers)), make([]int, len(t.limits()))
	fit := func(r table.Row) {
		for i, cell := range r {
			widths[i] = max(widths[i], text.LongestLineLen(cell.(string)))
		}
	}
	for i, tier := range t.card.Tiers {
		blocks[i] = t.tierRows(tier)
		fit(t.cells(dim, t.header(tier.Title)...))
		for _, r := range blocks[i] {
			fit(r)
		}
	}
	return blocks, widths
}

// gaps are the spaces behind the columns.
const gaps = 12

// limits are the widest that each column may be: metric, control, treatment, effect, p, verdict. The gaps between take two each.
func (t *terminal) limits() []int {
	if t.width < defaultWidth { // room for the metric, not for an estimate beside its interval
		return []int{t.width - 55 - gaps + t.spare, 8, 10, 16, 7, 14}
	}
	return []int{t.width - 69 - gaps + t.spare, 10, 11, 26, 7, 15}
}

func (t *terminal) header(tier string) []string {
	return []string{tier, t.card.Control, cmp.Or(t.card.Treatment, "treatment"), "lift, difference", "p", "verdict"}
}

func (t *terminal) tierRows(tier tierTable) []table.Row {
	var rows []table.Row
	for _, m := range tier.Metrics {
		rows = append(rows, t.metricRows(m)...)
	}
	return rows
}

// metricRows are a metric's lines: its name and numbers, then its role and margin. With several treatments, each follows by name.
func (t *terminal) metricRows(m metricRows) []table.Row {
	var rows []table.Row
	if !t.card.Single {
		rows = append(rows, t.cells(plainStyle, m.Metric, m.Control, "", "", "", ""))
		if m.Role != "supporting" {
			rows = append(rows, t.cells(dim, "  "+m.Role, "", "", "", "", withLabel("margin ", m.Margin)))
		}
	}
	for _, r := range m.Rows {
		name, value := m.Metric, m.Control
		if !t.card.Single {
			name, value = "  → "+r.Variant, ""
		}
		lines := [2]string{}
		for i, e := range r.Effects {
			lines[min(i, 1)] = e.String()
		}
		first := t.cells(plainStyle, name, value, r.Value, lines[0], r.P, "")
		first[5] = t.paint.lines(toneStyle(r.Mark.Tone), wrap.Text(r.Mark.String(), t.limits()[5]))
		rows = append(rows, first)
		switch {
		case t.card.Single && (m.Role != "supporting" || lines[1] != ""):
			rows = append(rows, t.cells(dim, "  "+m.Role, "", "", lines[1], "", withLabel("margin ", m.Margin)))
		case lines[1] != "":
			rows = append(rows, t.cells(dim, "", "", "", lines[1], "", ""))
		}
		for _, note := range r.Notes {
			rows = append(rows, t.cells(toneStyle(open), "", "", "", "", "", "! "+note))
		}
	}
	return rows
}

func withLabel(label, s string) string {
	if s == "" {
		return ""
	}
	return label + s
}

// cells wraps each text to its column and paints it.
func (t *terminal) cells(s style, texts ...string) table.Row {
	out := make(table.Row, len(texts))
	for i, limit := range t.limits() {
		indent := texts[i][:len(texts[i])-len(strings.TrimLeft(texts[i], " "))]
		wrapped := wrap.Text(texts[i], limit-len(indent))
		for j := range wrapped {
			wrapped[j] = indent + wrapped[j]
		}
		out[i] = t.paint.lines(s, wrapped)
	}
	return out
}

func (t *terminal) grid(header table.Row, rows []table.Row, widths []int) string {
	w := table.NewWriter()
	w.AppendHeader(header)
	w.AppendRows(rows)
	configs := make([]table.ColumnConfig, len(widths))
	for i, width := range widths {
		configs[i] = table.ColumnConfig{Number: i + 1, WidthMin: width}
		if i == 1 || i == 2 || i == 4 {
			configs[i].Align, configs[i].AlignHeader = text.AlignRight, text.AlignRight
		}
	}
	w.SetColumnConfigs(configs)
	look := table.StyleLight
	look.Options = table.OptionsNoBordersAndSeparators
	look.Options.SeparateHeader = true
	look.Format.Header = text.FormatDefault
	look.Box.PaddingLeft, look.Box.PaddingRight = "", "  "
	look.Box.MiddleHorizontal = "─"
	w.SetStyle(look)
	w.SuppressTrailingSpaces()
	return w.Render()
}
