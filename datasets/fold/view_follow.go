package fold

import (
	"math"
	"slices"

	"liftgate/stats/skewed"
)

// follower goes through the units of one partition and their rows.
type follower struct {
	*past
	planes     [][]int32
	components []component
	lines      []line
	at         []int       // next row of each line
	plain      bool        // units without rows have zero in every component, but where a column says more
	columns    [][]float64 // of the components that have them
	was, is    *state
	change     change
	mended     *mended // nil while changes are added up
}

// line is a timeline, and the components that it tells of.
type line struct {
	Timeline
	history        int
	feeds, sparing []int
}

// state is what is known of a unit.
type state struct {
	present  bool
	zero     bool         // so are its powers
	x        []float64    // before the cap, from the center
	powers   []skewed.Sum // 0 of a unit that is not present
	uncapped []skewed.Sum // nil without a cap
}

func (p *past) newState() *state {
	s := &state{present: true, zero: true, x: make([]float64, p.powers.Dim), powers: make([]skewed.Sum, p.powers.Len())}
	if p.uncapped != nil {
		s.uncapped = make([]skewed.Sum, p.powers.Len())
	}
	return s
}

func newFollower(p *past, partition int, planes [][]int32) *follower {
	f := &follower{past: p, planes: planes, plain: p.lower <= 0 && p.upper >= 0 && !p.centred(), was: p.newState(), is: p.newState()}
	m := p.fold.parts[partition]
	for i, value := range p.block.components {
		of := p.lineOf[value]
		c := component{value: &p.query.Values[value]}
		if of.Rows < 0 {
			c.column, c.absent = m.Values[value], m.Absent[value]
			f.plain = f.plain && c.absent == nil
			f.columns = append(f.columns, c.column)
		} else {
			f.plain = f.plain && c.zeroWithoutRows()
			l := f.line(of.Rows, partition)
			l.feeds = append(l.feeds, i)
		}
		if of.Spares >= 0 {
			l := f.line(of.Spares, partition)
			l.sparing = append(l.sparing, i)
		}
		f.components = append(f.components, c)
	}
	f.at = make([]int, len(f.lines))
	f.change.capped = newDifference(p.powers)
	if p.uncapped != nil {
		f.change.uncapped = newDifference(p.powers)
	}
	return f
}

// line finds or makes the line of a history.
func (f *follower) line(history, partition int) *line {
	at := slices.IndexFunc(f.lines, func(l line) bool { return l.history == history })
	if at < 0 {
		at = len(f.lines)
		f.lines = append(f.lines, line{Timeline: f.fold.parts[partition].Lines[history], history: history})
	}
	return &f.lines[at]
}

// follow goes through the units.
func (f *follower) follow() {
	units := int32(len(f.planes[0]))
	nothing := f.newState() // is known before the exposure
	for unit := f.next(0); unit < units; unit = f.next(unit + 1) {
		for i := range f.components {
			f.components[i].reset()
		}
		f.look(unit, f.was)
		class := f.slabs.whole[f.slabs.toWhole[f.planes[0][unit]]].class
		exposed := WhenOf(0, f.schedule.exposed[class])
		f.move(exposed, unit, nothing, f.was)
		f.rows(unit, exposed)
	}
}

// next is the first unit from the given one on that is worth a look.
func (f *follower) next(unit int32) int32 {
	if !f.plain {
		return unit
	}
	active := int32(len(f.planes[0]))
	for i := range f.lines {
		if at := f.at[i]; at < len(f.lines[i].Units) {
			active = min(active, f.lines[i].Units[at])
		}
	}
	if len(f.columns) == 0 {
		return active
	}
	for unit < active && !nonzero(f.columns, unit) {
		unit++
	}
	return unit
}

// look puts the vector of a unit together.
func (f *follower) look(unit int32, s *state) {
	s.present, s.zero = true, f.lower <= 0 && f.upper >= 0
	for i := range f.components {
		x, ok := f.components[i].number(unit)
		s.x[i] = x - f.center[i]
		s.present, s.zero = s.present && ok, s.zero && s.x[i] == 0
	}
	if !s.present || s.zero {
		s.zero = true
		clear(s.x)
		clear(s.powers)
		clear(s.uncapped)
		return
	}
	first := s.x[0]
	if s.uncapped != nil {
		f.powers.Of(s.uncapped, s.x)
		s.x[0] = min(max(first, f.lower), f.upper)
	}
	f.powers.Of(s.powers, s.x)
	s.x[0] = first
}

// move takes in that a unit's state changes, if it does.
func (f *follower) move(at When, unit int32, was, is *state) {
	same := was.zero && is.zero || slices.Equal(was.x, is.x) && slices.Equal(was.powers, is.powers)
	if f.mended != nil || same && was.present == is.present {
		return
	}
	f.change.null = 0
	switch {
	case was.present && !is.present:
		f.change.null = 1
	case is.present && !was.present:
		f.change.null = -1
	}
	f.change.capped.set(f.powers, was.powers, is.powers, was.zero)
	if f.uncapped != nil {
		f.change.uncapped.set(f.powers, was.uncapped, is.uncapped, was.zero)
	}
	f.enter(at, f.planes, unit, &f.change)
}

// rows takes in the rows of a unit, moment by moment, from that of its exposure on.
func (f *follower) rows(unit int32, since When) {
	for {
		now := When(math.MaxInt64)
		for i := range f.lines {
			if at := f.at[i]; at < len(f.lines[i].Units) && f.lines[i].Units[at] == unit {
				now = min(now, f.lines[i].At[at])
			}
		}
		if f.mended != nil {
			f.hold(since, now, unit, f.was)
		}
		if now == math.MaxInt64 {
			return
		}
		since = now
		for i := range f.lines {
			f.takeRows(i, unit, now)
		}
		f.look(unit, f.is)
		f.move(now, unit, f.was, f.is)
		f.was, f.is = f.is, f.was
	}
}

// takeRows takes in the rows of a line at a moment.
func (f *follower) takeRows(i int, unit int32, now When) {
	l, at := &f.lines[i], f.at[i]
	for ; at < len(l.Units) && l.Units[at] == unit && l.At[at] == now; at++ {
		x := 0.0
		if l.Numbers != nil {
			x = l.Numbers[at]
		}
		for _, c := range l.feeds {
			f.components[c].take(x)
		}
		for _, c := range l.sparing {
			f.components[c].spared = true
		}
	}
	f.at[i] = at
}
