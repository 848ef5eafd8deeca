package bucket

import (
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// Everything here is drawn with fixed seeds, so these tests pass always or never.

// kinds are ids as services have them: numbers in a row, random ones, and texts with much in common.
var kinds = []struct {
	name string
	id   func(i int, random *rand.Rand) string
}{
	{"sequential", func(i int, _ *rand.Rand) string { return strconv.Itoa(i + 1) }},
	{"UUID", func(_ int, r *rand.Rand) string {
		a, b := r.Uint64(), r.Uint64()
		return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>48&0x3fff|0x8000, b&0xffffffffffff)
	}},
	{"e-mail", func(i int, r *rand.Rand) string {
		return fmt.Sprintf("%s.%s%d@%s", pick(r, "anna", "john", "maria", "li"), pick(r, "smith", "garcia", "wang"), i, pick(r, "example.com", "mail.example.org"))
	}},
	{"non-ASCII", func(i int, r *rand.Rand) string {
		return fmt.Sprintf("%s-%s-%d", pick(r, "käufer", "客户", "покупатель", "🛒"), pick(r, "größe", "東京", "é"), i)
	}},
}

func pick(r *rand.Rand, of ...string) string { return of[r.IntN(len(of))] }

// sample is how much a test looks at.
type sample struct{ units, salts int }

func sampleSize() sample {
	switch {
	case os.Getenv("LIFTGATE_SLOW") != "":
		return sample{units: 200_000, salts: 100}
	case testing.Short():
		return sample{units: 5_000, salts: 10}
	}
	return sample{units: 20_000, salts: 50}
}

func (s sample) ids(kind int) []string {
	random := rand.New(rand.NewPCG(1, uint64(kind)))
	out := make([]string, s.units)
	for i := range out {
		out[i] = kinds[kind].id(i, random)
	}
	return out
}

// rules are experiments that halve everybody, alike but for their salts.
func (s sample) rules(hash Hash) []*Rule {
	random := rand.New(rand.NewPCG(2, 3))
	out := make([]*Rule, s.salts)
	for i := range out {
		out[i] = (&Plan{Hash: hash, Salt: fmt.Sprintf("experiment-%x", random.Uint32()), Traffic: Million, Weights: []uint64{1, 1}}).Rule()
	}
	return out
}

// chiSquare is the p-value of counts against equal shares.
func chiSquare(counts []int, freedom int) float64 {
	n := 0
	for _, c := range counts {
		n += c
	}
	want := float64(n) / float64(len(counts))
	var x float64
	for _, c := range counts {
		x += (float64(c) - want) * (float64(c) - want) / want
	}
	return distuv.ChiSquared{K: float64(freedom)}.Survival(x)
}

// uniformity are the p-values, one a salt, of the points in 1,000 buckets of one size.
func uniformity(rules []*Rule, ids []string) []float64 {
	out := make([]float64, len(rules))
	for i, r := range rules {
		counts := make([]int, 1000)
		for _, id := range ids {
			point := r.variant.point(id)
			if n := r.variant.hash.buckets(); n > 0 {
				counts[point*1000/n]++
			} else {
				high, _ := bits.Mul64(point, 1000)
				counts[high]++
			}
		}
		out[i] = chiSquare(counts, 999)
	}
	return out
}

// independence are the p-values of Pearson's test of a 2x2 table, one for each pair of experiments.
func independence(rules []*Rule, ids []string) []float64 {
	treated := make([][]uint64, len(rules)) // bit i is unit i
	totals := make([]int, len(rules))
	for i, r := range rules {
		treated[i] = make([]uint64, (len(ids)+63)/64)
		for j, id := range ids {
			variant := r.Assign(id).Variant
			treated[i][j/64] |= uint64(variant) << (j % 64)
			totals[i] += variant
		}
	}
	var out []float64
	for i := range rules {
		for j := range i {
			both := 0
			for w := range treated[i] {
				both += bits.OnesCount64(treated[i][w] & treated[j][w])
			}
			out = append(out, pearson(both, totals[i], totals[j], len(ids)))
		}
	}
	return out
}

// pearson is the p-value of a 2x2 table with one cell, two margins and n in all.
func pearson(both, first, second, n int) float64 {
	a, b, total := float64(first), float64(second), float64(n)
	spread := a * (total - a) * b * (total - b)
	if spread == 0 {
		return math.NaN()
	}
	x := total * math.Pow(total*float64(both)-a*b, 2) / spread
	return distuv.ChiSquared{K: 1}.Survival(x)
}

