package blocked

import (
	"errors"
	"math"
	"testing"

	"liftgate/stats"
)

// failing is a test, of package rapid too.
type failing interface {
	Helper()
	Errorf(format string, args ...any)
}

func near(t failing, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Max(1e-3, math.Abs(want))) {
		t.Errorf("%s: got %.15g, want %.15g", what, got, want)
	}
}

// of is a cluster with a number of units and a total.
func of(n int64, total float64) stats.Moments {
	return stats.Moments{N: n, Means: []float64{total / float64(n)}, Cross: []float64{1}}
}

func unequal() (treated, control []stats.Moments) {
	treated = []stats.Moments{of(4, 11), of(3, 7), of(6, 19), of(2, 4), of(5, 13), of(8, 30)}
	control = []stats.Moments{of(3, 6), of(5, 9), of(5, 12), of(2, 3), of(4, 9), of(7, 20)}
	return treated, control
}

// TestReference compares with NumPy 2.4.6 and SciPy 1.17.1, where every step is an explicit matrix over the clusters: contributions, centring in
// groups, the residuals of the level, and traces for the correction and the degrees of freedom.
func TestReference(t *testing.T) {
	type numbers struct{ v11, v00, v10, df, se, p, lower, upper float64 }
	for name, c := range map[string]struct {
		treated, control []int
		empty            bool // one more cluster of the control, without units
		want             numbers
	}{
		"pairs": {[]int{1, 2, 3, 4, 5, 6}, []int{1, 2, 3, 4, 5, 6}, false, numbers{
			0.08448540706605222, 0.04952137915230288, 0.061258630491514615, 4.485988396344469, 0.10718920297924539, 0.0015791306737839607, 0.4454582750771121, 1.0160801864613496,
		}},
		"strata": {[]int{1, 1, 1, 2, 2, 2}, []int{1, 1, 1, 2, 2, 2}, false, numbers{
			0.10193161054554944, 0.052965341491340655, 0.0, 7.407804987140779, 0.3935695008977323, 0.1033860026209262, -0.18958900528680755, 1.6511274668252693,
		}},
		"one block": {nil, nil, false, numbers{
			0.08448540706605223, 0.04952137915230288, 0.0, 8.882048201816954, 0.3660693735050163, 0.07743716048488236, -0.09901660646164179, 1.5605550680001035,
		}},
		"odd strata and a lone pair": {[]int{1, 1, 1, 2, 2, 3}, []int{1, 1, 2, 2, 2, 3}, false, numbers{
			0.10225064532033988, 0.04210258885169464, -0.0005994383943659156, 7.346309638587615, 0.3815129237139501, 0.09500920955635156, -0.16281562146924722, 1.624354083007709,
		}},
		"stratum, pairs, triple, no units": {[]int{1, 1, 1, 2, 3, 4}, []int{1, 1, 2, 3, 3, 1, 4}, true, numbers{
			0.10193161054554944, 0.06157797274202995, 0.005845630419104836, 5.288047653732177, 0.3896387075861043, 0.11639516947354546, -0.2546393433266214, 1.716177804865083,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			treated, control := unequal()
			if c.empty {
				control = append(control, stats.Moments{})
			}
			got, err := Compare(treated, control, 1, Design{Treated: c.treated, Control: c.control})
			if err != nil {
				t.Fatal(err)
			}
			l, _ := stats.LevelsOf(got.Contrast)
			near(t, "treated", l.Treated, 3, 1e-13)
			near(t, "control", l.Control, 2.269230769230769, 1e-13)
			near(t, "v11", l.VarTreated, c.want.v11, 1e-12)
			near(t, "v00", l.VarControl, c.want.v00, 1e-12)
			near(t, "v10", l.Cov, c.want.v10, 1e-12)
			near(t, "df", got.DF, c.want.df, 1e-12)
			d := got.Difference(0.95)
			near(t, "standard error", d.StdError, c.want.se, 1e-12)
			near(t, "lower", d.Lower, c.want.lower, 1e-9)
			near(t, "upper", d.Upper, c.want.upper, 1e-9)
			near(t, "p", got.PDifference(0), c.want.p, 1e-9)
		})
	}
}

// alike are pairs of clusters of ten units with a covariate.
func alike(ys, xs []float64) []stats.Moments {
	var out []stats.Moments
	for i := range ys {
		out = append(out, stats.Moments{N: 10, Means: []float64{ys[i], xs[i]}, Cross: []float64{5, 1, 3}})
	}
	return out
}

