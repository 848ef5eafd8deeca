package calibration

// SchemaV1 names the format of a calibration in JSON.
const SchemaV1 = "liftgate.calibration/v1"

// Population is who is dealt out.
type Population string

const (
	// Everyone deals out all analysed units, as many as the experiment compares. Whatever the treatment did stays with the units that it was
	// done to: it makes values spread more, but no deal knows of it, so that "no difference" holds all the same.
	Everyone Population = "all"
	// Control deals out the units of the control only: no trace of an effect, but fewer units than the experiment compares.
	Control Population = "control"
)

// Calibration says how often the methods that decide are wrong where nothing is different: of units that were dealt out to the variants at
// random, by the definition's weights, again and again. All counts are of deals ("splits").
type Calibration struct {
	Schema           string     `json:"schema"`
	Experiment       string     `json:"experiment"`
	Title            string     `json:"title"`
	DefinitionSHA256 string     `json:"definition_sha256"`
	Engine           string     `json:"engine"`
	AsOf             *string    `json:"as_of"`
	Unit             string     `json:"unit"` // what is dealt out: shopper or merchant
	Population       Population `json:"population"`
	Units            int64      `json:"units"`          // dealt out
	AnalysisUnits    int64      `json:"analysis_units"` // with merchants, their shoppers; else the same
	Splits           int        `json:"splits"`
	Seed             uint64     `json:"seed"`
	Metrics          []Metric   `json:"metrics"` // every metric of the definition, in its order
	Checks           []Check    `json:"checks"`
	Scorecard        Scorecard  `json:"scorecard"`
}

// Metric is a metric's part.
type Metric struct {
	Metric      string       `json:"metric"`
	Title       string       `json:"title"`
	Type        string       `json:"type"`
	Role        string       `json:"role"`
	Verdict     Verdict      `json:"verdict"` // the most serious of its comparisons
	Reason      string       `json:"reason"`  // why, in a sentence
	Do          string       `json:"do"`      // what to do about it; empty where nothing is
	Comparisons []Comparison `json:"comparisons"`
}

// Verdict of a metric.
type Verdict string

const (
	Holds         Verdict = "holds"                    // error rates are what they should be, as far as the splits can tell
	TooMany       Verdict = "too_many_false_positives" // they are higher
	Conservative  Verdict = "conservative"             // they are lower: safe, but power is lost
	Outside       Verdict = "outside"                  // the analysis mostly withholds its verdict, as data lie outside its methods' region of validity
	NotCalibrated Verdict = "not_calibrated"           // there is nothing to compare
)

// Comparison is what happened between a treatment and the control. Rates are over the splits inside the region of validity, since outside of it
// nothing is judged.
type Comparison struct {
	Variant       string   `json:"variant"`
	Control       string   `json:"control"`
	Verdict       Verdict  `json:"verdict"`
	Reason        string   `json:"reason"`
	Splits        int      `json:"splits"`         // tried; fewer than all where the assignment is repeated
	Failed        int      `json:"failed"`         // without a comparison
	FailedReason  string   `json:"failed_reason"`  // of the first
	Outside       int      `json:"outside"`        // compared, but outside the region of validity
	OutsideReason string   `json:"outside_reason"` // of the first
	Methods       []Method `json:"methods"`

	// FalsePositives are the splits with p < alpha against no difference, two-sided.
	FalsePositives Test `json:"false_positives"`
	// Regardless are the same over all splits that were compared, those outside the region of validity too.
	Regardless Test `json:"regardless"`
	// FalseNonInferior are, of a guardrail with a margin, the splits whose treatment was made exactly as bad as the margin and still was called
	// non-inferior; alpha is half of the two-sided one. Nil for others.
	FalseNonInferior *Test `json:"false_non_inferior"`
	// Coverage of no difference by the interval of the difference, and of the lift.
	Coverage     Rate    `json:"coverage"`
	LiftCoverage Rate    `json:"lift_coverage"`
	Levels       []Test  `json:"levels"`  // false positives at usual levels
	Uniform      Uniform `json:"uniform"` // of p-values against no difference
	// StdError is the mean standard error of the difference, Spread how far differences really lie apart (their standard deviation); null with
	// fewer than two. They should be alike.
	StdError *float64 `json:"std_error"`
	Spread   *float64 `json:"spread"`
}

// Method is a procedure that decided, with how often and how often falsely.
type Method struct {
	Method         string `json:"method"`
	FalsePositives Rate   `json:"false_positives"`
}

// Rate is a share of splits with its exact 99 % interval; null without any.
type Rate struct {
	Count int      `json:"count"`
	Of    int      `json:"of"`
	Rate  *float64 `json:"rate"`
	Lower *float64 `json:"lower"`
	Upper *float64 `json:"upper"`
}

// Test is a rate of errors with what it should be.
type Test struct {
	Rate

	Alpha float64 `json:"alpha"`
}

// Uniform compares p-values with the uniform distribution that they should have (Kolmogorov and Smirnov). Values of which many are equal, as those of
// rare events, are never quite uniform.
type Uniform struct {
	Distance *float64 `json:"distance"` // largest, between the distribution functions
	PValue   *float64 `json:"p_value"`
}

// Check is how often a check of the experiment raised an alarm.
type Check struct {
	Check string `json:"check"`
	Warn  Rate   `json:"warn"` // warnings and failures
	Fail  Rate   `json:"fail"`
	// Alpha is the chance of a warning that the check allows itself; null where it tests nothing.
	Alpha *float64 `json:"alpha"`
}

// Scorecard is how often the experiment as a whole raised a false hope or a false alarm, over the splits in which every metric was tried.
type Scorecard struct {
	Better Rate    `json:"better"` // a success metric was better
	Worse  Rate    `json:"worse"`  // a success, deterioration or quality metric was worse
	Alpha  float64 `json:"alpha"`  // the definition's: each side should stay below half of it
}
