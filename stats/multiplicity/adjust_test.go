package multiplicity_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"liftgate/stats"
	"liftgate/stats/multiplicity"
)

type adjustment func([]float64) ([]float64, error)

var adjustments = map[string]adjustment{
	"bonferroni": multiplicity.Bonferroni, "holm": multiplicity.Holm, "hochberg": multiplicity.Hochberg, "hommel": multiplicity.Hommel,
	"sidak": multiplicity.Sidak, "holm-sidak": multiplicity.HolmSidak,
	"benjamini-hochberg": multiplicity.BenjaminiHochberg, "benjamini-yekutieli": multiplicity.BenjaminiYekutieli,
}

func drawP(t *rapid.T) []float64 {
	value := rapid.OneOf(rapid.Float64Range(0, 1), rapid.Float64Range(0, 0.01), rapid.SampledFrom([]float64{0, 1, 0.5, 1e-300}))
	return rapid.SliceOfN(value, 1, 12).Draw(t, "p")
}

func TestAdjustedPValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawP(t)
		order := rapid.Permutation(indices(len(p))).Draw(t, "order")
		for name, adjust := range adjustments {
			adjusted := must(t, adjust, p)
			shuffled := must(t, adjust, pick(p, order))
			for i, v := range adjusted {
				if v < p[i] || v > 1 {
					t.Fatalf("%s: %v becomes %v", name, p[i], v)
				}
				for j := range p {
					if p[i] < p[j] && adjusted[i] > adjusted[j] {
						t.Fatalf("%s changes the order of %v and %v: %v, %v", name, p[i], p[j], adjusted[i], adjusted[j])
					}
				}
			}
			if !slices.Equal(pick(adjusted, order), shuffled) {
				t.Fatalf("%s depends on the order: %v, %v", name, adjusted, shuffled)
			}
		}
	})
}

// What needs more assumptions rejects whatever the procedures before it reject.
func TestPowerOfAdjustments(t *testing.T) {
	for _, pair := range [][2]string{
		{"bonferroni", "holm"},
		{"holm", "hochberg"},
		{"hochberg", "hommel"},
		{"hommel", "benjamini-hochberg"},
		{"bonferroni", "sidak"},
		{"sidak", "holm-sidak"},
		{"holm", "holm-sidak"},
		{"benjamini-yekutieli", "benjamini-hochberg"},
	} {
		t.Run(pair[0]+" and "+pair[1], func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				p := drawP(t)
				careful, bold := must(t, adjustments[pair[0]], p), must(t, adjustments[pair[1]], p)
				for i := range p {
					if bold[i] > careful[i]*(1+1e-12) {
						t.Fatalf("%v: %v, %v", p, careful, bold)
					}
				}
			})
		})
	}
}

// Hommel is closed testing with Simes' test of every subset.
func TestHommelClosesSimes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawP(t)[:1]
		p = append(p, rapid.SliceOfN(rapid.Float64Range(0, 1), 0, 7).Draw(t, "more")...)
		adjusted := must(t, multiplicity.Hommel, p)
		for i := range p {
			worst := 0.0
			for set := range 1 << len(p) {
				if set&(1<<i) != 0 {
					worst = max(worst, simes(p, set))
				}
			}
			if math.Abs(worst-adjusted[i]) > 1e-12 {
				t.Fatalf("%v: adjusted %v, closed testing says %v", p, adjusted[i], worst)
			}
		}
	})
}

func simes(p []float64, set int) float64 {
	var in []float64
	for i, v := range p {
		if set&(1<<i) != 0 {
			in = append(in, v)
		}
	}
	slices.Sort(in)
	least := 1.0
	for i, v := range in {
		least = min(least, float64(len(in))*v/float64(i+1))
	}
	return least
}

func TestNoPValues(t *testing.T) {
	for name, adjust := range adjustments {
		if _, err := adjust(nil); !errors.Is(err, stats.ErrTooFew) {
			t.Errorf("%s without p-values: %v", name, err)
		}
		for _, p := range []float64{-0.1, 1.1, math.NaN(), math.Inf(1)} {
			if _, err := adjust([]float64{0.5, p}); !errors.Is(err, stats.ErrInvalid) {
				t.Errorf("%s of %v: %v", name, p, err)
			}
		}
	}
}

func TestRomanoWolf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, draws := rapid.IntRange(1, 5).Draw(t, "m"), rapid.IntRange(1, 40).Draw(t, "draws")
		value := rapid.Float64Range(-4, 4)
		observed := rapid.SliceOfN(value, m, m).Draw(t, "observed")
		resampled := rapid.SliceOfN(rapid.SliceOfN(value, m, m), draws, draws).Draw(t, "resampled")
		adjusted, err := multiplicity.RomanoWolf(observed, resampled)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range adjusted {
			alone := 1
			for _, row := range resampled {
				if math.Abs(row[i]) >= math.Abs(observed[i]) {
					alone++
				}
			}
			if least := float64(alone) / float64(draws+1); v < least-1e-12 || v > 1 {
				t.Fatalf("adjusted %v, alone %v", v, least)
			}
		}
	})
	for _, bad := range [][][]float64{{{1}}, {{1, math.NaN()}}, {{1, 2}, {1, 2, 3}}} {
		if _, err := multiplicity.RomanoWolf([]float64{1, 2}, bad); !errors.Is(err, stats.ErrInvalid) {
			t.Errorf("draws %v: %v", bad, err)
		}
	}
	if _, err := multiplicity.RomanoWolf(nil, nil); !errors.Is(err, stats.ErrTooFew) {
		t.Error(err)
	}
}

func Example() {
	adjusted, err := multiplicity.Holm([]float64{0.011, 0.020, 0.300})
	if err != nil {
		panic(err)
	}
	fmt.Printf("%.3f\n", adjusted)
	shares, err := multiplicity.Roles{Success: 2, Guardrails: 3, Treatments: 1}.Split(0.05)
	if err != nil {
		panic(err)
	}
	fmt.Printf("each success metric %.3f, each guardrail %.3f\n", shares.Success, shares.Guardrail)
	// Output:
	// [0.033 0.040 0.300]
	// each success metric 0.025, each guardrail 0.050
}

type failer interface{ Fatal(...any) }

func must(t failer, adjust adjustment, p []float64) []float64 {
	adjusted, err := adjust(p)
	if err != nil {
		t.Fatal(err)
	}
	return adjusted
}

func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func pick(values []float64, order []int) []float64 {
	out := make([]float64, len(order))
	for i, k := range order {
		out[i] = values[k]
	}
	return out
}
