package causal_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"liftgate/stats"
	"liftgate/stats/causal"
)

// units are drawn with a share of compliers, on whom the treatment has an effect.
func units(rng *rand.Rand, n int, compliers, effect float64) (r causal.Rows) {
	for i := range n {
		z, d, u := float64(i%2), 0.0, rng.NormFloat64()
		if z == 1 && rng.Float64() < compliers {
			d = 1
		}
		r.Y, r.D, r.Z = append(r.Y, effect*d+u), append(r.D, d), append(r.Z, z)
	}
	return r
}

// TestWald: without covariates the effect is the ratio of the differences of the means; it lies in every set; clusters of one unit are
// units.
func TestWald(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		rows := units(rng, rapid.IntRange(20, 200).Draw(t, "n"), rapid.Float64Range(0.3, 1).Draw(t, "compliers"), 1)
		rows.Cluster = make([]int64, len(rows.Y))
		var first, second [2]stats.Moments
		for i := range rows.Y {
			rows.Cluster[i] = int64(i)
			first[int(rows.Z[i])].Add(rows.Y[i])
			second[int(rows.Z[i])].Add(rows.D[i])
		}
		r, err := causal.Instrument(rows, 0.95)
		if err != nil {
			t.Skip(err)
		}
		itt, stage := first[1].Means[0]-first[0].Means[0], second[1].Means[0]-second[0].Means[0]
		near := func(what string, got, want float64) {
			if math.Abs(got-want) > 1e-9*(1+math.Abs(want)) {
				t.Fatalf("%s: %v, want %v", what, got, want)
			}
		}
		near("ITT", r.ITT, itt)
		near("first stage", r.FirstStage, stage)
		near("effect", r.Effect.Estimate, itt/stage)
		near("one unit a cluster", r.StdErrors.CR0, r.StdErrors.HC0)
		for _, s := range []causal.Set{r.AndersonRubin, r.AndersonRubinChi2, r.AndersonRubinRobust} {
			if !s.Contains(r.Effect.Estimate) || s.Meaning == "" {
				t.Fatalf("%v is not in %+v", r.Effect.Estimate, s)
			}
		}
	})
}

// TestCovariates: one that is constant, and one given twice, change nothing and are named.
func TestCovariates(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	rows := units(rng, 100, 0.7, 2)
	x, constant := make([]float64, 100), make([]float64, 100)
	for i := range x {
		x[i], constant[i] = 1e6+rng.NormFloat64(), 3
		rows.Y[i] += x[i]
	}
	rows.X = [][]float64{x}
	want, err1 := causal.Instrument(rows, 0.95)
	rows.X = [][]float64{constant, x, x}
	got, err2 := causal.Instrument(rows, 0.95)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(got.Dropped) != "[0 2]" || math.Abs(got.Effect.Estimate-want.Effect.Estimate) > 1e-6 || got.DF != want.DF {
		t.Errorf("%+v\n%+v", got, want)
	}
}

