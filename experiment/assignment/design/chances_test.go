package design

import (
	"fmt"
	"math"
	"os"
	"testing"

	"liftgate/experiment"
	"liftgate/experiment/assignment"
	"liftgate/stats/randomisation"
)

// repetitions are few unless somebody has time.
func repetitions(t *testing.T) int {
	switch {
	case os.Getenv("LIFTGATE_SLOW") != "":
		return 20_000
	case testing.Short():
		t.Skip("draws designs again and again")
	}
	return 1000
}

// tally counts, over draws with different seeds, who got what alone and together.
type tally struct {
	draws    float64
	got      [][]float64 // by merchant and variant
	together [][]float64 // pairs of merchants who both got the first variant
	squares  []float64   // of the standardised differences of the balance variables, for the first treatment
	reports  []assignment.Comparison
}

func tallied(t *testing.T, n int, design experiment.Design, weights ...uint64) (*tally, *assignment.Record) {
	t.Helper()
	sums := &tally{squares: make([]float64, len(design.Balance))}
	for range n {
		sums.got = append(sums.got, make([]float64, len(weights)))
		sums.together = append(sums.together, make([]float64, n))
	}
	r, err := readList(defined(&design, weights...), shops(11, n))
	if err != nil {
		t.Fatal(err)
	}
	for seed := range repetitions(t) {
		r.design.Seed = int64(seed)
		if err := r.draw(t.Context()); err != nil {
			t.Fatal(err)
		}
		sums.add(r)
		if seed >= reported {
			continue
		}
		report, err := r.report()
		if err != nil {
			t.Fatal(err)
		}
		sums.reports = append(sums.reports, report.Comparisons[0])
	}
	return sums, r.record
}

// reported draws have a report: they differ little.
const reported = 10

func (s *tally) add(r *roll) {
	s.draws++
	for i := range r.variant {
		s.got[i][r.variant[i]]++
		for j := range i {
			if r.variant[i] == 0 && r.variant[j] == 0 {
				s.together[i][j]++
			}
		}
	}
	for k := range s.squares {
		_, sd := r.describe(k)
		sums, n := [2]float64{}, [2]float64{}
		for i, v := range r.variant {
			if v < 2 {
				sums[v] += r.x[i][k]
				n[v]++
			}
		}
		d := (sums[1]/n[1] - sums[0]/n[0]) / sd
		s.squares[k] += d * d
	}
}

// checkChances holds every merchant's shares against the weights: Pearson's chi-square a merchant, and no larger than one in a million.
func (s *tally) checkChances(t *testing.T, weights []uint64) {
	t.Helper()
	total := 0.0
	for _, w := range weights {
		total += float64(w)
	}
	worst := 0.0
	for i := range s.got {
		square := 0.0
		for v, got := range s.got[i] {
			want := s.draws * float64(weights[v]) / total
			square += (got - want) * (got - want) / want
		}
		worst = max(worst, square)
	}
	if p := float64(len(s.got)) * (1 - chiSquare(len(weights)-1, worst)); p < 1e-5 {
		t.Errorf("a merchant's chances are not the weights: chi-square %v with %d degrees of freedom", worst, len(weights)-1)
	}
}

