package anytime

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"liftgate/stats"
)

func closeTo(t rapid.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if !(got == want || math.Abs(got-want) <= tolerance*math.Max(1, math.Abs(want))) {
		t.Fatalf("%s: got %.15g, want %.15g", what, got, want)
	}
}

// TestBoundariesReachAlpha: at every boundary the evidence is 1/alpha, and boundaries grow with time and certainty.
func TestBoundariesReachAlpha(t *testing.T) {
	type boundary interface {
		Boundary(v, alpha float64) (float64, error)
		LogE(s, v float64) float64
	}
	rapid.Check(t, func(t *rapid.T) {
		v := math.Exp(rapid.Float64Range(0, 12).Draw(t, "log v"))
		alpha := rapid.SampledFrom([]float64{0.001, 0.05, 0.3}).Draw(t, "alpha")
		best := math.Exp(rapid.Float64Range(1, 10).Draw(t, "log v_opt"))
		rho := NormalMixture{OneSided: true}.Tuned(best, alpha).Rho
		scale := math.Exp(rapid.Float64Range(-5, 2).Draw(t, "log c"))
		for name, m := range map[string]boundary{
			"two-sided":         NormalMixture{}.Tuned(best, alpha),
			"one-sided":         NormalMixture{OneSided: true, Rho: rho},
			"gamma-exponential": GammaExponential{Rho: rho, C: scale},
			"gamma-Poisson":     GammaPoisson{Rho: rho, C: scale},
		} {
			at, err := m.Boundary(v, alpha)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			closeTo(t, name, m.LogE(at, v), -math.Log(alpha), 1e-7)
			later, err := m.Boundary(1.5*v, alpha)
			if err != nil || later <= at {
				t.Fatalf("%s: %v after %v (%v)", name, later, at, err)
			}
		}
	})
}

// TestSmallScalesAreNormal: with a scale that is nothing against the sum, the gamma mixtures are the normal one.
func TestSmallScalesAreNormal(t *testing.T) {
	const rho, s, v = 20, 60, 1000
	normal := NormalMixture{Rho: rho, OneSided: true}.LogE(s, v)
	for _, c := range []float64{1e-3, 1e-4} {
		closeTo(t, "gamma-exponential", GammaExponential{rho, c}.LogE(s, v), normal, 10*c)
		closeTo(t, "gamma-Poisson", GammaPoisson{rho, c}.LogE(s, v), normal, 10*c)
	}
}

// TestExactTuningIsBest: no other precision makes the boundary narrower, and the closed form comes close.
func TestExactTuningIsBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := math.Exp(rapid.Float64Range(-3, 15).Draw(t, "log v"))
		alpha := math.Exp(rapid.Float64Range(-12, -0.3).Draw(t, "log alpha"))
		bound := func(m NormalMixture) float64 {
			b, err := m.Boundary(v, alpha)
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		best := NormalMixture{}.TunedExactly(v, alpha)
		for _, factor := range []float64{0.9, 0.99, 1.01, 1.1} {
			if other := bound(NormalMixture{Rho: best.Rho * factor}); other < bound(best) {
				t.Fatalf("%v times the best precision gives %v, below %v", factor, other, bound(best))
			}
		}
		if closed := bound(NormalMixture{}.Tuned(v, alpha)); closed > 1.01*bound(best) {
			t.Fatalf("closed form %v, best %v", closed, bound(best))
		}
	})
}

// TestSequenceInvertsEvidence: a null is outside the interval exactly when its p-value is below alpha.
func TestSequenceInvertsEvidence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		look := Look{
			Estimate: rapid.Float64Range(-10, 10).Draw(t, "estimate"), StdError: math.Exp(rapid.Float64Range(-6, 3).Draw(t, "log se")),
			Units: math.Exp(rapid.Float64Range(1, 18).Draw(t, "log units")),
		}
		tuning := Tuning{Target: math.Exp(rapid.Float64Range(2, 16).Draw(t, "log target"))}
		alpha := rapid.Float64Range(0.001, 0.5).Draw(t, "alpha")
		s, err := Asymptotic(look, tuning, alpha, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, null := range []float64{s.Lower, s.Upper} {
			at, err := Asymptotic(look, tuning, alpha, null)
			if err != nil {
				t.Fatal(err)
			}
			closeTo(t, "log E at a limit", at.LogE, -math.Log(alpha), 1e-8)
		}
	})
}