func TestInstrumentWithoutAnswer(t *testing.T) {
	good := units(rand.New(rand.NewPCG(1, 1)), 10, 0.9, 1)
	change := func(f func(*causal.Rows)) causal.Rows { r := good; f(&r); return r }
	for name, c := range map[string]struct {
		rows causal.Rows
		want error
	}{
		"nothing":          {causal.Rows{}, stats.ErrTooFew},
		"ragged":           {change(func(r *causal.Rows) { r.D = r.D[1:] }), stats.ErrInvalid},
		"ragged clusters":  {change(func(r *causal.Rows) { r.Cluster = []int64{1} }), stats.ErrInvalid},
		"one cluster":      {change(func(r *causal.Rows) { r.Cluster = make([]int64, 10) }), stats.ErrTooFew},
		"constant z":       {change(func(r *causal.Rows) { r.Z = make([]float64, 10) }), stats.ErrNoVariance},
		"nobody moves":     {change(func(r *causal.Rows) { r.D = make([]float64, 10) }), stats.ErrZeroDenominator},
		"not a number":     {change(func(r *causal.Rows) { r.Y = append([]float64{math.NaN()}, r.Y[1:]...) }), stats.ErrInvalid},
		"z a covariate":    {change(func(r *causal.Rows) { r.X = [][]float64{r.Z} }), stats.ErrNoVariance},
		"exact everything": {change(func(r *causal.Rows) { r.D, r.Y = r.Z, r.Z }), stats.ErrNoVariance},
	} {
		if _, err := causal.Instrument(c.rows, 0.95); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
	if _, err := causal.Instrument(good, 0); !errors.Is(err, stats.ErrInvalid) {
		t.Errorf("level 0: %v", err)
	}
}

// outcomes are all orders and Amazon Pay orders of units: some extra Amazon Pay orders are orders that come from elsewhere.
func outcomes(rng *rand.Rand, n int, adopted, incremental float64) (m stats.Moments) {
	for range n {
		orders, pay := float64(rng.IntN(3)), 0.0
		if rng.Float64() < adopted {
			pay = 1
			if rng.Float64() < incremental {
				orders++
			}
		}
		m.Add(orders, pay)
	}
	return m
}

// TestDifferenceRatio: the set holds what the test accepts, and infinite limits stand for one that is not bounded.
func TestDifferenceRatio(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		r, err := causal.CompareDifferences(
			outcomes(rng, 300, rapid.Float64Range(0.1, 0.9).Draw(t, "adopted"), 0.4), outcomes(rng, 200, 0.1, 0.4))
		if err != nil {
			t.Skip(err)
		}
		level := rapid.Float64Range(0.5, 0.999).Draw(t, "level")
		s := r.Set(level)
		null := math.Tan(rapid.Float64Range(-1.5, 1.5).Draw(t, "angle"))
		if p := r.PValue(null); math.Abs(p-(1-level)) > 1e-6 && (p > 1-level) != s.Contains(null) {
			t.Fatalf("p = %v at %v, set %+v", p, null, s)
		}
		if e := r.Difference(level); math.IsInf(e.Upper, 1) == (s.Shape == stats.Bounded) || e.Estimate != r.Ratio {
			t.Fatalf("%+v and %+v", e, s)
		}
		if (len(r.Warnings()) > 0) != (r.Set(0.95).Shape != stats.Bounded) || r.PLift(3) != 1 || r.Lift(level).Reason == "" {
			t.Fatalf("%v %+v", r.Warnings(), s)
		}
	})
}

// TestDifferenceRatioErrors rejects the true ratio in 5 % of experiments, also when hardly anybody adopts.
func TestDifferenceRatioErrors(t *testing.T) {
	if testing.Short() {
		t.Skip("simulation")
	}
	const draws = 1500
	for _, adopted := range []float64{0.02, 0.5} {
		rng := rand.New(rand.NewPCG(20261122, math.Float64bits(adopted)))
		rejected := 0
		for range draws {
			r, err := causal.CompareDifferences(outcomes(rng, 400, 0.02+adopted, 0.5), outcomes(rng, 400, 0.02, 0.5))
			if errors.Is(err, stats.ErrZeroDenominator) {
				continue // no ratio, so none rejected
			}
			if err != nil {
				t.Fatal(err)
			}
			if r.PValue(0.5) < 0.05 {
				rejected++
			}
		}
		if share := float64(rejected) / draws; math.Abs(share-0.05) > 0.022 { // 99.99 % binomial band
			t.Errorf("adopted by %v: the truth rejected in %.1f %%", adopted, 100*share)
		}
	}
}

func TestDifferenceRatioWithoutAnswer(t *testing.T) {
	m := stats.Moments{N: 9, Means: []float64{1, 2}, Cross: []float64{3, 1, 4}}
	one := stats.Moments{N: 9, Means: []float64{1}, Cross: []float64{3}}
	same := stats.Moments{N: 9, Means: []float64{2, 3}, Cross: []float64{4, 4, 4}}
	other := stats.Moments{N: 9, Means: []float64{1, 2}, Cross: []float64{4, 4, 4}}
	for name, c := range map[string]struct {
		treated, control stats.Moments
		want             error
	}{
		"nothing":          {stats.Moments{}, stats.Moments{}, stats.ErrInvalid},
		"one outcome":      {one, one, stats.ErrInvalid},
		"no effect":        {m, m, stats.ErrZeroDenominator},
		"fixed proportion": {same, other, stats.ErrNoVariance},
	} {
		if _, err := causal.CompareDifferences(c.treated, c.control); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

func ExampleCompareDifferences() {
	rng := rand.New(rand.NewPCG(5, 6))
	r, err := causal.CompareDifferences(outcomes(rng, 20_000, 0.4, 0.5), outcomes(rng, 20_000, 0.1, 0.5))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f extra orders an extra Amazon Pay order, %s\n", r.Ratio, r.Set(0.95).Meaning)
	// Output: 0.47 extra orders an extra Amazon Pay order, between 0.4101 and 0.5219
}
