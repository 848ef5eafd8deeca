package stats

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// comparison draws a contrast and its mirror, with the variants swapped.
type comparison func(t *rapid.T) (c, swapped Contrast)

var comparisons = map[string]comparison{
	"proportions": drawProportions,
	"means":       drawFrom(1, CompareMeans),
	"ratios":      drawFrom(2, CompareRatios),
	"adjusted mean": drawFrom(4, func(treated, control Moments) (Contrast, error) {
		return CompareAdjusted(treated, control, 1)
	}),
	"adjusted ratio": drawFrom(3, func(treated, control Moments) (Contrast, error) {
		return CompareAdjusted(treated, control, 2)
	}),
}

func drawProportions(t *rapid.T) (c, swapped Contrast) {
	size := rapid.OneOf(rapid.Int64Range(1, 60), rapid.Int64Range(1, 2_000_000))
	draw := func(name string) Binomial {
		n := size.Draw(t, name+" n")
		return Binomial{N: n, Successes: rapid.OneOf(
			rapid.Int64Range(0, n), rapid.Just(int64(0)), rapid.Just(n), rapid.Int64Range(0, min(n, 9)),
		).Draw(t, name+" successes")}
	}
	b1, b0 := draw("treatment"), draw("control")
	c, err1 := CompareProportions(b1, b0)
	swapped, err0 := CompareProportions(b0, b1)
	noErrors(t, err1, err0)
	return c, swapped
}

// drawFrom draws units of dimension dim. The second component is positive, as a denominator must be.
func drawFrom(dim int, compare func(treated, control Moments) (Contrast, error)) comparison {
	return func(t *rapid.T) (c, swapped Contrast) {
		value := rapid.Float64Range(-50, 100)
		draw := func(name string) Moments {
			var m Moments
			for range rapid.IntRange(dim+5, 40).Draw(t, name+" n") {
				x := make([]float64, dim)
				for i := range x {
					x[i] = value.Draw(t, "value")
				}
				if dim > 1 {
					x[1] = 1 + math.Abs(x[1])
				}
				m.Add(x...)
			}
			return m
		}
		m1, m0 := draw("treatment"), draw("control")
		c, err1 := compare(m1, m0)
		swapped, err0 := compare(m0, m1)
		if err1 != nil || err0 != nil {
			t.Skip("no answer: ", err1)
		}
		return c, swapped
	}
}

func noErrors(t rapid.TB, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestContrasts holds every contrast to what the interface promises.
func TestContrasts(t *testing.T) {
	for name, draw := range comparisons {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			c, swapped := draw(t)
			level := rapid.Float64Range(0.5, 0.9999).Draw(t, "level")
			checkAgreement(t, c)
			checkInversion(t, c, level)
			checkLevels(t, c, level)
			checkSwap(t, c, swapped, level)
		}))
	}
}

// checkAgreement: one test on two scales.
func checkAgreement(t *rapid.T, c Contrast) {
	if d, l := c.PDifference(0), c.PLift(0); d != l || !(d >= 0 && d <= 1) {
		t.Fatalf("p against no difference %v, against no lift %v", d, l)
	}
}

// checkInversion: an interval excludes a null exactly when p < 1 - level. Right at a limit p is 1 - level, so nulls are drawn on
// both sides of the limits, and farther off.
func checkInversion(t *rapid.T, c Contrast, level float64) {
	d := c.Difference(level)
	if !(d.Lower <= d.Estimate && d.Estimate <= d.Upper) || math.IsNaN(d.StdError) {
		t.Fatalf("difference out of order: %+v", d)
	}
	off := rapid.SampledFrom([]float64{1e-6, 1e-3, 0.3, 2}).Draw(t, "off") * (d.Upper - d.Lower)
	invert(t, "difference", c.PDifference, d.Lower, d.Upper, off, level)

	l := c.Lift(level)
	switch l.Shape {
	case Bounded:
		if !(l.Lower <= l.Estimate && l.Estimate <= l.Upper) || l.Reason != "" {
			t.Fatalf("lift out of order: %+v", l)
		}
		invert(t, "lift", c.PLift, l.Lower, l.Upper, math.Min(off/(d.Upper-d.Lower), 1e3)*(l.Upper-l.Lower), level)
	case Exclusive, All:
		if !math.IsNaN(l.Lower) || !math.IsNaN(l.Upper) || l.Reason == "" {
			t.Fatalf("unbounded lift with limits or without reason: %+v", l)
		}
	default:
		t.Fatalf("shape %q", l.Shape)
	}
}

func invert(t *rapid.T, scale string, p func(float64) float64, lower, upper, off, level float64) {
	// Of p: for limits found to the precision of a double, and for the steps between doubles, which may be long beside a short interval.
	farthest := math.Max(math.Abs(lower), math.Abs(upper))
	slack := 1e-7 + 4*(math.Nextafter(farthest, math.Inf(1))-farthest)/(upper-lower)
	for _, outside := range []float64{lower - off, upper + off} {
		if got := p(outside); got > 1-level+slack {
			t.Fatalf("%s %v lies outside [%v, %v] and has p %v at level %v", scale, outside, lower, upper, got, level)
		}
	}
	for _, inside := range []float64{lower + off, upper - off} {
		if inside >= lower && inside <= upper && p(inside) < 1-level-slack {
			t.Fatalf("%s %v lies inside [%v, %v] and has p %v at level %v", scale, inside, lower, upper, p(inside), level)
		}
	}
}

