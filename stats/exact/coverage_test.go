package exact

import (
	"math"
	"testing"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
)

// TestUnconditionalCoverage enumerates all outcomes of small samples: at no pair of proportions do the intervals miss more often than
// they may, also where a p-value rises again far out (3 and 9 units, 80 %).
func TestUnconditionalCoverage(t *testing.T) {
	if testing.Short() {
		t.Skip("all outcomes of several tables")
	}
	for _, c := range []struct {
		n1, n0 int64
		level  float64
	}{{3, 9, 0.8}, {4, 4, 0.95}} {
		type outcome struct {
			x1, x0 float64
			test   UnconditionalTest
		}
		var outcomes []outcome
		for x1 := range c.n1 + 1 {
			for x0 := range c.n0 + 1 {
				u, err := Unconditional(stats.Binomial{Successes: x1, N: c.n1}, stats.Binomial{Successes: x0, N: c.n0}, c.level)
				if err != nil {
					t.Fatal(err)
				}
				outcomes = append(outcomes, outcome{float64(x1), float64(x0), u})
			}
		}
		for i := 1; i < 60; i++ {
			for j := 1; j < 60; j++ {
				p1, p0 := float64(i)/60, float64(j)/60
				difference, ratio := 0.0, 0.0
				for _, o := range outcomes {
					p := math.Exp(dist.BinomialLogPMF(o.x1, float64(c.n1), p1) + dist.BinomialLogPMF(o.x0, float64(c.n0), p0))
					if d := o.test.Difference; d.Lower-1e-9 <= p1-p0 && p1-p0 <= d.Upper+1e-9 {
						difference += p
					}
					if r := o.test.Ratio; r.Lower-1e-9 <= p1/p0 && p1/p0 <= r.Upper+1e-9 {
						ratio += p
					}
				}
				if math.Min(difference, ratio) < c.level-1e-9 {
					t.Errorf("%+v, proportions %v and %v: covered by %v and %v", c, p1, p0, difference, ratio)
				}
			}
		}
	}
}
