// Package result is the model of what an analysis found and what was decided: the v1 format of result.json.
//
// It is all that deciding and reporting know. A nil number does not exist (JSON null); no other value stands for "unknown".
package result

// SchemaV1 names the format.
const SchemaV1 = "liftgate.result/v1"

// Result is one analysis of one experiment.
type Result struct {
	Schema           string   `json:"schema"`
	Experiment       string   `json:"experiment"`
	Title            string   `json:"title,omitempty"`
	Hypothesis       string   `json:"hypothesis,omitempty"`
	Owner            string   `json:"owner,omitempty"`
	Unit             string   `json:"unit"`
	Control          string   `json:"control"`
	AsOf             *string  `json:"as_of"`         // RFC 3339, UTC; null in a unit table
	DecisionDate     *string  `json:"decision_date"` // RFC 3339, UTC; null without a schedule end
	DefinitionSHA256 string   `json:"definition_sha256"`
	DataFingerprint  string   `json:"data_fingerprint"`
	Engine           string   `json:"engine"`
	Cut              Cut      `json:"cut"`
	Rules            Rules    `json:"rules"`
	Exposure         Exposure `json:"exposure"`
	Checks           []Check  `json:"checks"`
	Metrics          []Metric `json:"metrics"`
	Decision         Decision `json:"decision"`
	Warnings         []string `json:"warnings"`

	// Only of evidence with views.
	Segments      []SegmentEffect `json:"segments,omitempty"`
	Heterogeneity []Heterogeneity `json:"heterogeneity,omitempty"`
	Trends        []Trend         `json:"trends,omitempty"`
}

// Rules are what the decision goes by, beside the checks and metrics.
type Rules struct {
	Alpha      float64  `json:"alpha"`
	HarmAlpha  float64  `json:"harm_alpha"`
	Power      float64  `json:"power"`
	MinDays    int      `json:"min_days"`
	Days       *float64 `json:"days"` // from the schedule's start (else the first exposure) to as of; null when either is missing
	Monitoring string   `json:"monitoring"`
	RiskBudget *Money   `json:"risk_budget"`
}

// Money is an amount in a currency.
type Money struct {
	Amount   float64 `json:"amount"`
	Currency string  `json:"currency"`
}

// Cut is the part of the experiment that the result is about.
type Cut struct {
	Segments map[string]string `json:"segments"`
	Day      *string           `json:"day"`
	Age      *int              `json:"age"`
}

// Exposure describes the randomisation units that were analysed and what was left out.
type Exposure struct {
	Variants  []ExposedVariant `json:"variants"`
	Crossover Crossover        `json:"crossover"`
	Dropped   Dropped          `json:"dropped"`
	Events    Events           `json:"events"`
	Days      []ExposureDay    `json:"days,omitempty"`
}

// ExposedVariant counts a variant's analysed randomisation units.
type ExposedVariant struct {
	Variant        string  `json:"variant"`
	Units          int64   `json:"units"`
	ExpectedShare  float64 `json:"expected_share"`
	CrossoverUnits int64   `json:"crossover_units"`
	AnalysisUnits  *int64  `json:"analysis_units,omitempty"` // shoppers at merchants, when merchants are randomised
}

// Crossover says how units seen in several variants were handled, and how many there were.
type Crossover struct {
	Rule  string `json:"rule"`
	Units int64  `json:"units"`
}

// Dropped counts exposure rows (repeated_exposures, outside_schedule, ignored_variants, null_unit) and units (tied, forced).
type Dropped struct {
	RepeatedExposures int64 `json:"repeated_exposures"`
	OutsideSchedule   int64 `json:"outside_schedule"`
	Tied              int64 `json:"tied"`
	Forced            int64 `json:"forced"`
	IgnoredVariants   int64 `json:"ignored_variants"`
	NullUnit          int64 `json:"null_unit"`
}

// Events counts rows of events over all sources.
type Events struct {
	Matched       int64 `json:"matched"`
	UnmatchedUnit int64 `json:"unmatched_unit"`
	OutsideWindow int64 `json:"outside_window"`
	NullTime      int64 `json:"null_time"`
}

