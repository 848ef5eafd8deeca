package anytime

import "testing"

// Figures of test/uniform_boundaries_unittest.cpp in github.com/gostevehoward/confseq, as printed there, to 1e-5; those that the reference
// vectors do not have.

func TestBernoulliIntervalOfConfseq(t *testing.T) {
	for _, c := range []struct{ x, n, target, lower, upper float64 }{
		{5, 50, 50, 0.013021, 0.269264},
		{1, 50, 50, 0, 0.13489},
		{1, 2, 50, 0, 1},
		{0, 1, 50, 0, 1},
		{1, 1, 50, 0, 1},
	} {
		lower, upper, err := BernoulliInterval(c.x, c.n, 0.05, c.target)
		if err != nil {
			t.Fatal(err)
		}
		closeTo(t, "lower", lower, c.lower, 1e-5)
		closeTo(t, "upper", upper, c.upper, 1e-5)
	}
}

func TestStitchingOfConfseq(t *testing.T) {
	got, err := Stitching{Start: 10, C: -1}.Boundary(100, 0.05)
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "negative scale", got, 28.99389, 1e-5)
}

// TestLargestSum: two heads in a row cannot show anything yet.
func TestLargestSum(t *testing.T) {
	m := SubBernoulli{G: 0.2, H: 0.8, OneSided: true}.Tuned(100, 0.05)
	got, err := m.Boundary(2*0.2*0.8, 0.05)
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "boundary", got, 2*0.8, 1e-5)
}
