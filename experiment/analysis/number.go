package analysis

import (
	"math"

	"liftgate/experiment/result"
)

// number is x for a result, nil where there is none.
func number(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

// many is a number of things for a reader: 1 unit, 12,345 merchants.
func many(n int64, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return result.Count(n) + " " + thing + "s"
}
