package stats

import (
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

// Expected values: mpmath 1.4.1 with 60 digits and SciPy 1.17.1 chi2_contingency without correction.
func TestHomogeneity(t *testing.T) {
	for _, c := range []struct {
		table     [][]int64
		statistic float64
		df        int
		p         float64
	}{
		{[][]int64{{34, 19}, {34, 13}}, 0.7677639502207949, 1, 0.38090968231189837},
		{[][]int64{{900000, 100000}, {895000, 105000}}, 135.87879611386643, 1, 2.1208947756311893e-31},
		// The same with a day too small to stand alone, a day of nothing and a variant of nobody.
		{[][]int64{{900000, 1, 0, 99998, 1}, {895000, 0, 0, 105000, 0}, {0, 0, 0, 0, 0}}, 135.87879611386643, 1, 2.1208947756311893e-31},
	} {
		got, err := Homogeneity(c.table)
		noErrors(t, err)
		near(t, "statistic", got.Statistic, c.statistic, 1e-10*c.statistic)
		near(t, "p", got.PValue, c.p, 1e-9*c.p)
		if got.DF != c.df {
			t.Errorf("%d degrees of freedom, want %d", got.DF, c.df)
		}
	}
}

// TestPooledColumns: pooling loses no unit and leaves every row enough in every column.
func TestPooledColumns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.IntRange(1, 20).Draw(t, "days")
		rows := make([][]float64, rapid.IntRange(2, 4).Draw(t, "variants"))
		total := 0.0
		for i := range rows {
			rows[i] = make([]float64, days)
			for j := range rows[i] {
				rows[i][j] = float64(rapid.IntRange(0, 30).Draw(t, "units"))
			}
			rows[i][0]++
			total += sum(rows[i])
		}
		pooled := poolColumns(rows)
		columns := len(pooled[0])
		for i := range pooled {
			if len(pooled[i]) != columns || columns > 1 && sum(pooled[i]) != sum(rows[i]) {
				t.Fatalf("%v pooled to %v", rows, pooled)
			}
		}
		for j := range columns {
			column := 0.0
			for i := range pooled {
				column += pooled[i][j]
			}
			for i := range pooled {
				if expected := sum(pooled[i]) * column / total; columns > 1 && expected < smallExpectation-1e-9 {
					t.Fatalf("row %d expects %v in column %d of %v", i, expected, j, pooled)
				}
			}
		}
	})
}

// TestHomogeneityCalibration holds the test to 5 % false positives, in a 99.9 % binomial band, on unequal variants and days with small
// ones to pool.
func TestHomogeneityCalibration(t *testing.T) {
	if testing.Short() {
		t.Skip("simulation")
	}
	const draws = 4000
	rng := rand.New(rand.NewPCG(20261001, 0))
	var missed int64
	for range draws {
		var table [][]int64
		for _, weight := range []float64{1, 0.6, 0.4} {
			var row []int64
			for _, day := range []float64{300, 200, 3, 2, 4, 150} {
				row = append(row, int64(distuv.Poisson{Lambda: day * weight, Src: rng}.Rand()))
			}
			table = append(table, row)
		}
		c, err := Homogeneity(table)
		noErrors(t, err)
		if c.PValue < 0.05 {
			missed++
		}
	}
	checkShare(t, "homogeneity", missed, draws, 0.001)
}
