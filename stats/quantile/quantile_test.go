package quantile

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"liftgate/stats"
)

func TestNthAgainstSort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 3000).Draw(t, "n")
		levels := rapid.SampledFrom([]int{1, 2, 10, 1000, 1 << 40}).Draw(t, "levels")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		a := make([]float64, n)
		for i := range a {
			a[i] = float64(r.IntN(levels))
		}
		sorted := slices.Sorted(slices.Values(a))
		k := rapid.IntRange(0, n-1).Draw(t, "k")
		nth(a, k)
		if a[k] != sorted[k] || k > 0 && slices.Max(a[:k]) > a[k] || slices.Min(a[k:]) < a[k] {
			t.Fatalf("rank %d: got %v, want %v", k, a[k], sorted[k])
		}
		slices.Sort(a)
		if !slices.Equal(a, sorted) {
			t.Fatal("values changed")
		}
	})
}

// full makes the summary as a data source does: every rank of RanksAround.
func full(q float64, values []float64, units []int) Summary {
	s, err := Summarise(q, values, units)
	if err != nil {
		panic(err)
	}
	sorted := slices.Sorted(slices.Values(values))
	s.Ranks = RanksAround(q, s.Rows)
	s.Values = nil
	for _, r := range s.Ranks {
		s.Values = append(s.Values, sorted[r-1])
	}
	return s
}

func draw(r *rand.Rand, n, units int, step float64) (values []float64, ids []int) {
	effects := make([]float64, units)
	for i := range effects {
		effects[i] = r.NormFloat64()
	}
	for range n {
		u := r.IntN(units)
		v := math.Exp(effects[u] + r.NormFloat64())
		if step > 0 {
			v = math.Floor(v/step) * step
		}
		values, ids = append(values, v), append(ids, u*7-3)
	}
	return values, ids
}

// TestSummaries: what a source holds and what raw data give are the same estimate while every rank is held.
func TestSummaries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		n := rapid.IntRange(2, exactRanks+1).Draw(t, "rows") // the first and the last are the farthest apart
		values, units := draw(r, n, rapid.IntRange(1, 300).Draw(t, "units"), rapid.SampledFrom([]float64{0, 0.5}).Draw(t, "step"))
		q := rapid.Float64Range(0.01, 0.99).Draw(t, "q")
		raw, err := Summarise(q, values, units)
		if err != nil {
			t.Fatal(err)
		}
		a, err1 := raw.Estimate()
		b, err2 := full(q, values, units).Estimate()
		if (err1 == nil) != (err2 == nil) || a.Value != b.Value || a.LowerRank != b.LowerRank || a.UpperRank != b.UpperRank || a.StdError != b.StdError || a.DF != b.DF {
			t.Fatalf("raw %+v %v, source %+v %v", a, err1, b, err2)
		}
		sorted := slices.Sorted(slices.Values(values))
		if at, _ := Of(values, q); at != sorted[rank(q, int64(n))-1] || at != raw.Value {
			t.Fatalf("quantile %v", at)
		}
	})
}

// TestInvariance: shifts move the difference's parts alike, scales scale it, swapping the variants mirrors it.
func TestInvariance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3))
		x, ux := draw(r, rapid.IntRange(50, 400).Draw(t, "m"), 60, 0)
		y, uy := draw(r, rapid.IntRange(50, 400).Draw(t, "n"), 60, 0)
		q := rapid.Float64Range(0.1, 0.9).Draw(t, "q")
		scaled := func(v []float64) []float64 {
			out := slices.Clone(v)
			for i := range out {
				out[i] = 4*out[i] + 1024
			}
			return out
		}
		c := compare(t, q, x, ux, y, uy)
		s := compare(t, q, scaled(x), ux, scaled(y), uy)
		m := compare(t, q, y, uy, x, ux)
		a, b, o := c.Difference(0.9), s.Difference(0.9), m.Difference(0.9)
		for i, pair := range [][2]float64{
			{4 * a.Estimate, b.Estimate},
			{4 * a.Lower, b.Lower},
			{4 * a.Upper, b.Upper},
			{c.PDifference(0), s.PDifference(0)},
			{a.Lower, -o.Upper},
			{c.PDifference(0.3), m.PDifference(-0.3)},
			{c.PDifference(a.Lower), 0.1},
			{c.PDifference(a.Upper), 0.1},
		} {
			if math.Abs(pair[0]-pair[1]) > 1e-8*(1+math.Abs(pair[1])) {
				t.Fatalf("%d: %v and %v", i, pair[0], pair[1])
			}
		}
	})
}

