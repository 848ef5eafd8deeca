package experiment

import (
	"path/filepath"
	"time"

	"liftgate/datasets"
	"liftgate/datasets/expr"
)

// Definition is a parsed and validated experiment definition.
//
// A field called Path is the place of its struct in the YAML, such as "metrics[3].value"; a field's own place is that path and
// its key, such as "metrics[3].value.where". Problem positions are found through it.
type Definition struct {
	File   string // as given to Parse
	Source []byte

	Name       string
	Title      string // Name when absent
	Hypothesis string
	Owner      string
	Unit       Unit
	Variants   []Variant
	Control    string
	Assignment *Assignment // nil when absent
	Schedule   Schedule
	Data       Data
	Trigger    *Rows // nil when absent
	Metrics    []Metric
	Segments   []string
	Decision   Decision
	Monitoring Monitoring

	places places
}

// Dir is the folder that the definition's files are relative to.
func (d *Definition) Dir() string { return filepath.Dir(d.File) }

// RecordPath is where the record of the design lies. The definition must have one.
func (d *Definition) RecordPath() string {
	path := d.Assignment.Design.Record
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(d.Dir(), path)
}

// Unit is what is randomised.
type Unit string

const (
	Shopper  Unit = "shopper"
	Merchant Unit = "merchant"
)

// Variant is one arm of the experiment. Weight is in millionths of the unit that the definition uses.
type Variant struct {
	Name    string
	Weight  uint64
	Payload any
}

// Assignment says who takes part. A share is in millionths.
type Assignment struct {
	Salt         string // the experiment's name when absent
	Hash         string // sha256, growthbook-v1, growthbook-v2
	Traffic      uint64
	Eligible     *Condition // nil: everybody
	Layer        string
	Slots        [2]int
	Holdout      string
	HoldoutShare uint64
	Force        []Forced
	Design       *Design // nil when absent
}

// Forced puts one unit into a variant.
type Forced struct{ Unit, Variant string }

// Design is how a list of merchants is assigned.
type Design struct {
	Path      string
	Method    string // stratified, paired, rerandomized
	Matching  string // of pairs: optimal, greedy
	Strata    []string
	Balance   []string
	Seed      int64
	MaxTries  int
	Threshold float64 // 0 when absent
	Record    string  // file of the outcome, relative to the definition; NAME.design.json when absent
}

// Schedule is when enrolment is open, [Start, End); nil bounds are open.
type Schedule struct {
	Start, End *datasets.Instant
	Location   *time.Location // UTC when absent
}

// Data says where the rows are: an event log or a unit table.
type Data struct {
	Exposures *ExposureSource // nil in a unit table
	Units     *UnitSource     // nil in an event log
	Events    []EventSource   // in the order of the definition
}

// Source is what all sources of rows share.
type Source struct {
	Path     string
	Name     string
	Files    []string
	Unit     string
	Cluster  string
	Time     string
	Location *time.Location // of times without a zone; nil: UTC
}

// ExposureSource is the table of exposures.
type ExposureSource struct {
	Source
	Variant        string
	Attributes     []string
	IgnoreVariants []string
	Crossover      datasets.Crossover
}

// UnitSource is a table with one row an analysis unit.
type UnitSource struct {
	Source
	Variant        string
	Attributes     []string
	IgnoreVariants []string
}

// EventSource is a table of events.
type EventSource struct {
	Source
	CompleteThrough *datasets.Instant
}

// Condition is a CEL condition or computed column: its text and the untyped tree that it was lowered to.
type Condition struct {
	Path string
	Text string
	Tree *expr.Node
}

// Rows selects rows of a source of events.
type Rows struct {
	Path  string
	From  string
	Where *Condition // nil: every row
}

// Value is one number a unit. In a unit table only Column is set.
type Value struct {
	Rows
	Take    datasets.Take
	AtLeast int // 1 when absent
	Column  *Condition
	Unless  *Condition
	Window  [2]datasets.Span
	Nulls   datasets.Nulls // the default of Take when absent
}

