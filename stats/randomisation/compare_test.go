package randomisation

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"liftgate/stats"
)

func near(t rapid.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if !(got == want || math.Abs(got-want) <= tolerance*math.Max(math.Abs(want), 1e-300)) {
		t.Fatalf("%s: got %.15g, want %.15g", what, got, want)
	}
}

// drawClusters draws n clusters of 1 to 30 units: value, denominator, covariate.
func drawClusters(seed uint64, n int, effect float64) []stats.Moments {
	rng := rand.New(rand.NewPCG(seed, 1))
	out := make([]stats.Moments, n)
	for i := range out {
		a := rng.NormFloat64()
		for range 1 + rng.IntN(30) {
			x := 0.5*a + rng.NormFloat64()
			out[i].Add(10+effect+a+x+rng.NormFloat64(), 1+rng.ExpFloat64(), x)
		}
	}
	return out
}

// pick keeps some components.
func pick(clusters []stats.Moments, components ...int) []stats.Moments {
	out := make([]stats.Moments, len(clusters))
	for i := range clusters {
		out[i].N = clusters[i].N
		for a, c := range components {
			out[i].Means = append(out[i].Means, clusters[i].Means[c])
			for _, d := range components[a:] {
				out[i].Cross = append(out[i].Cross, cross(&clusters[i], c, d))
			}
		}
	}
	return out
}

// bruteP is the share of assignments at least as extreme when treated clusters are moved by delta, counted one by one.
func bruteP(treated, control []stats.Moments, delta float64) float64 {
	all := append(append([]stats.Moments{}, treated...), control...)
	n, n1 := len(all), len(treated)
	y, m := make([]float64, n), make([]float64, n)
	for i := range all {
		y[i], m[i] = all[i].Sum(0), float64(all[i].N)
		if i < n1 {
			y[i] -= delta * m[i]
		}
	}
	statistic := func(treated func(i int) bool) float64 {
		var sum, size, squares [2]float64
		count := [2]float64{}
		arm := func(i int) int {
			if treated(i) {
				return 1
			}
			return 0
		}
		for i := range n {
			sum[arm(i)] += y[i]
			size[arm(i)] += m[i]
			count[arm(i)]++
		}
		for i := range n {
			e := (y[i] - sum[arm(i)]/size[arm(i)]*m[i]) / size[arm(i)]
			squares[arm(i)] += e * e * count[arm(i)] / (count[arm(i)] - 1)
		}
		return math.Abs(sum[1]/size[1]-sum[0]/size[0]) / math.Sqrt(squares[0]+squares[1])
	}
	observed := statistic(func(i int) bool { return i < n1 })
	total, extreme := 0.0, 0.0
	for set := range 1 << n {
		count := 0
		for i := range n {
			count += set >> i & 1
		}
		if count != n1 {
			continue
		}
		total++
		if statistic(func(i int) bool { return set>>i&1 == 1 }) >= observed*(1-1e-9) {
			extreme++
		}
	}
	return extreme / total
}

// TestExactP against counting, at nulls where no draw comes back farther out.
func TestExactP(t *testing.T) {
	treated, control := pick(drawClusters(1, 5, 1), 0), pick(drawClusters(2, 6, 0), 0)
	c, err := Compare(treated, control, 1, Design{}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !c.Exact || c.Draws != 462 {
		t.Fatalf("%d draws, exact %v", c.Draws, c.Exact)
	}
	for _, delta := range []float64{-3, -1, 0, 0.5, 1, 2, 4, 8} {
		got, want := c.PDifference(delta), bruteP(treated, control, delta)
		t.Logf("delta %v: %v, plain %v", delta, got, want)
		if got < want-1e-12 || got > want+0.01 {
			t.Errorf("delta %v: got %v, want %v or a little more", delta, got, want)
		}
	}
	t.Log(c.Difference(0.95), c.Lift(0.95), c.PDifference(0), c.PLift(0))
}

// TestIntervalInvertsTest on both scales, and both agree on no effect.
func TestIntervalInvertsTest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64Range(1, 1<<20).Draw(t, "seed")
		n1, n0 := rapid.IntRange(2, 9).Draw(t, "n1"), rapid.IntRange(2, 9).Draw(t, "n0")
		effect := rapid.Float64Range(-3, 3).Draw(t, "effect")
		level := rapid.Float64Range(0.5, 0.99).Draw(t, "level")
		components := rapid.SampledFrom([][]int{{0}, {0, 2}, {0, 1}, {0, 1, 2}}).Draw(t, "components")
		parts := 1
		if len(components) > 1 && components[1] == 1 {
			parts = 2
		}
		treated, control := pick(drawClusters(seed, n1, effect), components...), pick(drawClusters(seed+1, n0, 0), components...)
		c, err := Compare(treated, control, parts, Design{}, Options{Draws: 300, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		if c.PDifference(0) != c.PLift(0) {
			t.Fatalf("no effect: %v and %v", c.PDifference(0), c.PLift(0))
		}
		d, l := c.Difference(level), c.Lift(level)
		null := rapid.Float64Range(-5, 5).Draw(t, "null")
		at := math.Min(math.Abs(null-d.Lower), math.Abs(null-d.Upper)) < 1e-13 // a limit itself, but for rounding
		if excludes := null < d.Lower || null > d.Upper; !at && excludes != (c.PDifference(null) < 1-level-1e-9) {
			t.Fatalf("%v in [%v, %v] with p %v", null, d.Lower, d.Upper, c.PDifference(null))
		}
		null /= 10
		if l.Shape == stats.Bounded {
			at = math.Min(math.Abs(null-l.Lower), math.Abs(null-l.Upper)) < 1e-13
			if excludes := null < l.Lower || null > l.Upper; !at && excludes != (c.PLift(null) < 1-level-1e-9) {
				t.Fatalf("%v in [%v, %v] with p %v", null, l.Lower, l.Upper, c.PLift(null))
			}
		}
		near(t, "p of the estimate", c.PDifference(d.Estimate), 1, 0)
	})
}