func compare(t *rapid.T, q float64, x []float64, ux []int, y []float64, uy []int) stats.Contrast {
	a, err1 := Summarise(q, x, ux)
	b, err2 := Summarise(q, y, uy)
	c, err3 := Compare(a, b)
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestExactRanks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, 300).Draw(t, "n")
		q := rapid.Float64Range(0.001, 0.999).Draw(t, "q")
		level := rapid.Float64Range(0.5, 0.999).Draw(t, "level")
		r, err := ExactRanks(n, q, level)
		if err != nil {
			t.Fatal(err)
		}
		if r.Coverage < level-1e-12 || r.Lower >= r.Upper {
			t.Fatalf("%+v", r)
		}
		mirrored, _ := ExactRanks(n, 1-q, level)
		if mirrored.Lower != n+1-r.Upper && math.Abs(mirrored.Coverage-r.Coverage) > 1e-6 {
			t.Fatalf("%+v and %+v", r, mirrored)
		}
	})
}

// TestExactInterval holds the selected order statistics against sorted values.
func TestExactInterval(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 4))
		values, _ := draw(r, rapid.IntRange(6, 2000).Draw(t, "n"), 50, 0)
		ranks, err := ExactRanks(int64(len(values)), 0.5, 0.9)
		if err != nil {
			t.Fatal(err)
		}
		lower, upper, err := ExactInterval(values, 0.5, 0.9)
		sorted := slices.Sorted(slices.Values(values))
		if err != nil || lower != sorted[ranks.Lower-1] || upper != sorted[ranks.Upper-1] {
			t.Fatalf("got %v and %v (%v) at %+v", lower, upper, err, ranks)
		}
	})
}

func TestNonsense(t *testing.T) {
	good := full(0.5, []float64{1, 2, 3, 4, 5, 6, 7, 8}, []int{0, 0, 1, 1, 2, 2, 3, 3})
	change := func(f func(s *Summary)) Summary {
		s := good
		s.Ranks, s.Values = slices.Clone(s.Ranks), slices.Clone(s.Values)
		s.Shares.Means, s.Shares.Cross = slices.Clone(s.Shares.Means), slices.Clone(s.Shares.Cross)
		f(&s)
		return s
	}
	for name, c := range map[string]struct {
		s    Summary
		want error
	}{
		"empty":         {Summary{Q: 0.5}, stats.ErrTooFew},
		"no quantile":   {Summary{}, stats.ErrInvalid},
		"another one":   {change(func(s *Summary) { s.Q = 0.6 }), stats.ErrInvalid},
		"one unit":      {change(func(s *Summary) { s.Shares.N = 1 }), stats.ErrTooFew},
		"negative rows": {change(func(s *Summary) { s.Rows = -1 }), stats.ErrInvalid},
		"other rows":    {change(func(s *Summary) { s.Rows = 9 }), stats.ErrInvalid},
		"no ranks":      {change(func(s *Summary) { s.Ranks, s.Values = nil, nil }), stats.ErrInvalid},
		"one side":      {change(func(s *Summary) { s.Ranks, s.Values = s.Ranks[:1], s.Values[:1] }), stats.ErrInvalid},
		"NaN":           {change(func(s *Summary) { s.Values[2] = math.NaN() }), stats.ErrInvalid},
		"descending":    {change(func(s *Summary) { s.Values[2] = 0 }), stats.ErrInvalid},
		"ranks":         {change(func(s *Summary) { s.Ranks[2] = 1 }), stats.ErrInvalid},
		"shares":        {change(func(s *Summary) { s.Shares.Means[0] = 0.1 }), stats.ErrInvalid},
		"NaN shares":    {change(func(s *Summary) { s.Shares.Means[1] = math.NaN() }), stats.ErrInvalid},
		"infinite":      {change(func(s *Summary) { s.Shares.Cross[1] = math.Inf(1) }), stats.ErrInvalid},
		"dimension":     {change(func(s *Summary) { s.Shares.Means = s.Shares.Means[:1] }), stats.ErrInvalid},
	} {
		if _, err := Compare(c.s, good); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
	constant := full(0.5, []float64{3, 3, 3, 3}, nil)
	if _, err := Compare(constant, constant); !errors.Is(err, stats.ErrNoVariance) {
		t.Errorf("constant: %v", err)
	}
	if _, err := Summarise(0.5, []float64{1, math.Inf(1)}, nil); !errors.Is(err, stats.ErrInvalid) {
		t.Errorf("infinite: %v", err)
	}
	if _, err := Summarise(0.5, []float64{1, 2}, []int{1}); !errors.Is(err, stats.ErrInvalid) {
		t.Errorf("lengths: %v", err)
	}
	if _, _, err := ExactInterval([]float64{1, 2}, 0.5, 0.95); !errors.Is(err, stats.ErrTooFew) {
		t.Errorf("two rows: %v", err)
	}
}

func BenchmarkCompareMillion(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	var values [2][]float64
	var units [2][]int
	for i := range values {
		values[i], units[i] = draw(r, 1_000_000, 200_000, 0)
	}
	for name, ids := range map[string][2][]int{"rows": {}, "units": units} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				t, _ := Summarise(0.9, values[1], ids[1])
				c, _ := Summarise(0.9, values[0], ids[0])
				if _, err := Compare(t, c); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
