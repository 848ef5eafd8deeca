package bootstrap

import (
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"liftgate/stats"
	"liftgate/stats/quantile"
)

func near(t testing.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Abs(want)) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func exponential(seed uint64, n int) Mean {
	r := rand.New(rand.NewPCG(seed, 1))
	out := make(Mean, n)
	for i := range out {
		out[i] = r.ExpFloat64()
	}
	return out
}

func TestWorkersDoNotMatter(t *testing.T) {
	x, y := exponential(1, 300), exponential(2, 200)
	rows, err := quantile.NewRows(0.9, y, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, scheme := range []Scheme{Poisson, Multinomial} {
		for _, level := range []Level{y, Ratio{y, exponential(3, 200)}, rows} {
			one, err1 := Compare(x, level, Options{Draws: 300, Seed: 7, Scheme: scheme})
			many, err2 := Compare(x, level, Options{Draws: 300, Seed: 7, Scheme: scheme, Workers: 7})
			other, err3 := Compare(x, level, Options{Draws: 300, Seed: 8, Scheme: scheme, Workers: 7})
			if err := errors.Join(err1, err2, err3); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(one, many) {
				t.Errorf("%s %T: 1 worker %+v, 7 workers %+v", scheme, level, one, many)
			}
			if one.Difference.StdError == other.Difference.StdError {
				t.Errorf("%s %T: two seeds give one result", scheme, level)
			}
		}
	}
}

// TestPoisson counts how often each weight comes.
func TestPoisson(t *testing.T) {
	weights := make([]float64, 1_000_001)
	Poisson.fill(rand.New(rand.NewPCG(1, 2)), weights)
	counts := map[float64]float64{}
	for _, w := range weights {
		counts[w]++
	}
	for k, p := 0.0, math.Exp(-1); k < 8; k++ {
		want := p * float64(len(weights))
		if math.Abs(counts[k]-want) > 4*math.Sqrt(want)+1 {
			t.Errorf("weight %v came %v times, want %v", k, counts[k], want)
		}
		p /= k + 1
	}
}

// TestStandardErrors against their formulas, within what 2,000 draws allow (1.6 %).
func TestStandardErrors(t *testing.T) {
	x, y := exponential(4, 800), exponential(5, 1000)
	d := exponential(6, 800)
	for _, scheme := range []Scheme{Poisson, Multinomial} {
		means, err := Compare(x, y, Options{Draws: 2000, Seed: 1, Scheme: scheme, Workers: 2})
		if err != nil {
			t.Fatal(err)
		}
		welch, _ := stats.CompareMeans(moments(x), moments(y))
		near(t, "mean", means.Difference.StdError, welch.Difference(0.95).StdError, 0.06)
		near(t, "lower", means.Difference.Lower, welch.Difference(0.95).Lower, 0.1)
		near(t, "lift", means.Lift.Upper, welch.Lift(0.95).Upper, 0.15)

		ratios, err := Compare(Ratio{x, d}, Ratio{x, d}, Options{Draws: 2000, Seed: 2, Scheme: scheme, Workers: 2})
		if err != nil {
			t.Fatal(err)
		}
		delta, _ := stats.CompareRatios(moments(x, d), moments(x, d))
		near(t, "ratio", ratios.Difference.StdError, delta.Difference(0.95).StdError, 0.06)
	}
}

func moments(columns ...[]float64) (m stats.Moments) {
	for i := range columns[0] {
		unit := make([]float64, len(columns))
		for j := range columns {
			unit[j] = columns[j][i]
		}
		m.Add(unit...)
	}
	return m
}

// TestAcceleration of a mean is a sixth of its skewness: Efron (1987) eq. 7.3, for one sample (the other hardly varies).
func TestAcceleration(t *testing.T) {
	x := exponential(9, 100)
	flat := make(Mean, 100)
	flat[0] = 1e-9
	c, err := Compare(x, flat, Options{Draws: 999})
	if err != nil {
		t.Fatal(err)
	}
	mean := x.At(ones(len(x)))
	var squares, cubes float64
	for _, v := range x {
		squares += (v - mean) * (v - mean)
		cubes += (v - mean) * (v - mean) * (v - mean)
	}
	near(t, "acceleration", c.Difference.Acceleration, cubes/(6*math.Pow(squares, 1.5)), 1e-6)
	if i := c.Difference; !(i.Upper-i.Estimate > i.Estimate-i.Lower && i.Lower > i.PercentileLower) {
		t.Errorf("the interval of a skewed mean does not reach farther up: %+v", i)
	}
}

// TestRowsAreTheirQuantile: reweighted rows and repeated rows have the same quantile.
func TestRowsAreTheirQuantile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "rows")
		values := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 30), func(i int) float64 { return float64(i) }), n, n).Draw(t, "values")
		units := rapid.SliceOfN(rapid.IntRange(-3, 8), n, n).Draw(t, "units")
		q := rapid.SampledFrom([]float64{0.05, 0.5, 0.9, 0.99}).Draw(t, "q")
		rows, err := quantile.NewRows(q, values, units)
		if err != nil {
			t.Fatal(err)
		}
		weights := rapid.SliceOfN(rapid.IntRange(0, 3), rows.Units(), rows.Units()).Draw(t, "weights")
		var repeated []float64
		w := make([]float64, rows.Units())
		for i := range w {
			w[i] = float64(weights[i])
		}
		for i, v := range values {
			for range weights[position(units, units[i])] {
				repeated = append(repeated, v)
			}
		}
		got := rows.At(w)
		if len(repeated) == 0 {
			if !math.IsNaN(got) {
				t.Fatalf("without rows: %v", got)
			}
			return
		}
		want, err := quantile.Of(repeated, q)
		if err != nil || got != want {
			t.Fatalf("got %v, want %v (%v)", got, want, err)
		}
	})
}