// Metric is one row of the scorecard.
type Metric struct {
	Path         string
	Name         string
	Title        string // Name when absent
	Description  string
	Tier         Tier // by role when absent
	Role         Role
	Stage        Stage // empty when absent
	Stakeholders []Stakeholder
	Better       Better
	Type         MetricType
	Value        *Value // proportion, mean, quantile
	Numerator    *Value // ratio, difference_ratio
	Denominator  *Value
	Cap          *datasets.Cap
	Covariates   []Covariate
	Margin       *Margin
	MDE          *float64 // relative
	Baseline     *float64 // expected level, in the metric's own scale
	Quantile     float64
	Over         string // rows, units
	Weight       string // merchant, or empty
	Delayed      *Delayed
}

// Covariate is something measured before exposure. Values has one entry, or two (numerator and denominator) for the
// same values of a ratio metric in another window.
type Covariate struct {
	Path   string
	Label  string // how reports name it, such as captured_value [-14d, 0d]
	Values []Value
}

// Delayed is a rate of outcomes that arrive late.
type Delayed struct {
	Start     KeyedRows
	Failure   KeyedRows
	Competing []KeyedRows
	Horizon   datasets.Span
	Maturity  float64 // share of outcomes that must be known
	DecidesOn string  // per_order, per_unit
}

// KeyedRows are rows that are joined by a key column, such as an order.
type KeyedRows struct {
	Rows
	Key string
}

// Margin is a positive magnitude on the harmful side, on one scale: the difference in the metric's own scale, or the lift.
type Margin struct {
	Value    float64
	Relative bool
}

// Decision holds the rules' parameters.
type Decision struct {
	Alpha      float64 // 0.05
	Power      float64 // 0.8
	MinDays    int     // 7
	HarmAlpha  float64 // 0.01
	RiskBudget *Money
}

// Money is an amount in a currency.
type Money struct {
	Amount   float64
	Currency string
}

// Monitoring is how often the data are looked at.
type Monitoring struct {
	Method   string // fixed, group-sequential, always-valid
	Spending string
	Looks    []datasets.Span
}

// Role is a metric's part in the decision.
type Role string

const (
	Success       Role = "success"
	Guardrail     Role = "guardrail"
	Deterioration Role = "deterioration"
	Quality       Role = "quality"
	Supporting    Role = "supporting"
)

// Deciding reports whether the metric has a part in the decision.
func (r Role) Deciding() bool { return r != Supporting }

// Risk reports whether silence of the metric's feed would look like safety.
func (r Role) Risk() bool { return r == Guardrail || r == Deterioration || r == Quality }

// Tier groups metrics for readers.
type Tier string

const (
	TierCore       Tier = "core"
	TierSupporting Tier = "supporting"
	TierRisk       Tier = "risk"
)

// Stage is a step of the shopper's way.
type Stage string

// Stages lists the steps in their order.
var Stages = []Stage{"cart", "selection", "login", "confirmation", "payment", "settlement", "risk", "retention"}

// Stakeholder is a party that a metric matters to.
type Stakeholder string

// Stakeholders lists the four parties.
var Stakeholders = []Stakeholder{"shopper", "merchant", "amazon", "platform"}

// Better is the direction that is good.
type Better string

const (
	Higher Better = "higher"
	Lower  Better = "lower"
)

// MetricType is how a metric's values become an estimate.
type MetricType string

const (
	Proportion      MetricType = "proportion"
	Mean            MetricType = "mean"
	Ratio           MetricType = "ratio"
	Quantile        MetricType = "quantile"
	DelayedRate     MetricType = "delayed"
	DifferenceRatio MetricType = "difference_ratio"
)

// Values lists the values that the metric's parts are made of: none for types that are not built from unit values.
func (m *Metric) Values() []*Value {
	switch {
	case m.Value != nil:
		return []*Value{m.Value}
	case m.Numerator != nil && m.Denominator != nil:
		return []*Value{m.Numerator, m.Denominator}
	}
	return nil
}
