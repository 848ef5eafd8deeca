package exact

import (
	"testing"

	"liftgate/stats"
)

// TestSupremum against a grid far finer than the search's own: nothing is missed by more than a millionth.
func TestSupremum(t *testing.T) {
	for _, c := range []struct{ treated, control stats.Binomial }{
		{stats.Binomial{Successes: 13, N: 60}, stats.Binomial{Successes: 19, N: 45}},
		{stats.Binomial{Successes: 3, N: 200}, stats.Binomial{Successes: 2, N: 31}},
		{stats.Binomial{Successes: 1, N: 97}, stats.Binomial{Successes: 12, N: 89}},
		{stats.Binomial{Successes: 170, N: 180}, stats.Binomial{Successes: 3, N: 7}},
	} {
		base, err := newRegion(c.treated, c.control)
		if err != nil {
			t.Fatal(err)
		}
		z := pooledZ{float64(base.n1), float64(base.n0)}
		observed := z.at(int(c.treated.Successes), int(c.control.Successes))
		base.addLower(func(x1, x0 int) bool { return atLeast(z.at(x1, x0), observed) })
		got, _ := base.supremum(pooled(c.treated, c.control))
		b := newBinomials(base.n1, base.n0)
		fine := 0.0
		const points = 20_000
		for i := range points + 1 {
			p := float64(i) / points
			fine = max(fine, base.probability(b, p, p))
		}
		if got < fine*(1-1e-6) || got > fine*(1+1e-4) {
			t.Errorf("%+v: got %.10g, a fine grid has %.10g", c, got, fine)
		}
	}
}
