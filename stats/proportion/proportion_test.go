package proportion

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
)

func near(t rapid.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if !(got == want || math.Abs(got-want) <= tolerance*math.Max(1, math.Abs(want))) {
		t.Fatalf("%s: got %.15g, want %.15g", what, got, want)
	}
}

func sample(t *rapid.T, name string) stats.Binomial {
	n := rapid.OneOf(rapid.Int64Range(1, 200), rapid.Int64Range(1, 1e9)).Draw(t, name+" units")
	return stats.Binomial{Successes: rapid.Int64Range(0, n).Draw(t, name), N: n}
}

func noError(t rapid.TB, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// TestOneProportion: limits invert their tests, mirror with failures for successes, and Jeffreys' lie inside of Clopper and Pearson's.
func TestOneProportion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := sample(t, "sample")
		level := rapid.Float64Range(0.5, 0.999).Draw(t, "level")
		x, n := float64(b.Successes), float64(b.N)
		w, err1 := Wilson(b, level)
		cp, err2 := ClopperPearson(b, level)
		j, err3 := Jeffreys(b, level)
		mirrored, err4 := Wilson(stats.Binomial{Successes: b.N - b.Successes, N: b.N}, level)
		noError(t, err1, err2, err3, err4)
		near(t, "mirrored", mirrored.Lower, 1-w.Upper, 1e-12)
		if x > 0 {
			near(t, "Wilson's z", (x/n-w.Lower)/math.Sqrt(w.Lower*(1-w.Lower)/n), critical(level), 1e-6)
			near(t, "tail at the lower limit", dist.BinomialLogSF(x-1, n, cp.Lower), math.Log((1-level)/2), 1e-5)
		}
		if x < n {
			near(t, "tail at the upper limit", dist.BinomialLogCDF(x, n, cp.Upper), math.Log((1-level)/2), 1e-5)
		}
		if j.Lower < cp.Lower*(1-1e-9) || j.Upper > cp.Upper*(1+1e-9) {
			t.Fatalf("Jeffreys' %v reaches out of Clopper and Pearson's %v", j, cp)
		}
	})
}

// TestTwoProportions: all intervals hold their estimate and change sign with the variants; the score intervals invert the score test.
func TestTwoProportions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		treated, control := sample(t, "treated"), sample(t, "control")
		level := rapid.Float64Range(0.5, 0.999).Draw(t, "level")
		for name, f := range map[string]func(treated, control stats.Binomial, level float64) (Limits, error){
			"newcombe": Newcombe, "agresti-caffo": AgrestiCaffo,
		} {
			got, err1 := f(treated, control, level)
			swapped, err2 := f(control, treated, level)
			noError(t, err1, err2)
			near(t, name+" swapped", swapped.Upper, -got.Lower, 1e-12)
		}
		s, err1 := Score(treated, control, level, false)
		swapped, err2 := Score(control, treated, level, false)
		noError(t, err1, err2)
		near(t, "swapped difference", swapped.Difference.Upper, -s.Difference.Lower, 1e-9)
		significant := s.PValue < 1-level
		if math.Abs(s.PValue-(1-level)) < 1e-9 {
			return
		}
		for name, excluded := range map[string]bool{
			"difference": s.Difference.Lower > 0 || s.Difference.Upper < 0,
			"ratio":      s.Ratio.Lower > 1 || s.Ratio.Upper < 1,
			"odds ratio": s.OddsRatio.Lower > 1 || s.OddsRatio.Upper < 1,
		} {
			if significant != excluded {
				t.Fatalf("p = %v at level %v, but the %s says otherwise: %+v", s.PValue, level, name, s)
			}
		}
	})
}

// TestZ: the squared pooled statistic is chi-square, corrected or not; at the margin where Farrington and Manning's p is 2.5 % lies Mee's
// limit.
func TestZ(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		treated, control := sample(t, "treated"), sample(t, "control")
		table, err := Table([][]int64{
			{treated.Successes, treated.N - treated.Successes}, {control.Successes, control.N - control.Successes},
		})
		if errors.Is(err, stats.ErrTooFew) {
			t.Skip("all units alike")
		}
		noError(t, err)
		for _, c := range []struct {
			continuity bool
			want       float64
		}{{false, table.ChiSquare.Statistic}, {true, table.ChiSquareYates.Statistic}} {
			z, err := Z(treated, control, 0.95, ZOptions{Continuity: c.continuity})
			noError(t, err)
			near(t, "chi-square", z.Statistic*z.Statistic, c.want, 1e-5)
		}
		mee, err := Score(treated, control, 0.95, true)
		noError(t, err)
		if margin := -mee.Difference.Lower; margin > 1e-3 && margin < 0.999 {
			ni, err := FarringtonManning(treated, control, margin, false)
			noError(t, err)
			near(t, "p at the limit", ni.PValue, 0.025, 1e-6)
			worse, err := FarringtonManning(control, treated, margin, true)
			noError(t, err)
			near(t, "lower is better", worse.Statistic, ni.Statistic, 1e-9)
		}
	})
}