// TestProportionInvertsEvidence for both kinds of prior, also at no success and nothing but.
func TestProportionInvertsEvidence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := float64(rapid.IntRange(1, 5000).Draw(t, "n"))
		x := math.Round(n * rapid.Float64Range(0, 1).Draw(t, "share"))
		b := BetaBinomial{A: rapid.Float64Range(0.2, 50).Draw(t, "a"), B: rapid.Float64Range(0.2, 50).Draw(t, "b")}
		p, err := b.Sequence(x, n, 0.05, 0.5)
		if err != nil {
			t.Fatal(err)
		}
		if !(p.Lower <= x/n && x/n <= p.Upper) {
			t.Fatalf("%v of %v: %+v", x, n, p)
		}
		for _, limit := range []float64{p.Lower, p.Upper} {
			if limit > 0 && limit < 1 {
				slope := math.Abs(x/limit - (n-x)/(1-limit)) // what a step to the next double next to 1 does to log E
				closeTo(t, "log E", b.LogE(x, n, limit), math.Log(20), 1e-6+slope*4e-16)
			}
		}
		mirrored, err := BetaBinomial{A: b.B, B: b.A}.Sequence(n-x, n, 0.05, 0.5)
		if err != nil {
			t.Fatal(err)
		}
		closeTo(t, "mirrored", mirrored.Lower, 1-p.Upper, 1e-10)
		closeTo(t, "mirrored p", mirrored.PValue, p.PValue, 1e-9)
	})
}

// TestBatchesDoNotMatter: how units are cut into batches, and the order of variants, leave the evidence as it is.
func TestBatchesDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		variants := rapid.IntRange(2, 4).Draw(t, "variants")
		s := SampleRatio{}
		total := make([]float64, variants)
		batches := make([][]float64, rapid.IntRange(1, 4).Draw(t, "batches"))
		for i := range batches {
			batches[i] = make([]float64, variants)
			for k := range batches[i] {
				batches[i][k] = float64(rapid.IntRange(0, 3000).Draw(t, "count"))
				total[k] += batches[i][k]
			}
		}
		for range variants {
			s.Weights = append(s.Weights, rapid.Float64Range(0.1, 5).Draw(t, "weight"))
			s.Prior = append(s.Prior, rapid.Float64Range(0.1, 500).Draw(t, "prior"))
		}
		all, err := s.Counts(total)
		if err != nil {
			t.Fatal(err)
		}
		cut, err := s.Batches(batches)
		if err != nil {
			t.Fatal(err)
		}
		last := cut[len(cut)-1]
		closeTo(t, "log E", last.LogE, all.LogE, 1e-9)
		closeTo(t, "difference", last.LogMixture-last.LogNull, last.LogE, 1e-9)
	})
}

// TestEvidenceIsFair: under the null the expectation of the evidence over all outcomes is 1.
func TestEvidenceIsFair(t *testing.T) {
	const n, p = 40, 0.3
	b := BetaBinomial{A: 2, B: 3}
	coin := SubBernoulli{G: p, H: 1 - p, R: 0.7}
	positive := SubBernoulli{G: p, H: 1 - p, R: 0.7, OneSided: true}
	var first, second, third float64
	for x := 0.0; x <= n; x++ {
		probability := math.Exp(logMultinomial([]float64{x, n - x}) + x*math.Log(p) + (n-x)*math.Log(1-p))
		first += probability * math.Exp(b.LogE(x, n, p))
		sum, v := x-n*p, n*p*(1-p)
		second += probability * math.Exp(coin.LogE(sum, v))
		third += probability * math.Exp(positive.LogE(sum, v))
	}
	closeTo(t, "beta-binomial", first, 1, 1e-12)
	closeTo(t, "sub-Bernoulli", second, 1, 1e-12)
	closeTo(t, "one-sided", third, 1, 1e-12)
}

func TestRunning(t *testing.T) {
	got := Running([]float64{0.7, 0.2, 0.4, 0.1})
	for i, want := range []float64{0.7, 0.2, 0.2, 0.1} {
		closeTo(t, "running", got[i], want, 0)
	}
}

// TestWatch finds harm at the look whose interval lies beyond the margin, on the harmful side only.
func TestWatch(t *testing.T) {
	looks := []Look{{-0.02, 0.02, 1000}, {-0.05, 0.006, 10000}, {-0.05, 0.005, 14000}}
	h := Hybrid{HarmAlpha: 0.01, Alpha: 0.05, Tuning: Tuning{Target: 20000, Alpha: 0.01}}
	for _, c := range []struct {
		margin        float64
		lowerIsBetter bool
		want          int
	}{{0, false, 2}, {0.01, false, 2}, {0.04, false, 0}, {0, true, 0}} {
		h.Margin, h.LowerIsBetter = c.margin, c.lowerIsBetter
		w, err := h.Watch(looks)
		if err != nil {
			t.Fatal(err)
		}
		if w.Harm != c.want || (w.PValue < h.HarmAlpha) != (c.want > 0) {
			t.Errorf("margin %v: harm at %d with p %v, want look %d", c.margin, w.Harm, w.PValue, c.want)
		}
		closeTo(t, "errors", w.EitherError, 0.06, 1e-15)
	}
}

func TestRegressionFits(t *testing.T) {
	y := []float64{1, 2.1, 2.9, 4.2, 5.1, 5.8, 7.3, 7.9}
	x := []float64{1, 2, 3, 4, 5, 6, 7, 8}
	c, err := Regression(y, [][]float64{x}, 2.5, 0.05)
	if err != nil {
		t.Fatal(err)
	}
	// By hand: 41.95 / 42, and the means' 4.5375 - 4.5 slope.
	closeTo(t, "slope", c[1].Estimate, 41.95/42, 1e-12)
	closeTo(t, "intercept", c[0].Estimate, 4.5375-4.5*41.95/42, 1e-10)
	closeTo(t, "at the limit", gPrior{2.5 / 10.5, 6}.logE((c[1].Upper-c[1].Estimate)/c[1].StdError), math.Log(20), 1e-9)
	if tiny, err := Regression(y[:3], [][]float64{x[:3]}, 100, 0.05); err != nil || !math.IsInf(tiny[1].Upper, 1) {
		t.Errorf("three units at a large g bound something: %+v, %v", tiny, err)
	}
}

