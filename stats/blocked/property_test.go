package blocked

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"liftgate/stats"
)

// market draws clusters of a mean, a denominator and a covariate in blocks of mixed sizes, some without units.
func market(rng *rand.Rand, blocks int) (treated, control []stats.Moments, d Design) {
	for b := range blocks {
		level := rng.NormFloat64()
		for arm := range 2 {
			for range 1 + rng.IntN(3) {
				var m stats.Moments
				size := 5 + rng.IntN(50)
				if rng.IntN(12) == 0 {
					size = 0
				}
				own := 0.3 * rng.NormFloat64()
				for range size {
					x := rng.NormFloat64()
					m.Add(10+level+own+x+rng.NormFloat64(), 2+rng.Float64(), x)
				}
				if arm == 0 {
					treated, d.Treated = append(treated, m), append(d.Treated, b)
				} else {
					control, d.Control = append(control, m), append(d.Control, b)
				}
			}
		}
	}
	return treated, control, d
}

func scaled(clusters []stats.Moments, scale []float64, shift []float64) []stats.Moments {
	out := make([]stats.Moments, len(clusters))
	for i := range clusters {
		m := &clusters[i]
		if m.N == 0 {
			continue
		}
		out[i].N = m.N
		for a := range m.Means {
			out[i].Means = append(out[i].Means, scale[a]*m.Means[a]+shift[a])
			for b := a; b < len(m.Means); b++ {
				out[i].Cross = append(out[i].Cross, scale[a]*scale[b]*m.Cov(a, b)*float64(m.N-1))
			}
		}
	}
	return out
}

// TestUnitsDoNotMatter: another unit of value and covariate, other names of blocks and another order of clusters give the same answer; swapped
// sides the same with the other sign.
func TestUnitsDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64Range(1, 1e6).Draw(t, "seed"), 0))
		treated, control, d := market(rng, rapid.IntRange(6, 20).Draw(t, "blocks"))
		components := rapid.SampledFrom([][]int{{0}, {0, 2}, {0, 1}, {0, 1, 2}}).Draw(t, "components")
		parts := 1
		if slices.Contains(components, 1) {
			parts = 2
		}
		treated, control = choose(treated, components), choose(control, components)
		scale, shift := []float64{math.Exp(rapid.Float64Range(-8, 8).Draw(t, "scale"))}, []float64{0}
		for range components[1:parts] {
			scale, shift = append(scale, 1), append(shift, 0)
		}
		for range components[parts:] {
			scale, shift = append(scale, -scale[0]), append(shift, 17)
		}
		plain, err := Compare(treated, control, parts, d)
		if err != nil {
			t.Skip(err)
		}
		other1, other0 := scaled(treated, scale, shift), scaled(control, scale, shift)
		e := Design{}
		for _, b := range d.Treated {
			e.Treated = append(e.Treated, 1000-3*b)
		}
		for _, b := range d.Control {
			e.Control = append(e.Control, 1000-3*b)
		}
		slices.Reverse(other1)
		slices.Reverse(e.Treated)
		other, err := Compare(other1, other0, parts, e)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "p", other.PDifference(0), plain.PDifference(0), 1e-6)
		near(t, "upper", other.Difference(0.9).Upper/scale[0], plain.Difference(0.9).Upper, 1e-6)
		near(t, "lift", other.Lift(0.9).Lower, plain.Lift(0.9).Lower, 1e-6)
		near(t, "effective", other.Effective, plain.Effective, 1e-9)
		swapped, err := Compare(control, treated, parts, Design{Treated: d.Control, Control: d.Treated})
		if err != nil {
			t.Fatal(err)
		}
		near(t, "swapped", swapped.Difference(0.9).Upper, -plain.Difference(0.9).Lower, 1e-9)
		if d := Evenness(units(treated), units(control), d); parts == 1 && math.Abs(d.Effective-plain.Effective) > 1e-9 || d.Clusters != plain.Clusters || d.Small != plain.Small {
			t.Errorf("by sizes %+v, by values %+v", d, plain.Diagnostics)
		}
	})
}

func units(clusters []stats.Moments) []int64 {
	out := make([]int64, len(clusters))
	for i := range clusters {
		out[i] = clusters[i].N
	}
	return out
}

// choose keeps some components, in order.
func choose(clusters []stats.Moments, components []int) []stats.Moments {
	out := make([]stats.Moments, len(clusters))
	for i := range clusters {
		m := &clusters[i]
		if m.N == 0 {
			continue
		}
		out[i].N = m.N
		for k, a := range components {
			out[i].Means = append(out[i].Means, m.Means[a])
			for _, b := range components[k:] {
				out[i].Cross = append(out[i].Cross, m.Cov(a, b)*float64(m.N-1))
			}
		}
	}
	return out
}

// TestShift: a constant for every unit moves levels, not the difference nor its error.
func TestShift(t *testing.T) {
	treated, control, d := market(rand.New(rand.NewPCG(1, 2)), 12)
	treated, control = choose(treated, []int{0, 2}), choose(control, []int{0, 2})
	plain, err1 := Compare(treated, control, 1, d)
	other, err2 := Compare(scaled(treated, []float64{1, 1}, []float64{100, 0}), scaled(control, []float64{1, 1}, []float64{100, 0}), 1, d)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	near(t, "difference", other.Difference(0.95).Estimate, plain.Difference(0.95).Estimate, 1e-9)
	near(t, "standard error", other.Difference(0.95).StdError, plain.Difference(0.95).StdError, 1e-9)
	near(t, "level", other.LevelControl, plain.LevelControl+100, 1e-12)
}

// TestFew: effective clusters are counted as the package says.
func TestFew(t *testing.T) {
	same := func(n int) (sizes []int64, blocks []int) {
		for i := range n {
			sizes, blocks = append(sizes, 100), append(blocks, i)
		}
		return sizes, blocks
	}
	sizes, blocks := same(50)
	if d := Evenness(sizes, sizes, Design{Treated: blocks, Control: blocks}); math.Abs(d.Effective-51) > 1e-9 || d.Few() != "" || d.Small != 50 {
		t.Errorf("%+v: %s", d, d.Few())
	}
	if d := Evenness(sizes[:20], sizes[:20], Design{}); math.Abs(d.Effective-40) > 1e-9 || d.Few() != "" {
		t.Errorf("%+v: %s", d, d.Few())
	}
	if d := Evenness(sizes[:30], sizes[:30], Design{Treated: blocks[:30], Control: blocks[:30]}); d.Few() == "" {
		t.Errorf("%+v", d)
	}
	if d := Evenness(nil, sizes, Design{}); d.Few() == "" {
		t.Errorf("%+v", d)
	}
}
