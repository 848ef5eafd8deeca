package assignment

import (
	"errors"

	"liftgate/datasets/bucket"
	"liftgate/datasets/expr"
	"liftgate/experiment"
)

// The reasons that come before those of package bucket.
const (
	Forced      bucket.Reason = "forced"
	NotEligible bucket.Reason = "not_eligible"
)

// Outcome is the answer for one unit. Variant is empty unless Reason is forced or assigned; Point is set when it is assigned.
type Outcome struct {
	Variant string
	Reason  bucket.Reason
	Point   uint64
}

// Assigner assigns the units of one experiment. It is safe for concurrent use.
type Assigner struct {
	plan     *bucket.Plan
	variants []string
	forced   map[string]string
	eligible *expr.Node // nil: everybody
}

// New prepares the assignment of a definition. The error wraps ErrNotSupported, or says what is wrong with the eligibility
// condition.
func New(d *experiment.Definition) (*Assigner, error) {
	plan, err := Plan(d)
	if err != nil {
		return nil, err
	}
	a := &Assigner{plan: plan, forced: map[string]string{}}
	for _, v := range d.Variants {
		a.variants = append(a.variants, v.Name)
	}
	if d.Assignment == nil {
		return a, nil
	}
	for _, f := range d.Assignment.Force {
		a.forced[f.Unit] = f.Variant
	}
	a.eligible, err = bindEligible(d)
	return a, err
}

// bindEligible types attributes by their use, because a definition does not declare their types.
func bindEligible(d *experiment.Definition) (*expr.Node, error) {
	condition := d.Assignment.Eligible
	if condition == nil {
		return nil, nil
	}
	untyped := func(string) (expr.Type, bool) { return expr.Untyped, true }
	bound, mistakes := condition.Tree.Bind(untyped, expr.Bool)
	problems := make([]error, len(mistakes))
	for i, m := range mistakes {
		problems[i] = errors.New(d.ProblemAt(condition.Path, m.Pos, m.Message).String())
	}
	return bound, errors.Join(problems...)
}

// Assign decides for one unit, given by its key as logged (integers in decimal), and the values of its attributes. An attribute
// that is unknown is null; one that cannot be read as the type that the condition asks for counts as null. A nil function means
// that nothing is known.
func (a *Assigner) Assign(unit string, attributes func(name string) expr.Value) Outcome {
	if variant, ok := a.forced[unit]; ok {
		return Outcome{Variant: variant, Reason: Forced}
	}
	if !a.Eligible(attributes) {
		return Outcome{Reason: NotEligible}
	}
	out := a.plan.Assign(unit)
	if out.Reason != bucket.Assigned {
		return Outcome{Reason: out.Reason}
	}
	return Outcome{Variant: a.variants[out.Variant], Reason: out.Reason, Point: out.Point}
}

// Eligible reports whether a unit with these attributes may take part, whatever the hashes say.
func (a *Assigner) Eligible(attributes func(string) expr.Value) bool {
	return a.eligible.Holds(func(name string, t expr.Type) expr.Value {
		if attributes == nil {
			return expr.Value{}
		}
		return read(attributes(name), t)
	})
}
