package exact

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"liftgate/stats"
)

func near(t rapid.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if !(got == want || math.Abs(got-want) <= tolerance) {
		t.Fatalf("%s: got %.15g, want %.15g", what, got, want)
	}
}

// twoSamples draws counts of up to units a variant.
func twoSamples(t *rapid.T, units int64) (treated, control stats.Binomial) {
	draw := func(name string) stats.Binomial {
		n := rapid.Int64Range(1, units).Draw(t, name+" units")
		return stats.Binomial{Successes: rapid.Int64Range(0, n).Draw(t, name), N: n}
	}
	return draw("treated"), draw("control")
}

func choose(n, k int) float64 {
	c := 1.0
	for i := range k {
		c *= float64(n-i) / float64(i+1)
	}
	return c
}

// fisherByHand lists all tables with the margins of x1 and x0 successes.
func fisherByHand(x1, n1, x0, n0 int) (less, greater, both float64) {
	x := x1 + x0
	probability := func(k int) float64 { return choose(n1, k) * choose(n0, x-k) / choose(n1+n0, x) }
	for k := max(0, x-n0); k <= min(x, n1); k++ {
		if k <= x1 {
			less += probability(k)
		}
		if k >= x1 {
			greater += probability(k)
		}
		if probability(k) <= probability(x1)*(1+1e-7) {
			both += probability(k)
		}
	}
	return less, greater, both
}

func TestFisherAgainstAllTables(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		treated, control := twoSamples(t, 25)
		got, err := Fisher(treated, control, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		less, greater, both := fisherByHand(int(treated.Successes), int(treated.N), int(control.Successes), int(control.N))
		near(t, "less", got.PLess, less, 1e-12)
		near(t, "greater", got.PGreater, greater, 1e-12)
		near(t, "two-sided", got.PValue, both, 1e-12)
		if !(got.Lower <= got.OddsRatio && got.OddsRatio <= got.Upper) {
			t.Fatalf("odds ratio %v outside of [%v, %v]", got.OddsRatio, got.Lower, got.Upper)
		}
		mirrored, err := Fisher(control, treated, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "swapped", mirrored.PValue, got.PValue, 1e-12)
		if got.Lower > 0 {
			near(t, "swapped limit", mirrored.Upper*got.Lower, 1, 1e-9)
		}
	})
}

// TestFisherInterval: at a limit of the odds ratio the tail, summed by hand, has probability 2.5 %.
func TestFisherInterval(t *testing.T) {
	got, err := Fisher(stats.Binomial{Successes: 13, N: 47}, stats.Binomial{Successes: 19, N: 53}, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	tail := func(odds float64, in func(k int) bool) float64 {
		sum, total := 0.0, 0.0
		for k := range 33 {
			p := choose(47, k) * choose(53, 32-k) * math.Pow(odds, float64(k))
			total += p
			if in(k) {
				sum += p
			}
		}
		return sum / total
	}
	near(t, "lower", tail(got.Lower, func(k int) bool { return k >= 13 }), 0.025, 1e-12)
	near(t, "upper", tail(got.Upper, func(k int) bool { return k <= 13 }), 0.025, 1e-12)
}

// smallTables calls f with every outcome of a few small designs.
func smallTables(t *testing.T, designs [][2]int64, f func(treated, control stats.Binomial)) {
	t.Helper()
	for _, n := range designs {
		for x1 := range n[0] + 1 {
			for x0 := range n[1] + 1 {
				f(stats.Binomial{Successes: x1, N: n[0]}, stats.Binomial{Successes: x0, N: n[1]})
			}
		}
	}
}

// brute is the largest probability of a set of outcomes over a fine grid of common proportions.
func brute(n1, n0 int, in func(x1, x0 int) bool) float64 {
	tables := make([]float64, n1+n0+1) // by successes in all
	for x1 := range n1 + 1 {
		for x0 := range n0 + 1 {
			if in(x1, x0) {
				tables[x1+x0] += choose(n1, x1) * choose(n0, x0)
			}
		}
	}
	largest := 0.0
	const points = 1000
	for i := range points + 1 {
		p := float64(i) / points
		total := 0.0
		for x, count := range tables {
			total += count * math.Pow(p, float64(x)) * math.Pow(1-p, float64(n1+n0-x))
		}
		largest = math.Max(largest, total)
	}
	return largest
}

// above checks a supremum: no grid point lies above it, and it lies no more than a grid can miss above them.
func above(t rapid.TB, what string, got, grid float64) {
	t.Helper()
	if got < grid-1e-9 || got > grid+1e-4 {
		t.Fatalf("%s: got %.12g, a grid has %.12g", what, got, grid)
	}
}

func TestBarnardAgainstBruteForce(t *testing.T) {
	smallTables(t, [][2]int64{{1, 2}, {5, 3}, {4, 7}}, func(treated, control stats.Binomial) {
		n1, n0 := int(treated.N), int(control.N)
		z := pooledZ{float64(n1), float64(n0)}
		observed := z.at(int(treated.Successes), int(control.Successes))
		got, err := Barnard(treated, control)
		if err != nil {
			t.Fatal(err)
		}
		above(t, "greater", got.PGreater, brute(n1, n0, func(x1, x0 int) bool { return z.at(x1, x0) >= observed-1e-9 }))
		above(t, "less", got.PLess, brute(n1, n0, func(x1, x0 int) bool { return z.at(x1, x0) <= observed+1e-9 }))
		above(t, "two-sided", got.PValue, brute(n1, n0, func(x1, x0 int) bool { return math.Abs(z.at(x1, x0)) >= math.Abs(observed)-1e-9 }))
	})
}

func TestBoschlooAgainstBruteForce(t *testing.T) {
	smallTables(t, [][2]int64{{1, 2}, {5, 3}, {4, 7}}, func(treated, control stats.Binomial) {
		n1, n0 := int(treated.N), int(control.N)
		less, greater, both := fisherByHand(int(treated.Successes), n1, int(control.Successes), n0)
		got, err := Boschloo(treated, control)
		if err != nil {
			t.Fatal(err)
		}
		above(t, "less", got.PLess, brute(n1, n0, func(x1, x0 int) bool { p, _, _ := fisherByHand(x1, n1, x0, n0); return p <= less+1e-9 }))
		above(t, "greater", got.PGreater, brute(n1, n0, func(x1, x0 int) bool { _, p, _ := fisherByHand(x1, n1, x0, n0); return p <= greater+1e-9 }))
		above(t, "ordered", got.PFisherOrdered, brute(n1, n0, func(x1, x0 int) bool { _, _, p := fisherByHand(x1, n1, x0, n0); return p <= both+1e-9 }))
		if got.PLess > less+1e-9 || got.PFisherOrdered > both+1e-9 {
			t.Fatalf("%+v is larger than Fisher's %v and %v", got, less, both)
		}
	})
}

// TestUnconditional: the interval excludes no difference, on both scales, exactly when the p-value is small; swapping the variants
// mirrors it.
func TestUnconditional(t *testing.T) {
	designs := [][2]int64{{1, 2}, {5, 3}}
	if testing.Short() {
		designs = designs[:1]
	}
	smallTables(t, designs, func(treated, control stats.Binomial) {
		got, err := Unconditional(treated, control, 0.9)
		if err != nil {
			t.Fatal(err)
		}
		significant := got.PValue < 0.1
		if d := got.Difference; significant != (d.Lower > 0 || d.Upper < 0) {
			t.Fatalf("p = %v, but the difference lies in [%v, %v]", got.PValue, d.Lower, d.Upper)
		}
		if r := got.Ratio; significant != (r.Lower > 1 || r.Upper < 1) {
			t.Fatalf("p = %v, but the ratio lies in [%v, %v]", got.PValue, r.Lower, r.Upper)
		}
		swapped, err := Unconditional(control, treated, 0.9)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "swapped p", swapped.PValue, got.PValue, 1e-9)
		near(t, "swapped limit", swapped.Difference.Lower, -got.Difference.Upper, 1e-7)
	})
}

