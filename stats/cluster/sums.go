package cluster

import (
	"fmt"
	"math"
	"slices"

	"liftgate/stats"
	"liftgate/stats/internal/magnitude"
)

// Sums are the cross-products of one cluster's rows: all that a regression sees of them. The zero value is ready to use; the first Add or
// Merge fixes the number of regressors. Regressors far from zero against their spread should be centred before, since squares lose
// digits.
type Sums struct {
	N int64
	// Y, YY are the sums of y and y²; X of the regressors.
	Y, YY float64
	X     []float64
	// XX, XWX, XWWX are X'X, X'WX, X'W²X by rows, W being the diagonal matrix of the weights; XY, XWY are X'y, X'Wy. Without weights those
	// with W are nil.
	XX, XWX, XWWX []float64
	XY, XWY       []float64
}

// Add takes in one row with weight 1. It panics when x is not as long as those before it.
func (s *Sums) Add(x []float64, y float64) {
	s.grow(len(x))
	if s.XWX != nil {
		s.AddWeighted(x, y, 1)
		return
	}
	s.row(x, y)
}

// AddWeighted takes in one row.
func (s *Sums) AddWeighted(x []float64, y, w float64) {
	s.grow(len(x))
	s.weigh()
	s.row(x, y)
	k := len(x)
	for i, v := range x {
		s.XWY[i] += w * v * y
		for j, u := range x {
			s.XWX[i*k+j] += w * v * u
			s.XWWX[i*k+j] += w * w * v * u
		}
	}
}

func (s *Sums) row(x []float64, y float64) {
	s.N++
	s.Y += y
	s.YY += y * y
	k := len(x)
	for i, v := range x {
		s.X[i] += v
		s.XY[i] += v * y
		for j, u := range x {
			s.XX[i*k+j] += v * u
		}
	}
}

// Merge takes in all rows of o.
func (s *Sums) Merge(o *Sums) {
	if o.N == 0 {
		return
	}
	s.grow(len(o.X))
	if o.XWX != nil {
		s.weigh()
	}
	s.N += o.N
	s.Y += o.Y
	s.YY += o.YY
	add(s.X, o.X)
	add(s.XX, o.XX)
	add(s.XY, o.XY)
	if s.XWX != nil {
		add(s.XWX, o.weighted())
		add(s.XWWX, o.weightedTwice())
		add(s.XWY, o.weightedY())
	}
}

func (s *Sums) grow(k int) {
	if s.X == nil {
		s.X, s.XY, s.XX = make([]float64, k), make([]float64, k), make([]float64, k*k)
	}
	if len(s.X) != k {
		panic(fmt.Sprintf("cluster: sums of %d regressors given %d", len(s.X), k))
	}
}

// weigh starts the sums with weights; rows so far have weight 1.
func (s *Sums) weigh() {
	if s.XWX == nil {
		s.XWX, s.XWWX, s.XWY = slices.Clone(s.XX), slices.Clone(s.XX), slices.Clone(s.XY)
	}
}

func (s *Sums) weighted() []float64 {
	if s.XWX == nil {
		return s.XX
	}
	return s.XWX
}

func (s *Sums) weightedTwice() []float64 {
	if s.XWX == nil {
		return s.XX
	}
	return s.XWWX
}

func (s *Sums) weightedY() []float64 {
	if s.XWX == nil {
		return s.XY
	}
	return s.XWY
}

func add(to, from []float64) {
	for i, v := range from {
		to[i] += v
	}
}

func (s *Sums) check(k int) error {
	if s.N < 0 || len(s.X) != k || len(s.XY) != k || len(s.XX) != k*k ||
		s.XWX != nil && (len(s.XWX) != k*k || len(s.XWWX) != k*k || len(s.XWY) != k) {
		return fmt.Errorf("%w: %d rows of %d regressors (others have %d), or cross-products of other lengths", stats.ErrInvalid, s.N, len(s.X), k)
	}
	for _, list := range [][]float64{s.X, s.XY, s.XX, s.XWX, s.XWWX, s.XWY, {s.Y, s.YY}} {
		for _, v := range list {
			if !(math.Abs(v) <= magnitude.LargestSquare) {
				return fmt.Errorf("%w: a cross-product is %v: look for NaN, infinite and huge values in the data", stats.ErrInvalid, v)
			}
		}
	}
	for i := range k {
		if s.XX[i*k+i] < 0 || s.weighted()[i*k+i] < 0 {
			return fmt.Errorf("%w: regressor %d has a negative sum of squares", stats.ErrInvalid, i)
		}
	}
	return nil
}
