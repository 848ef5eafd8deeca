package linear

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

func drawColumns(t *rapid.T, k int) [][]float64 {
	n := rapid.IntRange(k+2, 20).Draw(t, "n")
	columns := make([][]float64, k)
	for j := range columns {
		columns[j] = rapid.SliceOfN(rapid.Float64Range(-3, 3), n, n).Draw(t, "column")
		columns[j][j] += 7 // well conditioned
	}
	return columns
}

func cross(columns [][]float64) Matrix {
	return func(i, j int) float64 { return Dot(columns[i], columns[j]) }
}

// TestTwoWaysToFit: coefficients from columns, from cross-products and from gonum's QR agree.
func TestTwoWaysToFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(1, 4).Draw(t, "k")
		columns := drawColumns(t, k+1)
		y, columns := columns[k], columns[:k]
		var basis Basis
		x := mat.NewDense(len(y), k, nil)
		kept, with := make([]int, k), make([]float64, k)
		for j, column := range columns {
			basis.Add(column)
			x.SetCol(j, column)
			kept[j], with[j] = j, Dot(column, y)
		}
		var want mat.VecDense
		if err := want.SolveVec(x, mat.NewVecDense(len(y), y)); err != nil || basis.Rank() != k {
			t.Skip("ill conditioned")
		}
		l := Cholesky(cross(columns), kept)
		fromProducts, fromColumns := l.Backward(l.Forward(with)), basis.Coefficients(y)
		for j := range k {
			if math.Abs(fromColumns[j]-want.AtVec(j)) > 1e-9 || math.Abs(fromProducts[j]-want.AtVec(j)) > 1e-7 {
				t.Fatalf("%v, %v, want %v", fromColumns, fromProducts, want.RawVector().Data)
			}
		}
		rest := basis.Residual(y)
		for _, column := range columns {
			if math.Abs(Dot(rest, column)) > 1e-9 {
				t.Fatalf("residual %v is not orthogonal to %v", rest, column)
			}
		}
		total := 0.0
		for _, h := range basis.Leverage(len(y)) {
			total += h
		}
		if math.Abs(total-float64(k)) > 1e-9 {
			t.Fatalf("leverages add to %v, not %d", total, k)
		}
	})
}

// TestDependentColumns are left out by both.
func TestDependentColumns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns := drawColumns(t, 2)
		a, b := rapid.Float64Range(-3, 3).Draw(t, "a"), rapid.Float64Range(-3, 3).Draw(t, "b")
		sum := make([]float64, len(columns[0]))
		for i := range sum {
			sum[i] = a*columns[0][i] + b*columns[1][i]
		}
		columns = append(columns, sum)
		var basis Basis
		basis.Add(columns[0])
		basis.Add(columns[1])
		if basis.Add(sum) || basis.Rank() != 2 {
			t.Fatal("a sum of the others was kept")
		}
		if alone := Alone(cross(columns), []int{0, 1}, 2); alone > Collinear {
			t.Fatalf("%v of a sum is its own", alone)
		}
		if alone := Alone(cross(columns), []int{0}, 0); math.Abs(alone) > 1e-12 {
			t.Fatalf("%v of a copy is its own", alone)
		}
	})
}