// ExposureDay counts first exposures on a calendar day of the schedule's timezone, in the order of Exposure.Variants.
type ExposureDay struct {
	Day   string  `json:"day"` // 2026-10-01
	Units []int64 `json:"units"`
}

// Check is one test of whether the experiment can be trusted.
type Check struct {
	Check     string   `json:"check"`
	Status    string   `json:"status"` // pass, warn, fail
	PValue    *float64 `json:"p_value"`
	Statistic *float64 `json:"statistic"`
	Detail    string   `json:"detail"` // one sentence: what was seen and what to do
	Blocks    bool     `json:"blocks"` // whether its failure makes the experiment invalid
}

// The statuses of a check.
const (
	Pass = "pass"
	Warn = "warn"
	Fail = "fail"
)

// Metric is one declared metric. Every declared metric has its row, whatever became of it.
type Metric struct {
	Metric       string       `json:"metric"`
	Title        string       `json:"title,omitempty"`
	Type         string       `json:"type"`
	Role         string       `json:"role"`
	Tier         string       `json:"tier"` // core, supporting, risk
	Stage        string       `json:"stage"`
	Stakeholders []string     `json:"stakeholders"`
	Better       string       `json:"better"`
	Status       string       `json:"status"` // ok, no_data, failed, immature, not_supported
	Reason       string       `json:"reason"`
	Incomplete   int64        `json:"incomplete"`
	Cap          *Cap         `json:"cap,omitempty"`    // the limits of a unit's value; nil where there are none
	Sketch       *Sketch      `json:"sketch,omitempty"` // nil where numbers are exact
	Variants     []Variant    `json:"variants"`
	Comparisons  []Comparison `json:"comparisons"`
}

// The statuses of a metric.
const (
	OK           = "ok"
	NoData       = "no_data"
	Failed       = "failed"
	Immature     = "immature"
	NotSupported = "not_supported"
)

// Variant holds a variant's raw numbers for a metric.
type Variant struct {
	Variant  string   `json:"variant"`
	N        int64    `json:"n"`
	Value    *float64 `json:"value"`
	StdError *float64 `json:"std_error"`
	Sum      *float64 `json:"sum"` // null for ratio and quantile
}

// Comparison is one treatment against the control: one hypothesis.
type Comparison struct {
	Variant         string        `json:"variant"`
	Control         string        `json:"control"`
	Method          string        `json:"method"`
	Choice          string        `json:"choice,omitempty"`   // why this method, in words
	Clusters        *Clusters     `json:"clusters,omitempty"` // of both variants, when clusters are randomised
	AdjustedFor     []string      `json:"adjusted_for"`
	VarianceRemoved *float64      `json:"variance_removed"`
	Difference      *Estimate     `json:"difference"`
	Lift            *Lift         `json:"lift"`
	Level           float64       `json:"level"`
	Test            string        `json:"test"` // superiority, non_inferiority
	Margin          *Margin       `json:"margin"`
	MDE             *float64      `json:"mde,omitempty"` // relative
	PValue          *float64      `json:"p_value"`
	Alpha           float64       `json:"alpha"`
	Verdict         string        `json:"verdict"`
	WorseThanZero   bool          `json:"worse_than_zero"`
	Outside         string        `json:"outside,omitempty"` // why the data lie outside the method's region of validity; the verdict of a deciding metric is then withheld
	Sensitivity     []Sensitivity `json:"sensitivity"`
	Warnings        []string      `json:"warnings,omitempty"`
}

// Clusters describes the clusters that a comparison goes by.
type Clusters struct {
	Number       int64   `json:"number"`        // with units of the metric
	Effective    float64 `json:"effective"`     // as many of equal size would tell as much
	LargestShare float64 `json:"largest_share"` // of its variant's weight
	Blocks       *Blocks `json:"blocks,omitempty"`
}

