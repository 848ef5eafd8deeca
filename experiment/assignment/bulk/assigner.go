package bulk

import (
	"path/filepath"

	"liftgate/datasets/bucket"
	"liftgate/experiment"
	"liftgate/experiment/assignment"
)

// decider is an assigner whose eligibility is decided by the caller, on the types of a file's columns.
type decider struct {
	all    *assignment.Assigner // without the condition
	forced map[string]string
	hashed bool // a hash chooses the variant, not a list
}

// load prepares the assignment of a definition, reading the record of its design where it has one.
func load(d *experiment.Definition) (*decider, error) {
	if d.Assignment == nil || d.Assignment.Design == nil {
		return newDecider(d, nil)
	}
	record, err := assignment.ReadRecord(RecordPath(d))
	if err != nil {
		return nil, err
	}
	return newDecider(d, record)
}

// RecordPath is where the record of a definition's design lies.
func RecordPath(d *experiment.Definition) string {
	path := d.Assignment.Design.Record
	if !filepath.IsAbs(path) {
		path = filepath.Join(d.Dir(), path)
	}
	return path
}

// newDecider takes the condition out of the definition. The record is that of its design, nil without one.
func newDecider(d *experiment.Definition, r *assignment.Record) (*decider, error) {
	open := *d
	out := &decider{forced: map[string]string{}, hashed: r == nil}
	if d.Assignment != nil {
		a := *d.Assignment
		a.Eligible = nil
		open.Assignment = &a
		for _, f := range a.Force {
			out.forced[f.Unit] = f.Variant
		}
	}
	var err error
	out.all, err = assignment.New(&open, r)
	return out, err
}

// assign decides for the row of a batch.
func (c *decider) assign(p *people, row int) (assignment.Outcome, error) {
	unit := p.key(row)
	eligible, err := p.isEligible(row)
	if eligible || err != nil {
		return c.all.Assign(unit, nil), err
	}
	if variant, ok := c.forced[unit]; ok {
		return assignment.Outcome{Variant: variant, Reason: assignment.Forced}, nil
	}
	return assignment.Outcome{Reason: assignment.NotEligible}, nil
}

// reasons are all that an outcome can have, in the order in which they are told.
var reasons = []bucket.Reason{
	bucket.Assigned, assignment.Forced, assignment.NotEligible, bucket.NoUnit, bucket.Holdout, bucket.Layer, bucket.Traffic,
	assignment.NotListed,
}