// TestFewInMillions against the score test's definition in 50 digits (mpmath): a few successes in up to a thousand million units.
func TestFewInMillions(t *testing.T) {
	for _, c := range []struct {
		treated, control    stats.Binomial
		level, lower, upper float64
	}{
		{stats.Binomial{Successes: 1, N: 67108928}, stats.Binomial{Successes: 1, N: 114820974}, 0.5, -4.60460065393207287e-9, 2.08558983578037043e-8},
		{stats.Binomial{Successes: 3, N: 200e6}, stats.Binomial{Successes: 1, N: 150e6}, 0.95, -2.37321604437581813e-8, 3.82670228624089914e-8},
		{stats.Binomial{Successes: 1, N: 900e6}, stats.Binomial{Successes: 2, N: 40e6}, 0.95, -1.81221010285584178e-7, -1.24848534933320322e-8},
	} {
		s, err := Score(c.treated, c.control, c.level, false)
		noError(t, err)
		near(t, "lower", 1e8*s.Difference.Lower, 1e8*c.lower, 1e-9)
		near(t, "upper", 1e8*s.Difference.Upper, 1e8*c.upper, 1e-9)
	}
}

// TestOddsRatioOfEmptyCells against its definition in 60 digits (mpmath): Miettinen and Nurminen's restricted estimates, bisected.
func TestOddsRatioOfEmptyCells(t *testing.T) {
	for _, c := range []struct {
		treated, control stats.Binomial
		want             Limits
	}{
		{stats.Binomial{Successes: 132, N: 194}, stats.Binomial{Successes: 1, N: 1}, Limits{0, 0, 8.34479404095623465}},
		{stats.Binomial{Successes: 3, N: 10}, stats.Binomial{Successes: 7, N: 7}, Limits{0, 0, 0.361395155409656433}},
		{stats.Binomial{Successes: 900, N: 1000}, stats.Binomial{Successes: 4, N: 4}, Limits{0, 0, 8.74420675950146987}},
		{stats.Binomial{Successes: 0, N: 20}, stats.Binomial{Successes: 5, N: 30}, Limits{0, 0, 1.06371023345211219}},
		{stats.Binomial{Successes: 5, N: 5}, stats.Binomial{Successes: 1, N: 40}, Limits{math.Inf(1), 24.7712741124367604, math.Inf(1)}},
	} {
		s, err := Score(c.treated, c.control, 0.95, false)
		noError(t, err)
		near(t, "estimate", s.OddsRatio.Estimate, c.want.Estimate, 0)
		near(t, "lower", s.OddsRatio.Lower, c.want.Lower, 1e-12)
		near(t, "upper", s.OddsRatio.Upper, c.want.Upper, 1e-12)
	}
}

// TestOddsRatioScore against the middle: with equal variants it is 1 within symmetric limits, and without failures it is open upwards.
func TestOddsRatioScore(t *testing.T) {
	same := stats.Binomial{Successes: 30, N: 100}
	s, err := Score(same, same, 0.95, false)
	noError(t, err)
	near(t, "estimate", s.OddsRatio.Estimate, 1, 1e-12)
	near(t, "symmetry", s.OddsRatio.Lower*s.OddsRatio.Upper, 1, 1e-9)
	s, err = Score(stats.Binomial{Successes: 20, N: 20}, same, 0.95, false)
	noError(t, err)
	if !math.IsInf(s.OddsRatio.Upper, 1) || !(s.OddsRatio.Lower > 1) {
		t.Errorf("got %+v", s.OddsRatio)
	}
}

func TestNonsense(t *testing.T) {
	fine := stats.Binomial{Successes: 1, N: 2}
	for _, c := range []struct {
		b     stats.Binomial
		level float64
		want  error
	}{
		{stats.Binomial{}, 0.95, stats.ErrTooFew},
		{stats.Binomial{Successes: 3, N: 2}, 0.95, stats.ErrInvalid},
		{stats.Binomial{Successes: -1, N: 2}, 0.95, stats.ErrInvalid},
		{fine, 0, stats.ErrInvalid},
		{fine, 1, stats.ErrInvalid},
		{fine, math.NaN(), stats.ErrInvalid},
	} {
		var errs []error
		collect := func(err error) { errs = append(errs, err) }
		_, err := Wilson(c.b, c.level)
		collect(err)
		_, err = ClopperPearson(c.b, c.level)
		collect(err)
		_, err = Jeffreys(c.b, c.level)
		collect(err)
		_, err = Newcombe(c.b, fine, c.level)
		collect(err)
		_, err = AgrestiCaffo(fine, c.b, c.level)
		collect(err)
		_, err = Woolf(c.b, fine, c.level)
		collect(err)
		_, err = Z(fine, c.b, c.level, ZOptions{})
		collect(err)
		_, err = Score(c.b, fine, c.level, true)
		collect(err)
		for i, err := range errs {
			if !errors.Is(err, c.want) {
				t.Errorf("%+v, procedure %d: %v", c, i, err)
			}
		}
	}
	for _, margin := range []float64{1, -1, math.NaN()} {
		if _, err := FarringtonManning(fine, fine, margin, false); !errors.Is(err, stats.ErrInvalid) {
			t.Errorf("margin %v: %v", margin, err)
		}
	}
	for _, table := range [][][]int64{nil, {{}}, {{1, 2}}, {{1, 2}, {0, 0}}, {{1, 2}, {1}}, {{1, -2}, {1, 1}}} {
		if _, err := Table(table); err == nil {
			t.Errorf("%v passes", table)
		}
	}
}