// TestChances: with every method a merchant's chance of a variant is its weight, and the reported size of the differences is the true one.
func TestChances(t *testing.T) {
	strata := []string{"platform", "country"}
	balance := []string{"gmv", "orders", "share"}
	for _, test := range []struct {
		n       int
		design  experiment.Design
		weights []uint64
	}{
		{23, experiment.Design{Method: "stratified", Strata: strata}, []uint64{1, 1}},
		{23, experiment.Design{Method: "stratified", Strata: strata}, []uint64{3, 1, 1}},
		{25, experiment.Design{Method: "paired", Matching: "optimal", Balance: balance}, []uint64{1, 1}},
		{24, experiment.Design{Method: "paired", Matching: "greedy", Strata: strata, Balance: balance}, []uint64{1, 1}},
		{26, experiment.Design{Method: "paired", Matching: "optimal", Strata: strata, Balance: balance}, []uint64{1, 2}},
		{26, experiment.Design{Method: "paired", Matching: "optimal", Balance: balance}, []uint64{1, 1, 1}},
		{24, experiment.Design{Method: "rerandomized", Balance: balance, Threshold: 1}, []uint64{1, 1}},
		{25, experiment.Design{Method: "rerandomized", Strata: []string{"platform"}, Balance: balance, Threshold: 1}, []uint64{1, 1}},
	} {
		name := fmt.Sprint(test.design.Method, test.design.Matching, test.weights, len(test.design.Strata))
		t.Run(name, func(t *testing.T) {
			sums, r := tallied(t, test.n, test.design, test.weights...)
			sums.checkChances(t, test.weights)
			sums.checkBalance(t, r)
		})
	}
}

// checkBalance: differences are as large as reported, up to the limits of the sums.
func (s *tally) checkBalance(t *testing.T, r *assignment.Record) {
	t.Helper()
	for k, v := range s.reports[0].Variables {
		found, expected, chance := s.squares[k]/s.draws, 0.0, v.Before*v.Before
		for i := range s.reports {
			e := s.reports[i].Variables[k].Expected
			expected += e * e / float64(len(s.reports))
		}
		t.Logf("%s: mean square %.4f, reported %.4f, by chance %.4f", v.Name, found, expected, chance)
		tolerance := 8 * math.Sqrt(2/s.draws)
		if r.Limit > 0 {
			tolerance += 0.15 // the theory of re-randomisation is one of many merchants
		}
		if math.Abs(found/expected-1) > tolerance {
			t.Errorf("%s: differences have a mean square of %v, reported was %v", v.Name, found, expected)
		}
		if found > chance {
			t.Errorf("%s: the design gains nothing: %v of %v", v.Name, found, chance)
		}
	}
}

// TestCovariances: two of a pair never get the same variant; what pairs get is independent.
func TestCovariances(t *testing.T) {
	sums, r := tallied(t, 20, experiment.Design{Method: "paired", Matching: "optimal", Balance: []string{"gmv", "share"}}, 1, 1)
	for i := range r.Merchants {
		for j := range i {
			want := 0.25
			if r.Merchants[i].Pair == r.Merchants[j].Pair {
				want = 0
			}
			got := sums.together[i][j] / sums.draws
			if math.Abs(got-want) > 5*math.Sqrt(want*(1-want)/sums.draws) {
				t.Errorf("%d and %d are both in control in %.4f of the draws, want %v", i, j, got, want)
			}
		}
	}
}

// TestDistance is that by which an analysis would draw again.
func TestDistance(t *testing.T) {
	balance := []string{"gmv", "orders", "share"}
	for _, weights := range [][]uint64{{1, 1}, {1, 2}, {2, 1, 1}} {
		d := defined(&experiment.Design{Method: "rerandomized", Balance: balance, Strata: []string{"platform"}, Seed: 9}, weights...)
		r := drawn(t, d, shops(4, 101))
		worst := 0.0
		for v := 1; v < len(weights); v++ {
			var b randomisation.Balance
			for _, m := range r.Merchants {
				switch m.Variant {
				case "v0":
					b.Control = append(b.Control, m.Balance)
				case fmt.Sprint("v", v):
					b.Treated = append(b.Treated, m.Balance)
				}
			}
			distance, err := b.Distance()
			if err != nil {
				t.Fatal(err)
			}
			worst = max(worst, distance)
		}
		if math.Abs(worst-r.Distance) > 1e-9*worst || r.Distance > r.Limit {
			t.Errorf("%v: distance %v of %v, the analysis has %v", weights, r.Distance, r.Limit, worst)
		}
	}
}
