package datasets

import (
	"fmt"
	"slices"
	"strings"
)

// Cut names a part of the analysed units: those of a cell, what was known of them by the end of a day, and up to an age. The zero value is
// all of them.
type Cut struct {
	Segments map[string]string // by name, one of the values that are kept, or OtherValues
	Day      *int              // position in ViewEvidence.Days: only rows before that end; nil: as of
	// Age a >= 1 cuts windows off a days after the exposure, where they reach further; 0: whole windows. A metric whose windows are
	// shorter keeps them whole, and so does every metric where they all are: whoever knows the windows refuses that.
	Age int
}

// NotHeldError means that evidence does not hold a part of the experiment.
type NotHeldError struct {
	Reason string
	Given  string   // a name or value that there is not; else empty
	Known  []string // what there is in its place
}

func (e *NotHeldError) Error() string {
	switch n := len(e.Known) - fewKnown; {
	case len(e.Known) == 0:
		return e.Reason
	case n > 1:
		return fmt.Sprintf("%s; there are %s and %d others", e.Reason, strings.Join(e.Known[:fewKnown], ", "), n)
	default:
		return e.Reason + "; there are " + strings.Join(e.Known, ", ")
	}
}

// fewKnown are as many as a reader wants to see at once.
const fewKnown = 30

func notHeld(format string, args ...any) error {
	return &NotHeldError{Reason: fmt.Sprintf(format, args...)}
}

// Cut is evidence of a part, from e.Views: up to rounding that of an analysis of e's own units in the cell with the rows before the end
// of the day, where exclusions, crossover units, caps and Top are those of e. It fails with a *NotHeldError.
//
// Quantiles are exact for all units and for one segment when all is in, and else those of sketches: see quantile.Sketched.
//
// A block that e does not hold for this part has Failed set and says why, while the whole block has not. A sample that it does not hold,
// such as WithoutTop at an age, is nil.
//
// These are of the whole all the same: Exposure.Dropped, Recomputed, Events, Values, Warnings, and of blocks Capped and Positive. First and Last
// are known to the day, and Hours and UnitHours hold all of a day in its first full hour. Crossover counts analysed units only, none where
// they are dropped. Attributes are those of e.Views, with the values
// that are kept. In a cut by day, a Cluster has -1 Units, which are not held by day, and is there before it was exposed. Clusters outside the
// cell that a design assigned are in Unexposed: they stay in the design, without units. Views are nil.
func (e *Evidence) Cut(c Cut) (*Evidence, error) {
	p, err := e.part(c)
	if err != nil {
		return nil, err
	}
	out := &Evidence{Variants: e.Variants, AsOf: p.asOf(), Events: e.Events, Values: e.Values, Warnings: e.Warnings}
	out.Exposure = p.exposure()
	units := p.analysisUnits()
	for i := range e.Blocks {
		b, err := p.block(i, units)
		if err != nil {
			return nil, err
		}
		out.Blocks = append(out.Blocks, b)
	}
	return out, nil
}

// part is a cut of evidence that is there.
type part struct {
	whole    *Evidence
	views    *ViewEvidence
	cut      Cut
	chosen   []int  // by segment, the position of the value; -1 for any
	cells    []bool // that the part consists of
	day      int
	clusters []int // that lie in it: positions in Exposure.Clusters
}

// last reports whether the part reaches to as of.
func (p *part) last() bool { return p.day >= len(p.views.Days)-1 }

// everywhere reports whether the part is of all cells.
func (p *part) everywhere() bool {
	return !slices.ContainsFunc(p.chosen, func(v int) bool { return v >= 0 })
}

func (p *part) asOf() *Instant {
	if p.last() {
		return p.whole.AsOf
	}
	return &p.views.Days[p.day]
}

