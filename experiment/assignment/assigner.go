package assignment

import (
	"errors"
	"fmt"

	"liftgate/datasets/bucket"
	"liftgate/experiment"
)

// Outcome is the answer for one unit. Variant is empty unless Reason is forced or assigned; Point is set when a hash chose the
// variant: as in [bucket.Outcome].
type Outcome struct {
	Variant string        `json:"variant"`
	Reason  bucket.Reason `json:"reason"`
	Point   uint64        `json:"point,string"`
}

// Assigner assigns the units of one experiment. It is safe for concurrent use.
type Assigner struct {
	*Gate
	variants []string
	listed   map[string]*Listed // by unit; nil when variants are chosen by hash
}

// New prepares the assignment of a definition, with the record of its design: nil unless it has one. The error says what is wrong
// with the eligibility condition or the record.
func New(d *experiment.Definition, r *Record) (*Assigner, error) {
	gate, err := NewGate(d)
	if err != nil {
		return nil, err
	}
	a := &Assigner{Gate: gate}
	for _, v := range d.Variants {
		a.variants = append(a.variants, v.Name)
	}
	designed := d.Assignment != nil && d.Assignment.Design != nil
	switch {
	case !designed && r != nil:
		return nil, errors.New("a record of a design was given, but the definition has no assignment.design")
	case !designed:
		return a, nil
	case r == nil:
		return nil, fmt.Errorf("%s: merchants are assigned by the record that the design was drawn into, %s, and none was given",
			d.Assignment.Design.Path, d.Assignment.Design.Record)
	}
	if err := r.Fits(d); err != nil {
		return nil, err
	}
	a.listed = make(map[string]*Listed, len(r.Merchants))
	for i := range r.Merchants {
		a.listed[r.Merchants[i].Unit] = &r.Merchants[i]
	}
	return a, nil
}

// Load is New with the record that the definition names, where it has a design.
func Load(d *experiment.Definition) (*Assigner, error) {
	record, err := RecordOf(d)
	if err != nil {
		return nil, err
	}
	return New(d, record)
}

// RecordOf reads the record that the definition names; nil where it has no design.
func RecordOf(d *experiment.Definition) (*Record, error) {
	if d.Assignment == nil || d.Assignment.Design == nil {
		return nil, nil
	}
	return ReadRecord(d.RecordPath())
}

// Assign decides for one unit, given by its key as logged (integers in decimal), and what is known of it.
func (a *Assigner) Assign(unit string, attributes Attributes) Outcome {
	if forced, reason := a.admit(unit, attributes); reason != "" {
		return Outcome{Variant: forced, Reason: reason}
	}
	if a.listed != nil {
		return a.fromList(unit)
	}
	out := a.rule.Assign(unit)
	if out.Reason != bucket.Assigned {
		return Outcome{Reason: out.Reason}
	}
	return Outcome{Variant: a.variants[out.Variant], Reason: out.Reason, Point: out.Point}
}

func (a *Assigner) fromList(unit string) Outcome {
	if reason := a.rule.Enter(unit); reason != bucket.Assigned {
		return Outcome{Reason: reason}
	}
	listed, ok := a.listed[unit]
	if !ok {
		return Outcome{Reason: NotListed}
	}
	return Outcome{Variant: listed.Variant, Reason: listed.Reason}
}
