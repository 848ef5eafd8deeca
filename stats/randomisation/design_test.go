package randomisation

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"liftgate/stats"
)

func noErrors(t testing.TB, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestEnumerate: as many assignments as counted, all different, each with the right numbers in every stratum.
func TestEnumerate(t *testing.T) {
	d := Design{TreatedStrata: []int{7, 7, 3}, ControlStrata: []int{3, 3, 7, 7, 7}}
	p, err := newPlan(3, 5, d)
	noErrors(t, err)
	all := p.enumerate()
	if len(all) != 30 || p.assignments() != 30 {
		t.Fatalf("%d assignments, %v counted, want 30", len(all), p.assignments())
	}
	seen := map[uint64]bool{}
	for _, a := range all {
		seen[a[0]] = true
		checkStrata(t, p, a)
	}
	if len(seen) != 30 || !seen[p.observed()[0]] {
		t.Errorf("%d different", len(seen))
	}
}

func checkStrata(t *testing.T, p *plan, a assignment) {
	t.Helper()
	for _, s := range p.strata {
		treated := 0
		a.each(func(i int) {
			if slices.Contains(s.members, i) {
				treated++
			}
		})
		if treated != s.treated {
			t.Fatalf("%d treated in a stratum, want %d", treated, s.treated)
		}
	}
}

// TestDraw: random assignments are uniform over the design.
func TestDraw(t *testing.T) {
	p, err := newPlan(3, 5, Design{TreatedStrata: []int{1, 1, 2}, ControlStrata: []int{2, 2, 1, 1, 1}})
	noErrors(t, err)
	d, err := p.repeat(29, 1)
	noErrors(t, err)
	if d.exact {
		t.Fatal("29 draws are all of 30")
	}
	const n = 30000
	list := cut(make([]uint64, n), 1)
	noErrors(t, p.draw(list, rand.NewPCG(1, 1)))
	counts := map[uint64]float64{}
	for _, a := range list {
		checkStrata(t, p, a)
		counts[a[0]]++
	}
	chi2 := 0.0
	for _, c := range counts {
		chi2 += (c - n/30) * (c - n/30) / (n / 30)
	}
	if len(counts) != 30 || chi2 > 58.3 { // upper 0.1 % of 29 degrees of freedom
		t.Errorf("%d assignments, chi-square %v", len(counts), chi2)
	}
}

// TestBalance: only balanced assignments are repeated, and the assignment itself must be.
func TestBalance(t *testing.T) {
	b := &Balance{Treated: [][]float64{{1}, {4}, {6}}, Control: [][]float64{{2}, {3}, {5}}, Limit: 0.5}
	p, err := newPlan(3, 3, Design{Balance: b})
	noErrors(t, err)
	x := []float64{1, 4, 6, 2, 3, 5}
	for _, a := range p.enumerate() {
		sum := 0.0
		a.each(func(i int) { sum += x[i] })
		// Covariance 3.5 over six clusters; the difference of means is (2 sum - 21)/3.
		difference := (2*sum - 21) / 3
		if distance := 9. / 6 * difference * difference / 3.5; distance > 0.5 {
			t.Errorf("sum %v is at a distance of %v", sum, distance)
		}
	}
	if got := len(p.enumerate()); got != 12 {
		t.Errorf("%d balanced assignments", got)
	}
	b.Limit = 1e-6
	if _, err := newPlan(3, 3, Design{Balance: b}); err == nil {
		t.Error("an assignment that is not balanced belongs to the design")
	}
}

// TestSums over every subset table against adding up.
func TestSums(t *testing.T) {
	p, err := newPlan(70, 65, Design{})
	noErrors(t, err)
	d, err := p.repeat(700, 3)
	noErrors(t, err)
	feature := make([]float64, 135)
	for i := range feature {
		feature[i] = math.Sin(float64(i))
	}
	sums := d.sums([][]float64{feature, feature})
	for i, a := range d.list {
		want, count := 0.0, 0
		a.each(func(i int) { want += feature[i]; count++ })
		if count != 70 || math.Abs(sums[i][0]-want) > 1e-12 || sums[i][1] != sums[i][0] {
			t.Fatalf("draw %d of %d: got %v, want %v", i, count, sums[i], want)
		}
	}
}

// TestRoots of polynomials that are known by theirs.
func TestRoots(t *testing.T) {
	for _, roots := range [][]float64{{-3, -1, 0.5, 2}, {-1e6, -1, 1, 1e6}, {1, 1.001, 1.002, 5}, {0, 0, 3, 3}} {
		f := []float64{1}
		for _, r := range roots {
			next := make([]float64, len(f)+1)
			for i, c := range f {
				next[i] -= r * c
				next[i+1] += c
			}
			f = next
		}
		down, up := outermost(f)
		if want := max(roots[3], 0); math.Abs(up-want) > 1e-6*want {
			t.Errorf("%v: got %v", roots, up)
		}
		if want := max(-roots[0], 0); math.Abs(down-want) > 1e-6*want {
			t.Errorf("%v: got %v", roots, down)
		}
	}
	if down, up := outermost([]float64{-1, 0, -2, 0, -1}); down != 0 || up != 0 {
		t.Errorf("a polynomial without roots has %v and %v", -down, up)
	}
}

// TestNoAnswer: what has no answer gives a typed error.
func TestNoAnswer(t *testing.T) {
	good := pick(drawClusters(1, 4, 0), 0)
	flat := []stats.Moments{{N: 2, Means: []float64{1}, Cross: []float64{0}}, {N: 3, Means: []float64{1}, Cross: []float64{0}}}
	nan := []stats.Moments{{N: 2, Means: []float64{math.NaN()}, Cross: []float64{0}}, flat[0]}
	for name, c := range map[string]struct {
		treated, control []stats.Moments
		parts            int
		design           Design
		draws            int
	}{
		"none": {nil, nil, 1, Design{}, 0}, "one": {good[:1], good, 1, Design{}, 0}, "flat": {flat, flat, 1, Design{}, 0}, "NaN": {nan, good, 1, Design{}, 0},
		"parts": {good, good, 2, Design{}, 0}, "draws": {good, good, 1, Design{}, -1}, "too many": {good, good, 1, Design{}, 1 << 40},
		"strata":  {good, good, 1, Design{TreatedStrata: []int{1}}, 0},
		"balance": {good, good, 1, Design{Balance: &Balance{Limit: 1}}, 0},
		"empty":   {make([]stats.Moments, 3), make([]stats.Moments, 3), 1, Design{}, 0},
	} {
		if _, err := Compare(c.treated, c.control, c.parts, c.design, Options{Draws: c.draws}); err == nil {
			t.Errorf("%s: an answer", name)
		}
	}
	_, err1 := Test(nil, []float64{1}, Design{}, Options{})
	_, err2 := Test([]float64{1}, []float64{math.Inf(1)}, Design{}, Options{})
	_, err3 := Test([]float64{1, 2}, []float64{1}, Design{TreatedStrata: []int{1, 1}, ControlStrata: []int{2}}, Options{})
	for i, err := range []error{err1, err2, err3} {
		if err == nil {
			t.Errorf("test %d: an answer", i+1)
		}
	}
}

func (a assignment) each(visit func(i int)) {
	for w, word := range a {
		for ; word != 0; word &= word - 1 {
			visit(64*w + bits.TrailingZeros64(word))
		}
	}
}

// TestDefaultLimit: chi-square with two degrees of freedom is exponential; of two treatments each passes a draw in ten.
func TestDefaultLimit(t *testing.T) {
	for treatments, share := range map[int]float64{1: 0.01, 2: 0.1} {
		want := -2 * math.Log1p(-share)
		if got := DefaultLimit(2, treatments); math.Abs(got-want) > 1e-12 {
			t.Errorf("%d treatments: %v, want %v", treatments, got, want)
		}
	}
}
