package rank

import (
	"errors"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"liftgate/stats"
)

// drawSample gives values with more or fewer ties.
func drawSample(t *rapid.T, name string, most int) []float64 {
	step := rapid.SampledFrom([]float64{0, 0.5, 2}).Draw(t, name+" step")
	values := rapid.SliceOfN(rapid.Float64Range(-5, 5), 1, most).Draw(t, name)
	for i := range values {
		if step > 0 {
			values[i] = math.Round(values[i]/step) * step
		}
	}
	return values
}

func near(t rapid.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*(1+math.Abs(want))) {
		t.Fatalf("%s: got %.17g, want %.17g", what, got, want)
	}
}

func wins(x, y []float64) (u float64) {
	for _, a := range x {
		for _, b := range y {
			switch {
			case a > b:
				u++
			case a == b:
				u += 0.5
			}
		}
	}
	return u
}

func TestSort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.OneOf(rapid.Float64(), rapid.Float64Range(-1, 1), rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 1, -1})), 1, 500).Draw(t, "values")
		if !slices.Equal(radixSorted(values), slices.Sorted(slices.Values(values))) {
			t.Fatal("not sorted")
		}
	})
}

// splits calls try with every way to choose m of the pooled values.
func splits(x, y []float64, try func(x, y []float64)) {
	pooled := slices.Concat(x, y)
	for set := range 1 << len(pooled) {
		if bits.OnesCount(uint(set)) != len(x) {
			continue
		}
		var a, b []float64
		for i, v := range pooled {
			if set>>i&1 == 1 {
				a = append(a, v)
			} else {
				b = append(b, v)
			}
		}
		try(a, b)
	}
}

// TestOrderByEnumeration holds the exact tails against all permutations.
func TestOrderByEnumeration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := drawSample(t, "x", 5), drawSample(t, "y", 5)
		got, err := CompareOrder(x, y)
		if err != nil {
			t.Fatal(err)
		}
		u, mean := wins(x, y), float64(len(x)*len(y))/2
		var all, less, greater, both, squares float64
		splits(x, y, func(a, b []float64) {
			v := wins(a, b)
			all++
			less += indicator(v <= u)
			greater += indicator(v >= u)
			both += indicator(math.Abs(v-mean) >= math.Abs(u-mean))
			squares += (v - mean) * (v - mean)
		})
		near(t, "U", got.U, u, 0)
		near(t, "variance", got.Variance, squares/all, 1e-12)
		near(t, "less", got.Exact.Less, less/all, 1e-12)
		near(t, "greater", got.Exact.Greater, greater/all, 1e-12)
		near(t, "two-sided", got.Exact.TwoSided, both/all, 1e-12)
	})
}

func indicator(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

func TestDistancesByEnumeration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := drawSample(t, "x", 5), drawSample(t, "y", 5)
		got, err := CompareDistributions(x, y)
		if err != nil {
			t.Fatal(err)
		}
		var all, far float64
		splits(x, y, func(a, b []float64) {
			all++
			far += indicator(distance(a, b) >= distance(x, y)-1e-12)
		})
		near(t, "D", got.D, distance(x, y), 1e-14)
		near(t, "p", *got.Exact, far/all, 1e-12)
	})
}

func distance(x, y []float64) (d float64) {
	for _, v := range slices.Concat(x, y) {
		var fx, fy float64
		for _, a := range x {
			fx += indicator(a <= v) / float64(len(x))
		}
		for _, b := range y {
			fy += indicator(b <= v) / float64(len(y))
		}
		d = max(d, math.Abs(fx-fy))
	}
	return d
}

// TestShiftByForming holds the selected differences against all of them, sorted.
func TestShiftByForming(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := drawSample(t, "x", 20), drawSample(t, "y", 20)
		var all []float64
		for _, a := range x {
			for _, b := range y {
				all = append(all, a-b)
			}
		}
		slices.Sort(all)
		got, err := Shift(x, y, 0.9)
		if err != nil {
			t.Fatal(err)
		}
		n := len(all)
		near(t, "estimate", got.Estimate, (all[(n-1)/2]+all[n/2])/2, 0)
		near(t, "lower", got.Lower, all[got.LowerRank-1], 0)
		near(t, "upper", got.Upper, all[n-int(got.LowerRank)], 0)
	})
}

// TestShiftInvertsOrder: shifts inside the exact interval are not rejected, those outside are, as far as the steps of U allow.
func TestShiftInvertsOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		x, y := make([]float64, 8+r.IntN(8)), make([]float64, 8+r.IntN(8))
		for i := range x {
			x[i] = r.NormFloat64() + 1
		}
		for i := range y {
			y[i] = r.NormFloat64()
		}
		s, err := Shift(x, y, 0.95)
		if err != nil || s.Method != "exact" {
			t.Fatal(s, err)
		}
		p := func(shift float64) float64 {
			moved := slices.Clone(x)
			for i := range moved {
				moved[i] -= shift
			}
			c, _ := CompareOrder(moved, y)
			return c.PValue
		}
		const step = 1e-9
		if p(s.Lower+step) < 0.05 || p(s.Upper-step) < 0.05 {
			t.Fatalf("inside: %v and %v", p(s.Lower+step), p(s.Upper-step))
		}
		if p(s.Lower-step) >= 0.05 && s.LowerRank > 1 || p(s.Upper+step) >= 0.05 && s.LowerRank > 1 {
			t.Fatalf("outside: %v and %v", p(s.Lower-step), p(s.Upper+step))
		}
	})
}

