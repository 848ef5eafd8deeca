package sequential

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
)

func closeTo(t rapid.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if !(got == want || math.Abs(got-want) <= tolerance) {
		t.Fatalf("%s: got %.15g, want %.15g", what, got, want)
	}
}

// drawFractions are looks up to the whole information, or short of or beyond it.
func drawFractions(t *rapid.T, most float64) []float64 {
	looks := rapid.IntRange(1, 6).Draw(t, "looks")
	at := 0.0
	out := make([]float64, looks)
	for i := range out {
		at += rapid.Float64Range(0.01, 1).Draw(t, "gap")
		out[i] = at
	}
	for i := range out {
		out[i] *= most / at
	}
	out[looks-1] = most
	return out
}

// schedules and designs are the cases of tests that take long.
var schedules = [][]float64{{1}, {0.5, 1}, {0.1, 0.8, 1}, {0.2, 0.4, 0.45, 0.9, 1}}

func designs(sides int) []Design {
	var out []Design
	for _, spending := range []Spending{OBrienFleming, HwangShihDeCani(1), PowerFamily(2)} {
		for _, alpha := range []float64{0.001, 0.05} {
			out = append(out, Design{Alpha: alpha, Sides: sides, Spending: spending})
		}
	}
	return out
}

func drawDesign(t *rapid.T) Design {
	return Design{
		Alpha: rapid.SampledFrom([]float64{0.001, 0.05, 0.2}).Draw(t, "alpha"),
		Sides: rapid.IntRange(1, 2).Draw(t, "sides"),
		Spending: rapid.SampledFrom([]Spending{
			OBrienFleming, Pocock, HwangShihDeCani(-4), HwangShihDeCani(0), HwangShihDeCani(2), PowerFamily(3), PowerFamily(0.5),
		}).Draw(t, "spending"),
	}
}

// TestBoundsSpendAlpha: the looks cross with the probabilities that were to be spent, however they fall.
func TestBoundsSpendAlpha(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDesign(t)
		fractions := drawFractions(t, rapid.SampledFrom([]float64{0.7, 1, 1.4}).Draw(t, "end"))
		b, err := d.Bounds(fractions)
		if err != nil {
			t.Fatal(err)
		}
		o, err := b.Operating(0)
		if err != nil {
			t.Fatal(err)
		}
		spent := 0.0
		for k := range fractions {
			spent += o.CrossUpper[k]
			closeTo(t, "spent", spent, b.CumAlpha[k], 1e-12*d.Alpha)
			closeTo(t, "level", b.StageLevel[k], dist.NormalSF(b.Upper[k]), 0)
			if d.Sides == 2 {
				closeTo(t, "other side", o.CrossLower[k], o.CrossUpper[k], 1e-12*d.Alpha)
			}
		}
		if fractions[len(fractions)-1] >= 1 {
			closeTo(t, "all", spent, d.side(), 1e-12*d.Alpha)
		}
	})
}

// TestNothingIsLost: where every path stops in the end, the probabilities add up to one, under any drift.
func TestNothingIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := Bounds{Fractions: drawFractions(t, 1)}
		for range b.Fractions {
			b.Upper = append(b.Upper, rapid.Float64Range(-1, 6).Draw(t, "upper"))
			b.Lower = append(b.Lower, b.Upper[len(b.Upper)-1]-rapid.Float64Range(0, 6).Draw(t, "width"))
		}
		last := len(b.Upper) - 1
		b.Lower[last] = b.Upper[last]
		drift := rapid.Float64Range(-8, 8).Draw(t, "drift")
		o, err := b.Operating(drift)
		if err != nil {
			t.Fatal(err)
		}
		total := 0.0
		for k := range b.Upper {
			total += o.CrossUpper[k] + o.CrossLower[k]
		}
		closeTo(t, "total", total, 1, 1e-12)

		mirrored := Bounds{Fractions: b.Fractions}
		for k := range b.Upper {
			mirrored.Upper, mirrored.Lower = append(mirrored.Upper, -b.Lower[k]), append(mirrored.Lower, -b.Upper[k])
		}
		m, err := mirrored.Operating(-drift)
		if err != nil {
			t.Fatal(err)
		}
		closeTo(t, "mirrored power", m.Power, 1-o.Power, 1e-12)
		closeTo(t, "mirrored information", m.ExpectedInformation, o.ExpectedInformation, 1e-12)
	})
}

// TestOneLook is the fixed test.
func TestOneLook(t *testing.T) {
	b, err := Design{Alpha: 0.05, Spending: Pocock}.Bounds([]float64{1})
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "bound", b.Upper[0], dist.NormalISF(0.025), 1e-14)
	final, err := b.Final(0.025, 2.5, 4)
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "p", final.PValue, dist.NormalSF(2.5), 1e-15)
	closeTo(t, "estimate", final.Estimate, 1.25, 1e-12)
	closeTo(t, "lower", final.Lower, 1.25-dist.NormalISF(0.025)/2, 1e-12)
	closeTo(t, "repeated", final.RepeatedLower, final.Lower, 1e-12)
}