func TestNonsense(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	good := Look{1, 1, 100}
	tuned := Tuning{Target: 100}
	for name, err := range map[string]error{
		"alpha":           second(Asymptotic(good, tuned, 0, 0)),
		"null":            second(Asymptotic(good, tuned, 0.05, nan)),
		"no tuning":       second(Asymptotic(good, Tuning{}, 0.05, 0)),
		"negative rho":    second(Asymptotic(good, Tuning{Rho: -1}, 0.05, 0)),
		"no error":        second(Asymptotic(Look{1, 0, 100}, tuned, 0.05, 0)),
		"negative error":  second(Asymptotic(Look{1, -1, 100}, tuned, 0.05, 0)),
		"no units":        second(Asymptotic(Look{1, 1, 0}, tuned, 0.05, 0)),
		"NaN":             second(Asymptotic(Look{nan, 1, 1}, tuned, 0.05, 0)),
		"successes":       second(BetaBinomial{1, 1}.Sequence(5, 4, 0.05, 0.5)),
		"no trial":        second(BetaBinomial{1, 1}.Sequence(0, 0, 0.05, 0.5)),
		"prior":           second(BetaBinomial{0, 1}.Sequence(1, 4, 0.05, 0.5)),
		"null share":      second(BetaBinomial{1, 1}.Sequence(1, 4, 0.05, 1)),
		"one variant":     second(SampleRatio{Weights: []float64{1}}.Counts([]float64{1})),
		"weight":          second(SampleRatio{Weights: []float64{1, 0}}.Counts([]float64{1, 1})),
		"count":           second(SampleRatio{Weights: []float64{1, 1}}.Counts([]float64{1, -1})),
		"infinite count":  second(SampleRatio{Weights: []float64{1, 1}}.Counts([]float64{1, inf})),
		"counts":          second(SampleRatio{Weights: []float64{1, 1}}.Counts([]float64{1})),
		"no batch":        second(SampleRatio{Weights: []float64{1, 1}}.Batches(nil)),
		"normal mixture":  second(NormalMixture{}.Boundary(1, 0.05)),
		"time":            second(NormalMixture{Rho: 1}.Boundary(-1, 0.05)),
		"scale":           second(GammaExponential{1, 0}.Boundary(1, 0.05)),
		"Poisson scale":   second(GammaPoisson{1, nan}.Boundary(1, 0.05)),
		"range":           second(SubBernoulli{R: 1}.Boundary(1, 0.05)),
		"start":           second(Stitching{}.Boundary(1, 0.05)),
		"stitching s":     second(Stitching{Start: 1, S: 0.5}.Boundary(1, 0.05)),
		"before start":    second(EmpiricalLIL(10, 0.05, 20, 0)),
		"LIL A":           second(EmpiricalLIL(10, 0.05, 2, 0.5)),
		"regression":      second(Regression([]float64{1, 2}, [][]float64{{1, 2}}, 1, 0.05)),
		"collinear":       second(Regression([]float64{1, 2, 3, 5}, [][]float64{{1, 1, 1, 1}}, 1, 0.05)),
		"perfect":         second(Regression([]float64{1, 1, 1, 1}, nil, 1, 0.05)),
		"NaN in y":        second(Regression([]float64{1, nan, 1, 1}, nil, 1, 0.05)),
		"NaN in x":        second(Regression([]float64{1, 2, 1, 1}, [][]float64{{1, 2, 3, nan}}, 1, 0.05)),
		"g":               second(Regression([]float64{1, 2, 1, 1}, nil, 0, 0.05)),
		"no snapshot":     second(Differences(nil, Tuning{}, 0.05)),
		"empty variant":   second(Differences([]Snapshot{{0, 1, 1, 5, 1, 1}}, Tuning{}, 0.05)),
		"variance":        second(Differences([]Snapshot{{5, 1, -1, 5, 1, 1}}, Tuning{}, 0.05)),
		"margin":          second(Hybrid{HarmAlpha: 0.01, Alpha: 0.05, Margin: -1}.Watch(nil)),
		"harm alpha":      second(Hybrid{Alpha: 0.05, Tuning: tuned}.Watch([]Look{good})),
		"contrast tuning": second(Contrast(nil, 10, Tuning{})),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
		if !errors.Is(err, stats.ErrInvalid) && !errors.Is(err, stats.ErrTooFew) && !errors.Is(err, stats.ErrNoVariance) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := BernoulliInterval(1, 2, 0.05, 0); !errors.Is(err, stats.ErrInvalid) {
		t.Errorf("target: %v", err)
	}
}

func second[T any](_ T, err error) error { return err }
