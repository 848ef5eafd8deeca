package columnar

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math"

	"liftgate/datasets"
	"liftgate/datasets/expr"
	states "liftgate/datasets/state"
	"liftgate/datasets/tabular"
)

// errStateOfUnits is what no query of a unit table can do.
var errStateOfUnits = errors.New("a state keeps rows of an event log; a unit table is read as a whole each time")

// withState is a source for one query that keeps in the state what it reads.
func (s *Source) withState(ctx context.Context, q *datasets.Query, p *plan) (*Source, error) {
	if s.options.State == nil {
		return s, nil
	}
	out := *s
	out.kept = map[*datasets.Table]*states.Table{}
	err := out.keep(ctx, q.Exposures, exposuresPrint(q))
	for i, spec := range q.Events {
		if err == nil {
			err = out.keep(ctx, spec, eventsPrint(spec, p.tables[i]))
		}
	}
	return &out, err
}

// keep tells the state of a table.
func (s *Source) keep(ctx context.Context, spec *datasets.Table, print any) error {
	paths, err := tabular.Files(spec)
	if none := (*datasets.NoFilesError)(nil); err != nil && !errors.As(err, &none) { // which is said when the table's turn comes, if it does
		return err
	}
	text, err := json.Marshal(print)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(text)
	s.kept[spec], err = s.options.State.Table(ctx, spec.Name, spec.Dir, hex.EncodeToString(sum[:]), paths)
	return err
}

// blockFormat is what blocks of a state are written in; it changes with everything that decides about their content.
const blockFormat = 1

// tablePrint is all that the kept rows of a table depend on, but for the files.
type tablePrint struct {
	Format              int
	Unit, Time, Cluster string
	Zone                string
	Exposures           *exposuresOf
	Conditions, Cells   []nodePrint
}

// exposuresOf is what is peculiar to exposures.
type exposuresOf struct {
	Variant           string
	Attributes        []string
	Variants, Ignored []string
	Start, End        *datasets.Instant
	Clustered         bool
	Plan              any
	Eligible          *nodePrint
}

// nodePrint tells conditions apart, and columns of numbers from columns that are counted once.
type nodePrint struct {
	Text     string
	Columns  []expr.Used
	Distinct bool
}

func printOf(n *expr.Node) nodePrint { return nodePrint{Text: n.String(), Columns: n.Columns()} }

func printTable(spec *datasets.Table) tablePrint {
	out := tablePrint{Format: blockFormat, Unit: spec.Unit, Time: spec.Time, Cluster: spec.Cluster}
	if spec.Location != nil {
		out.Zone = spec.Location.String()
	}
	return out
}

func exposuresPrint(q *datasets.Query) tablePrint {
	out := printTable(q.Exposures)
	x := &exposuresOf{
		Variant: q.Exposures.Variant, Attributes: q.Exposures.Attributes, Variants: q.Variants, Ignored: q.IgnoreVariants,
		Start: q.Start, End: q.End, Clustered: q.Clustered, Plan: q.Plan,
	}
	if a := newAssigned(q); a.eligible != nil {
		eligible := printOf(a.eligible)
		x.Eligible = &eligible
	}
	out.Exposures = x
	return out
}

// eventsPrint is of a table of events; p is nil where no value is on it.
func eventsPrint(spec *datasets.Table, p *tablePlan) tablePrint {
	out := printTable(spec)
	if p == nil {
		return out
	}
	for _, c := range p.conditions {
		out.Conditions = append(out.Conditions, printOf(c))
	}
	for _, c := range p.cells.columns {
		cell := printOf(c.node)
		cell.Distinct = c.distinct
		out.Cells = append(out.Cells, cell)
	}
	return out
}

// keeper lets a scan keep what it reads, and take from the state what is kept. What is kept of a part does not depend on as_of, nor on
// which units are exposed when: those rows that this query asks for are found among what is kept.
type keeper struct {
	table    *states.Table
	shape    packetShape
	bounds   packetBounds
	labels   []*labels
	assigned *assigned // nil for events
	from, to int64     // of the times that this query asks for
	wide     func() widened
}

// widened is a filter that lets pass what any as_of may ask for.
type widened interface {
	filter
	// remainder gives what was counted since it was last asked.
	remainder() remainder
}

// narrowing is a filter that can tell of kept rows what it would tell of those that it reads itself.
type narrowing interface {
	filter
	// count takes in what was counted of some rows, of which so many lie outside the times that are asked for.
	count(t *remainder, outside int64)
}

// remainder is what is kept of rows that did not survive the filter.
type remainder struct {
	nullUnit, ignored, outside, nullTime int64
	strays                               []int64 // times of rows of events without a unit
}

func (t *remainder) add(o remainder) {
	t.nullUnit += o.nullUnit
	t.ignored += o.ignored
	t.outside += o.outside
	t.nullTime += o.nullTime
	t.strays = append(t.strays, o.strays...)
}

func (t *remainder) empty() bool {
	return t.nullUnit|t.ignored|t.outside|t.nullTime == 0 && len(t.strays) == 0
}

// keepExposures is the keeper of the pass over exposures; nil without a state.
func (s *Source) keepExposures(e *enrolment, columns enrolColumns, w *tabular.Wanted) *keeper {
	table := s.kept[e.table]
	if table == nil {
		return nil
	}
	variants := len(e.query.Variants)
	always := datasets.Instant(math.MaxInt64)
	return &keeper{
		table: table, labels: e.labels, assigned: &e.assigned, from: math.MinInt64, to: int64(*e.asOf),
		shape:  e.shape(),
		bounds: packetBounds{variants: variants, found: variants},
		wide: func() widened {
			f := e.newFilter(columns, w)
			f.before = always
			return f
		},
	}
}

// keepEvents is the keeper of the pass over a table of events; nil without a state.
func (s *Source) keepEvents(p *tablePlan, from, to int64) *keeper {
	table := s.kept[p.spec]
	if table == nil {
		return nil
	}
	return &keeper{
		table: table, from: from, to: to,
		shape: p.shape(),
		wide: func() widened {
			f := newEventFilter(p, math.MinInt64, math.MaxInt64)
			f.wide = true
			return f
		},
	}
}

func (f *enrolFilter) remainder() remainder {
	t := remainder{nullUnit: f.dropped.NullUnit, ignored: f.dropped.IgnoredVariants, outside: f.dropped.OutsideSchedule}
	f.dropped = datasets.Dropped{}
	return t
}

func (f *enrolFilter) count(t *remainder, outside int64) {
	f.dropped.NullUnit += t.nullUnit
	f.dropped.IgnoredVariants += t.ignored
	f.dropped.OutsideSchedule += t.outside + outside
}

func (f *eventFilter) remainder() remainder {
	t := remainder{nullTime: f.nullTime, strays: f.strays}
	f.nullTime, f.unmatched, f.strays = 0, 0, nil
	return t
}

func (f *eventFilter) count(t *remainder, _ int64) {
	f.nullTime += t.nullTime
	for _, at := range t.strays {
		if at >= f.from && at < f.to {
			f.unmatched++
		}
	}
}
