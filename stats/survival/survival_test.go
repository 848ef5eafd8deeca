package survival

import (
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"liftgate/stats"
)

func near(t rapid.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Max(math.Abs(want), 1e-3)) {
		t.Fatalf("%s: got %.17g, want %.17g", what, got, want)
	}
}

// orders draws a sample of late outcomes: whole days, so that times tie; causes up to most.
func orders(t *rapid.T, name string, most int) Sample {
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, name+" seed"), 1))
	var s Sample
	for i := range rapid.IntRange(2, 60).Draw(t, name+" orders") {
		s.Times = append(s.Times, float64(r.IntN(12)))
		s.Causes = append(s.Causes, r.IntN(most+1))
		s.Clusters = append(s.Clusters, i)
	}
	return s
}

func table(t rapid.TB, s Sample) Table {
	t.Helper()
	out, err := NewTable(s.Times, s.Causes)
	if err != nil {
		t.Fatal(err)
	}
	if err := out.check("sample"); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestTables: merging two is the table of both.
func TestTables(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := orders(t, "a", 2), orders(t, "b", 2)
		both := table(t, Sample{Times: slices.Concat(a.Times, b.Times), Causes: slices.Concat(a.Causes, b.Causes)})
		if got := table(t, a).Merge(table(t, b)); !reflect.DeepEqual(got, both) {
			t.Fatalf("merged %v, want %v", got, both)
		}
		if got := both.Rivals().Rivals(); !reflect.DeepEqual(got, both) {
			t.Fatalf("twice exchanged %v, want %v", got, both)
		}
	})
}

// TestWithoutCensoring all estimates are shares, with the binomial's variance.
func TestWithoutCensoring(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := orders(t, "s", 1)
		for i := range s.Causes {
			s.Causes[i]++ // events and competing ones only
		}
		at := float64(rapid.IntRange(0, 12).Draw(t, "time"))
		n, events, ended := float64(len(s.Times)), 0.0, 0.0
		mean := 0.0
		for i, time := range s.Times {
			mean += math.Min(time, at) / n
			if time <= at {
				ended++
				events += indicator(s.Causes[i] == Event)
			}
		}
		tab := table(t, s)
		points, err := KaplanMeier(tab, []float64{at}, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		p := ended / n
		near(t, "survival", points[0].Survival, 1-p, 1e-12)
		if p < 1 {
			near(t, "Greenwood", points[0].StdError, math.Sqrt(p*(1-p)/n), 1e-9)
		}
		incidences, _ := Incidences(tab, []float64{at})
		q := events / n
		near(t, "incidence", incidences[0].Incidence, q, 1e-12)
		near(t, "variance", incidences[0].Variance, q*(1-q)/n, 1e-9)
		restricted, _ := RestrictedMeanOf(tab, at)
		near(t, "restricted mean", restricted.Mean, mean, 1e-12)
	})
}

func indicator(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// TestWithoutCompetition the incidence is one minus the survival, with Greenwood's error.
func TestWithoutCompetition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tab := table(t, orders(t, "s", 1))
		times := []float64{0, 3, 7.5, 20}
		points, _ := KaplanMeier(tab, times, 0.95)
		incidences, _ := Incidences(tab, times)
		for i, p := range points {
			near(t, "incidence", incidences[i].Incidence, 1-p.Survival, 1e-12)
			if p.Survival > 0 {
				near(t, "error", math.Sqrt(incidences[i].Variance), p.StdError, 1e-6)
			}
			if !math.IsNaN(p.Lower) && !(p.Lower <= p.Survival && p.Survival <= p.Upper) {
				t.Fatalf("interval %+v", p)
			}
		}
	})
}

// TestInfluences add up to nothing; their squares are the variance; and they are the derivative of the estimate.
func TestInfluences(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := orders(t, "s", 2)
		at := float64(rapid.IntRange(0, 12).Draw(t, "time"))
		tab := table(t, s)
		influences, err := s.influences(tab, at)
		if err != nil {
			t.Fatal(err)
		}
		var sum, squares float64
		for _, v := range influences {
			sum += v
			squares += v * v
		}
		near(t, "sum", sum, 0, 1e-9)
		near(t, "squares", squares, greenwood(tab.incidence(at)), 1e-9)

		const often = 1000 // each order so many times, the first once more
		heavy := slices.Clone(tab)
		for i := range heavy {
			heavy[i].Events, heavy[i].Competing, heavy[i].Censored = often*heavy[i].Events, often*heavy[i].Competing, often*heavy[i].Censored
		}
		heavy = heavy.Merge(table(t, Sample{Times: s.Times[:1], Causes: s.Causes[:1]}))
		slope := (last(heavy.incidence(at)) - last(tab.incidence(at))) * often
		near(t, "derivative", slope, influences[0], 0.1)
	})
}

// TestClusters: single orders as clusters give the independent variance times n/(n-1); orders doubled within clusters tell
// nothing new.
func TestClusters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := orders(t, "a", 2), orders(t, "b", 2)
		at := float64(rapid.IntRange(1, 8).Draw(t, "time"))
		single, err := CompareClusteredIncidences(a, b, at)
		if err != nil {
			t.Skip(err)
		}
		v1 := greenwood(table(t, a).incidence(at)) * float64(len(a.Times)) / float64(len(a.Times)-1)
		v0 := greenwood(table(t, b).incidence(at)) * float64(len(b.Times)) / float64(len(b.Times)-1)
		se := single.Difference(0.95).StdError
		near(t, "single", se*se, v1+v0, 1e-9) // not their roots: where all had the event, rounding is all there is

		twice, err := CompareClusteredIncidences(doubled(a), doubled(b), at)
		if err != nil {
			t.Fatal(err)
		}
		x, y := single.Difference(0.95), twice.Difference(0.95)
		near(t, "doubled", y.Estimate, x.Estimate, 1e-9)
		near(t, "doubled error", y.StdError, x.StdError, 1e-9)
		near(t, "doubled limit", y.Lower, x.Lower, 1e-8)
	})
}

