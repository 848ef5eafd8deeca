package proportion

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
)

// TableTest is a statistic with its chi-square tail.
type TableTest struct{ Statistic, PValue, LogPValue float64 }

// Association is what [Table] gives.
type Association struct {
	DF               int
	ChiSquare, G     TableTest
	ChiSquareYates   TableTest // two by two only
	GYates           TableTest
	SmallestExpected float64
	Warnings         []string
}

// fewExpected is W. G. Cochran's bound (Biometrics 10 (1954) 417-451): the chi-square tail holds from 5 expected in nearly every cell.
const fewExpected = 5

// Table tests whether the rows of a table of counts, variants, differ in their split over the columns, outcomes: Pearson's chi-square
// and the likelihood ratio G (2 sum o log(o/e)), and for two by two both with F. Yates' correction, which moves each count towards
// its expectation by 1/2 at most. Rows and columns without units say nothing and are left out. Fewer than two of either gives
// [stats.ErrTooFew].
func Table(counts [][]int64) (Association, error) {
	t, err := tableOf(counts)
	if err != nil {
		return Association{}, err
	}
	out := Association{DF: (len(t.rows) - 1) * (len(t.columns) - 1), SmallestExpected: math.Inf(1)}
	none := TableTest{math.NaN(), math.NaN(), math.NaN()}
	out.ChiSquareYates, out.GYates = none, none
	out.ChiSquare, out.G = t.test(out.DF, 0)
	if len(t.rows) == 2 && len(t.columns) == 2 {
		out.ChiSquareYates, out.GYates = t.test(out.DF, 0.5)
	}
	for i := range t.rows {
		for j := range t.columns {
			out.SmallestExpected = math.Min(out.SmallestExpected, t.rows[i]/t.total*t.columns[j])
		}
	}
	if t.dropped {
		out.Warnings = append(out.Warnings, "rows or columns without units were left out")
	}
	if out.SmallestExpected < fewExpected {
		out.Warnings = append(out.Warnings, fmt.Sprintf("a cell expects only %.2g: the p-value is approximate below %d; use an exact test", out.SmallestExpected, fewExpected))
	}
	return out, nil
}

// table is a table of counts without empty rows and columns, with its margins.
type table struct {
	cells         [][]float64
	rows, columns []float64
	total         float64
	dropped       bool
}

func tableOf(counts [][]int64) (table, error) {
	var t table
	if len(counts) == 0 {
		return t, fmt.Errorf("%w: the table has no rows", stats.ErrTooFew)
	}
	columns := make([]float64, len(counts[0]))
	for i, row := range counts {
		if len(row) != len(columns) {
			return t, fmt.Errorf("%w: row %d has %d columns, the first has %d", stats.ErrInvalid, i, len(row), len(columns))
		}
		for j, n := range row {
			if n < 0 {
				return t, fmt.Errorf("%w: the count in row %d, column %d is %d", stats.ErrInvalid, i, j, n)
			}
			columns[j] += float64(n)
		}
	}
	for _, row := range counts {
		var kept []float64
		sum := 0.0
		for j, n := range row {
			if columns[j] > 0 {
				kept = append(kept, float64(n))
				sum += float64(n)
			}
		}
		if sum > 0 {
			t.cells, t.rows = append(t.cells, kept), append(t.rows, sum)
			t.total += sum
		}
	}
	for _, sum := range columns {
		if sum > 0 {
			t.columns = append(t.columns, sum)
		}
	}
	t.dropped = len(t.rows) < len(counts) || len(t.columns) < len(columns)
	if len(t.rows) < 2 || len(t.columns) < 2 {
		return t, fmt.Errorf("%w: %d rows and %d columns have units, a test needs 2 of each", stats.ErrTooFew, len(t.rows), len(t.columns))
	}
	return t, nil
}

// test gives both statistics after each count has moved towards its expectation by up to shift. Deviations are formed exactly, and G as
// a sum of deviances, which cancel in neither small nor huge tables.
func (t table) test(df int, shift float64) (chiSquare, g TableTest) {
	for i, row := range t.cells {
		for j, count := range row {
			product, scaled := t.rows[i]*t.columns[j], count*t.total
			excess := (scaled - product + math.FMA(count, t.total, -scaled) - math.FMA(t.rows[i], t.columns[j], -product)) / t.total
			moved := math.Copysign(math.Min(shift, math.Abs(excess)), excess)
			expected := product / t.total
			excess -= moved
			chiSquare.Statistic += excess * excess / expected
			g.Statistic += 2 * dist.Deviance(count-moved, expected, excess)
		}
	}
	for _, test := range []*TableTest{&chiSquare, &g} {
		test.LogPValue = dist.ChiSquareLogSF(test.Statistic, float64(df))
		test.PValue = math.Exp(test.LogPValue)
	}
	return chiSquare, g
}
