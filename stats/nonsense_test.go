package stats

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestNonsense: whatever comes in, there is an error or an answer in numbers, and never a panic.
func TestNonsense(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		count := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-1, 4), rapid.Int64Range(0, 1e6))
		draw := func(name string) Moments {
			dim := rapid.IntRange(0, 4).Draw(t, name+" dimension")
			number := rapid.OneOf(rapid.Float64Range(-10, 10), rapid.SampledFrom([]float64{
				0, 1, 1e-300, 1e-155, 1e155, 1e300, -1e300, math.MaxFloat64, math.SmallestNonzeroFloat64, math.NaN(), math.Inf(1),
			}))
			return Moments{
				N:     count.Draw(t, name+" n"),
				Means: rapid.SliceOfN(number, dim, dim).Draw(t, name+" means"),
				Cross: rapid.SliceOfN(number, dim*(dim+1)/2, dim*(dim+1)/2).Draw(t, name+" cross"),
			}
		}
		m1, m0 := draw("treatment"), draw("control")
		b1 := Binomial{count.Draw(t, "successes"), count.Draw(t, "n")}
		b0 := Binomial{count.Draw(t, "successes"), count.Draw(t, "n")}
		for _, compare := range []func() (Contrast, error){
			func() (Contrast, error) { return CompareProportions(b1, b0) },
			func() (Contrast, error) { return CompareMeans(m1, m0) },
			func() (Contrast, error) { return CompareRatios(m1, m0) },
			func() (Contrast, error) { return CompareAdjusted(m1, m0, 1) },
			func() (Contrast, error) { return CompareAdjusted(m1, m0, 2) },
		} {
			if c, err := compare(); err == nil {
				checkNumbers(t, c)
			}
		}
	})
}

func checkNumbers(t *rapid.T, c Contrast) {
	d, l := c.Difference(0.95), c.Lift(0.95)
	numbers := []float64{d.Estimate, d.StdError, d.Lower, d.Upper, c.PDifference(0), c.PLift(0), c.PDifference(0.1), c.PLift(-0.1)}
	switch {
	case l.Shape == Bounded:
		numbers = append(numbers, l.Estimate, l.Lower, l.Upper)
	case l.Reason == "":
		t.Fatalf("%s: no limits and no reason: %+v", c.Method(), l)
	}
	for i, v := range numbers {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			t.Fatalf("%s: number %d of %+v, %+v is %v", c.Method(), i, d, l, v)
		}
	}
}
