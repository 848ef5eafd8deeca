package survival

import (
	"fmt"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
)

// LogRankTest is the result of [LogRank], about the events of the treatment.
type LogRankTest struct {
	Observed, Expected, Variance float64
	ExpectedControl              float64
	ChiSquare                    float64 // with one degree of freedom
	PValue                       float64
}

// LogRank tests whether events come at the same rate at all times: N. Mantel, Cancer Chemotherapy Reports 50 (1966) 163-170, with the
// hypergeometric variance at each time. Competing events end observation, so it compares cause-specific rates.
//
// Valid from about 10 events in both groups together on; no events, or all of them without anyone to compare with, give
// [stats.ErrNoVariance].
func LogRank(treated, control Table) (LogRankTest, error) {
	if err := checkBoth(treated, control); err != nil {
		return LogRankTest{}, err
	}
	var l LogRankTest
	for r, s := range treated.beside(control) {
		n1, n := float64(r.AtRisk), float64(r.AtRisk+s.AtRisk)
		d := float64(r.Events + s.Events)
		share := n1 / n
		l.Observed += float64(r.Events)
		l.Expected += d * share
		l.ExpectedControl += d * (1 - share)
		if n > 1 {
			l.Variance += d * share * (1 - share) * (n - d) / (n - 1)
		}
	}
	if l.Variance <= 0 {
		return LogRankTest{}, fmt.Errorf("%w: there is no event with both groups at risk", stats.ErrNoVariance)
	}
	deviation := l.Observed - l.Expected
	l.ChiSquare = deviation * deviation / l.Variance
	l.PValue = dist.ChiSquareSF(l.ChiSquare, 1)
	return l, nil
}
