package planning

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"liftgate/experiment/result"
	"liftgate/experiment/wrap"
)

// writeTable writes the plan for a terminal: as a table where that fits, metric by metric where it does not.
func (p *Plan) writeTable(w io.Writer, width int) error {
	width = wrap.Width(width)
	var b strings.Builder
	b.WriteString(wrap.Paragraph("", result.Printable(p.Experiment+" · "+p.Title), width))
	b.WriteString(wrap.Paragraph("", p.rates(), width))
	b.WriteByte('\n')
	if grid, columns := p.grid(); columns <= width {
		b.WriteString(grid)
	} else {
		p.blocks(&b, width)
	}
	b.WriteByte('\n')
	for _, line := range []string{p.Headline(), p.Calendar(), p.CostLine()} {
		b.WriteString(wrap.Paragraph("", line, width))
	}
	for _, note := range p.notes() {
		b.WriteString(wrap.Paragraph("! ", note, width))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// lines are those of the table, head first. Role and test stand under the metric's name, numbers of units that differ by variant
// below each other, the power above the table.
func (p *Plan) lines() [][]string {
	const role, test, power, units = 1, 2, 6, 4 // the last of what is picked
	pick := func(cells []string) []string {
		return append(append(cells[:1:1], cells[test+1:power]...), cells[power+1:]...)
	}
	lines := [][]string{pick(p.columns())}
	for i := range p.Metrics {
		cells := p.cells(&p.Metrics[i])
		first, names := pick(cells), []string{cells[0], "  " + cells[role] + ": " + cells[test]}
		numbers := strings.Split(first[units], " / ")
		for j := range max(len(names), len(numbers)) {
			line := make([]string, len(first))
			if j == 0 {
				copy(line, first)
			}
			if j < len(names) {
				line[0] = names[j]
			}
			if j < len(numbers) {
				line[units] = numbers[j]
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// grid is the table, and how many columns wide it is.
func (p *Plan) grid() (text string, columns int) {
	rows := p.lines()
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for i, width := range widths {
		columns += width + 2*min(i, 1)
	}
	var b strings.Builder
	for n, row := range rows {
		for i, cell := range row {
			gap := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				row[i] = cell + gap
			} else {
				row[i] = gap + cell
			}
		}
		b.WriteString(strings.TrimRight(strings.Join(row, "  "), " ") + "\n")
		if n == 0 {
			b.WriteString(strings.Repeat("─", columns) + "\n")
		}
	}
	return b.String(), columns
}

// blocks are the rows of the table as paragraphs.
func (p *Plan) blocks(b *strings.Builder, width int) {
	heads := p.columns()
	for i := range p.Metrics {
		cells := p.cells(&p.Metrics[i])
		b.WriteString(wrap.Paragraph("", fmt.Sprintf("%s (%s: %s)", cells[0], cells[1], cells[2]), width))
		var parts []string
		for j := 3; j < len(cells); j++ {
			parts = append(parts, heads[j]+" "+cells[j])
		}
		b.WriteString(wrap.Paragraph("  ", strings.Join(parts, "; "), width))
	}
}