// TestClassicalConstants against Jennison and Turnbull (2000), tables 2.1 and 2.3, two-sided 0.05, as printed.
func TestClassicalConstants(t *testing.T) {
	for _, c := range []struct {
		looks       int
		delta, want float64 // of the last look
	}{
		{2, 0.5, 2.178},
		{5, 0.5, 2.413},
		{10, 0.5, 2.555},
		{20, 0.5, 2.672},
		{2, 0, 1.977},
		{5, 0, 2.040},
		{10, 0, 2.087},
		{20, 0, 2.126},
	} {
		fractions := make([]float64, c.looks)
		for i := range fractions {
			fractions[i] = float64(i+1) / float64(c.looks)
		}
		b, err := WangTsiatis(fractions, 0.05, c.delta, 2)
		if err != nil {
			t.Fatal(err)
		}
		closeTo(t, "constant", b.Upper[c.looks-1], c.want, 6e-4)
		closeTo(t, "level", b.CumAlpha[c.looks-1], 0.025, 1e-12)
	}
}

// TestFutility: the planned drift has the power, and the level is kept: with binding bounds exactly, else below.
func TestFutility(t *testing.T) {
	for i, d := range designs(1) {
		for _, fractions := range schedules[1:3] {
			f := Futility{Beta: 0.2, Binding: i%2 == 0, Spending: HwangShihDeCani(-2)}
			plan, err := d.WithFutility(fractions, f)
			if err != nil {
				t.Fatal(err)
			}
			o, err := plan.Bounds.Operating(plan.Drift)
			if err != nil {
				t.Fatal(err)
			}
			closeTo(t, "power", o.Power, 1-f.Beta, 1e-9)
			null, err := plan.Bounds.Operating(0)
			if err != nil {
				t.Fatal(err)
			}
			if f.Binding {
				closeTo(t, "level", null.Power, d.Alpha, 1e-11)
			} else if null.Power > d.Alpha*(1+1e-12) {
				t.Fatalf("level %v", null.Power)
			}
			if plan.Factor < 1-1e-12 || plan.Expected > plan.Factor {
				t.Fatalf("inflation %v, expected %v", plan.Factor, plan.Expected)
			}
		}
	}
}

// TestInflation: the drift has the power, and late spending costs little.
func TestInflation(t *testing.T) {
	i, err := Design{Alpha: 0.05, Spending: OBrienFleming}.Inflation([]float64{1. / 3, 2. / 3, 1}, 0.8)
	if err != nil {
		t.Fatal(err)
	}
	o, err := i.Bounds.Operating(i.Drift)
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "power", o.Power, 0.8, 1e-13)
	if !(i.Factor > 1 && i.Factor < 1.02 && i.Expected < 1) {
		t.Errorf("%+v", i)
	}
}

// TestFinalInvertsTheTest: the interval's ends have the p-values that define them, and estimates move with the statistic.
func TestFinalInvertsTheTest(t *testing.T) {
	for i, d := range designs(2) {
		fractions := schedules[i%len(schedules)]
		b, err := d.Bounds(fractions)
		if err != nil {
			t.Fatal(err)
		}
		before := Final{PValue: 1, Estimate: math.Inf(-1)}
		for _, z := range []float64{-2.5, 0.1, 1.9, 4} {
			f, err := b.Final(d.side(), z, 25)
			if err != nil {
				t.Fatal(err)
			}
			for p, effect := range map[float64]float64{0.5: f.Estimate, d.side(): f.Lower, 1 - d.side(): f.Upper} {
				closeTo(t, "p", math.Exp(b.logStagewise(z, effect/f.StdError)), p, 1e-9)
			}
			if !(f.Lower < f.Estimate && f.Estimate < f.Upper && f.Estimate > before.Estimate && f.PValue < before.PValue) {
				t.Fatalf("%+v after %+v", f, before)
			}
			before = f
		}
	}
}

// TestRepeatedPValue is below alpha exactly when the design at alpha has crossed a bound.
func TestRepeatedPValue(t *testing.T) {
	for i, d := range slices.Concat(designs(1), designs(2)) {
		if testing.Short() && i%3 != 0 {
			continue
		}
		fractions := schedules[i%len(schedules)]
		b, err := d.Bounds(fractions)
		if err != nil {
			t.Fatal(err)
		}
		for look := range fractions {
			for _, step := range []float64{-1e-6, 1e-6} {
				z := make([]float64, len(fractions))
				z[look] = b.Upper[look] + step
				p, err := d.RepeatedPValue(fractions, z)
				if err != nil {
					t.Fatal(err)
				}
				if (p < d.Alpha) != (step > 0) || math.Abs(p-d.Alpha) > 1e-4*d.Alpha {
					t.Errorf("design %d, look %d, %v from the bound: p %v", i, look, step, p)
				}
			}
		}
	}
	p, err := Design{Alpha: 0.05, Spending: Pocock}.RepeatedPValue([]float64{0.5, 1}, []float64{0, 0})
	if err != nil || p != 1 {
		t.Errorf("no effect at all: %v, %v", p, err)
	}
}