// TestInvariance: order alone counts, and swapping the samples mirrors everything.
func TestInvariance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := drawSample(t, "x", 60), drawSample(t, "y", 60)
		pooled := slices.Compact(slices.Sorted(slices.Values(slices.Concat(x, y))))
		monotone := func(v []float64) []float64 {
			out := make([]float64, len(v))
			for i := range v {
				at, _ := slices.BinarySearch(pooled, v[i])
				out[i] = math.Exp(float64(at))
			}
			return out
		}
		a, _ := CompareOrder(x, y)
		b, _ := CompareOrder(monotone(x), monotone(y))
		c, _ := CompareOrder(y, x)
		near(t, "monotone", a.PValue, b.PValue, 1e-12)
		near(t, "swapped", a.PValue, c.PValue, 1e-9)
		near(t, "mirrored", a.Corrected.Less, c.Corrected.Greater, 1e-12)
		near(t, "complement", a.Superiority, 1-c.Superiority, 1e-12)
		s, _ := Shift(x, y, 0.95)
		m, _ := Shift(y, x, 0.95)
		near(t, "shift", s.Estimate, -m.Estimate, 1e-12)
		near(t, "limits", s.Lower, -m.Upper, 1e-12)
		k, _ := CompareDistributions(x, y)
		l, _ := CompareDistributions(y, x)
		near(t, "distance", k.PValue, l.PValue, 1e-9)
	})
}

// TestLimits: the asymptotic numbers approach the exact ones.
func TestLimits(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	x, y := make([]float64, 80), make([]float64, 90)
	for i := range x {
		x[i] = r.NormFloat64() + 0.3
	}
	for i := range y {
		y[i] = r.NormFloat64()
	}
	order, _ := CompareOrder(x, y)
	near(t, "order", order.Corrected.TwoSided, order.Exact.TwoSided, 0.002)
	distances, _ := CompareDistributions(x, y)
	near(t, "distance", distances.Asymptotic, *distances.Exact, 0.05)
	near(t, "Kolmogorov's series", kolmogorovSF(math.Nextafter(1, 0)), kolmogorovSF(1), 1e-14)
	near(t, "Kolmogorov's 95 %", kolmogorovSF(1.3580986393225507), 0.05, 1e-12)
}

func TestNonsense(t *testing.T) {
	for name, c := range map[string]struct {
		x, y []float64
		want error
	}{
		"none":     {nil, []float64{1}, stats.ErrTooFew},
		"no other": {[]float64{1}, []float64{}, stats.ErrTooFew},
		"NaN":      {[]float64{1, math.NaN()}, []float64{1}, stats.ErrInvalid},
		"infinite": {[]float64{1}, []float64{math.Inf(-1)}, stats.ErrInvalid},
	} {
		_, err1 := CompareOrder(c.x, c.y)
		_, err2 := Shift(c.x, c.y, 0.95)
		_, err3 := CompareDistributions(c.x, c.y)
		for _, err := range []error{err1, err2, err3} {
			if !errors.Is(err, c.want) {
				t.Errorf("%s: got %v, want %v", name, err, c.want)
			}
		}
	}
	if _, err := Shift([]float64{1}, []float64{2}, 1); !errors.Is(err, stats.ErrInvalid) {
		t.Errorf("level: %v", err)
	}
	if _, err := Shift([]float64{1e308}, []float64{-1e308}, 0.9); !errors.Is(err, stats.ErrInvalid) {
		t.Errorf("overflow: %v", err)
	}
	same, err := CompareOrder([]float64{2, 2, 2}, []float64{2, 2})
	if err != nil || same.PValue != 1 || same.Asymptotic.TwoSided != 1 {
		t.Errorf("all tied: %+v, %v", same, err)
	}
}

func million(levels float64) (x, y []float64) {
	r := rand.New(rand.NewPCG(3, 4))
	x, y = make([]float64, 1_000_000), make([]float64, 1_000_000)
	for i := range x {
		x[i], y[i] = math.Floor(levels*r.ExpFloat64()), math.Floor(levels*r.ExpFloat64())
	}
	return x, y
}

func BenchmarkOrderMillion(b *testing.B) {
	for name, levels := range map[string]float64{"ties": 1000, "few ties": 1e9} {
		b.Run(name, func(b *testing.B) {
			x, y := million(levels)
			for b.Loop() {
				if _, err := CompareOrder(x, y); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkShiftMillion(b *testing.B) {
	x, y := million(1e9)
	for b.Loop() {
		if _, err := Shift(x, y, 0.95); err != nil {
			b.Fatal(err)
		}
	}
}
