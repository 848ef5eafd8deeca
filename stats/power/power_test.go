package power

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

func drawDesign(t *rapid.T) Design {
	return Design{
		Alpha: rapid.Float64Range(0.001, 0.2).Draw(t, "alpha"), Power: rapid.Float64Range(0.5, 0.99).Draw(t, "power"),
		Sides: rapid.IntRange(0, 2).Draw(t, "sides"), Ratio: rapid.Float64Range(0.1, 5).Draw(t, "ratio"),
		Inflation: rapid.SampledFrom([]float64{0, 1.3}).Draw(t, "inflation"), Student: rapid.Bool().Draw(t, "student"),
	}
}

func drawMetric(t *rapid.T) Metric {
	m := Mean(rapid.Float64Range(0.5, 3).Draw(t, "mean"), rapid.Float64Range(0.1, 5).Draw(t, "sd"))
	if rapid.Bool().Draw(t, "binary") {
		m = Proportion(rapid.Float64Range(0.05, 0.7).Draw(t, "p"), rapid.SampledFrom([]Test{Score, Wald, Arcsine}).Draw(t, "test"))
	}
	if rapid.Bool().Draw(t, "clustered") {
		m = m.Clustered(Clusters{Size: rapid.Float64Range(1, 50).Draw(t, "size"), CV: rapid.Float64Range(0, 2).Draw(t, "cv"), ICC: rapid.Float64Range(0, 0.3).Draw(t, "icc")})
	}
	return m
}

// drawHypothesis is one whose truth lies on the good side of the null.
func drawHypothesis(t *rapid.T, oneSided bool) Hypothesis {
	h := Hypothesis{
		Margin: rapid.SampledFrom([]float64{0, 0.01, 0.04}).Draw(t, "margin"), Relative: rapid.Bool().Draw(t, "relative"),
		LowerIsBetter: rapid.Bool().Draw(t, "lower is better"), Effect: rapid.Float64Range(0.002, 0.04).Draw(t, "effect"),
	}
	if h.LowerIsBetter {
		h.Effect *= -1
	}
	if h.Margin == 0 && !oneSided && rapid.Bool().Draw(t, "other direction") {
		h.Effect *= -1
	}
	return h
}

// TestSizeHasThePower, and more units more of it.
func TestSizeHasThePower(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, m := drawDesign(t), drawMetric(t)
		h := drawHypothesis(t, d.Sides == 1)
		size, err := d.Size(m, h)
		if err != nil {
			t.Fatal(err)
		}
		power, err := d.PowerAt(m, h, size.Control)
		if err != nil {
			t.Fatal(err)
		}
		fewer, err := d.PowerAt(m, h, size.Control*(1-1e-9))
		if err != nil {
			t.Fatal(err)
		}
		if fewer > 0 || power < d.Power { // else it is the least that makes a test, which may do more than is asked
			closeTo(t, "power at the size", power, d.Power, 1e-8)
		}
		closeTo(t, "treatment", size.Treatment, size.Control*d.Ratio, 1e-12)
		more, err := d.PowerAt(m, h, 1.1*size.Control)
		if err != nil || more <= power {
			t.Fatalf("power %v with more units, %v before (%v)", more, power, err)
		}
	})
}

// TestDetectableAndProvable undo Size.
func TestDetectableAndProvable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, m := drawDesign(t), drawMetric(t)
		d.Student = false
		h := drawHypothesis(t, true)
		h.Margin = 0
		size, err := d.Size(m, h)
		if err != nil {
			t.Fatal(err)
		}
		effect, err := d.DetectableEffect(m, h, size.Control)
		if err != nil {
			t.Fatal(err)
		}
		closeTo(t, "effect", effect, h.Effect, 1e-8)

		h.Margin, h.Effect = 0.02, 0
		if size, err = d.Size(m, h); err != nil {
			t.Fatal(err)
		}
		margin, err := d.ProvableMargin(m, h, size.Control)
		if err != nil {
			t.Fatal(err)
		}
		closeTo(t, "margin", margin, h.Margin, 1e-8)
	})
}

// TestStudentTendsToNormal with many degrees of freedom, from above but for the far tail, which Student's power counts.
func TestStudentTendsToNormal(t *testing.T) {
	normal := Design{Alpha: 0.05, Power: 0.8}
	student := normal
	student.Student = true
	for effect, most := range map[float64]float64{0.5: 1.02, 0.05: 1.0002, 0.005: 1.000002} {
		a, err1 := normal.Size(Mean(0, 1), Hypothesis{Effect: effect})
		b, err2 := student.Size(Mean(0, 1), Hypothesis{Effect: effect})
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		if ratio := b.Control / a.Control; !(ratio > 1-2e-6 && ratio < most) {
			t.Errorf("effect %v: Student needs %v times the normal's units", effect, ratio)
		}
	}
}

