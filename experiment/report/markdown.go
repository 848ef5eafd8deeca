package report

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"liftgate/experiment/result"
)

// markdown writes a scorecard as GitHub-flavoured Markdown.
type markdown struct {
	strings.Builder
	card *scorecard
}

func writeMarkdown(w io.Writer, r *result.Result) error {
	m := &markdown{card: newScorecard(r)}
	m.banner()
	m.checks()
	for _, t := range m.card.Tiers {
		m.tier(t)
	}
	if m.card.Levels != "" {
		m.block("Intervals in brackets are two-sided: " + escape(m.card.Levels) + ". " + pNote + ".")
	}
	if len(m.card.Methods) > 0 {
		m.block("Methods:")
		m.WriteString("\n")
		for _, x := range m.card.Methods {
			m.WriteString("- " + escape(x.String()) + "\n")
		}
	}
	m.segments(newClosers(r, m.card))
	for _, t := range m.card.Treatments {
		m.treatment(t)
	}
	if len(m.card.Warnings) > 0 {
		m.block("### Warnings")
		m.list(m.card.Warnings)
	}
	_, err := io.WriteString(w, m.String())
	return err
}

// block writes a paragraph or heading with an empty line before it, but for the first.
func (m *markdown) block(s string) {
	if m.Len() > 0 {
		m.WriteString("\n")
	}
	m.WriteString(s + "\n")
}

func (m *markdown) list(items []string) {
	m.WriteString("\n")
	for _, item := range items {
		m.WriteString("- " + escape(item) + "\n")
	}
}

func (m *markdown) banner() {
	c := m.card
	title := c.Title
	if title == "" {
		title = c.Experiment
	}
	m.block(fmt.Sprintf("## %s %s: %s", c.Decision.Symbol, escape(c.Decision.Word), escape(title)))
	if c.Headline != "" {
		m.block("**" + escape(c.Headline) + "**")
	}
	m.block("`" + code(c.Experiment) + "`" + withLabel(" · ", escape(c.Facts)))
	if c.Cut != "" {
		m.block("Only " + escape(c.Cut))
	}
	if c.Caution != "" {
		m.block("> " + escape(c.Caution))
	}
}

func (m *markdown) checks() {
	if len(m.card.Checks) == 0 {
		return
	}
	names := make([]string, len(m.card.Checks))
	var notes []string
	for i, c := range m.card.Checks {
		names[i] = c.Mark.Symbol + " " + escape(c.Name)
		if c.Mark.Tone != good {
			notes = append(notes, fmt.Sprintf("%s %s, %s: %s", c.Mark.Symbol, c.Name, c.Mark.Word, c.Detail))
		}
	}
	m.block("**Checks** " + strings.Join(names, " · "))
	if len(notes) > 0 {
		m.list(notes)
	}
}

func (m *markdown) tier(t tierTable) {
	m.block("### " + t.Title)
	m.block("| metric | " + escape(m.card.Control) + " | treatment | lift, difference | margin | p | verdict |\n" +
		"|---|---:|---:|---|---|---:|---|")
	var notes []string
	for _, metric := range t.Metrics {
		for i, r := range metric.Rows {
			m.row(metric, r, i == 0)
		}
		if metric.Reason != "" {
			notes = append(notes, "? "+metric.Metric+", "+metric.Reason)
		}
		for _, note := range metric.Notes {
			notes = append(notes, metric.Metric+": "+note)
		}
	}
	if len(notes) > 0 {
		m.list(notes)
	}
}

func (m *markdown) row(metric metricRows, r row, first bool) {
	name, control := "", ""
	if first {
		name, control = "`"+code(metric.Metric)+"` "+escape(metric.Role), metric.Control
	}
	value := escape(r.Variant) + " " + r.Value
	texts := make([]string, len(r.Effects))
	for i, e := range r.Effects {
		texts[i] = e.String()
	}
	verdict := r.Mark.Symbol + " **" + escape(r.Mark.Word) + "**" + withLabel(", ", escape(strings.Join(r.Notes, ", ")))
	cells := []string{name, control, value, strings.Join(texts, "<br>"), metric.Margin, strings.ReplaceAll(r.P, "<", "&lt;"), verdict}
	m.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}

func (m *markdown) treatment(t treatmentCard) {
	if !t.Says(m.card.Single) {
		return
	}
	m.block(fmt.Sprintf("### %s: %s %s", escape(t.Variant), t.Mark.Symbol, escape(t.Mark.Word)))
	if !m.card.Single {
		m.block(escape(t.Headline))
	}
	if len(t.Reasons) > 0 {
		m.list(t.Reasons)
	}
	if len(t.Blockers) == 0 {
		return
	}
	m.block("What blocks SHIP:")
	m.WriteString("\n")
	for _, b := range t.Blockers {
		m.WriteString(fmt.Sprintf("- %s `%s`, **%s**: %s", b.Mark.Symbol, code(b.Metric), escape(b.Mark.Word), escape(b.Why)))
		m.WriteString(withLabel(" *Needs:* ", escape(b.Needs)) + "\n")
	}
}

var markdownEscapes = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "[", `\[`, "]", `\]`, "|", `\|`, "<", "&lt;", ">", "&gt;", "&", "&amp;", "#", `\#`, "~", `\~`,
)

// escape makes text mean itself in Markdown and in a table's cell. An underscore inside a word is left alone: it opens nothing,
// and names of metrics are full of them.
func escape(s string) string {
	var out strings.Builder
	runes := []rune(markdownEscapes.Replace(oneLine(s)))
	inWord := func(i int) bool {
		return i >= 0 && i < len(runes) && (unicode.IsLetter(runes[i]) || unicode.IsDigit(runes[i]))
	}
	for i, r := range runes {
		if r == '_' && !(inWord(i-1) && inWord(i+1)) {
			out.WriteByte('\\')
		}
		out.WriteRune(r)
	}
	return out.String()
}

// code is text between backticks, which cannot hold one, in a table's cell.
func code(s string) string {
	return strings.NewReplacer("`", "'", "|", `\|`).Replace(oneLine(s))
}

// oneLine is text without control characters and without space at its ends.
func oneLine(s string) string { return strings.TrimSpace(result.Printable(s)) }
