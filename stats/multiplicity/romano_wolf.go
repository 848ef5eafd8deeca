package multiplicity

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"liftgate/stats"
)

// RomanoWolf adjusts two-sided p-values by the joint resampling distribution of the statistics, step by step down (J. P. Romano, M. Wolf,
// Econometrica 73 (2005) 1237-1282, algorithm 3.1; p-values as in Statistics and Probability Letters 113 (2016) 38-40): for the i-th
// largest |t|, (1 + #{draws whose largest |t*| among the hypotheses not yet passed reaches |t|}) / (1 + draws), made monotone.
//
// statistics holds m observed t; draws holds B resamples of m statistics each, centred at the observed estimates (or drawn under the
// null) and from the same resamples for all hypotheses. It controls the family-wise error rate as far as the resampling is right; no
// adjusted p-value can fall below 1/(B+1). Rows of another length and numbers that are not finite are stats.ErrInvalid; nothing to adjust
// and no draws stats.ErrTooFew.
func RomanoWolf(statistics []float64, draws [][]float64) ([]float64, error) {
	if err := checkDraws(statistics, draws); err != nil {
		return nil, err
	}
	order := make([]int, len(statistics))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(math.Abs(statistics[b]), math.Abs(statistics[a])) })

	reached := make([]int, len(statistics))
	for _, draw := range draws {
		largest := 0.0
		for i := len(order) - 1; i >= 0; i-- { // the hypotheses not yet passed at step i are those from i on
			largest = max(largest, math.Abs(draw[order[i]]))
			if largest >= math.Abs(statistics[order[i]]) {
				reached[i]++
			}
		}
	}
	adjusted := make([]float64, len(statistics))
	for i, n := range reached {
		adjusted[i] = float64(1+n) / float64(1+len(draws))
	}
	stepDown(adjusted)
	return unsort(adjusted, order), nil
}

func checkDraws(statistics []float64, draws [][]float64) error {
	if len(statistics) == 0 || len(draws) == 0 {
		return fmt.Errorf("%w: %d statistics and %d draws", stats.ErrTooFew, len(statistics), len(draws))
	}
	for i, row := range append([][]float64{statistics}, draws...) {
		if len(row) != len(statistics) {
			return fmt.Errorf("%w: draw %d has %d statistics, not %d", stats.ErrInvalid, i-1, len(row), len(statistics))
		}
		for _, v := range row {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("%w: a statistic is %v", stats.ErrInvalid, v)
			}
		}
	}
	return nil
}
