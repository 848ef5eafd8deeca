package lift_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"liftgate/stats"
	"liftgate/stats/lift"
)

func drawLevels(t *rapid.T) stats.Levels {
	draw := func(name string, low, high float64) float64 { return rapid.Float64Range(low, high).Draw(t, name) }
	l := stats.Levels{
		Treated: draw("treatment", 0.1, 10), Control: draw("control", 0.1, 10),
		VarTreated: draw("variance", 1e-4, 1), VarControl: draw("variance", 1e-4, 1), DF: draw("df", 3, 1e6),
	}
	l.Cov = draw("correlation", -0.9, 0.9) * math.Sqrt(l.VarTreated*l.VarControl)
	return l
}

// TestFiellerInvertsTheContrast: Fieller's set is that of the contrast of the same levels.
func TestFiellerInvertsTheContrast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLevels(t)
		level := rapid.Float64Range(0.5, 0.999).Draw(t, "level")
		s, err1 := lift.Fieller(l, level)
		c, err2 := l.Contrast()
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		want := c.Lift(level)
		if s.Shape != want.Shape || s.Lift != want.Estimate || s.PValue != c.PLift(0) || s.Meaning == "" {
			t.Fatalf("%+v and %+v", s, want)
		}
		if s.Shape == stats.All {
			return
		}
		for _, limit := range []float64{s.Lower, s.Upper} {
			if p := c.PLift(limit); math.Abs(p-(1-level)) > 1e-6 {
				t.Fatalf("p is %v at the limit %v of %+v", p, limit, s)
			}
		}
	})
}

// TestKnownControl: with a control known exactly all three are the difference over the control, to first order or in full.
func TestKnownControl(t *testing.T) {
	l := stats.Levels{Treated: 11, Control: 10, VarTreated: 0.01, DF: math.Inf(1)}
	delta, err1 := lift.Delta(l, 0.95)
	set, err2 := lift.Fieller(l, 0.95)
	log, err3 := lift.LogDelta(l, 0.95)
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	if math.Abs(delta.Lower-set.Lower) > 1e-12 || math.Abs(delta.Upper-set.Upper) > 1e-12 || set.G != 0 {
		t.Errorf("delta %+v, Fieller %+v", delta, set)
	}
	if math.Abs(log.Lower-set.Lower) > 1e-3 || log.Lower <= -1 {
		t.Errorf("log delta %+v, Fieller %+v", log, set)
	}
}

// TestScale: a lift does not depend on the currency.
func TestScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLevels(t)
		u := rapid.Float64Range(1e-3, 1e3).Draw(t, "unit")
		scaled := l
		scaled.Treated, scaled.Control = u*l.Treated, u*l.Control
		scaled.VarTreated, scaled.VarControl, scaled.Cov = u*u*l.VarTreated, u*u*l.VarControl, u*u*l.Cov
		for name, f := range map[string]func(stats.Levels, float64) (lift.Interval, error){"delta": lift.Delta, "log": lift.LogDelta} {
			a, err1 := f(l, 0.95)
			b, err2 := f(scaled, 0.95)
			if err := errors.Join(err1, err2); err != nil {
				t.Fatal(err)
			}
			if math.Abs(a.Upper-b.Upper) > 1e-8*(1+math.Abs(a.Upper)) || math.Abs(a.PValue-b.PValue) > 1e-8 {
				t.Fatalf("%s: %+v and %+v", name, a, b)
			}
		}
	})
}

func TestNoLift(t *testing.T) {
	good := stats.Levels{Treated: 1, Control: 2, VarTreated: 1, VarControl: 1, DF: 10}
	change := func(f func(*stats.Levels)) stats.Levels { l := good; f(&l); return l }
	cases := map[string]struct {
		levels stats.Levels
		level  float64
		want   error
	}{
		"zero control":      {change(func(l *stats.Levels) { l.Control = 0 }), 0.95, stats.ErrZeroDenominator},
		"no variance":       {change(func(l *stats.Levels) { l.VarTreated, l.VarControl = 0, 0 }), 0.95, stats.ErrNoVariance},
		"negative variance": {change(func(l *stats.Levels) { l.VarTreated = -1 }), 0.95, stats.ErrInvalid},
		"covariance":        {change(func(l *stats.Levels) { l.Cov = 2 }), 0.95, stats.ErrInvalid},
		"not a number":      {change(func(l *stats.Levels) { l.Treated = math.NaN() }), 0.95, stats.ErrInvalid},
		"no freedom":        {change(func(l *stats.Levels) { l.DF = 0 }), 0.95, stats.ErrInvalid},
		"level":             {good, 1, stats.ErrInvalid},
	}
	for name, c := range cases {
		_, err1 := lift.Delta(c.levels, c.level)
		_, err2 := lift.LogDelta(c.levels, c.level)
		_, err3 := lift.Fieller(c.levels, c.level)
		for _, err := range []error{err1, err2, err3} {
			if !errors.Is(err, c.want) {
				t.Errorf("%s: got %v, want %v", name, err, c.want)
			}
		}
	}
	opposite := change(func(l *stats.Levels) { l.Control = -2 })
	if _, err := lift.LogDelta(opposite, 0.95); !errors.Is(err, stats.ErrInvalid) {
		t.Errorf("levels of opposite sign: %v", err)
	}
	if _, err := lift.LogDF(good, 0, 3); !errors.Is(err, stats.ErrInvalid) {
		t.Errorf("without degrees of freedom: %v", err)
	}
}

func TestMeaning(t *testing.T) {
	for want, l := range map[string]stats.Levels{
		"lies between": {Treated: 3, Control: 2, VarTreated: 0.1, VarControl: 0.1, DF: 50},
		"at most":      {Treated: 3, Control: 0.1, VarTreated: 0.1, VarControl: 0.1, DF: 50},
		"every lift":   {Treated: 0.1, Control: 0.1, VarTreated: 0.1, VarControl: 0.1, DF: 50},
	} {
		if s, err := lift.Fieller(l, 0.95); err != nil || !strings.Contains(s.Meaning, want) {
			t.Errorf("%+v (%v) does not say %q", s, err, want)
		}
	}
}

func ExampleFieller() {
	s, err := lift.Fieller(stats.Levels{Treated: 5.9, Control: 5.5, VarTreated: 0.0082, VarControl: 0.0064, DF: 400}, 0.95)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Meaning)
	// Output: with 95 % confidence the lift lies between +2.9 % and +11.8 %
}
