package exact

import (
	"math"

	"liftgate/stats"
	"liftgate/stats/proportion"
)

// What may decide a comparison; see [Comparison].
const (
	DecidesScore         = "score"
	DecidesUnconditional = "unconditional"
	DecidesNothing       = "nothing"
)

// Comparison shows the score test and the exact ones side by side.
type Comparison struct {
	Decides       string // whose p-value and intervals the next three fields are
	Choice        string // why
	PValue        float64
	Difference    Limits
	Ratio         Limits
	Score         proportion.ScoreTest
	Fisher        FisherTest
	Boschloo      *BoschlooTest      // nil beyond MaxUnits
	Unconditional *UnconditionalTest // nil unless it is asked to decide
}

// Compare chooses between the score test and the exact one by the data alone. An exact test decides only where both intervals are inverted
// from the same exact test; otherwise the score test decides and the exact p stands beside it:
//
//   - inside its region of validity (8 successes and 8 failures in each variant) the score test decides;
//   - outside, up to [MaxTables] possible outcomes, [Unconditional] decides;
//   - outside and with more, nothing does: the score test's numbers are an indication.
func Compare(treated, control stats.Binomial, level float64) (Comparison, error) {
	if err := check(treated, control, level); err != nil {
		return Comparison{}, err
	}
	contrast, err1 := stats.CompareProportions(treated, control)
	test, err2 := proportion.Score(treated, control, level, false)
	fisher, err3 := Fisher(treated, control, level)
	for _, err := range []error{err1, err2, err3} {
		if err != nil {
			return Comparison{}, err
		}
	}
	c := Comparison{
		Decides: DecidesScore, Choice: "the score test is held to its error rates here; the exact p-values stand beside it",
		PValue: test.PValue, Difference: Limits(test.Difference), Ratio: Limits(test.Ratio), Score: test, Fisher: fisher,
	}
	if treated.N <= MaxUnits && control.N <= MaxUnits-treated.N {
		b, err := Boschloo(treated, control)
		if err != nil {
			return Comparison{}, err
		}
		c.Boschloo = &b
	}
	outside := contrast.Outside()
	switch {
	case outside == "":
		return c, nil
	case math.Max(float64(treated.N), float64(control.N)) >= MaxTables || (treated.N+1)*(control.N+1) > MaxTables:
		c.Decides, c.Choice = DecidesNothing, outside+"; there are too many possible outcomes for an exact interval"
		return c, nil
	}
	u, err := Unconditional(treated, control, level)
	if err != nil {
		return Comparison{}, err
	}
	c.Decides, c.Choice = DecidesUnconditional, outside+"; the exact unconditional test gives the p-value and both intervals"
	c.PValue, c.Difference, c.Ratio, c.Unconditional = u.PValue, u.Difference, u.Ratio, &u
	return c, nil
}
