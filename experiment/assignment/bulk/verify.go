package bulk

import (
	"cmp"
	"context"
	"errors"
	"hash/maphash"
	"slices"

	"liftgate/datasets"
	"liftgate/datasets/arrowfile"
	"liftgate/datasets/bucket"
	"liftgate/datasets/expr"
	"liftgate/experiment"
	"liftgate/experiment/assignment"
)

// VerifyOptions say which log is checked.
type VerifyOptions struct {
	Files    []string                             // of exposures, or a unit table's
	Workers  int                                  // 0: as many as there are processors
	Progress func(file string, done, total int64) // bytes of a file; nil: nobody asks
}

// Verification compares the variants of a log with those that the definition gives. Everything is counted in rows but Units.
type Verification struct {
	Rows     int64 `json:"rows"`
	Agree    int64 `json:"agree"`    // forced rows too
	Disagree int64 `json:"disagree"` // Moved, Excluded and Undeclared together
	Forced   int64 `json:"forced"`   // rows of forced units, whichever variant they have
	Ignored  int64 `json:"ignored"`  // rows of data's ignore_variants, which are not compared
	NoUnit   int64 `json:"no_unit"`  // rows without a key, which are not compared
	Units    Units `json:"units"`

	Moved      []Move       `json:"moved"`      // logged one variant, assigned another
	Excluded   []Exclusion  `json:"excluded"`   // logged a variant, assigned none
	Undeclared []Undeclared `json:"undeclared"` // logged a variant that the definition does not have
	Offenders  []Offender   `json:"offenders"`  // the worst first
	// Unchecked are attributes that the eligibility condition reads and the log lacks: then the condition is not judged.
	Unchecked []string `json:"unchecked"`
}

// Units counts compared units, each once.
type Units struct {
	Compared int64 `json:"compared"`
	Disagree int64 `json:"disagree"` // in at least one row
	Partial  bool  `json:"partial"`  // there are more units than are told apart, so both counts are too small
}

// Move is how many rows logged one variant and should have had another.
type Move struct {
	Logged   string `json:"logged"`
	Assigned string `json:"assigned"`
	Rows     int64  `json:"rows"`
}

// Exclusion is how many rows logged a variant and should have had none.
type Exclusion struct {
	Reason bucket.Reason `json:"reason"`
	Rows   int64         `json:"rows"`
}

// Undeclared is how many rows logged something that is no variant of the definition.
type Undeclared struct {
	Variant string `json:"variant"` // datasets.NoValue for null
	Rows    int64  `json:"rows"`
}

// Verify recomputes the variant of every row of a log. A log that disagrees is no error.
func Verify(ctx context.Context, d *experiment.Definition, o VerifyOptions) (*Verification, error) {
	decide, err := load(d)
	if err != nil {
		return nil, err
	}
	v := newVerifier(d, decide)
	for _, file := range o.Files {
		if err := v.file(ctx, file, o); err != nil {
			return nil, err
		}
	}
	return v.result()
}

// verifier collects what all files say.
type verifier struct {
	definition *experiment.Definition
	decide     *decider
	log        logged
	total      *findings
	unchecked  []string
}

// logged is what the definition says about its log.
type logged struct {
	variant    string
	attributes []string
	ignored    []string
	declared   []string
}

func newVerifier(d *experiment.Definition, decide *decider) *verifier {
	v := &verifier{definition: d, decide: decide}
	if u := d.Data.Units; u != nil {
		v.log = logged{variant: u.Variant, attributes: u.Attributes, ignored: u.IgnoreVariants}
	} else {
		e := d.Data.Exposures
		v.log = logged{variant: e.Variant, attributes: e.Attributes, ignored: e.IgnoreVariants}
	}
	for _, variant := range d.Variants {
		v.log.declared = append(v.log.declared, variant.Name)
	}
	v.total = newFindings(maphash.MakeSeed())
	return v
}

