package assignment

import (
	"liftgate/datasets/bucket"
	"liftgate/datasets/expr"
	"liftgate/experiment"
)

// The reasons beside those of package bucket.
const (
	Forced      bucket.Reason = "forced"
	NotEligible bucket.Reason = "not_eligible"
	NotListed   bucket.Reason = "not_listed" // the design's list of merchants does not have the unit
)

// Attributes gives what is known of a unit: null for an attribute that is missing. An attribute that cannot be read as the type
// that the condition asks for counts as null, see [Readable]. A nil function means that nothing is known.
type Attributes = func(name string) expr.Value

// Gate decides who takes part in an experiment, before anything is said about variants. It is safe for concurrent use.
type Gate struct {
	plan      *bucket.Plan
	rule      *bucket.Rule
	forced    map[string]string
	eligible  *expr.Node // nil: everybody
	conjuncts []conjunct // of eligible: all of them have to hold
}

// NewGate prepares the gate of a definition. The error says what is wrong with the eligibility condition.
func NewGate(d *experiment.Definition) (*Gate, error) {
	plan, err := Plan(d)
	if err != nil {
		return nil, err
	}
	g := &Gate{plan: plan, rule: plan.Rule(), forced: map[string]string{}}
	if d.Assignment == nil {
		return g, nil
	}
	for _, f := range d.Assignment.Force {
		g.forced[f.Unit] = f.Variant
	}
	if condition := d.Assignment.Eligible; condition != nil {
		if g.eligible, err = bindEligible(d, condition); err != nil {
			return nil, err
		}
		g.conjuncts = conjuncts(g.eligible, condition.Text)
	}
	return g, nil
}

// bindEligible types attributes by their use, because a definition does not declare their types.
func bindEligible(d *experiment.Definition, condition *experiment.Condition) (*expr.Node, error) {
	untyped := func(string) (expr.Type, bool) { return expr.Untyped, true }
	bound, mistakes := condition.Tree.Bind(untyped, expr.Bool)
	var problems experiment.Problems
	for _, m := range mistakes {
		problems = append(problems, d.ProblemAt(condition.Path, m.Pos, m.Message))
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return bound, nil
}

// Enter decides whether a unit, given by its key as logged (integers in decimal), may be given a variant: then the reason is
// [bucket.Assigned]. With the reason [Forced] the variant is already known.
func (g *Gate) Enter(unit string, attributes Attributes) (forced string, reason bucket.Reason) {
	if forced, reason = g.admit(unit, attributes); reason != "" {
		return forced, reason
	}
	return "", g.rule.Enter(unit)
}

// admit is what comes before the hashes; the reason is empty for a unit that may go on to them.
func (g *Gate) admit(unit string, attributes Attributes) (forced string, reason bucket.Reason) {
	if variant, ok := g.forced[unit]; ok {
		return variant, Forced
	}
	if !g.Eligible(attributes) {
		return "", NotEligible
	}
	return "", ""
}

// Eligible reports whether a unit with these attributes may take part, whatever the hashes say.
func (g *Gate) Eligible(attributes Attributes) bool {
	for i := range g.conjuncts {
		if !g.conjuncts[i].holds(attributes) {
			return false
		}
	}
	return true
}
