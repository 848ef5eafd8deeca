package report

import "liftgate/experiment/result"

// kind is the type of a field's values.
type kind int

const (
	word    kind = iota // string
	instant             // *string, RFC 3339 in UTC
	whole               // *int64
	number              // *float64
	truth               // *bool
	list                // []string
)

// field is one column of the formats for programs. value returns the Go type that its kind names; nil is absent.
type field struct {
	name  string
	kind  kind
	value func(line) any
}

// fields are the columns, in order. CSV and Arrow have the same.
var fields = []field{
	{"experiment", word, func(l line) any { return l.result.Experiment }},
	{"as_of", instant, func(l line) any { return l.result.AsOf }},
	{"metric", word, func(l line) any { return l.metric.Metric }},
	{"title", word, func(l line) any { return l.metric.Title }},
	{"tier", word, func(l line) any { return l.metric.Tier }},
	{"role", word, func(l line) any { return l.metric.Role }},
	{"type", word, func(l line) any { return l.metric.Type }},
	{"stage", word, func(l line) any { return l.metric.Stage }},
	{"stakeholders", list, func(l line) any { return l.metric.Stakeholders }},
	{"better", word, func(l line) any { return l.metric.Better }},
	{"status", word, func(l line) any { return l.metric.Status }},
	{"reason", word, func(l line) any { return l.metric.Reason }},
	{"incomplete", whole, func(l line) any { return &l.metric.Incomplete }},
	{"control", word, func(l line) any { return l.comparison.Control }},
	{"variant", word, func(l line) any { return l.comparison.Variant }},
	{"control_n", whole, func(l line) any { return units(l.control) }},
	{"control_value", number, func(l line) any { return raw(l.control).Value }},
	{"control_std_error", number, func(l line) any { return raw(l.control).StdError }},
	{"control_sum", number, func(l line) any { return raw(l.control).Sum }},
	{"n", whole, func(l line) any { return units(l.treatment) }},
	{"value", number, func(l line) any { return raw(l.treatment).Value }},
	{"std_error", number, func(l line) any { return raw(l.treatment).StdError }},
	{"sum", number, func(l line) any { return raw(l.treatment).Sum }},
	{"method", word, func(l line) any { return l.comparison.Method }},
	{"adjusted_for", list, func(l line) any { return l.comparison.AdjustedFor }},
	{"variance_removed", number, func(l line) any { return l.comparison.VarianceRemoved }},
	{"difference", number, func(l line) any { return difference(l.comparison.Difference).Estimate }},
	{"difference_std_error", number, func(l line) any { return difference(l.comparison.Difference).StdError }},
	{"difference_lower", number, func(l line) any { return difference(l.comparison.Difference).Lower }},
	{"difference_upper", number, func(l line) any { return difference(l.comparison.Difference).Upper }},
	{"lift", number, func(l line) any { return lift(l.comparison.Lift).Estimate }},
	{"lift_lower", number, func(l line) any { return lift(l.comparison.Lift).Lower }},
	{"lift_upper", number, func(l line) any { return lift(l.comparison.Lift).Upper }},
	{"lift_shape", word, func(l line) any { return lift(l.comparison.Lift).Shape }},
	{"level", number, func(l line) any { return positive(l.comparison.Level) }},
	{"test", word, func(l line) any { return l.comparison.Test }},
	{"margin", number, func(l line) any { return positive(margin(l.comparison).Value) }},
	{"margin_scale", word, func(l line) any { return margin(l.comparison).Scale }},
	{"mde", number, func(l line) any { return l.comparison.MDE }},
	{"p_value", number, func(l line) any { return l.comparison.PValue }},
	{"alpha", number, func(l line) any { return positive(l.comparison.Alpha) }},
	{"verdict", word, func(l line) any { return verdictOf(l) }},
	{"worse_than_zero", truth, func(l line) any { return worse(l) }},
	{"blocks", truth, func(l line) any { return blocks(l) }},
	{"why", word, func(l line) any { return deciding(l).Why }},
	{"needs", word, func(l line) any { return deciding(l).Needs }},
	{"warnings", list, func(l line) any { return l.comparison.Warnings }},
	{"choice", word, func(l line) any { return l.comparison.Choice }},
	{"outside", word, func(l line) any { return l.comparison.Outside }},
	{"clusters", whole, func(l line) any { return clusters(l) }},
	{"effective_clusters", number, func(l line) any { return positive(orZero(l.comparison.Clusters).Effective) }},
	{"largest_cluster_share", number, func(l line) any { return positive(orZero(l.comparison.Clusters).LargestShare) }},
	{"cut", word, func(l line) any { return l.result.Cut.String() }},
	{"sketch_error", number, func(l line) any { return positive(orZero(l.metric.Sketch).RelativeError) }},
}

// verdictOf is the comparison's verdict; that of the hypothesis when there is no comparison.
func verdictOf(l line) string {
	if l.comparison.Verdict != "" {
		return l.comparison.Verdict
	}
	return deciding(l).Verdict
}

// The functions below stand a zero value in for a part that is absent, so that its numbers are absent too.

func raw(v *result.Variant) result.Variant { return orZero(v) }

func difference(d *result.Estimate) result.Estimate { return orZero(d) }

func lift(l *result.Lift) result.Lift { return orZero(l) }

func margin(c *result.Comparison) result.Margin { return orZero(c.Margin) }

func deciding(l line) result.Hypothesis { return orZero(l.hypothesis) }

func orZero[T any](p *T) T {
	var zero T
	if p == nil {
		return zero
	}
	return *p
}

func units(v *result.Variant) *int64 {
	if v == nil {
		return nil
	}
	return &v.N
}

func clusters(l line) *int64 {
	if l.comparison.Clusters == nil {
		return nil
	}
	return &l.comparison.Clusters.Number
}

// worse is unknown without a difference.
func worse(l line) *bool {
	if difference(l.comparison.Difference).Estimate == nil {
		return nil
	}
	return &l.comparison.WorseThanZero
}

func blocks(l line) *bool {
	if l.hypothesis == nil {
		return nil
	}
	return &l.hypothesis.Blocks
}

// positive is absent for zero: a level, margin or alpha of zero is one that was never set.
func positive(x float64) *float64 {
	if x == 0 {
		return nil
	}
	return &x
}
