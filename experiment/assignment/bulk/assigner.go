package bulk

import (
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
	record, err := assignment.RecordOf(d)
	if err != nil {
		return nil, err
	}
	return newDecider(d, record)
}

// withoutCondition is the definition with everybody eligible.
func withoutCondition(d *experiment.Definition) *experiment.Definition {
	if d.Assignment == nil {
		return d
	}
	open, everybody := *d, *d.Assignment
	everybody.Eligible = nil
	open.Assignment = &everybody
	return &open
}

// newDecider takes the condition out of the definition. The record is that of its design, nil without one.
func newDecider(d *experiment.Definition, r *assignment.Record) (*decider, error) {
	out := &decider{forced: map[string]string{}, hashed: r == nil}
	if d.Assignment != nil {
		for _, f := range d.Assignment.Force {
			out.forced[f.Unit] = f.Variant
		}
	}
	var err error
	out.all, err = assignment.New(withoutCondition(d), r)
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
