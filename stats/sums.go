package stats

import (
	"fmt"
	"math"
	"slices"

	"liftgate/stats/internal/magnitude"
)

// MomentsOfSums are the moments of n values with the given sum and sum of squares: the form in which SQL gives them. Squares lose digits
// when the spread is small against the mean; what is left is exact (fused multiply-add), and a sum of squares smaller than
// sum²/n by more than its own rounding is [ErrInvalid].
func MomentsOfSums(n int64, sum, sumOfSquares float64) (Moments, error) {
	return MomentsOfProducts(n, []float64{sum}, []float64{sumOfSquares})
}

// MomentsOfProducts are the moments of n vectors with the given sums of components and of their products (i, j), i <= j, row by row:
// (0,0), (0,1), …, (1,1), …; squares are what [MomentsOfSums] says of them.
func MomentsOfProducts(n int64, sums, products []float64) (Moments, error) {
	if n < 0 || len(products) != len(sums)*(len(sums)+1)/2 {
		return Moments{}, fmt.Errorf("%w: %d vectors with %d sums and %d products", ErrInvalid, n, len(sums), len(products))
	}
	if n == 0 {
		if slices.ContainsFunc(slices.Concat(sums, products), func(x float64) bool { return x != 0 }) {
			return Moments{}, fmt.Errorf("%w: no vectors with sums %v and products %v", ErrInvalid, sums, products)
		}
		return Moments{}, nil
	}
	m := Moments{N: n}
	k := 0
	for i, sum := range sums {
		m.Means = append(m.Means, sum/float64(n))
		for j := i; j < len(sums); j++ {
			if !magnitude.Fits(sum) || !(math.Abs(products[k]) <= magnitude.LargestSquare) {
				return Moments{}, fmt.Errorf("%w: sum %v and product %v", ErrInvalid, sum, products[k])
			}
			cross := centred(n, sum, sums[j], products[k])
			if i == j {
				var err error
				if cross, err = centredSquare(n, sum, products[k]); err != nil {
					return Moments{}, err
				}
			}
			m.Cross = append(m.Cross, cross)
			k++
		}
	}
	return m, nil
}

// centred is the centred cross-product of two components, with one rounding.
func centred(n int64, first, second, product float64) float64 {
	mean := first / float64(n)
	cross := math.FMA(-mean, second, product)
	return cross - math.FMA(-mean, float64(n), first)*(second/float64(n)) // the mean's own rounding, times the second sum
}

func centredSquare(n int64, sum, sumOfSquares float64) (float64, error) {
	cross := centred(n, sum, sum, sumOfSquares)
	if cross >= 0 {
		return cross, nil
	}
	if cross < -4e-16*sumOfSquares {
		return 0, fmt.Errorf("%w: a sum of squares of %v is too small for a sum of %v over %d values, it must be at least %v",
			ErrInvalid, sumOfSquares, sum, n, sum*(sum/float64(n)))
	}
	return 0, nil
}