func TestCompareChooses(t *testing.T) {
	for _, c := range []struct {
		x1, n1, x0, n0 int64
		want           string
	}{
		{130, 1000, 100, 1000, DecidesScore},
		{1, 34, 7, 34, DecidesUnconditional},
		{1, 340, 7, 340, DecidesNothing},
		{900, 1_000_000, 800, 1_000_000, DecidesScore},
	} {
		got, err := Compare(stats.Binomial{Successes: c.x1, N: c.n1}, stats.Binomial{Successes: c.x0, N: c.n0}, 0.95)
		if err != nil || got.Decides != c.want || got.Choice == "" {
			t.Errorf("%+v: %q decides (%s), %v", c, got.Decides, got.Choice, err)
		}
	}
}

func TestNonsense(t *testing.T) {
	fine := stats.Binomial{Successes: 1, N: 2}
	for _, c := range []struct {
		b    stats.Binomial
		want error
	}{
		{stats.Binomial{}, stats.ErrTooFew},
		{stats.Binomial{Successes: -1, N: 3}, stats.ErrInvalid},
		{stats.Binomial{Successes: 4, N: 3}, stats.ErrInvalid},
		{stats.Binomial{Successes: 0, N: -3}, stats.ErrTooFew},
	} {
		_, err1 := Fisher(c.b, fine, 0.95)
		_, err2 := Barnard(fine, c.b)
		_, err3 := Boschloo(c.b, fine)
		_, err4 := Unconditional(c.b, fine, 0.95)
		_, err5 := Compare(fine, c.b, 0.95)
		for i, err := range []error{err1, err2, err3, err4, err5} {
			if !errors.Is(err, c.want) {
				t.Errorf("%+v, test %d: %v", c.b, i, err)
			}
		}
	}
	for _, level := range []float64{0, 1, -1, math.NaN()} {
		if _, err := Fisher(fine, fine, level); !errors.Is(err, stats.ErrInvalid) {
			t.Errorf("level %v: %v", level, err)
		}
	}
	huge := stats.Binomial{Successes: 1 << 40, N: 1 << 62}
	if _, err := Barnard(huge, huge); !errors.Is(err, stats.ErrInvalid) {
		t.Errorf("too many units: %v", err)
	}
	many := stats.Binomial{Successes: 1 << 12, N: 1 << 32}
	if _, err := Compare(many, many, 0.95); err != nil {
		t.Errorf("the score test takes any counts: %v", err)
	}
}
