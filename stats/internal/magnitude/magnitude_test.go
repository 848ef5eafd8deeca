package magnitude

import (
	"math"
	"strings"
	"testing"
)

func TestFits(t *testing.T) {
	for _, x := range []float64{0, 1, -3, Largest, -Largest, Smallest} {
		if !Fits(x) || Check([]float64{x}, Largest) != nil {
			t.Errorf("%v does not fit", x)
		}
	}
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 2 * Largest, -2 * Largest} {
		err := Check([]float64{1, x, 2}, Largest)
		if Fits(x) || err == nil || !strings.HasPrefix(err.Error(), "is ") {
			t.Errorf("%v fits: %v", x, err)
		}
	}
}

// TestFourthPowers are what the limits are for.
func TestFourthPowers(t *testing.T) {
	square, quotient := float64(LargestSquare), Largest/float64(Smallest)
	if math.IsInf(square*square, 0) || math.IsInf(quotient*quotient, 0) || Smallest*Smallest*Smallest*Smallest == 0 {
		t.Error("a product of four is not a number")
	}
}