func (e *Evidence) part(c Cut) (*part, error) {
	v := e.Views
	if v == nil {
		return nil, notHeld("the evidence holds totals only, no segments, days and ages")
	}
	p := &part{whole: e, views: v, cut: c}
	for _, check := range []func() error{p.choose, p.chooseDay, p.chooseAge} {
		if err := check(); err != nil {
			return nil, err
		}
	}
	p.cells = make([]bool, len(v.Cells))
	for i, cell := range v.Cells {
		p.cells[i] = p.holds(cell) && (v.Crossed || p.speaks(cell))
	}
	for i := range e.Exposure.Clusters {
		if p.holds(e.Exposure.Clusters[i].Segments) {
			p.clusters = append(p.clusters, i)
		}
	}
	return p, nil
}

// holds reports whether a cell, or a cluster's segments, lies in the part.
func (p *part) holds(values []int) bool {
	for s, v := range values {
		if p.chosen[s] >= 0 && v != p.chosen[s] {
			return false
		}
	}
	return true
}

// speaks reports whether a cell that is not crossed belongs to the segment by which units are counted once: the one that was chosen, else
// the first.
func (p *part) speaks(cell []int) bool {
	by := max(slices.IndexFunc(p.chosen, func(v int) bool { return v >= 0 }), 0)
	return by >= len(cell) || cell[by] >= 0
}

func (p *part) choose() error {
	segments := p.views.Segments
	p.chosen = make([]int, len(segments))
	names := make([]string, len(segments))
	for i, s := range segments {
		names[i], p.chosen[i] = s.Name, -1
	}
	asked := make([]string, 0, len(p.cut.Segments))
	for name := range p.cut.Segments {
		asked = append(asked, name)
	}
	slices.Sort(asked)
	for _, name := range asked {
		s := slices.Index(names, name)
		if s < 0 && len(names) == 0 {
			return notHeld("the evidence has no segments: the definition declares none")
		}
		if s < 0 {
			return &NotHeldError{Reason: fmt.Sprintf("the evidence has no segment %q", name), Given: name, Known: names}
		}
		if err := p.chooseValue(s, p.cut.Segments[name]); err != nil {
			return err
		}
	}
	if len(asked) > 1 && !p.views.Crossed {
		return notHeld("there are more than %d combinations of the values of segments, so the evidence holds each segment by itself: cut by one of %s",
			MaxCells, strings.Join(asked, ", "))
	}
	return nil
}

func (p *part) chooseValue(segment int, value string) error {
	s := &p.views.Segments[segment]
	if p.chosen[segment] = slices.Index(s.Values, value); p.chosen[segment] >= 0 {
		return nil
	}
	for _, a := range p.whole.Exposure.Attributes {
		if a.Name == s.Name && slices.Contains(a.Values, value) {
			return notHeld("%s = %q is not among the %d values of most units, which are kept by themselves: it is part of %q",
				s.Name, value, MaxSegmentValues, OtherValues)
		}
	}
	return &NotHeldError{Reason: fmt.Sprintf("no analysed unit has %s = %q", s.Name, value), Given: value, Known: s.Values}
}

func (p *part) chooseDay() error {
	days := len(p.views.Days)
	switch {
	case p.cut.Day == nil:
		p.day = max(days-1, 0)
	case days == 0:
		return notHeld("the evidence holds no days: nobody was exposed, or the data are a unit table, which has no times")
	case *p.cut.Day < 0 || *p.cut.Day >= days:
		return notHeld("the evidence holds %d days, no day %d", days, *p.cut.Day+1)
	default:
		p.day = *p.cut.Day
	}
	return nil
}

func (p *part) chooseAge() error {
	switch {
	case p.cut.Age < 0:
		return notHeld("an age is a number of days since exposure, at least 1")
	case p.cut.Age > 0 && len(p.views.Days) == 0:
		return notHeld("the evidence holds no ages: nobody was exposed, or the data are a unit table, which has no times")
	case p.cut.Age > 0 && p.clustered() && !p.last():
		return notHeld("of clusters the evidence holds ages at the last day only, not by day and age at once")
	}
	return nil
}

// clustered reports whether units lie in clusters, which then are what is exposed.
func (p *part) clustered() bool { return p.whole.Exposure.Clusters != nil }
