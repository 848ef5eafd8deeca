package mean

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
)

// Options of a test; the zero value tests against no difference, with intervals at 95 %.
type Options struct {
	Null  float64 // difference under the null hypothesis
	Level float64 // of the intervals and one-sided bounds, in (0, 1); 0 is 0.95
}

// level is the level asked for; an impossible one gives [stats.ErrInvalid].
func (o Options) level() (float64, error) {
	switch {
	case !(math.Abs(o.Null) <= math.MaxFloat64):
		return 0, fmt.Errorf("%w: a null hypothesis of %v", stats.ErrInvalid, o.Null)
	case o.Level == 0:
		return 0.95, nil
	case o.Level > 0 && o.Level < 1:
		return o.Level, nil
	}
	return 0, fmt.Errorf("%w: a level of %v, it must lie between 0 and 1", stats.ErrInvalid, o.Level)
}

// Result is a test of the difference, treatment minus control, of two levels.
type Result struct {
	Method        string
	Control       float64 // level of the control, with its standard error
	ControlSE     float64 `json:"control_std_error"`
	Treatment     float64
	TreatmentSE   float64        `json:"treatment_std_error"`
	Difference    stats.Estimate // two-sided at the level
	LowerOneSided float64        // the difference is above it with the level's confidence
	UpperOneSided float64        // and below this one with the same
	Null          float64
	Statistic     float64 // (difference - null) / standard error
	DF            float64 // +Inf for a normal reference
	PValue        float64 // two-sided
	LogPValue     float64 // natural logarithm: goes on where PValue underflows
	PGreater      float64 // against a difference of at most the null
	PLess         float64 // against a difference of at least the null
	Lift          stats.Lift
	Outside       string
	Warnings      []string
}

// Of tests the difference of any two levels, by Student's t with their degrees of freedom. Errors are those of [stats.Levels].
func Of(l stats.Levels, o Options) (Result, error) {
	level, err := o.level()
	if err != nil {
		return Result{}, err
	}
	c, err := l.Contrast()
	if err != nil {
		return Result{}, err
	}
	d := c.Difference(level)
	t := (d.Estimate - o.Null) / d.StdError
	half := dist.StudentISF(1-level, l.DF) * d.StdError
	return Result{
		Method:  c.Method(),
		Control: l.Control, ControlSE: math.Sqrt(l.VarControl), Treatment: l.Treated, TreatmentSE: math.Sqrt(l.VarTreated),
		Difference: d, LowerOneSided: d.Estimate - half, UpperOneSided: d.Estimate + half,
		Null: o.Null, Statistic: t, DF: l.DF,
		PValue: c.PDifference(o.Null), LogPValue: math.Ln2 + dist.StudentLogSF(math.Abs(t), l.DF),
		PGreater: dist.StudentSF(t, l.DF), PLess: dist.StudentSF(-t, l.DF),
		Lift: c.Lift(level), Outside: c.Outside(), Warnings: c.Warnings(),
	}, nil
}