// kolmogorov is the p-value of Kolmogorov and Smirnov's test that values are uniform, with Stephens' correction for their number
// (J. R. Statist. Soc. B 32, 1970).
func kolmogorov(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := float64(len(sorted))
	var d float64
	for i, v := range sorted {
		d = max(d, v-float64(i)/n, float64(i+1)/n-v)
	}
	t := d * (math.Sqrt(n) + 0.12 + 0.11/math.Sqrt(n))
	if t < 0.2 {
		return 1
	}
	var p float64
	for k := 1.; k <= 100; k++ {
		p += 2 * math.Pow(-1, k-1) * math.Exp(-2*k*k*t*t)
	}
	return min(max(p, 0), 1)
}

// TestKolmogorov: critical values of the limit are 1.3581 at 5 % and 1.6276 at 1 % (Smirnov, Ann. Math. Statist. 19, 1948).
func TestKolmogorov(t *testing.T) {
	const n = 10_000
	for critical, want := range map[float64]float64{1.3581: 0.05, 1.6276: 0.01} {
		shift := critical / (math.Sqrt(n) + 0.12 + 0.11/math.Sqrt(n))
		values := make([]float64, n)
		for i := range values {
			values[i] = max(0, float64(i+1)/n-shift)
		}
		if got := kolmogorov(values); math.Abs(got-want) > 1e-5 {
			t.Errorf("%v at %v, want %v", got, critical, want)
		}
	}
}

// TestPointsAreUniform: p-values of the test of uniformity are themselves uniform, on every kind of id.
func TestPointsAreUniform(t *testing.T) { judge(t, uniformity) }

// TestExperimentsAreIndependent: so are those of the test of independence between any two experiments.
func TestExperimentsAreIndependent(t *testing.T) { judge(t, independence) }

func judge(t *testing.T, test func([]*Rule, []string) []float64) {
	s := sampleSize()
	for kind := range kinds {
		ids := s.ids(kind)
		values := test(s.rules(SHA256), ids)
		p, least := kolmogorov(values), slices.Min(values)
		t.Logf("%s: %d tests, Kolmogorov-Smirnov p = %.3f, least p = %.2g", kinds[kind].name, len(values), p, least)
		if p < 0.001 || least*float64(len(values)) < 0.001 {
			t.Errorf("%s: p-values are not uniform", kinds[kind].name)
		}
	}
}

// TestWhatGrowthBooksHashesDo: version 1 gives experiments that depend on each other, on every kind of id, and on numbers in a row it is
// not uniform either, which is why definitions have it for compatibility only. Version 2 shows neither here.
func TestWhatGrowthBooksHashesDo(t *testing.T) {
	if testing.Short() {
		t.Skip("two more hashes")
	}
	s := sampleSize()
	for kind, k := range kinds {
		ids := s.ids(kind)
		for name, hash := range map[string]Hash{"version 1": GrowthBookV1, "version 2": GrowthBookV2} {
			uniform, independent := kolmogorov(uniformity(s.rules(hash), ids)), kolmogorov(independence(s.rules(hash), ids))
			t.Logf("%s, %s: Kolmogorov-Smirnov p = %.2g of uniformity, %.2g of independence", name, k.name, uniform, independent)
			if first := hash == GrowthBookV1; (independent < 1e-3) != first || (uniform < 1e-3) != (first && k.name == "sequential") {
				t.Errorf("%s, %s: not what is said of it", name, k.name)
			}
		}
	}
}

func TestSharesAreThoseOfThePlan(t *testing.T) {
	p := &Plan{
		Holdout: "payments-2026", HoldoutShare: 50_000, Layer: "checkout", Slots: [2]int{100, 599},
		Salt: "amazon-pay-express-1", Traffic: 800_000, Weights: []uint64{50, 30, 20},
	}
	rule := p.Rule()
	const units = 200_000
	counts := map[Outcome]int{}
	for i := range units {
		o := rule.Assign(fmt.Sprint("shopper-", i))
		counts[Outcome{Variant: o.Variant, Reason: o.Reason}]++
	}
	in := 0.95 * 0.5
	for outcome, share := range map[Outcome]float64{
		{-1, Holdout, 0}: 0.05, {-1, Layer, 0}: 0.95 * 0.5, {-1, Traffic, 0}: in * 0.2,
		{0, Assigned, 0}: in * 0.8 * 0.5, {1, Assigned, 0}: in * 0.8 * 0.3, {2, Assigned, 0}: in * 0.8 * 0.2,
	} {
		if z := (float64(counts[outcome]) - share*units) / math.Sqrt(units*share*(1-share)); math.Abs(z) > 4 {
			t.Errorf("%+v: %d of %d, want a share of %v", outcome, counts[outcome], units, share)
		}
	}
	if len(counts) != 6 {
		t.Errorf("outcomes %v", counts)
	}
}
