package quantile

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"liftgate/stats"
)

func TestBucketsHoldTheirNumbers(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		x, y := rapid.Float64().Draw(rt, "x"), rapid.Float64().Draw(rt, "y")
		b := BucketOf(x)
		least, most := Bounds(b, 0)
		if x < least || x > most {
			rt.Fatalf("%v lies in bucket %d, of %v to %v", x, b, least, most)
		}
		if BucketOf(least) != b || BucketOf(most) != b || BucketOf(-x) != -b {
			rt.Fatalf("bucket %d of %v to %v: %d, %d, negative %d", b, least, most, BucketOf(least), BucketOf(most), BucketOf(-x))
		}
		if middle := least + (most-least)/2; math.Abs(x) >= 0x1p-1022 && math.Abs(middle-x) > sketchError(0)*math.Abs(x) {
			rt.Fatalf("%v is %v from the middle of its bucket", x, middle-x)
		}
		if x < y && b > BucketOf(y) {
			rt.Fatalf("%v < %v lie in buckets %d and %d", x, y, b, BucketOf(y))
		}
	})
}

func TestBucketsOfSomeNumbers(t *testing.T) {
	for x, want := range map[float64][2]float64{
		0: {0, 0}, 1: {1, 1 + 1./128 - 0x1p-52}, 1.01: {1 + 1./128, 1 + 2./128 - 0x1p-52}, 255: {255, 256 - 0x1p-45}, -2: {-2 - 2./128 + 0x1p-51, -2},
		5e-324: {5e-324, 0x1p-1029 - 0x1p-1074}, math.MaxFloat64: {math.MaxFloat64 - 0x1p1016 + 0x1p971, math.MaxFloat64},
		math.Inf(1): {math.Inf(1), math.Inf(1)}, math.Inf(-1): {math.Inf(-1), math.Inf(-1)},
	} {
		if least, most := Bounds(BucketOf(x), 0); least != want[0] || most != want[1] {
			t.Errorf("the bucket of %v is of %v to %v, want %v", x, least, most, want)
		}
	}
	if BucketOf(math.Copysign(0, -1)) != 0 || BucketOf(math.NaN()) != LastBucket {
		t.Error("a negative zero is a zero, and what is no number lies outside")
	}
}

// drawUnits draws values of units, some without any.
func drawUnits(t *rapid.T) [][]float64 {
	value := rapid.Map(rapid.IntRange(-2400, 8000), func(n int) float64 { return float64(n) / 8 })
	return rapid.SliceOfN(rapid.SliceOfN(value, 0, 5), 1, 30).Draw(t, "units")
}

func sketchOf(units [][]float64) (s Sketch) {
	for _, values := range units {
		var buckets []int32
		for _, x := range values {
			buckets = append(buckets, BucketOf(x))
		}
		own := SketchOf(buckets, nil)
		s.Merge(&own)
	}
	return s
}

func TestSketchesMergeInAnyOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		units := drawUnits(rt)
		want, cut := sketchOf(units), rapid.IntRange(0, len(units)).Draw(rt, "cut")
		first, second := sketchOf(units[:cut]), sketchOf(units[cut:])
		coarse := rapid.IntRange(0, MaxCoarse).Draw(rt, "coarse")
		want.Coarsen(coarse)
		first.Coarsen(rapid.IntRange(0, coarse).Draw(rt, "first"))
		second.Coarsen(coarse)
		kept := slices.Clone(first.Buckets)
		second.Merge(&first)
		second.Merge(&Sketch{})
		if !slices.Equal(first.Buckets, kept) {
			rt.Fatal("what is merged into another sketch changed")
		}
		if !reflect.DeepEqual(second, want) {
			rt.Fatalf("merged to %+v, want %+v", second, want)
		}
	})
}

// What a sketch says of units is what is exact of them, up to the buckets.
func TestSummaryOfASketchHoldsTheExactOne(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		units, q := drawUnits(rt), rapid.Float64Range(0.01, 0.99).Draw(rt, "q")
		var values []float64
		for _, own := range units {
			values = append(values, own...)
		}
		s := sketchOf(units)
		s.Coarsen(rapid.IntRange(0, MaxCoarse).Draw(rt, "coarse"))
		got := s.Summary(q)
		if len(values) == 0 {
			if got.Rows != 0 || got.Shares.N != int64(len(units)) {
				rt.Fatalf("of no values: %+v", got)
			}
			return
		}
		slices.Sort(values)
		at := rank(q, int64(len(values)))
		for i, r := range got.Ranks {
			if x := values[r-1]; x < got.Values[i] || x > got.Sketched.Upper[i] {
				rt.Fatalf("the value at rank %d is %v, not between %v and %v", r, x, got.Values[i], got.Sketched.Upper[i])
			}
		}
		if x := values[at-1]; math.Abs(got.Value-x) > got.Sketched.Error*math.Abs(x)+0x1p-1022 {
			rt.Fatalf("quantile %v, want %v", got.Value, x)
		}
		_, most := Bounds(joined(BucketOf(got.Value), s.Coarse), s.Coarse)
		checkShares(rt, units, most, got.Shares)
		if e, err := got.Estimate(); err == nil && (e.Least > values[at-1] || e.Most < values[at-1] || e.Lower > e.Least || e.Upper < e.Most) {
			rt.Fatalf("%+v, want bounds of %v", e, values[at-1])
		}
	})
}

