package synthesis_test

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"liftgate/stats"
	"liftgate/stats/synthesis"
)

func drawGroups(t *rapid.T, least int) []synthesis.Group {
	groups := make([]synthesis.Group, rapid.IntRange(least, 12).Draw(t, "groups"))
	for i := range groups {
		groups[i] = synthesis.Group{
			Effect: rapid.Float64Range(-3, 3).Draw(t, "effect"), StdError: rapid.Float64Range(0.1, 2).Draw(t, "standard error"),
			DF: rapid.Float64Range(3, 1000).Draw(t, "degrees of freedom"), Size: rapid.Float64Range(1, 100).Draw(t, "size"),
		}
	}
	return groups
}

// TestQIsCochrans: with standard errors that are known it is the statistic of a meta-analysis.
func TestQIsCochrans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		groups := drawGroups(t, 2)
		var effects, errs []float64
		for i := range groups {
			groups[i].DF = math.Inf(1)
			effects, errs = append(effects, groups[i].Effect), append(errs, groups[i].StdError)
		}
		want, err := synthesis.DerSimonianLaird(effects, errs, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		got, err := synthesis.Homogeneous(groups)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(got.Q-want.Q) > 1e-9*(1+want.Q) || math.Abs(got.PValue-want.QPValue) > 1e-9 {
			t.Fatalf("%+v, want Q %v and p %v", got, want.Q, want.QPValue)
		}
	})
}

// TestTwoGroups: of two groups there is one test, Welch's.
func TestTwoGroups(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		groups := drawGroups(t, 2)[:2]
		q, err1 := synthesis.Homogeneous(groups)
		rest, err2 := synthesis.AgainstRest(groups)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		for _, r := range rest {
			if math.Abs(r.PValue-q.PValue) > 1e-9 || math.Abs(r.Difference*r.Difference/r.StdError/r.StdError-q.Q) > 1e-9*(1+q.Q) {
				t.Fatalf("%+v and %+v", r, q)
			}
		}
	})
}

// TestWelch: the correction is that of Welch's test of several means, here the variances and means of three samples.
func TestWelch(t *testing.T) {
	// statsmodels 0.15.0: anova_oneway(samples, use_var="unequal").pvalue
	const want = 0.15321990061656623
	samples := [][]float64{{1, 2, 3, 4, 5.5}, {2, 4, 6, 8, 11, 12}, {1, 1.5, 9, 14}}
	var groups []synthesis.Group
	for _, xs := range samples {
		var m stats.Moments
		for _, x := range xs {
			m.Add(x)
		}
		n := float64(m.N)
		groups = append(groups, synthesis.Group{Effect: m.Means[0], StdError: math.Sqrt(m.Cov(0, 0) / n), DF: n - 1, Size: n})
	}
	h, err := synthesis.Homogeneous(groups)
	if err != nil || math.Abs(h.PValue-want) > 1e-12 {
		t.Errorf("p %v, want %v; %v", h.PValue, want, err)
	}
}

// TestQualitativeCriticalValues: Gail and Simon (1985), table 1, at 0.05 for 2 to 5 groups.
func TestQualitativeCriticalValues(t *testing.T) {
	for k, critical := range map[int]float64{2: 2.71, 3: 4.23, 4: 5.43, 5: 6.50} {
		groups := make([]synthesis.Group, k)
		for i := range groups {
			groups[i] = synthesis.Group{Effect: 10, StdError: 1, DF: 100, Size: 1}
		}
		groups[0].Effect = -math.Sqrt(critical)
		p, err := synthesis.Qualitative(groups)
		if err != nil || math.Abs(p-0.05) > 0.0002 {
			t.Errorf("%d groups: p %v, %v", k, p, err)
		}
	}
	same := []synthesis.Group{{Effect: 1, StdError: 1, DF: 9, Size: 1}, {Effect: 2, StdError: 1, DF: 9, Size: 1}}
	if p, err := synthesis.Qualitative(same); p != 1 || err != nil {
		t.Errorf("one direction: p %v, %v", p, err)
	}
}

// TestGroupsInAnotherUnit: sizes, units and the order of groups do not matter, and p stays a probability.
func TestGroupsInAnotherUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		groups := drawGroups(t, 3)
		unit, size := rapid.Float64Range(0.001, 1000).Draw(t, "unit"), rapid.Float64Range(0.001, 1000).Draw(t, "size of all")
		moved := make([]synthesis.Group, len(groups))
		for i, g := range groups {
			moved[len(groups)-1-i] = synthesis.Group{Effect: g.Effect * unit, StdError: g.StdError * unit, DF: g.DF, Size: g.Size * size}
		}
		a, err1 := synthesis.AgainstRest(groups)
		b, err2 := synthesis.AgainstRest(moved)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		for i := range a {
			if p, q := a[i].PValue, b[len(b)-1-i].PValue; math.Abs(p-q) > 1e-9 || !(p >= 0 && p <= 1) {
				t.Fatalf("group %d: p %v and %v", i, p, q)
			}
		}
	})
}

func TestNoGroups(t *testing.T) {
	fine := synthesis.Group{Effect: 1, StdError: 1, DF: 10, Size: 5}
	for name, c := range map[string]struct {
		group synthesis.Group
		want  error
	}{
		"effect":         {synthesis.Group{Effect: math.NaN(), StdError: 1, DF: 1, Size: 1}, stats.ErrInvalid},
		"standard error": {synthesis.Group{Effect: 1, DF: 1, Size: 1}, stats.ErrInvalid},
		"freedom":        {synthesis.Group{Effect: 1, StdError: 1, Size: 1}, stats.ErrInvalid},
		"size":           {synthesis.Group{Effect: 1, StdError: 1, DF: 1, Size: math.Inf(1)}, stats.ErrInvalid},
	} {
		groups := []synthesis.Group{fine, c.group}
		_, err1 := synthesis.Homogeneous(groups)
		_, err2 := synthesis.AgainstRest(groups)
		_, err3 := synthesis.Qualitative(groups)
		for _, err := range []error{err1, err2, err3} {
			if !errors.Is(err, c.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if _, err := synthesis.Homogeneous([]synthesis.Group{fine}); !errors.Is(err, stats.ErrTooFew) {
		t.Errorf("one group: %v", err)
	}
}
