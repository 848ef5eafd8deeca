package stats

// Contrast compares a treatment with the control. It is one test on two scales: the difference and the lift (relative
// difference) come from the same statistic, so they always agree about "no effect", and an interval at a level excludes a null
// exactly when the two-sided p-value against that null is below 1 - level.
type Contrast interface {
	// Method names the procedure: miettinen-nurminen, welch, delta, regression-adjusted.
	Method() string
	// Difference is treatment minus control, with its two-sided interval at the level, in the metric's own scale.
	Difference(level float64) Estimate
	// Lift is treatment / control - 1, with its two-sided confidence set at the level.
	Lift(level float64) Lift
	// PDifference is the two-sided p-value against "the difference is null".
	PDifference(null float64) float64
	// PLift is the two-sided p-value against "the lift is null".
	PLift(null float64) float64
	// Outside says why the data lie outside the procedure's region of validity, where its error rates have been checked; it is
	// empty inside. The numbers are then an indication, not a proof.
	Outside() string
	// Warnings say what limits the answer, and what to do about it.
	Warnings() []string
}

// Estimate is a number with its standard error and confidence interval.
type Estimate struct {
	Estimate, StdError, Lower, Upper float64
}

// Lift is a relative difference with its confidence set. Where the control may be zero the set need not be an interval: see Shape.
type Lift struct {
	Estimate     float64 // NaN when the control is zero
	Lower, Upper float64 // NaN unless Shape is Bounded
	Shape        Shape   // bounded (an interval), exclusive (all but an interval) or all
	Reason       string  // why the set is not bounded
}

// Shape of a confidence set for a ratio.
type Shape string

const (
	Bounded   Shape = "bounded"   // an interval
	Exclusive Shape = "exclusive" // everything outside an interval
	All       Shape = "all"       // the whole line: the data say nothing about the ratio
)