func TestNonsense(t *testing.T) {
	good := Design{Alpha: 0.05, Spending: Pocock}
	nan, inf := math.NaN(), math.Inf(1)
	for name, err := range map[string]error{
		"no looks":       second(good.Bounds(nil)),
		"NaN":            second(good.Bounds([]float64{nan})),
		"infinite":       second(good.Bounds([]float64{0.5, inf})),
		"zero":           second(good.Bounds([]float64{0, 1})),
		"backwards":      second(good.Bounds([]float64{0.5, 0.4})),
		"twice":          second(good.Bounds([]float64{0.5, 0.5})),
		"alpha 0":        second(Design{Spending: Pocock}.Bounds([]float64{1})),
		"alpha NaN":      second(Design{Alpha: nan, Spending: Pocock}.Bounds([]float64{1})),
		"alpha 0.6":      second(Design{Alpha: 0.6, Sides: 1, Spending: Pocock}.Bounds([]float64{1})),
		"three sides":    second(Design{Alpha: 0.05, Sides: 3, Spending: Pocock}.Bounds([]float64{1})),
		"no spending":    second(Design{Alpha: 0.05}.Bounds([]float64{1})),
		"bad spending":   second(Design{Alpha: 0.05, Spending: PowerFamily(-1)}.Bounds([]float64{1})),
		"NaN spending":   second(Design{Alpha: 0.05, Spending: HwangShihDeCani(nan)}.Bounds([]float64{1})),
		"drift":          second(Bounds{Fractions: []float64{1}, Upper: []float64{2}}.Operating(nan)),
		"lengths":        second(Bounds{Fractions: []float64{1}, Upper: []float64{2, 3}}.Operating(0)),
		"crossed":        second(Bounds{Fractions: []float64{1}, Upper: []float64{2}, Lower: []float64{3}}.Operating(0)),
		"power":          second(good.Inflation([]float64{1}, 1)),
		"low power":      second(good.Inflation([]float64{1}, 0.01)),
		"z":              second(Bounds{Fractions: []float64{1}, Upper: []float64{2}}.Final(0.025, nan, 1)),
		"information":    second(Bounds{Fractions: []float64{1}, Upper: []float64{2}}.Final(0.025, 1, 0)),
		"futility sides": second(good.WithFutility([]float64{1}, Futility{Beta: 0.2, Spending: Pocock})),
		"futility end":   second(Design{Alpha: 0.05, Sides: 1, Spending: Pocock}.WithFutility([]float64{0.9}, Futility{Beta: 0.2, Spending: Pocock})),
		"futility beta":  second(Design{Alpha: 0.05, Sides: 1, Spending: Pocock}.WithFutility([]float64{1}, Futility{Beta: nan, Spending: Pocock})),
		"shape":          second(WangTsiatis([]float64{1}, 0.05, nan, 2)),
		"repeated":       second(good.RepeatedPValue([]float64{1}, nil)),
		"repeated NaN":   second(good.RepeatedPValue([]float64{1}, []float64{nan})),
		"maximum":        second(Plan{Design: good}.Monitor([]Look{{1, 1}}, false)),
		"no look yet":    second(Plan{Design: good, Maximum: 1}.Monitor(nil, false)),
		"look's z":       second(Plan{Design: good, Maximum: 1}.Monitor([]Look{{1, nan}}, false)),
		"no drift":       second(Plan{Design: good, Maximum: 1, Futility: &Futility{Beta: 0.2, Spending: Pocock}}.Monitor([]Look{{1, 1}}, false)),
	} {
		if !errors.Is(err, stats.ErrInvalid) && !errors.Is(err, stats.ErrTooFew) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// TestCloseLooks: two looks with next to no information between them cost next to nothing.
func TestCloseLooks(t *testing.T) {
	b, err := Design{Alpha: 0.05, Spending: OBrienFleming}.Bounds([]float64{0.5, 0.5 * (1 + 2e-4), 1})
	if err != nil {
		t.Fatal(err)
	}
	two, err := Design{Alpha: 0.05, Spending: OBrienFleming}.Bounds([]float64{0.5, 1})
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "last bound", b.Upper[2], two.Upper[1], 1e-3)
	if !slices.IsSorted([]float64{b.Upper[2], b.Upper[0], b.Upper[1]}) {
		t.Errorf("bounds %v", b.Upper)
	}
}
