package bulk

import (
	"cmp"
	"slices"

	"liftgate/stats"
	"liftgate/stats/proportion"
)

// maxOffenders is how many offenders are told.
const maxOffenders = 10

// Offender is a value of an attribute whose rows disagree.
type Offender struct {
	Attribute string `json:"attribute"`
	Value     string `json:"value"` // datasets.NoValue for null
	Rows      int64  `json:"rows"`
	Disagree  int64  `json:"disagree"`
	// AtLeast is the lower end of Wilson's 95% interval of Disagree / Rows, by which offenders are ranked: three of three rows are
	// less evidence than ninety of a hundred.
	AtLeast float64 `json:"at_least"`
}

// offenders are the values that disagree most, over all attributes.
func (f *findings) offenders() ([]Offender, error) {
	out := []Offender{}
	for _, a := range f.attributes {
		for i, value := range a.all.names {
			bad, rows := a.disagree[i], a.all.rows[i]
			if bad == 0 {
				continue
			}
			share, err := proportion.Wilson(stats.Binomial{Successes: bad, N: rows}, 0.95)
			if err != nil {
				return nil, err
			}
			out = append(out, Offender{a.name, value, rows, bad, share.Lower})
		}
	}
	slices.SortStableFunc(out, func(a, b Offender) int {
		return cmp.Or(cmp.Compare(b.AtLeast, a.AtLeast), cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Attribute, b.Attribute), cmp.Compare(a.Value, b.Value))
	})
	return slices.Clip(out[:min(len(out), maxOffenders)]), nil
}