// TestPairedT: pairs of one size are the paired t test (scipy.stats.ttest_rel 1.17.1), with a covariate the intercept of the regression of
// differences on differences (statsmodels.OLS 0.15.0).
func TestPairedT(t *testing.T) {
	treated := alike([]float64{11, 7, 19, 4, 13, 30, 12}, []float64{3, 2, 6, 1, 4, 9, 5})
	control := alike([]float64{6, 9, 12, 3, 9, 20, 13}, []float64{2, 4, 5, 1, 3, 6, 6})
	pairs := Design{Treated: []int{1, 2, 3, 4, 5, 6, 7}, Control: []int{1, 2, 3, 4, 5, 6, 7}}
	c, err := Compare(pick(treated, 1), pick(control, 1), 1, pairs)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "difference", c.Difference(0.95).Estimate, 3.4285714285714284, 1e-13)
	near(t, "standard error", c.Difference(0.95).StdError, 1.6454430993496185, 1e-13)
	near(t, "df", c.DF, 6, 1e-13)
	near(t, "p", c.PDifference(0), 0.08231506605451248, 1e-11)
	balance := func(clusters []stats.Moments) (out [][]float64) {
		for i := range clusters {
			out = append(out, clusters[i].Means[1:])
		}
		return out
	}
	withBalance := pairs
	withBalance.TreatedBalance, withBalance.ControlBalance = balance(treated), balance(control)
	for what, compare := range map[string]func() (*Comparison, error){
		"covariate": func() (*Comparison, error) { return Compare(treated, control, 1, pairs) },
		"balance":   func() (*Comparison, error) { return Compare(pick(treated, 1), pick(control, 1), 1, withBalance) },
	} {
		c, err := compare()
		if err != nil {
			t.Fatal(err)
		}
		d := c.Difference(0.95)
		near(t, what, d.Estimate, 2.318181818181819, 1e-12)
		near(t, what+": standard error", d.StdError, 0.504279209031224, 1e-12)
		near(t, what+": df", c.DF, 5, 1e-12)
		near(t, what+": lower", d.Lower, 1.021890843357106, 1e-10)
		near(t, what+": p", c.PDifference(0), 0.005856142508806, 1e-9)
		if c.Method() != "cluster-blocks-adjusted" || len(c.Covariates()) != 1 || c.VarianceRemoved() < 0.9 {
			t.Errorf("%s: %s with %v removes %v", what, c.Method(), c.Covariates(), c.VarianceRemoved())
		}
	}
}

// pick keeps the first components.
func pick(clusters []stats.Moments, n int) []stats.Moments {
	out := make([]stats.Moments, len(clusters))
	for i := range clusters {
		m := &clusters[i]
		if m.N == 0 {
			continue
		}
		out[i] = stats.Moments{N: m.N, Means: m.Means[:n]}
		for a := range n {
			for b := a; b < n; b++ {
				out[i].Cross = append(out[i].Cross, m.Cov(a, b)*float64(m.N-1))
			}
		}
	}
	return out
}

// TestNoAnswer: what has no answer gives a typed error.
func TestNoAnswer(t *testing.T) {
	good := []stats.Moments{of(3, 3), of(5, 10), of(4, 6)}
	same := []stats.Moments{of(3, 3), of(5, 5), of(4, 4)}
	more := []stats.Moments{of(3, 6), of(5, 10), of(4, 8)}
	for name, c := range map[string]struct {
		treated, control []stats.Moments
		parts            int
		design           Design
		want             error
	}{
		"no cluster":          {nil, good, 1, Design{}, stats.ErrTooFew},
		"one cluster":         {good[:1], good, 1, Design{}, stats.ErrTooFew},
		"without units":       {[]stats.Moments{good[0], {}, {}}, good, 1, Design{}, stats.ErrTooFew},
		"parts":               {good, good, 3, Design{}, stats.ErrInvalid},
		"too few parts":       {good, good, 2, Design{}, stats.ErrInvalid},
		"NaN":                 {[]stats.Moments{of(3, math.NaN()), of(3, 1)}, good, 1, Design{}, stats.ErrInvalid},
		"infinite":            {[]stats.Moments{of(3, math.Inf(1)), of(3, 1)}, good, 1, Design{}, stats.ErrInvalid},
		"negative count":      {[]stats.Moments{of(-3, 1), of(3, 1)}, good, 1, Design{}, stats.ErrInvalid},
		"dimensions":          {[]stats.Moments{of(3, 1), {N: 1, Means: []float64{1, 2}, Cross: []float64{0, 0, 0}}}, good, 1, Design{}, stats.ErrInvalid},
		"blocks of others":    {good, good, 1, Design{Treated: []int{1}, Control: []int{1, 1, 1}}, stats.ErrInvalid},
		"balance of others":   {good, good, 1, Design{TreatedBalance: [][]float64{{1}}}, stats.ErrInvalid},
		"ragged balance":      {good, good, 1, Design{TreatedBalance: [][]float64{{1}, {1}, {}}, ControlBalance: [][]float64{{1}, {1}, {2}}}, stats.ErrInvalid},
		"balance is NaN":      {good, good, 1, Design{TreatedBalance: [][]float64{{1}, {math.NaN()}, {3}}, ControlBalance: [][]float64{{1}, {1}, {2}}}, stats.ErrInvalid},
		"no variance":         {same, more, 1, Design{}, stats.ErrNoVariance},
		"pairs that agree":    {more, same, 1, Design{Treated: []int{1, 2, 3}, Control: []int{1, 2, 3}}, stats.ErrNoVariance},
		"one has it all":      {[]stats.Moments{of(1e15, 1), of(1, 2)}, good, 1, Design{}, stats.ErrTooFew},
		"a pair has it all":   {[]stats.Moments{of(5, 1), {}}, []stats.Moments{of(4, 1), {}}, 1, Design{Treated: []int{1, 2}, Control: []int{1, 2}}, stats.ErrTooFew},
		"no denominator":      {[]stats.Moments{{N: 1, Means: []float64{1, 0}, Cross: make([]float64, 3)}, {N: 1, Means: []float64{1, 0}, Cross: make([]float64, 3)}}, good, 2, Design{}, stats.ErrZeroDenominator},
		"one lopsided block":  {good, nil, 1, Design{}, stats.ErrTooFew},
		"covariates here too": {alike([]float64{1, 2}, []float64{1, 2}), good, 1, Design{}, stats.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Compare(c.treated, c.control, c.parts, c.design); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}
