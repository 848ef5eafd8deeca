// Package magnitude says which numbers are small enough, and large enough, for what statistics do with them: a product of four of them is
// still a double.
package magnitude

import (
	"fmt"
	"math"
)

const (
	// Largest is the value whose fourth power a double just holds.
	Largest = 1e75
	// Smallest is a divisor by which the Largest can be divided, and squared.
	Smallest = 1 / Largest
	// LargestSquare bounds squares and products.
	LargestSquare = Largest * Largest
)

// Fits says whether x is a number not beyond the Largest, on either side.
func Fits(x float64) bool { return math.Abs(x) <= Largest }

// Check gives an error that reads "is <value>: ..." for the first value that is no number or beyond a limit.
func Check(values []float64, limit float64) error {
	for _, v := range values {
		if !(math.Abs(v) <= limit) {
			return fmt.Errorf("is %v: look for NaN, infinite and huge values in the data", v)
		}
	}
	return nil
}
