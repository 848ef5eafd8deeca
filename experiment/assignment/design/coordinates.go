package design

import (
	"fmt"
	"math"
	"slices"
)

// collinear is the share of a variable's variance that the others leave unexplained below which it says nothing of its own.
const collinear = 1e-8

// coordinates are the balance variables of some merchants, centred and turned so that their covariance (divisor n-1) is the identity: squared
// distances are then Mahalanobis distances.
func coordinates(names []string, x [][]float64) ([][]float64, error) {
	z := make([][]float64, len(x))
	for i := range x {
		z[i] = slices.Clone(x[i])
	}
	for k, name := range names {
		if err := standardise(z, k); err != nil {
			return nil, fmt.Errorf("balance variable %s %w", name, err)
		}
	}
	for k, name := range names {
		for j := range k {
			slope := covariance(z, j, k)
			for i := range z {
				z[i][k] -= slope * z[i][j]
			}
		}
		left := covariance(z, k, k)
		if left < collinear {
			return nil, fmt.Errorf("balance variable %s is a combination of %v on this list: leave it out", name, names[:k])
		}
		for i := range z {
			z[i][k] /= math.Sqrt(left)
		}
	}
	return z, nil
}

// standardise gives a column mean 0 and standard deviation 1.
func standardise(z [][]float64, k int) error {
	size := 0.0
	for i := range z {
		size = max(size, math.Abs(z[i][k]))
	}
	mean := 0.0
	for i := range z {
		mean += z[i][k] / float64(len(z))
	}
	for i := range z {
		z[i][k] -= mean
	}
	sd := math.Sqrt(covariance(z, k, k))
	if sd <= 1e-12*size {
		return fmt.Errorf("is the same for all %d merchants that take part: leave it out", len(z))
	}
	for i := range z {
		z[i][k] /= sd
	}
	return nil
}

// covariance of two centred columns.
func covariance(z [][]float64, j, k int) float64 {
	sum := 0.0
	for i := range z {
		sum += z[i][j] * z[i][k]
	}
	return sum / float64(len(z)-1)
}
