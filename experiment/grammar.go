package experiment

import (
	"fmt"
	"math"
	"regexp"
	"strings"

	"liftgate/datasets"
	"liftgate/datasets/expr"
)

// The grammar of a definition (v1). Rules that look at more than one key stand in the files that build its parts.

var (
	free        = textShape{}
	column      = textShape{what: "the name of a column"}
	variantName = textShape{what: "the name of a variant"}
	where       = conditionShape{expr.Bool, "a condition in quotes"}
	computed    = conditionShape{expr.Untyped, "a column, or a quoted CEL number"}
	columns     = listShape{of: column, unique: true}
	unitKey     = textShape{numbers: true, json: jsonSchema{"type": []string{"string", "integer"}}}
	salt        = textShape{check: withoutNUL, json: jsonSchema{"pattern": "^[^\x00]+$"}}
)

func withoutNUL(text string) string {
	if strings.ContainsRune(text, 0) {
		return "must not contain the character NUL, which separates it from the unit when hashing"
	}
	return ""
}

// word is a text made of a few kinds of characters.
func word(pattern, meaning string) textShape {
	whole := regexp.MustCompile("^" + pattern + "+$")
	return textShape{json: jsonSchema{"pattern": whole.String()}, check: func(text string) string {
		if !whole.MatchString(text) {
			return fmt.Sprintf("may hold only %s: %q does not fit", meaning, text)
		}
		return ""
	}}
}

