package root

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestBracketed(t *testing.T) {
	shapes := map[string]func(x float64) float64{
		"line":  func(x float64) float64 { return x },
		"cubic": func(x float64) float64 { return x * x * x },
		"step":  func(x float64) float64 { return math.Copysign(1, x) },
		"steep": func(x float64) float64 { return math.Atan(1e9 * x) },
		"flat":  func(x float64) float64 { return math.Copysign(math.Exp(-1/(x*x)), x) },
	}
	for name, f := range shapes {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			at := rapid.Float64Range(-1, 1).Draw(t, "root")
			sign := rapid.SampledFrom([]float64{-1, 1}).Draw(t, "sign")
			calls := 0
			x := Bracketed(func(x float64) float64 { calls++; return sign * f(x-at) }, at-rapid.Float64Range(0.001, 3).Draw(t, "left"), at+rapid.Float64Range(0.001, 3).Draw(t, "right"))
			if calls > 130 {
				t.Fatalf("%d calls", calls)
			}
			if got := f(x - at); math.Abs(x-at) > 1e-14 && math.Abs(got) > 1e-40 {
				t.Fatalf("root %v, want %v (f = %v)", x, at, got)
			}
		}))
	}
}

func TestBracketedAtTheEnds(t *testing.T) {
	above := func(x float64) float64 { return x + 1 }
	if got := Bracketed(above, 0, 5); got != 0 {
		t.Errorf("without a change of sign: got %v, want the end nearer to zero", got)
	}
	if got := Bracketed(above, -1, 5); got != -1 {
		t.Errorf("root at the left end: got %v", got)
	}
	if got := Bracketed(above, -5, -1); got != -1 {
		t.Errorf("root at the right end: got %v", got)
	}
}