// checkShares compares moments with those of the units' numbers of values up to one.
func checkShares(t *rapid.T, units [][]float64, most float64, got stats.Moments) {
	var below, rows []float64
	for _, own := range units {
		n := 0
		for _, x := range own {
			if x <= most {
				n++
			}
		}
		below, rows = append(below, float64(n)), append(rows, float64(len(own)))
	}
	want := momentsOf(below, rows)
	for i := range want.Cross {
		if math.Abs(want.Cross[i]-got.Cross[i]) > 1e-9*(1+math.Abs(want.Cross[i])) {
			t.Fatalf("shares %+v, want %+v", got, want)
		}
	}
	if want.N != got.N || math.Abs(want.Means[0]-got.Means[0])+math.Abs(want.Means[1]-got.Means[1]) > 1e-9 {
		t.Fatalf("shares %+v, want %+v", got, want)
	}
}

// An interval excludes a null exactly when its p-value is below one minus the level, and holds those of all levels in the buckets.
func TestContrastOfSketchesAgreesWithItself(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		q := rapid.SampledFrom([]float64{0.25, 0.5, 0.9}).Draw(rt, "q")
		a, b := sketchOf(drawUnits(rt)), sketchOf(drawUnits(rt))
		treated, control := a.Summary(q), b.Summary(q)
		c, err := Compare(treated, control)
		if err != nil {
			return
		}
		level, null := rapid.Float64Range(0.5, 0.999).Draw(rt, "level"), rapid.Float64Range(-50, 50).Draw(rt, "null")
		d := c.Difference(level)
		agree(rt, "difference", d.Lower, d.Upper, null, level, c.PDifference(null))
		if l := c.Lift(level); l.Shape == stats.Bounded {
			agree(rt, "lift", l.Lower, l.Upper, null/50, level, c.PLift(null/50))
		}
		t1, _ := treated.Estimate()
		t0, _ := control.Estimate()
		if d.Lower > t1.Least-t0.Most || d.Upper < t1.Most-t0.Least || d.Estimate != treated.Value-control.Value {
			rt.Fatalf("%+v does not hold the differences of the buckets of %+v and %+v", d, t1, t0)
		}
	})
}

func agree(t *rapid.T, scale string, lower, upper, null, level, p float64) {
	const rounding = 1e-6
	if math.Abs(p-(1-level)) < rounding {
		return
	}
	if excluded := null < lower || null > upper; excluded != (p < 1-level) && math.Min(math.Abs(null-lower), math.Abs(null-upper)) > rounding*(1+math.Abs(null)) {
		t.Fatalf("%s: %v to %v at the level %v, but p is %v against %v", scale, lower, upper, level, p, null)
	}
}

func TestSummariesThatNoSketchHas(t *testing.T) {
	s := sketchOf([][]float64{{1, 2}, {3}, {4}, {7}})
	for name, spoil := range map[string]func(*Summary){
		"too few bounds":      func(s *Summary) { s.Sketched.Upper = s.Sketched.Upper[1:] },
		"a bound below":       func(s *Summary) { s.Sketched.Upper[0] = 0 },
		"a bound is no end":   func(s *Summary) { s.Sketched.Upper[len(s.Sketched.Upper)-1] = math.Inf(1) },
		"other units":         func(s *Summary) { s.Sketched.Before.N++ },
		"bounds in no order":  func(s *Summary) { s.Sketched.Upper[0] = 100 },
		"no products":         func(s *Summary) { s.Sketched.Before.Cross = nil },
		"a bound is a number": func(s *Summary) { s.Sketched.Upper[1] = math.NaN() },
	} {
		got := s.Summary(0.5)
		if _, err := got.Estimate(); err != nil {
			t.Fatal(err)
		}
		spoil(&got)
		if _, err := got.Estimate(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	big := sketchOf([][]float64{{1}, {math.Inf(1)}})
	if big.Finite() || !s.Finite() {
		t.Error("infinity is not finite")
	}
}