func BenchmarkCompare(b *testing.B) {
	treated, control := pick(drawClusters(1, 2500, 0.1), 0), pick(drawClusters(2, 2500, 0), 0)
	compare := func(b *testing.B, redraws *Redraws) {
		for b.Loop() {
			_, err := Compare(treated, control, 1, Design{}, Options{Seed: 1, Redraws: redraws})
			noErrors(b, err)
		}
	}
	b.Run("drawn", func(b *testing.B) { compare(b, nil) })
	b.Run("taken over", func(b *testing.B) { compare(b, &Redraws{}) })
}

// TestUnitsDoNotMatter: value and covariate in another unit, and clusters in another order, give the same exact answer.
func TestUnitsDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64Range(1, 1<<20).Draw(t, "seed")
		scale := math.Exp(rapid.Float64Range(-8, 8).Draw(t, "scale"))
		treated, control := pick(drawClusters(seed, 4, 1), 0, 2), pick(drawClusters(seed+1, 5, 0), 0, 2)
		strata := Design{TreatedStrata: []int{1, 1, 2, 2}, ControlStrata: []int{1, 1, 2, 2, 2}}
		plain, err1 := Compare(treated, control, 1, strata, Options{})
		other1, other0 := rescaled(treated, scale), rescaled(control, scale)
		other1[0], other1[1] = other1[1], other1[0]
		other, err2 := Compare(other1, other0, 1, strata, Options{})
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		near(t, "p", other.PDifference(0), plain.PDifference(0), 1e-9)
		near(t, "upper", other.Difference(0.8).Upper, scale*plain.Difference(0.8).Upper, 1e-5)
		near(t, "lift", other.Lift(0.8).Lower, plain.Lift(0.8).Lower, 1e-5)
	})
}

// rescaled multiplies the value and turns the covariate around.
func rescaled(clusters []stats.Moments, scale float64) []stats.Moments {
	out := make([]stats.Moments, len(clusters))
	for i := range clusters {
		m := &clusters[i]
		out[i] = stats.Moments{
			N: m.N, Means: []float64{scale * m.Means[0], 5 - 3*m.Means[1]},
			Cross: []float64{scale * scale * cross(m, 0, 0), -3 * scale * cross(m, 0, 1), 9 * cross(m, 1, 1)},
		}
	}
	return out
}

// TestPairsWithoutCovariates: in pairs of clusters of one size the estimate is the mean pair difference, and p that of its sign flips.
func TestPairsWithoutCovariates(t *testing.T) {
	values := [][2]float64{{5.1, 4.3}, {6.2, 6}, {7.7, 6.1}, {3.3, 3.9}, {9.1, 8}, {2.2, 2.5}, {4.4, 4}, {8.8, 7.1}}
	var treated, control []stats.Moments
	var y1, y0 []float64
	var pairs []int
	for i, v := range values {
		treated = append(treated, stats.Moments{N: 1, Means: v[:1], Cross: []float64{0}})
		control = append(control, stats.Moments{N: 1, Means: v[1:], Cross: []float64{0}})
		y1, y0, pairs = append(y1, v[0]), append(y0, v[1]), append(pairs, i)
	}
	design := Design{TreatedStrata: pairs, ControlStrata: pairs}
	c, err := Compare(treated, control, 1, design, Options{})
	noErrors(t, err)
	test, err := Test(y1, y0, design, Options{})
	noErrors(t, err)
	near(t, "estimate", c.Difference(0.95).Estimate, test.Statistic, 1e-12)
	near(t, "p", c.PDifference(0), test.PTwoSided, 1e-12)
}

// TestFewAssignments: where no assignment can be rare enough, no interval ends.
func TestFewAssignments(t *testing.T) {
	c, err := Compare(pick(drawClusters(1, 3, 5), 0), pick(drawClusters(2, 3, 0), 0), 1, Design{}, Options{})
	noErrors(t, err)
	if d := c.Difference(0.95); !math.IsInf(d.Lower, -1) || !math.IsInf(d.Upper, 1) || c.Lift(0.95).Shape != stats.All || c.Lift(0.95).Reason == "" {
		t.Errorf("%d assignments end an interval: %+v, %+v", c.Draws, d, c.Lift(0.95))
	}
	if len(c.Warnings()) != 1 {
		t.Errorf("warnings %q", c.Warnings())
	}
	if d := c.Difference(0.8); math.IsInf(d.Lower, 0) {
		t.Errorf("%+v", d)
	}
}

// TestZeroControl: every lift fits, and there is a difference.
func TestZeroControl(t *testing.T) {
	zero := []stats.Moments{{N: 3, Means: []float64{0}, Cross: []float64{0}}, {N: 4, Means: []float64{0}, Cross: []float64{0}}}
	c, err := Compare(pick(drawClusters(1, 6, 0), 0), append(append([]stats.Moments{}, zero...), zero...), 1, Design{}, Options{})
	noErrors(t, err)
	if l := c.Lift(0.9); !math.IsNaN(l.Estimate) || l.Shape != stats.All || c.PLift(3) != c.PDifference(0) {
		t.Errorf("%+v, p %v and %v", l, c.PLift(3), c.PDifference(0))
	}
}