// TestDisputes: the sizes that the design of risk margins quotes, at one-sided 2.5 % and 80 % power: 1.57 million orders a variant for a
// 10 % relative margin on a rate of 0.1 %, 63,000 for 0.05 points.
func TestDisputes(t *testing.T) {
	d := Design{Alpha: 0.05, Power: 0.8}
	size, err := d.Size(Proportion(0.001, Wald), Hypothesis{Margin: 0.0005, LowerIsBetter: true})
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "absolute", size.Control, 62729, 1e-3)
	scored, err := d.Size(Proportion(0.001, Score), Hypothesis{Margin: 0.0005, LowerIsBetter: true})
	if err != nil || !(scored.Control > size.Control) {
		t.Errorf("score %v, Wald %v, %v", scored.Control, size.Control, err)
	}
	// Against a ratio the control's noise counts (1.1)² times.
	size, err = d.Size(Proportion(0.001, Wald), Hypothesis{Margin: 0.1, Relative: true, LowerIsBetter: true})
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "relative", size.Control, 1.568e6*(1+1.21)/2, 1e-3)
}

// TestRestrictedIsTheLeastUnlikely among proportions under the null.
func TestRestrictedIsTheLeastUnlikely(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p0, p1 := rapid.Float64Range(0.01, 0.9).Draw(t, "p0"), rapid.Float64Range(0.01, 0.99).Draw(t, "p1")
		ratio := rapid.Float64Range(0.1, 10).Draw(t, "ratio")
		relative := rapid.Bool().Draw(t, "relative")
		null := rapid.Float64Range(-0.009, 0.05).Draw(t, "null")
		a, b := restricted(p0, p1, ratio, null, relative)
		want := b - a
		if relative {
			want = p0 * (b/a - 1)
		}
		closeTo(t, "null", want, null, 1e-9)
		likelihood := func(a, b float64) float64 {
			return p0*math.Log(a) + (1-p0)*math.Log(1-a) + ratio*(p1*math.Log(b)+(1-p1)*math.Log(1-b))
		}
		for _, step := range []float64{-1e-4, 1e-4} {
			c := a * (1 + step)
			e := c + null
			if relative {
				e = c * (1 + null/p0)
			}
			if likelihood(c, e) > likelihood(a, b)+1e-12 {
				t.Fatalf("%v, %v is likelier than %v, %v", c, e, a, b)
			}
		}
	})
}

// TestTogether: independent requirements need fewer units than Bonferroni's, and one alone the same.
func TestTogether(t *testing.T) {
	d := Design{Alpha: 0.05, Power: 0.8}
	all := []Requirement{
		{Metric: Mean(10, 30), Hypothesis: Hypothesis{Effect: 0.02, Relative: true}, Alpha: 0.025},
		{Metric: Proportion(0.01, Score), Hypothesis: Hypothesis{Margin: 0.002, LowerIsBetter: true}},
		{Metric: Proportion(0.88, Score), Hypothesis: Hypothesis{Margin: 0.005}},
	}
	split, product, err := d.SizeTogether(all)
	if err != nil || !(product < split) {
		t.Fatalf("split %v, product %v, %v", split, product, err)
	}
	at, err := d.Together(all, product)
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "joint power", at.Joint, 0.8, 1e-10)
	split, product, err = d.SizeTogether(all[1:2])
	alone, err2 := d.Size(all[1].Metric, all[1].Hypothesis)
	if errors.Join(err, err2) != nil || split != product || split != alone.Control {
		t.Errorf("alone: %v, %v, %v", split, product, alone)
	}
}

func TestSplitErrors(t *testing.T) {
	e, err := Roles{Success: 2, Guardrails: 3, Deterioration: 1, Treatments: 2}.Split(0.05, 0.2)
	if err != nil {
		t.Fatal(err)
	}
	want := Errors{Success: 0.0125, Guardrail: 0.025, Deterioration: 0.025, Beta: 0.175 / 4}
	closeTo(t, "success", e.Success, want.Success, 1e-15)
	closeTo(t, "guardrail", e.Guardrail, want.Guardrail, 1e-15)
	closeTo(t, "deterioration", e.Deterioration, want.Deterioration, 1e-15)
	closeTo(t, "beta", e.Beta, want.Beta, 1e-15)
}

func TestVariants(t *testing.T) {
	d := Design{Alpha: 0.05, Power: 0.8}
	m, h := Mean(0, 1), Hypothesis{Effect: 0.1}
	two, err := d.Variants(m, h, []float64{1, 1})
	if err != nil {
		t.Fatal(err)
	}
	alone, err := d.Size(m, h)
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "one treatment", two.Control, alone.Control, 1e-14)
	even, err := d.Variants(m, h, []float64{1, 1, 1, 1, 1})
	if err != nil {
		t.Fatal(err)
	}
	// With four treatments the control is best twice as large (Dunnett 1955).
	best, err := d.Variants(m, h, []float64{2, 1, 1, 1, 1})
	if err != nil || !(best.Total < even.Total) {
		t.Errorf("total %v with a large control, %v with an even split, %v", best.Total, even.Total, err)
	}
}

