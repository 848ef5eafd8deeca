package experiment

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"liftgate/datasets"
)

// catalogueWidth is how wide the printed catalogue may be.
const catalogueWidth = 100

const catalogueIntro = `amazon-pay: the built-in metrics. A definition takes one over with use, and keys beside it override:
  - {name: chargeback_rate, use: amazon-pay/chargeback_rate, margin: 0.1pp}
AFTER is how long after exposure (or order) an outcome is complete.
`

const catalogueRow = "  %-13s %-21s %-17s %-7s %-14s %-6s %s"

var tierTitles = map[Tier]string{
	TierCore:       "CORE: what Amazon Pay is for",
	TierSupporting: "SUPPORTING: where on the shopper's way an effect comes from",
	TierRisk:       "RISK: what must not get worse",
}

// PrintCatalogue prints the built-in metrics for people: by tier, and by stage within each, with whom they matter to.
func PrintCatalogue(w io.Writer) error {
	out := bufio.NewWriter(w)
	fmt.Fprint(out, catalogueIntro)
	var tier Tier
	for _, e := range Catalogue() {
		m := &e.Metric
		if m.Tier != tier {
			tier = m.Tier
			fmt.Fprintf(out, "\n%s\n", tierTitles[tier])
			printRow(out, "STAGE", "METRIC", "TYPE", "BETTER", "ROLE", "AFTER", "MARGIN")
		}
		printRow(out, string(m.Stage), m.Name, string(m.Type), string(m.Better), string(m.Role), m.after(), m.marginText())
		printWrapped(out, forWhom(m)+": "+m.Description)
	}
	return out.Flush()
}

func printRow(w io.Writer, cells ...any) {
	fmt.Fprintln(w, strings.TrimRight(fmt.Sprintf(catalogueRow, cells...), " "))
}

// printWrapped prints a text below the metric's name.
func printWrapped(w io.Writer, text string) {
	indent := strings.Repeat(" ", 16)
	line := indent[:len(indent)-1]
	for _, word := range strings.Fields(text) {
		if len(line)+1+len(word) > catalogueWidth {
			fmt.Fprintln(w, line)
			line = indent[:len(indent)-1]
		}
		line += " " + word
	}
	fmt.Fprintln(w, line)
}

func forWhom(m *Metric) string {
	names := make([]string, len(m.Stakeholders))
	for i, s := range m.Stakeholders {
		names[i] = string(s)
	}
	return strings.Join(names, ", ")
}

// after is how long it takes until an outcome is complete.
func (m *Metric) after() string {
	var longest datasets.Span
	if m.Delayed != nil {
		longest = m.Delayed.Horizon
	}
	for _, v := range m.Values() {
		longest = max(longest, v.Window[1])
	}
	return spanText(longest)
}

func (m *Metric) marginText() string {
	switch {
	case m.Margin == nil:
		return ""
	case m.Margin.Relative:
		return fmt.Sprintf("%.4g%%", m.Margin.Value*100)
	case m.Type == Mean || m.Type == Quantile:
		return fmt.Sprintf("%.4g", m.Margin.Value)
	}
	return fmt.Sprintf("%.4gpp", m.Margin.Value*100)
}