// file judges the rows of one file.
func (v *verifier) file(ctx context.Context, path string, o VerifyOptions) (err error) {
	reader, err := arrowfile.Open(path, arrowfile.ReadOptions{Columns: v.columns()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	attributes, s, err := v.subject(path, reader)
	if err != nil {
		return err
	}
	p := pipeline[*findings]{
		reader: reader, workers: o.Workers,
		work: func(b *arrowfile.Batch) (*findings, error) { return v.judge(s, b, attributes) },
		take: func(f *findings) error {
			v.total.merge(f)
			return nil
		},
	}
	if o.Progress != nil {
		p.progress = func(done, total int64) { o.Progress(path, done, total) }
	}
	return p.run(ctx)
}

// columns are all that is read of a log.
func (v *verifier) columns() []string {
	out := append([]string{UnitColumn(v.definition), v.log.variant}, v.log.attributes...)
	if a := v.definition.Assignment; a != nil && a.Eligible != nil {
		for _, used := range a.Eligible.Tree.Columns() {
			out = append(out, used.Name)
		}
	}
	return out
}

// subject binds the log's columns, and tells those that offenders are looked for in.
func (v *verifier) subject(path string, reader arrowfile.Reader) (attributes []string, s *subject, err error) {
	names := namesOf(reader.Schema())
	if !slices.Contains(names, v.log.variant) {
		return nil, nil, missing(path, v.log.variant, "the definition names it as the logged variant", names)
	}
	d := v.definition
	attributes = slices.Clone(v.log.attributes)
	for _, name := range attributes {
		if !slices.Contains(names, name) {
			return nil, nil, missing(path, name, "the definition lists it among the attributes of the log", names)
		}
	}
	if lacks := lacking(d, names); len(lacks) > 0 {
		v.unchecked = lacks
		d = withoutCondition(d)
	}
	if s, err = newSubject(d, path, reader.Schema()); err != nil {
		return nil, nil, err
	}
	for _, name := range s.reads {
		if !slices.Contains(attributes, name) {
			attributes = append(attributes, name)
		}
	}
	s.reads = append(slices.Clone(attributes), v.log.variant)
	return attributes, s, nil
}

// lacking are the columns that the eligibility condition reads and a file has not.
func lacking(d *experiment.Definition, names []string) (out []string) {
	if d.Assignment == nil || d.Assignment.Eligible == nil {
		return nil
	}
	for _, used := range d.Assignment.Eligible.Tree.Columns() {
		if !slices.Contains(names, used.Name) && !slices.Contains(out, used.Name) {
			out = append(out, used.Name)
		}
	}
	return out
}

// judge compares every row of a batch.
func (v *verifier) judge(s *subject, b *arrowfile.Batch, attributes []string) (*findings, error) {
	p, err := s.of(b)
	if err != nil {
		return nil, err
	}
	f := newFindings(v.total.seed)
	values := make([]func(int) expr.Value, len(attributes))
	for i, name := range attributes {
		values[i] = p.cells[name]
	}
	variant := p.cells[v.log.variant]
	for row := range int(b.NumRows()) {
		out, err := v.decide.assign(p, row)
		if err != nil {
			return nil, err
		}
		was := variant(row)
		said := was.Plain()
		if was.Null() {
			said = datasets.NoValue
		}
		compared, agrees := f.row(&v.log, p.key(row), said, out)
		if compared {
			f.blame(attributes, values, row, !agrees)
		}
	}
	return f, nil
}

// row judges one row.
func (f *findings) row(log *logged, unit, said string, out assignment.Outcome) (compared, agrees bool) {
	f.rows++
	switch {
	case unit == "":
		f.noUnit++
		return false, true
	case slices.Contains(log.ignored, said):
		f.ignored++
		return false, true
	}
	if out.Reason == assignment.Forced {
		f.forced++
	}
	switch {
	case !slices.Contains(log.declared, said):
		f.undeclared.add(said)
	case out.Variant == "":
		f.excluded[out.Reason]++
	case out.Variant != said:
		f.moved[[2]string{said, out.Variant}]++
	default:
		f.agree++
		agrees = true
	}
	f.units.put(maphash.String(f.seed, unit), !agrees)
	return true, agrees
}

// result puts what was found into order.
func (v *verifier) result() (*Verification, error) {
	f := v.total
	out := &Verification{
		Rows: f.rows, Agree: f.agree, Forced: f.forced, Ignored: f.ignored, NoUnit: f.noUnit, Units: f.units.count(),
		Moved: []Move{}, Excluded: []Exclusion{}, Undeclared: []Undeclared{}, Unchecked: slices.Concat([]string{}, v.unchecked),
	}
	for _, was := range v.log.declared {
		for _, is := range v.log.declared {
			if n := f.moved[[2]string{was, is}]; n > 0 {
				out.Moved = append(out.Moved, Move{was, is, n})
			}
		}
	}
	for _, reason := range reasons {
		if n := f.excluded[reason]; n > 0 {
			out.Excluded = append(out.Excluded, Exclusion{reason, n})
		}
	}
	for i, name := range f.undeclared.names {
		out.Undeclared = append(out.Undeclared, Undeclared{name, f.undeclared.rows[i]})
	}
	out.Undeclared = most(out.Undeclared)
	out.Disagree = f.rows - f.agree - f.ignored - f.noUnit
	var err error
	out.Offenders, err = f.offenders()
	return out, err
}

// Compared is how many rows were compared.
func (v *Verification) Compared() int64 { return v.Agree + v.Disagree }

// most keeps the ten undeclared variants with the most rows and counts the others together.
func most(all []Undeclared) []Undeclared {
	slices.SortStableFunc(all, func(a, b Undeclared) int { return cmp.Compare(b.Rows, a.Rows) })
	if len(all) <= maxOffenders {
		return all
	}
	others := Undeclared{Variant: otherValues}
	for _, u := range all[maxOffenders:] {
		others.Rows += u.Rows
	}
	return append(all[:maxOffenders:maxOffenders], others)
}