// position of a unit among the distinct ones in order.
func position(units []int, unit int) int {
	smaller := map[int]bool{}
	for _, u := range units {
		if u < unit {
			smaller[u] = true
		}
	}
	return len(smaller)
}

func TestNonsense(t *testing.T) {
	good := exponential(1, 40)
	for name, c := range map[string]struct {
		treated, control Level
		o                Options
		want             error
	}{
		"no units":    {Mean{}, good, Options{}, stats.ErrTooFew},
		"one unit":    {good, Mean{1}, Options{}, stats.ErrTooFew},
		"NaN":         {Mean{1, math.NaN()}, good, Options{}, stats.ErrInvalid},
		"infinite":    {Mean{1, math.Inf(1)}, good, Options{}, stats.ErrInvalid},
		"lengths":     {Ratio{[]float64{1, 2}, []float64{1}}, good, Options{}, stats.ErrInvalid},
		"denominator": {Ratio{[]float64{1, 2}, []float64{0, 0}}, good, Options{}, stats.ErrInvalid},
		"constant":    {Mean{1, 1, 1}, Mean{2, 2}, Options{}, stats.ErrNoVariance},
		"level":       {good, good, Options{Level: 1}, stats.ErrInvalid},
		"draws":       {good, good, Options{Draws: -5}, stats.ErrInvalid},
		"scheme":      {good, good, Options{Scheme: "jackknife"}, stats.ErrInvalid},
	} {
		if _, err := Compare(c.treated, c.control, c.o); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
	few, err := Compare(Mean{1, 2, 3}, Mean{-1, 0, 1}, Options{Draws: 200})
	if err != nil || len(few.Warnings) == 0 || !math.IsNaN(few.Lift.Estimate) {
		t.Errorf("few units, a control of zero: %+v, %v", few, err)
	}
}

func BenchmarkMeans(b *testing.B) {
	x, y := exponential(1, 100_000), exponential(2, 100_000)
	for b.Loop() {
		if _, err := Compare(x, y, Options{Draws: 1000, Workers: 2}); err != nil {
			b.Fatal(err)
		}
	}
}
