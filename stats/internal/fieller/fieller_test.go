package fieller

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestLiftsHoldsWhatTheTestAccepts: whatever the shape, the set is that of the ratios within c standard errors.
func TestLiftsHoldsWhatTheTestAccepts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string, low, high float64) float64 { return rapid.Float64Range(low, high).Draw(t, name) }
		p := Pair{M1: draw("m1", -3, 3), M0: draw("m0", -3, 3), V11: draw("v11", 0.01, 2), V00: draw("v00", 0.01, 2)}
		p.V10 = draw("correlation", -0.95, 0.95) * math.Sqrt(p.V11*p.V00)
		c := draw("c", 0.5, 4)
		if math.Abs(p.G(c)-1) < 1e-12 {
			t.Skip("half a line, or beyond every limit the rest of one")
		}
		shape, lower, upper := p.Lifts(c)
		for range 20 {
			r := math.Tan(draw("angle", -1.55, 1.55))
			off := math.Abs(p.M1-r*p.M0)/math.Sqrt(p.Variance(r)) - c
			if math.Abs(off) < 1e-6 {
				continue
			}
			in := shape == All ||
				shape == Bounded && lower <= r-1 && r-1 <= upper ||
				shape == Exclusive && (r-1 <= lower || r-1 >= upper)
			if in != (off < 0) {
				t.Fatalf("%+v, c = %v: %v (%v, %v) at r = %v, which is %v beyond c", p, c, shape, lower, upper, r, off)
			}
		}
		if also, low, high := p.Ratios(c); also != shape || shape != All && (math.Abs(low-1-lower) > 1e-6*(1+math.Abs(low)) || math.Abs(high-1-upper) > 1e-6*(1+math.Abs(high))) {
			t.Fatalf("ratios %v (%v, %v) and lifts %v (%v, %v)", also, low, high, shape, lower, upper)
		}
		if bounded := p.G(c) < 1; bounded != (shape == Bounded) {
			t.Fatalf("g = %v and shape %v", p.G(c), shape)
		}
	})
}

func TestLiftsOfKnownEstimates(t *testing.T) {
	if shape, lower, upper := (Pair{M1: 3, M0: 2}).Lifts(2); shape != Bounded || math.Abs(lower-0.5) > 1e-15 || lower != upper {
		t.Errorf("without variance the set is the ratio: got %v %v %v", shape, lower, upper)
	}
	if shape, _, _ := (Pair{M1: 1.5, M0: 3, V11: 1, V00: 0.5625, V10: 0.1875}).Lifts(4); shape != All {
		t.Errorf("half a line, from -5.58: got shape %v", shape)
	}
	if shape, _, _ := (Pair{M1: 3, M0: 0, V11: 1, V00: 1}).Lifts(10); shape != All {
		t.Errorf("two estimates that may both be zero: got shape %v", shape)
	}
}

// TestNearlyHalfALine: where the control is just so far from zero that the set is bounded, the limit at hand keeps its digits though the
// other one is far off, and the set holds the estimate.
func TestNearlyHalfALine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string, low, high float64) float64 { return rapid.Float64Range(low, high).Draw(t, name) }
		p := Pair{M1: draw("m1", 0.01, 3), M0: draw("m0", 0.5, 3)}
		p.V11 = p.M1 * p.M1 * draw("v11", 0.01, 0.9)
		p.V00 = p.M0 * p.M0 * (1 - math.Pow(10, -draw("near", 1, 14)))
		shape, lower, upper := p.Lifts(1)
		if at := p.M1/p.M0 - 1; shape != Bounded || at < lower || at > upper {
			t.Fatalf("%v: [%v, %v] and the lift %v", shape, lower, upper, at)
		}
		r := lower + 1
		if off := math.Abs(p.M1-r*p.M0)/math.Sqrt(p.Variance(r)) - 1; math.Abs(off) > 1e-10 {
			t.Fatalf("the lower limit %v is %v beyond", lower, off)
		}
	})
}