func enumOf[T ~string](values ...T) enum {
	out := make(enum, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

var (
	roles       = enumOf(Success, Guardrail, Deterioration, Quality, Supporting)
	metricTypes = enumOf(Proportion, Mean, Ratio, Quantile, DelayedRate, DifferenceRatio)
	takes       = enumOf(datasets.Any, datasets.Count, datasets.Sum, datasets.Mean, datasets.Max, datasets.Min, datasets.First, datasets.Last, datasets.Distinct)
	nullRules   = enumOf(datasets.NullsZero, datasets.NullsDrop, datasets.NullsError)
	methods     = enum{"fixed", "group-sequential", "always-valid"}
)

var variantForm = &form{name: "variant", keys: []key{
	{"name", variantName, true, "as logged in the data"},
	{"weight", weightShape, true, "relative size, such as 50; at most 6 decimal places"},
	{"payload", anything{}, false, "what the variant is configured with; liftgate hands it through"},
}}

var assignmentForm = &form{name: "assignment", keys: []key{
	{"salt", salt, false, "what the hash is mixed with; the experiment's name when absent"},
	{"hash", enum{"sha256", "growthbook-v1", "growthbook-v2"}, false, "which hash decides; sha256 when absent"},
	{"traffic", shareShape, false, "share of eligible units that take part; raising it never moves a unit"},
	{"eligible", where, false, "CEL condition on attributes: who can take part"},
	{"layer", layerForm, false, "experiments in disjoint slots of a layer never share a unit"},
	{"holdout", holdoutForm, false, "units that are kept out of all experiments that name the same holdout"},
	{"force", listShape{of: forceForm}, false, "units with a fixed variant; left out of the analysis"},
	{"design", designForm, false, "how a list of merchants is assigned"},
}}

var layerForm = &form{name: "layer", keys: []key{
	{"name", salt, true, "shared by the experiments of the layer"},
	{"slots", listShape{of: integer(0, 999), minItems: 2, maxItems: 2, noun: "number"}, true, "first and last of 1,000 slots, inclusive, such as [0, 499]"},
}}

var holdoutForm = &form{name: "holdout", keys: []key{
	{"name", salt, true, "shared by the experiments that keep it out"},
	{"share", shareShape, true, "share of units, such as 5%"},
}}

var forceForm = &form{name: "forced unit", keys: []key{
	{"unit", unitKey, true, "the unit's key, as logged"},
	{"variant", variantName, true, "the variant that it gets"},
}}

var designForm = &form{name: "design", keys: []key{
	{"method", enum{"stratified", "paired", "rerandomized"}, true, "stratified, paired or rerandomized"},
	{"strata", columns, false, "attributes inside whose values the variants are balanced"},
	{"balance", columns, false, "numbers that the variants are balanced on"},
	{"seed", integer(0, math.MaxInt64), true, "a whole number that makes the draw repeatable"},
	{"matching", enum{"optimal", "greedy"}, false, "how pairs are found; optimal when absent"},
	{"max_tries", integer(1, 1_000_000_000), false, "how many draws to try; 100,000 when absent"},
	{"threshold", positiveShape, false, "largest imbalance that is accepted: the Mahalanobis distance between the variants' means; one draw in a hundred passes when absent"},
	{"record", textShape{what: "a path", check: withoutNUL}, false, "the file, relative to this one, that assign writes the design's outcome to and analyze reads; NAME.design.json when absent"},
}}

var scheduleForm = &form{name: "schedule", keys: []key{
	{"start", momentShape, false, "first moment of enrolment; a date means its midnight in the timezone"},
	{"end", momentShape, false, "enrolment closes before this moment"},
	{"timezone", zoneShape, false, "of dates and calendar days; UTC when absent"},
}}

var files = listShape{of: textShape{what: "a path or glob pattern", check: withoutNUL}, minItems: 1, orOne: true, noun: "path"}

var (
	keyFiles      = key{"files", files, true, "path or glob pattern (** too), relative to this file; a list is allowed"}
	keyUnit       = key{"unit", column, true, "column of the unit's key"}
	keyVariant    = key{"variant", column, true, "column of the variant"}
	keyTime       = key{"time", column, true, "column of the time"}
	keyCluster    = key{"cluster", column, false, "column of the merchant; needed when merchants are the units"}
	keyAttributes = key{"attributes", columns, false, "columns that conditions and segments may use"}
	keyIgnored    = key{"ignore_variants", listShape{of: variantName, unique: true}, false, "logged variants that are counted and left out"}
	keyTimezone   = key{"timezone", zoneShape, false, "of times without a zone; UTC when absent"}
)

var exposuresForm = &form{name: "exposures", keys: []key{
	keyFiles, keyUnit, keyVariant, keyTime, keyCluster, keyAttributes, keyIgnored,
	{"crossover", enumOf(datasets.CrossoverFirst, datasets.CrossoverDrop), false, "units seen in several variants count in their first, or are dropped"},
	keyTimezone,
}}

var unitsForm = &form{name: "units", keys: []key{keyFiles, keyUnit, keyVariant, keyCluster, keyAttributes, keyIgnored}}

var eventsForm = &form{name: "source of events", keys: []key{
	keyFiles, keyUnit, keyTime, keyCluster,
	{"complete_through", momentShape, false, "the source holds every row before this moment; by default, one microsecond after its latest time"},
	keyTimezone,
}}

var dataForm = &form{name: "data", keys: []key{
	{"exposures", exposuresForm, false, "event-log layout: who met which variant, when"},
	{"units", unitsForm, false, "unit-table layout: one row an analysis unit, instead of exposures and events"},
}, rest: &rest{shape: eventsForm, check: sourceName, doc: "a source of events, named by its key"}}

func sourceName(name string) string {
	if close := nearest(name, []string{"exposures", "units"}); close != "" && editDistance(name, close) <= 2 {
		return "would be the name of a source of events, too much like " + close
	}
	if !identifier.MatchString(strings.ReplaceAll(name, "-", "_")) {
		return "a source of events needs a name of letters, digits, _ and -"
	}
	return ""
}

var (
	keyFrom  = key{"from", free, false, "the source of events"}
	keyWhere = key{"where", where, false, "CEL condition on its rows; quote it"}
)

var triggerForm = &form{name: "trigger", keys: []key{
	{"from", free, true, "the source of events"},
	keyWhere,
}}

var valueForm = &form{name: "value", keys: []key{
	keyFrom, keyWhere,
	{"take", takes, false, "how a unit's rows become one number"},
	{"at_least", integer(1, math.MaxInt32), false, "with take: any, how many rows it takes"},
	{"column", computed, false, "a column, or a quoted CEL number"},
	{"unless", where, false, "CEL condition: units with such a row in the window have the value zero"},
	{"window", windowShape{}, false, "rows that count, from the exposure on: [0d, 14d]"},
	{"nulls", nullRules, false, "what a unit without a matching row is"},
}}

var keyedForm = &form{name: "order rows", keys: []key{
	{"from", free, true, "the source of events"},
	keyWhere,
	{"key", column, true, "column that joins the rows of one order"},
}}

var capForm = &form{name: "cap", keys: []key{
	{"upper", limitShape, false, "percentile of the positive values (99.9%), or an absolute number"},
	{"lower", limitShape, false, "percentile of the positive values, or an absolute number"},
}}

var maturityForm = &form{name: "maturity", keys: []key{
	{"share", fraction("above 0 and at most 1, such as 90%", func(v float64) bool { return v > 0 && v <= 1 },
		jsonSchema{"type": "number", "exclusiveMinimum": 0, "maximum": 1}), true, "share of late outcomes that must be known"},
}}

var metricForm = &form{name: "metric", waiver: "use", keys: []key{
	{"name", word("[a-z0-9_]", "lower-case letters, digits and _"), true, "lower-case letters, digits and _"},
	{"title", free, false, "for readers; the name when absent"},
	{"description", free, false, "for readers"},
	{"use", free, false, "a metric of the built-in catalogue, such as amazon-pay/refund_rate; keys here override it"},
	{"from", free, false, "with use: the source of events to read instead of events"},
	{"window", windowShape{}, false, "with use: the window of all its values"},
	{"role", roles, true, "its part in the decision: success, guardrail, deterioration, quality or supporting"},
	{"tier", enumOf(TierCore, TierSupporting, TierRisk), false, "where the scorecard shows it; by role when absent"},
	{"stage", enumOf(Stages...), false, "step of the shopper's way"},
	{"stakeholders", listShape{of: enumOf(Stakeholders...), unique: true}, false, "the parties that it matters to"},
	{"better", enumOf(Higher, Lower), false, "the direction that is good; needed for metrics that decide"},
	{"type", metricTypes, true, "how its values become an estimate: proportion, mean, ratio, quantile, delayed or difference_ratio"},
	{"value", valueForm, false, "one number a unit"},
	{"numerator", valueForm, false, "of a ratio"},
	{"denominator", valueForm, false, "of a ratio"},
	{"cap", capForm, false, "limits on a mean's values, against single units that dominate"},
	{"covariates", listShape{of: covariateForm, minItems: 1, noun: "covariate"}, false, "what was measured before exposure, to narrow the interval"},
	{"margin", marginShape, false, "largest harm that is accepted: 0.5pp, 1% (relative) or 0.25 (absolute)"},
	{"mde", fraction("a relative effect between 0 and 1, such as 1%", func(v float64) bool { return v > 0 && v < 1 },
		jsonSchema{"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}), false, "smallest lift worth finding, such as 1%"},
	{"baseline", fraction("a number, or a percentage such as 88%", func(float64) bool { return true }, jsonSchema{"type": "number"}), false, "expected level, for planning and for noticing a dead feed"},
	{"quantile", shareBelow(1), false, "which quantile, such as 0.95"},
	{"over", enum{"rows", "units"}, false, "what a quantile is taken over"},
	{"weight", enum{"merchant"}, false, "merchant: every merchant counts the same"},
	{"start", keyedForm, false, "delayed: the rows that start an order"},
	{"failure", keyedForm, false, "delayed: the rows that make it fail"},
	{"competing", listShape{of: keyedForm, minItems: 1}, false, "delayed: rows after which it cannot fail any more"},
	{"horizon", spanShape, false, "delayed: how long outcomes are waited for, such as 120d"},
	{"maturity", maturityForm, false, "delayed: how much must be known before it decides"},
	{"decides_on", enum{"per_order", "per_unit"}, false, "delayed: which rate decides; the other is shown beside it"},
}}

var covariateForm = &form{name: "covariate", keys: valueForm.keys}

var moneyForm = &form{name: "risk_budget", keys: []key{
	{"amount", positiveShape, true, "largest loss that a ramp may risk"},
	{"currency", word("[A-Z]", "capital letters"), true, "such as USD"},
}}

var decisionForm = &form{name: "decision", keys: []key{
	{"alpha", shareBelow(0.5), false, "two-sided error rate; 0.05 when absent"},
	{"power", shareBelow(1), false, "0.8 when absent"},
	{"min_days", integer(0, 3650), false, "shortest run before a decision; 7 when absent"},
	{"harm_alpha", shareBelow(0.5), false, "error rate of the harm watch; 0.01 when absent"},
	{"risk_budget", moneyForm, false, "what a ramp before maturity may lose at worst"},
}}

var monitoringForm = &form{name: "monitoring", keys: []key{
	{"method", methods, true, "fixed (one look), group-sequential or always-valid"},
	{"spending", enum{"obrien-fleming", "pocock", "hsd"}, false, "group-sequential: how alpha is spent over the looks"},
	{"looks", listShape{of: spanShape, minItems: 1, noun: "look"}, false, "group-sequential: when the looks are, from the schedule's start"},
}}

var version = scalar{
	what: "1, the version of this format", json: jsonSchema{"const": 1}, bare: true,
	parse: func(text string) (any, error) {
		if text != "1" {
			return nil, errShape
		}
		return 1, nil
	},
}

var definitionForm = &form{name: "definition", keys: []key{
	{"liftgate", version, true, "version of this format: 1"},
	{"name", word("[a-z0-9-]", "lower-case letters, digits and -"), true, "lower-case letters, digits and -"},
	{"title", free, false, "for readers; the name when absent"},
	{"hypothesis", free, false, "what is expected, and why"},
	{"owner", free, false, "who answers for the experiment"},
	{"unit", enumOf(Shopper, Merchant), true, "what is randomised: shopper or merchant"},
	{"variants", listShape{of: variantForm, minItems: 2, noun: "variant"}, true, "in the order of the report"},
	{"control", variantName, true, "the variant that the others are compared with"},
	{"assignment", assignmentForm, false, "who takes part, and who gets what"},
	{"schedule", scheduleForm, false, "when enrolment is open"},
	{"data", dataForm, true, "where the rows are"},
	{"trigger", triggerForm, false, "an event that a unit must reach to count; windows start there"},
	{"metrics", listShape{of: metricForm, minItems: 1, noun: "metric"}, true, "the rows of the scorecard"},
	{"segments", columns, false, "attributes that the report may be cut by"},
	{"decision", decisionForm, false, "the rules' parameters"},
	{"monitoring", monitoringForm, false, "how often the data are looked at"},
}}
