package result

// SegmentEffect is one metric's comparison within one segment: the units that have one value of an attribute. It has no verdict, because a
// segment is no launch decision; what it can do is raise an alarm, at a level that is adjusted for all segments of the result.
type SegmentEffect struct {
	Attribute    string    `json:"attribute"`
	Segment      string    `json:"segment"` // the value; "(other)" stands for values that are too rare to be kept apart, "(none)" for no value
	Metric       string    `json:"metric"`
	Variant      string    `json:"variant"`
	Control      string    `json:"control"`
	N            *int64    `json:"n"` // the metric's units; null, like all numbers, where a variant has fewer than 5
	ControlN     *int64    `json:"control_n"`
	Value        *float64  `json:"value"` // of the metric in the segment, raw, as in Variant
	ControlValue *float64  `json:"control_value"`
	Method       string    `json:"method,omitempty"`
	Difference   *Estimate `json:"difference"`
	Lift         *Lift     `json:"lift"`
	Level        float64   `json:"level"`              // of the intervals: the metric's own, not adjusted for the number of segments
	Untested     string    `json:"untested,omitempty"` // why an alarm cannot be raised: too few units, data outside the method's region of validity; with a HarmPValue only why it is not compared
	// DiffersPValue is two-sided, against "the effect is that on the rest": on the units of the attribute's other tested values. HarmPValue is
	// one-sided, against "harm is at most the margin", without a margin "at most zero"; null for a metric that does not decide. Adjusted
	// ones are Holm's over all segments, metrics and treatments.
	DiffersPValue    *float64 `json:"differs_p_value"`
	DiffersAdjustedP *float64 `json:"differs_adjusted_p"`
	HarmPValue       *float64 `json:"harm_p_value"`
	HarmAdjustedP    *float64 `json:"harm_adjusted_p"`
	Differs          bool     `json:"differs"` // alarm: the adjusted p is below 0.01
	Harmed           bool     `json:"harmed"`  // alarm: the adjusted p is below rules.harm_alpha; keeps the treatment from SHIP
}

// Heterogeneity says whether a treatment's effect on a metric is the same for all values of an attribute.
type Heterogeneity struct {
	Attribute string   `json:"attribute"`
	Metric    string   `json:"metric"`
	Variant   string   `json:"variant"`
	Scale     string   `json:"scale"`    // difference, or lift: then logarithms of 1 + lift are compared
	Segments  int      `json:"segments"` // that were tested, two at least
	Q         *float64 `json:"q"`        // Cochran's
	DF        *float64 `json:"df"`
	PValue    *float64 `json:"p_value"`    // with Welch's correction for errors that are not known exactly
	AdjustedP *float64 `json:"adjusted_p"` // Benjamini and Hochberg's over all tests of the result: among those below 0.05, 5 % are false
	// QualitativePValue is Gail and Simon's, against "the effect has the same direction in all segments".
	QualitativePValue *float64 `json:"qualitative_p_value"`
}

// Trend is one metric's comparison over time. Its intervals are pointwise, at the metric's own level; nothing is tested on them.
type Trend struct {
	Metric  string       `json:"metric"`
	Variant string       `json:"variant"`
	Control string       `json:"control"`
	Series  string       `json:"series"` // cumulative, daily, age
	Method  string       `json:"method"`
	Level   float64      `json:"level"`
	Points  []TrendPoint `json:"points"`
}

// The series of trends.
const (
	Cumulative = "cumulative" // by the end of each calendar day, of the units whose windows had closed; and running totals of all exposed
	Daily      = "daily"      // the units first exposed on each calendar day whose windows have closed; not of merchants
	Aging      = "age"        // windows cut off so many days after each unit's exposure
)

// TrendPoint is one comparison of a trend.
type TrendPoint struct {
	Day        string    `json:"day,omitempty"` // calendar day of the schedule's timezone, of cumulative and daily series
	Age        int       `json:"age,omitempty"` // days since exposure, of age series
	N          int64     `json:"n"`
	ControlN   int64     `json:"control_n"`
	Difference *Interval `json:"difference"`
	Lift       *Interval `json:"lift"` // null for a ratio of two differences
	// Complete is false where windows were open: in running totals of a cumulative series, on a day of exposure of which some units are
	// not counted because theirs are, and at ages that some units have not reached.
	Complete bool `json:"complete"`
}

// Interval is an estimate with the ends of its interval; null ends do not exist.
type Interval struct {
	Estimate *float64 `json:"estimate"`
	Lower    *float64 `json:"lower"`
	Upper    *float64 `json:"upper"`
}