// checkLevels: a higher level gives a wider set.
func checkLevels(t *rapid.T, c Contrast, level float64) {
	narrow, wide := c.Difference(level), c.Difference((1+level)/2)
	if wide.Lower > narrow.Lower || wide.Upper < narrow.Upper {
		t.Fatalf("difference %+v at %v, %+v at a higher level", narrow, level, wide)
	}
	n, w := c.Lift(level), c.Lift((1+level)/2)
	if w.Shape == Bounded && (n.Shape != Bounded || w.Lower > n.Lower || w.Upper < n.Upper) {
		t.Fatalf("lift %+v at %v, %+v at a higher level", n, level, w)
	}
	if n.Shape == All && w.Shape != All {
		t.Fatalf("lift shape %v at %v, %v at a higher level", n.Shape, level, w.Shape)
	}
}

// checkSwap: with the variants swapped the difference turns round and the ratio is the reciprocal.
func checkSwap(t *rapid.T, c, swapped Contrast, level float64) {
	d, s := c.Difference(level), swapped.Difference(level)
	width := d.Upper - d.Lower
	near(t, "lower", d.Lower, -s.Upper, 1e-9*width+1e-15)
	near(t, "upper", d.Upper, -s.Lower, 1e-9*width+1e-15)
	near(t, "p", c.PDifference(0), swapped.PDifference(0), 1e-9)
	l, r := c.Lift(level), swapped.Lift(level)
	if l.Shape == Bounded && r.Shape == Bounded && r.Lower > -1 && l.Lower > -1 {
		tolerance := 1e-6 + 1e-11/math.Min(1+l.Lower, 1+r.Lower) // lifts just above -1 have few digits of their ratio
		near(t, "ratio", math.Log1p(l.Lower), -math.Log1p(r.Upper), tolerance)
		near(t, "ratio", math.Log1p(l.Upper), -math.Log1p(r.Lower), tolerance)
	}
}

func near(t rapid.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Fatalf("%s: got %v, want %v", what, got, want)
	}
}

// affine is the moments of a + b x for one value.
func affine(m Moments, a, b float64) Moments {
	return Moments{N: m.N, Means: []float64{a + b*m.Means[0]}, Cross: []float64{b * b * m.Cross[0]}}
}

// TestUnits: another currency changes no lift, another origin no difference.
func TestUnits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) Moments {
			return Moments{
				N:     rapid.Int64Range(2, 1e6).Draw(t, name+" n"),
				Means: []float64{rapid.Float64Range(1, 100).Draw(t, name+" mean")},
				Cross: []float64{rapid.Float64Range(0.1, 1e6).Draw(t, name+" squares")},
			}
		}
		m1, m0 := draw("treatment"), draw("control")
		shift, scale := rapid.Float64Range(-100, 100).Draw(t, "shift"), rapid.Float64Range(1e-3, 1e3).Draw(t, "scale")
		plain, err1 := CompareMeans(m1, m0)
		scaled, err2 := CompareMeans(affine(m1, 0, scale), affine(m0, 0, scale))
		shifted, err3 := CompareMeans(affine(m1, shift, 1), affine(m0, shift, 1))
		noErrors(t, err1, err2, err3)
		d, s := plain.Difference(0.95), scaled.Difference(0.95)
		near(t, "scaled", s.Upper, d.Upper*scale, 1e-9*scale*(1+math.Abs(d.Upper)))
		near(t, "shifted", shifted.Difference(0.95).Upper, d.Upper, 1e-9*(1+math.Abs(d.Upper)))
		near(t, "p", scaled.PLift(0.1), plain.PLift(0.1), 1e-9)
		if l := plain.Lift(0.95); l.Shape == Bounded {
			near(t, "lift", scaled.Lift(0.95).Upper, l.Upper, 1e-6*(1+math.Abs(l.Upper)))
		}
	})
}

// TestProportionsOutside: the region of validity is judged by events, not by units, and said once.
func TestProportionsOutside(t *testing.T) {
	for _, c := range []struct {
		treated, control Binomial
		want             string
	}{
		{Binomial{8, 1_000_000}, Binomial{8, 1_000_000}, ""},
		{Binomial{7, 1_000_000}, Binomial{800, 1_000_000}, "only 7 successes in the treatment"},
		{Binomial{20, 40}, Binomial{39, 40}, "only 1 failure in the control"},
		{Binomial{0, 10}, Binomial{0, 10}, "only 0 successes in the treatment"},
	} {
		contrast, err := CompareProportions(c.treated, c.control)
		if err != nil {
			t.Fatal(err)
		}
		if got := contrast.Outside(); !strings.HasPrefix(got, c.want) || (got == "") != (c.want == "") {
			t.Errorf("%+v: outside says %q, want %q", c, got, c.want)
		}
		if len(contrast.Warnings()) > 0 {
			t.Errorf("%+v: said twice: %q", c, contrast.Warnings())
		}
	}
}