func doubled(s Sample) Sample {
	return Sample{slices.Concat(s.Times, s.Times), slices.Concat(s.Causes, s.Causes), slices.Concat(s.Clusters, s.Clusters)}
}

// TestMirrored: exchanging the groups changes signs and no p-value.
func TestMirrored(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := table(t, orders(t, "a", 2)), table(t, orders(t, "b", 2))
		x, err1 := LogRank(a, b)
		y, err2 := LogRank(b, a)
		if (err1 == nil) != (err2 == nil) {
			t.Fatal(err1, err2)
		}
		if err1 == nil {
			near(t, "log-rank", x.ChiSquare, y.ChiSquare, 1e-8)
			near(t, "expected", x.Expected, y.ExpectedControl, 1e-9)
		}
		g, err1 := Gray(a, b)
		h, err2 := Gray(b, a)
		if err1 == nil && err2 == nil && math.Abs(g.Statistic-h.Statistic) > 1e-7*(1+g.Statistic) {
			t.Fatalf("Gray: %v and %v", g, h)
		}
		c, err1 := CompareIncidences(a, b, 3)
		d, err2 := CompareIncidences(b, a, 3)
		if err1 == nil && err2 == nil {
			near(t, "difference", c.Difference(0.9).Lower, -d.Difference(0.9).Upper, 1e-9)
			near(t, "dual", c.PDifference(c.Difference(0.9).Lower), 0.1, 1e-7)
		}
	})
}

func TestNonsense(t *testing.T) {
	good := Table{{Time: 1, AtRisk: 3, Events: 1}, {Time: 2, AtRisk: 2, Competing: 1}, {Time: 5, AtRisk: 1, Censored: 1}}
	if err := good.check("sample"); err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]Table{
		"unordered": {good[1], good[0], good[2]},
		"negative":  {{Time: 1, AtRisk: 3, Events: -1}},
		"risk":      {{Time: 1, AtRisk: 3, Events: 1}},
		"NaN":       {{Time: math.NaN(), AtRisk: 1, Events: 1}},
		"infinite":  {{Time: math.Inf(1), AtRisk: 1, Events: 1}},
	} {
		for i, err := range allOf(bad, good) {
			if !errors.Is(err, stats.ErrInvalid) {
				t.Errorf("%s %d: %v", name, i, err)
			}
		}
	}
	for i, err := range allOf(nil, good) {
		if !errors.Is(err, stats.ErrTooFew) {
			t.Errorf("empty %d: %v", i, err)
		}
	}
	if _, err := NewTable([]float64{1, -1}, []int{0, 1}); !errors.Is(err, stats.ErrInvalid) {
		t.Errorf("negative time: %v", err)
	}
	if _, err := NewTable([]float64{1}, nil); !errors.Is(err, stats.ErrInvalid) {
		t.Errorf("lengths: %v", err)
	}
	if _, err := CompareIncidences(good, good, 9); !errors.Is(err, stats.ErrTooFew) {
		t.Errorf("horizon beyond the data: %v", err)
	}
	nothing := Table{{Time: 5, AtRisk: 3, Censored: 3}}
	if _, err := CompareIncidences(nothing, nothing, 2); !errors.Is(err, stats.ErrNoVariance) {
		t.Errorf("no events: %v", err)
	}
	if _, err := LogRank(nothing, nothing); !errors.Is(err, stats.ErrNoVariance) {
		t.Errorf("log-rank without events: %v", err)
	}
	if _, err := Gray(nothing, nothing); !errors.Is(err, stats.ErrNoVariance) {
		t.Errorf("Gray without events: %v", err)
	}
	one := Sample{Times: []float64{1, 2}, Causes: []int{1, 1}, Clusters: []int{4, 4}}
	if _, err := CompareClusteredIncidences(one, one, 1); !errors.Is(err, stats.ErrTooFew) {
		t.Errorf("one cluster: %v", err)
	}
	if _, err := MatureRate(stats.Moments{N: 5, Means: []float64{0, 0}, Cross: []float64{0, 0, 0}}); !errors.Is(err, stats.ErrZeroDenominator) {
		t.Errorf("no delay passed: %v", err)
	}
	if _, err := (Weibull{}).Maturity(nil, nil); !errors.Is(err, stats.ErrInvalid) {
		t.Errorf("no distribution: %v", err)
	}
}

func allOf(a, b Table) (errs []error) {
	_, err := KaplanMeier(a, nil, 0.95)
	errs = append(errs, err)
	_, err = Incidences(a, nil)
	errs = append(errs, err)
	_, err = RestrictedMeanOf(a, 1)
	errs = append(errs, err)
	_, err = LogRank(a, b)
	errs = append(errs, err)
	_, err = Gray(b, a)
	errs = append(errs, err)
	_, err = CompareSurvival(b, a, 1)
	errs = append(errs, err)
	_, err = CompareIncidences(a, b, 1)
	errs = append(errs, err)
	_, err = CompareRestrictedMeans(a, b, 1)
	return append(errs, err)
}