func TestWarnings(t *testing.T) {
	d := Design{Alpha: 0.05, Power: 0.8}
	for name, c := range map[string]struct {
		m Metric
		h Hypothesis
		n int
	}{
		"few events":    {Proportion(0.001, Score), Hypothesis{Margin: 0.004, LowerIsBetter: true}, 1},
		"few clusters":  {Mean(0, 1).Clustered(Clusters{Size: 100, ICC: 0.01}), Hypothesis{Effect: 0.2}, 1},
		"enough of all": {Proportion(0.1, Score), Hypothesis{Effect: 0.01}, 0},
	} {
		size, err := d.Size(c.m, c.h)
		if err != nil || len(size.Warnings) != c.n {
			t.Errorf("%s: %q, %v", name, size.Warnings, err)
		}
	}
}

func TestNonsense(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	d, m, h := Design{Alpha: 0.05, Power: 0.8}, Mean(1, 1), Hypothesis{Effect: 0.1}
	for name, err := range map[string]error{
		"alpha":            second(Design{Power: 0.8}.Size(m, h)),
		"power":            second(Design{Alpha: 0.05, Power: 1}.Size(m, h)),
		"sides":            second(Design{Alpha: 0.05, Power: 0.8, Sides: 3}.Size(m, h)),
		"ratio":            second(Design{Alpha: 0.05, Power: 0.8, Ratio: -1}.Size(m, h)),
		"inflation":        second(Design{Alpha: 0.05, Power: 0.8, Inflation: 0.5}.Size(m, h)),
		"trivial power":    second(Design{Alpha: 0.6, Power: 0.1}.Size(m, h)),
		"trivial t":        second(Design{Alpha: 0.6, Power: 0.1, Student: true}.Size(m, h)),
		"no sd":            second(d.Size(Mean(1, 0), h)),
		"NaN sd":           second(d.Size(Mean(1, nan), h)),
		"infinite mean":    second(d.Size(Mean(inf, 1), h)),
		"share of 0":       second(d.Size(Proportion(0, Score), h)),
		"share above 1":    second(d.Size(Proportion(0.95, Score), h)),
		"no denominator":   second(d.Size(Ratio(1, 0, 1, 1, 0), h)),
		"no density":       second(d.Size(Quantile(0.5, 1, 0), h)),
		"no effect":        second(d.Size(m, Hypothesis{})),
		"NaN effect":       second(d.Size(m, Hypothesis{Effect: nan})),
		"negative margin":  second(d.Size(m, Hypothesis{Margin: -1})),
		"beyond margin":    second(d.Size(m, Hypothesis{Margin: 0.1, Effect: -0.2})),
		"relative to zero": second(d.Size(Mean(0, 1), Hypothesis{Effect: 0.1, Relative: true})),
		"small clusters":   second(d.Size(m.Clustered(Clusters{Size: 0.5}), h)),
		"ICC":              second(d.Size(m.Clustered(Clusters{Size: 5, ICC: 2}), h)),
		"CV":               second(d.Size(m.Clustered(Clusters{Size: 5, CV: -1}), h)),
		"unknown test":     second(d.Size(Proportion(0.5, 9), h)),
		"arcsine border":   second(d.Size(Proportion(0.05, Arcsine), Hypothesis{Margin: 0.1})),
		"no units":         second(d.PowerAt(m, h, 0)),
		"NaN units":        second(d.PowerAt(m, h, nan)),
		"nothing found":    second(d.DetectableEffect(Proportion(0.5, Score), h, 2)),
		"no margin proven": second(d.ProvableMargin(m, Hypothesis{Relative: true}, 1)),
		"units of effect":  second(d.DetectableEffect(m, h, -1)),
		"no requirement":   third(d.SizeTogether(nil)),
		"bad requirement":  third(d.SizeTogether([]Requirement{{}})),
		"roles":            second(Roles{}.Split(0.05, 0.2)),
		"role alpha":       second(Roles{Treatments: 1}.Split(0, 0.2)),
		"no beta left":     second(Roles{Treatments: 1, Deterioration: 1}.Split(0.5, 0.2)),
		"one variant":      second(d.Variants(m, h, []float64{1})),
		"weight":           second(d.Variants(m, h, []float64{1, nan})),
	} {
		known := errors.Is(err, stats.ErrInvalid) || errors.Is(err, stats.ErrTooFew) || errors.Is(err, stats.ErrNoVariance) || errors.Is(err, stats.ErrZeroDenominator)
		if !known {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func third[T any](_, _ T, err error) error { return err }
