package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
)

// The columns of a segment's line: its name, its units, the plot, the estimate with its marks. The plot gets what the others leave.
const (
	segmentNameWidth   = 22
	segmentUnitsWidth  = 10
	segmentEffectWidth = 30
	segmentPlotMost    = 31
)

// segmentLine is a line of text about a segment, and how it is to be felt.
type segmentLine struct {
	text string
	tone tone
}

// segmentBlock is a metric with its segments in lines of text.
type segmentBlock struct {
	Title  string
	Lines  []segmentLine
	Notes  []string // alarms
	Legend string   // of marks that say what was not tested; empty without any
}

// segmentBlocks are the metrics in which a segment raised an alarm, the first metric where none did; rest counts the others.
func segmentBlocks(list []closer, width int) (blocks []segmentBlock, rest int) {
	for _, c := range list {
		switch {
		case len(c.Groups) == 0:
		case !c.Open:
			rest++
		default:
			blocks = append(blocks, newSegmentBlock(c, width))
		}
	}
	return blocks, rest
}

func newSegmentBlock(c closer, width int) segmentBlock {
	plot := min(width-segmentNameWidth-segmentUnitsWidth-segmentEffectWidth-5, segmentPlotMost)
	b := segmentBlock{Title: c.Metric.Metric, Notes: c.Alarms}
	if c.Variant != "" {
		b.Title += ", " + c.Variant
	}
	if c.Whole.Effect.Name != "" {
		b.Title += ": " + c.Whole.Effect.Name
	}
	add := func(name string, r segmentRow) {
		said := strings.TrimSpace(r.Effect.String())
		for _, m := range r.Marks {
			said += " " + m.Symbol
		}
		line := fmt.Sprintf("%s %s  %s  %s", leftAligned(name, segmentNameWidth), rightAligned(r.Units, segmentUnitsWidth),
			r.Plot.line(plot), leftAligned(said, segmentEffectWidth))
		b.Lines = append(b.Lines, segmentLine{strings.TrimRight(line, " "), r.tone})
	}
	if len(c.Untested) > 0 {
		b.Legend = untestedMark.Symbol + " not tested: too few units, or data outside the method's region of validity"
	}
	add("everybody", c.Whole)
	for _, g := range c.Groups {
		for _, r := range g.Rows {
			add(g.Attribute+" "+r.Name, r)
		}
	}
	return b
}

func leftAligned(s string, width int) string { return text.AlignLeft.Apply(fitting(s, width), width) }

func rightAligned(s string, width int) string { return text.AlignRight.Apply(fitting(s, width), width) }

// fitting is text on one line, cut where it is too long.
func fitting(s string, width int) string {
	s = oneLine(s)
	if text.StringWidthWithoutEscSequences(s) > width {
		return text.Trim(s, width-1) + "…"
	}
	return s
}

// line draws a strip in so many characters: │ is zero, ┊ the margin, ● the estimate. Without a strip it is blank.
func (s *strip) line(width int) string {
	cells := []rune(strings.Repeat(" ", width))
	if s == nil {
		return string(cells)
	}
	at := func(x float64) int { return min(max(int(math.Round(x/forestWidth*float64(width-1))), 0), width-1) }
	if !s.Unbounded {
		for i := at(s.Lower); i <= at(s.Upper); i++ {
			cells[i] = '─'
		}
	}
	if s.Margin != nil {
		cells[at(s.Margin.X)] = '┊'
	}
	cells[at(forestMiddle)] = '│'
	if s.CutLeft || s.Unbounded {
		cells[0] = '‹'
	}
	if s.CutRight || s.Unbounded {
		cells[width-1] = '›'
	}
	if s.Estimate != nil {
		cells[at(*s.Estimate)] = '●'
	}
	return string(cells)
}

// quietMetrics says in how many metrics no segment raised an alarm; empty for none.
func quietMetrics(rest int) string {
	switch rest {
	case 0:
		return ""
	case 1:
		return "No segment stands out in the other metric."
	}
	return fmt.Sprintf("No segment stands out in the %d other metrics.", rest)
}

// segments writes the segments of the metrics that need to be seen.
func (t *terminal) segments() {
	blocks, rest := segmentBlocks(t.closers, t.width-2)
	if len(blocks) == 0 {
		return
	}
	t.WriteString("\n")
	t.paragraph(0, bold, "SEGMENTS")
	for _, b := range blocks {
		t.paragraph(0, plainStyle, b.Title)
		for _, l := range b.Lines {
			t.WriteString(t.paint.as(toneStyle(l.tone), "  "+l.text) + "\n")
		}
		for _, note := range b.Notes {
			t.paragraph(2, toneStyle(open), "! "+note)
		}
		t.paragraph(2, dim, b.Legend)
	}
	t.paragraph(0, dim, quietMetrics(rest))
}

// segments writes the same as a block of code.
func (m *markdown) segments(list []closer) {
	blocks, rest := segmentBlocks(list, defaultWidth)
	if len(blocks) == 0 {
		return
	}
	m.block("### Segments")
	for _, b := range blocks {
		m.block("**" + escape(b.Title) + "**")
		m.block("```text")
		for _, l := range b.Lines {
			m.WriteString(strings.ReplaceAll(l.text, "```", "'''") + "\n")
		}
		m.WriteString("```\n")
		if b.Legend != "" {
			m.block(escape(b.Legend))
		}
		if len(b.Notes) > 0 {
			m.list(b.Notes)
		}
	}
	if said := quietMetrics(rest); said != "" {
		m.block(said)
	}
}
