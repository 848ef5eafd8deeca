package bayes_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"liftgate/stats"
	"liftgate/stats/bayes"
)

func near(t rapid.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Abs(want)+1e-300) {
		t.Fatalf("%s: got %v, want %v", what, got, want)
	}
}

func drawBinomial(t *rapid.T) stats.Binomial {
	n := rapid.OneOf(rapid.Int64Range(0, 30), rapid.Int64Range(0, 100_000)).Draw(t, "n")
	return stats.Binomial{N: n, Successes: rapid.OneOf(rapid.Int64Range(0, n), rapid.Int64Range(0, min(n, 20))).Draw(t, "successes")}
}

// TestIdentities: the chances of both orders add to one, the losses differ by the difference of the means, and turning success into
// failure turns everything round.
func TestIdentities(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		treated, control := drawBinomial(t), drawBinomial(t)
		prior := bayes.Beta{A: rapid.Float64Range(0.05, 5).Draw(t, "a"), B: rapid.Float64Range(0.05, 5).Draw(t, "b")}
		r, err1 := bayes.CompareRates(treated, control, prior)
		back, err2 := bayes.CompareRates(control, treated, prior)
		turned, err3 := bayes.CompareRates(fail(treated), fail(control), bayes.Beta{A: prior.B, B: prior.A})
		if err := errors.Join(err1, err2, err3); err != nil {
			t.Fatal(err)
		}
		near(t, "chances", r.Chance+back.Chance, 1, 1e-9)
		near(t, "losses", r.LossControl+r.ControlMean, r.LossTreatment+r.TreatmentMean, 1e-9)
		near(t, "loss", r.LossControl, back.LossTreatment, 1e-9)
		near(t, "failures", turned.LossTreatment, r.LossControl, 1e-9)
		at, err := r.BeyondDifference(0)
		near(t, "margin of zero", at, r.Chance, 1e-12)
		if err != nil || r.Chance < 0 || r.Chance > 1 {
			t.Fatalf("%+v (%v)", r, err)
		}
	})
}

func fail(b stats.Binomial) stats.Binomial {
	return stats.Binomial{N: b.N, Successes: b.N - b.Successes}
}

// TestUniform has answers in closed form: T and C uniform on (0, 1).
func TestUniform(t *testing.T) {
	r, err := bayes.CompareRates(stats.Binomial{}, stats.Binomial{}, bayes.Beta{A: 1, B: 1})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "chance", r.Chance, 0.5, 1e-12)
	near(t, "loss", r.LossControl, 1./6, 1e-12)
	for _, m := range []float64{-0.9, -0.3, 0.1, 0.5, 0.99} {
		got, err := r.BeyondDifference(m)
		if err != nil {
			t.Fatal(err)
		}
		want := (1 - m) * (1 - m) / 2
		if m < 0 {
			want = 1 - (1+m)*(1+m)/2
		}
		near(t, fmt.Sprint("difference above ", m), got, want, 1e-10)
	}
	for _, lift := range []float64{-0.5, 0.25, 3} {
		got, err := r.BeyondLift(lift)
		if err != nil {
			t.Fatal(err)
		}
		want := 1 / (1 + lift) / 2
		if lift < 0 {
			want = 1 - (1+lift)/2
		}
		near(t, fmt.Sprint("lift above ", lift), got, want, 1e-10)
	}
}

// TestBeyondOfMillions compares with the normal limit, which is good to 1e-4 there, and is monotone.
func TestBeyondOfMillions(t *testing.T) {
	r, err := bayes.CompareRates(stats.Binomial{Successes: 312_000, N: 3_000_000}, stats.Binomial{Successes: 300_000, N: 3_000_000}, bayes.Beta{A: 1, B: 1})
	if err != nil {
		t.Fatal(err)
	}
	sd := math.Sqrt(0.104*0.896/3e6 + 0.1*0.9/3e6)
	before := 1.0
	for _, margin := range []float64{0.003, 0.0035, 0.004, 0.0044, 0.005} {
		got, err := r.BeyondDifference(margin)
		if err != nil || got >= before {
			t.Fatalf("chance %v beyond %v, after %v (%v)", got, margin, before, err)
		}
		if want := 0.5 * math.Erfc((margin-0.004)/sd/math.Sqrt2); math.Abs(got-want) > 1e-4 {
			t.Errorf("beyond %v: %v, normal limit %v", margin, got, want)
		}
		before = got
	}
}

// TestNormal: a flat prior is the limit of wide ones, and losses are those of the normal distribution.
func TestNormal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		estimate, se := rapid.Float64Range(-1, 1).Draw(t, "estimate"), rapid.Float64Range(0.1, 1).Draw(t, "standard error")
		flat, err1 := bayes.Update(estimate, se, nil, 0.1, 0.95)
		wide, err2 := bayes.Update(estimate, se, &bayes.Normal{Mean: 0, SD: 1e9}, 0.1, 0.95)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		near(t, "mean", 2+wide.Mean, 2+flat.Mean, 1e-9)
		near(t, "chance", wide.Beyond, flat.Beyond, 1e-9)
		near(t, "losses", 3+flat.LossControl-flat.LossTreatment, 3+flat.Mean, 1e-9)
		tight, err := bayes.Update(estimate, se, &bayes.Normal{Mean: 2, SD: 1e-6}, 0.1, 0.95)
		if err != nil || math.Abs(tight.Mean-2) > 1e-9 {
			t.Fatalf("%+v (%v)", tight, err)
		}
	})
}

func TestNoAnswer(t *testing.T) {
	good := stats.Binomial{Successes: 1, N: 2}
	flat := bayes.Beta{A: 1, B: 1}
	_, err1 := bayes.CompareRates(stats.Binomial{Successes: 3, N: 2}, good, flat)
	_, err2 := bayes.CompareRates(good, stats.Binomial{Successes: -1, N: 2}, flat)
	_, err3 := bayes.CompareRates(good, good, bayes.Beta{A: 0, B: 1})
	_, err4 := bayes.CompareRates(good, good, bayes.Beta{A: math.NaN(), B: 1})
	r, err5 := bayes.CompareRates(good, good, flat)
	_, err6 := r.BeyondDifference(1)
	_, err7 := r.BeyondLift(-1)
	_, err8 := bayes.Update(1, 0, nil, 0, 0.95)
	_, err9 := bayes.Update(1, 1, &bayes.Normal{SD: -1}, 0, 0.95)
	_, err10 := bayes.Update(1, 1, nil, 0, 1)
	if err5 != nil {
		t.Fatal(err5)
	}
	for i, err := range []error{err1, err2, err3, err4, err6, err7, err8, err9, err10} {
		if !errors.Is(err, stats.ErrInvalid) {
			t.Errorf("%d: %v", i, err)
		}
	}
}

func ExampleCompareRates() {
	r, err := bayes.CompareRates(stats.Binomial{Successes: 120, N: 1000}, stats.Binomial{Successes: 100, N: 1000}, bayes.Beta{A: 1, B: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("chance %.1f %%, loss of choosing it %.3f pp, of not %.2f pp\n", 100*r.Chance, 100*r.LossTreatment, 100*r.LossControl)
	// Output: chance 92.3 %, loss of choosing it 0.048 pp, of not 2.04 pp
}

func BenchmarkCompareRatesOfMillions(b *testing.B) {
	for b.Loop() {
		if _, err := bayes.CompareRates(stats.Binomial{Successes: 1_003_000, N: 10_000_000}, stats.Binomial{Successes: 1_000_000, N: 10_000_000}, bayes.Beta{A: 1, B: 1}); err != nil {
			b.Fatal(err)
		}
	}
}
