package cluster

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"liftgate/stats"
)

// moved gives the clusters with another unit of each component: scale x + shift.
func moved(clusters []stats.Moments, scale, shift []float64) []stats.Moments {
	out := make([]stats.Moments, len(clusters))
	for i := range clusters {
		m := &clusters[i]
		out[i].N = m.N
		for a := range m.Means {
			out[i].Means = append(out[i].Means, scale[a]*m.Means[a]+shift[a])
			for b := a; b < len(m.Means); b++ {
				out[i].Cross = append(out[i].Cross, scale[a]*scale[b]*cross(m, a, b))
			}
		}
	}
	return out
}

// TestUnitsDoNotMatter: value and covariate in another unit, and clusters in another order, give the same answer.
func TestUnitsDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64Range(1, 1e6).Draw(t, "seed")
		treated := pick(drawClusters(seed, rapid.IntRange(4, 30).Draw(t, "n1"), 1), 0, 2)
		control := pick(drawClusters(seed+1, rapid.IntRange(4, 30).Draw(t, "n0"), 0), 0, 2)
		scale := []float64{math.Exp(rapid.Float64Range(-8, 8).Draw(t, "scale")), -math.Exp(rapid.Float64Range(-8, 8).Draw(t, "scale of x"))}
		shift := []float64{0, rapid.Float64Range(-100, 100).Draw(t, "shift")}
		plain, err1 := Compare(treated, control, 1)
		other1, other0 := moved(treated, scale, shift), moved(control, scale, shift)
		slices.Reverse(other1)
		other, err2 := Compare(other1, other0, 1)
		noErrors(t, err1, err2)
		near(t, "p", other.PDifference(0), plain.PDifference(0), 1e-6)
		near(t, "upper", other.Difference(0.9).Upper, scale[0]*plain.Difference(0.9).Upper, 1e-6)
		near(t, "lift", other.Lift(0.9).Lower, plain.Lift(0.9).Lower, 1e-6)
		near(t, "effective", other.Together.Effective, plain.Together.Effective, 1e-9)
	})
}

// TestSidesSwap: control against treatment is the same with the other sign.
func TestSidesSwap(t *testing.T) {
	a, b := pick(drawClusters(3, 20, 1), 0, 2), pick(drawClusters(4, 25, 0), 0, 2)
	one, err1 := Compare(a, b, 1)
	two, err2 := Compare(b, a, 1)
	noErrors(t, err1, err2)
	near(t, "upper", two.Difference(0.95).Upper, -one.Difference(0.95).Lower, 1e-12)
	near(t, "p", two.PDifference(0), one.PDifference(0), 1e-12)
}

// TestLikeRegression: with independent units in clusters of one size, Compare is CR2 of a regression on the treatment.
func TestLikeRegression(t *testing.T) {
	treated, control := pick(drawClusters(5, 12, 1), 0), pick(drawClusters(6, 15, 0), 0)
	var sums []Sums
	for arm, clusters := range [][]stats.Moments{control, treated} {
		for i := range clusters {
			clusters[i].N, clusters[i].Cross[0] = 4, 4
			y := clusters[i].Sum(0)
			yy := 4 + y*clusters[i].Means[0]
			n, d := 4.0, float64(arm)
			sums = append(sums, Sums{N: 4, Y: y, YY: yy, X: []float64{n, n * d}, XX: []float64{n, n * d, n * d, n * d}, XY: []float64{y, y * d}})
		}
	}
	got, err1 := Compare(treated, control, 1)
	r, err2 := Regress(sums)
	noErrors(t, err1, err2)
	want, err := r.Coefficient(1)
	noErrors(t, err)
	d := got.Difference(0.95)
	near(t, "difference", d.Estimate, want.Estimate, 1e-12)
	near(t, "standard error", d.StdError, want.CR2, 1e-12)
}

// TestAdjusting for a covariate that explains much takes variance away, and for one that explains everything has no answer.
func TestAdjusting(t *testing.T) {
	treated, control := drawClusters(7, 60, 0.5), drawClusters(8, 60, 0)
	c, err := Compare(pick(treated, 0, 2), pick(control, 0, 2), 1)
	noErrors(t, err)
	if removed := c.VarianceRemoved(); removed < 0.1 || c.Method() != "cluster-cr2-adjusted" || len(c.Covariates()) != 1 {
		t.Errorf("removed %v by %s", removed, c.Method())
	}
	c, err = Compare(pick(treated, 0, 2, 2), pick(control, 0, 2, 2), 1)
	noErrors(t, err)
	if len(c.Covariates()) != 1 || len(c.Warnings()) == 0 {
		t.Errorf("a copy of a covariate is kept: %v %v", c.Covariates(), c.Warnings())
	}
}

// TestMeans: every cluster counts the same, so its size does not matter.
func TestMeans(t *testing.T) {
	clusters := pick(drawClusters(9, 10, 0), 0)
	units, without := Means(append(clusters, stats.Moments{}), 1)
	if len(units) != 10 || without != 0 || units[3].N != 1 || units[3].Means[0] != clusters[3].Means[0] {
		t.Errorf("got %v, %d", units, without)
	}
	if _, without := Means([]stats.Moments{{N: 2, Means: []float64{1, 0}, Cross: []float64{0, 0, 0}}}, 2); without != 1 {
		t.Error("a cluster without a denominator has a ratio")
	}
}

// TestSumsMerge: chunks do not matter.
func TestSumsMerge(t *testing.T) {
	var whole, first, second Sums
	for i := range 10 {
		x := []float64{1, float64(i)}
		whole.AddWeighted(x, float64(i*i), 1)
		if i < 4 {
			first.Add(x, float64(i*i))
			continue
		}
		second.AddWeighted(x, float64(i*i), 1)
	}
	first.Merge(&second)
	if !slices.Equal(first.XWX, whole.XWX) || !slices.Equal(first.XY, whole.XY) || first.N != whole.N || first.YY != whole.YY {
		t.Errorf("got %+v, want %+v", first, whole)
	}
}

// TestWild: random draws come near to all of them, and equal weights change nothing.
func TestWild(t *testing.T) {
	r, err := Regress(rowsInClusters(3, 12))
	noErrors(t, err)
	full, err1 := r.Wild(1, 0, WildOptions{Draws: 1 << 13})
	drawn, err2 := r.Wild(1, 0, WildOptions{Draws: 4000, Seed: 1})
	again, err3 := r.Wild(1, 0, WildOptions{Draws: 4000, Seed: 1})
	noErrors(t, err1, err2, err3)
	if !full.Full || drawn.Full || drawn != again || full.Ties < full.Strict+2 {
		t.Errorf("%+v %+v %+v", full, drawn, again)
	}
	near(t, "p", drawn.PValue, full.PValue, 4*math.Sqrt((1-full.PValue)/full.PValue/4000))
	estimate, err := r.Wild(1, r.Coefficients[1]+1e-9, WildOptions{Draws: 1 << 13})
	noErrors(t, err)
	near(t, "p of the estimate", estimate.PTies, 1, 1e-2)
}