// Blocks describes the blocks of a design, those of the comparison's two variants.
type Blocks struct {
	Number     int64 `json:"number"`     // in which variants were drawn: strata, pairs; 1 when the list was drawn as a whole
	Small      int64 `json:"small"`      // with a single cluster in a variant, or none, so that whole blocks are compared
	Incomplete int64 `json:"incomplete"` // in which a variant has no cluster with units of the metric, and another has
}

// The tests and verdicts of a hypothesis.
const (
	Superiority    = "superiority"
	NonInferiority = "non_inferiority"

	Better       = "better"
	Worse        = "worse"
	Inconclusive = "inconclusive"
	NonInferior  = "non_inferior"
	Harmful      = "harmful"
	NotProven    = "not_proven"
)

// Estimate is a difference in the metric's own scale, with its two-sided interval at the comparison's level.
type Estimate struct {
	Estimate *float64 `json:"estimate"`
	StdError *float64 `json:"std_error"`
	Lower    *float64 `json:"lower"`
	Upper    *float64 `json:"upper"`
}

// Lift is a relative difference. Its ends are null unless its shape is bounded.
type Lift struct {
	Estimate *float64 `json:"estimate"`
	Lower    *float64 `json:"lower"`
	Upper    *float64 `json:"upper"`
	Shape    string   `json:"shape"` // bounded, exclusive, all
	Reason   string   `json:"reason,omitempty"`
}

// Margin is a non-inferiority margin: a positive magnitude on the harmful side, judged on its own scale only.
type Margin struct {
	Value float64 `json:"value"`
	Scale string  `json:"scale"` // difference, lift
}

// The scales of a margin.
const (
	OnDifference = "difference"
	OnLift       = "lift"
)

// Sensitivity is the same hypothesis under another treatment of the data.
type Sensitivity struct {
	Name       string    `json:"name"` // without_crossover, uncapped, unadjusted, exact
	Difference *Estimate `json:"difference"`
	Lift       *Lift     `json:"lift"`
	PValue     *float64  `json:"p_value"`
	Verdict    string    `json:"verdict"`
	Outside    string    `json:"outside,omitempty"` // as of a comparison
}

// Sketch says that the quantiles of a part were read off histograms. Intervals and p-values allow for what those do not tell.
type Sketch struct {
	RelativeError float64 `json:"relative_error"` // how far a variant's value is from the quantile of its rows at most, as a share of that
}

// Cap limits a unit's value to [Lower, Upper], frozen at these numbers; null is no limit.
type Cap struct {
	Lower *float64 `json:"lower"`
	Upper *float64 `json:"upper"`
}

// Decision is what the rules say about the experiment: that of its best treatment, and each treatment's own.
type Decision struct {
	Status     string      `json:"status"`
	Variant    string      `json:"variant"`
	Headline   string      `json:"headline"`
	Treatments []Treatment `json:"treatments"`
}

// The states of a decision, in the order in which they are tried.
const (
	Invalid      = "INVALID"
	StopHarm     = "STOP-HARM"
	Collecting   = "COLLECTING"
	RiskImmature = "RISK-IMMATURE"
	Ship         = "SHIP"
	NoShip       = "NO-SHIP"
	Discuss      = "DISCUSS"
)

// Treatment is the decision about one treatment.
type Treatment struct {
	Variant  string   `json:"variant"`
	Status   string   `json:"status"`
	Headline string   `json:"headline"`
	Reasons  []string `json:"reasons"` // what led to the status, most important first
	// HarmMonitoring says whether harm was watched for at every look: not_supported until it is built.
	HarmMonitoring string       `json:"harm_monitoring"`
	Hypotheses     []Hypothesis `json:"hypotheses"`
}

// Hypothesis is one metric's part in a decision.
type Hypothesis struct {
	Metric  string  `json:"metric"`
	Role    string  `json:"role"`
	Test    string  `json:"test"`
	Alpha   float64 `json:"alpha"`
	Verdict string  `json:"verdict"`
	Blocks  bool    `json:"blocks"` // whether it keeps the treatment from SHIP
	Why     string  `json:"why"`
	Needs   string  `json:"needs"` // what would unblock it
}
