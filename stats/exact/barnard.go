package exact

import (
	"math"

	"liftgate/stats"
)

// BarnardTest is what [Barnard] gives.
type BarnardTest struct {
	Statistic float64 // pooled z
	PValue    float64 // two-sided, by |z|
	PLess     float64 // of a lower proportion in the treatment
	PGreater  float64 // of a higher one
	Nuisance  float64 // the common proportion at which the two-sided p-value is reached
}

// Barnard is the unconditional exact test of two proportions (Barnard 1947) with the pooled z as its statistic (S. Suissa and J. J.
// Shuster, JRSS A 148 (1985) 317-327): the probability of outcomes at least as extreme, at the common proportion where it is largest. It
// has no interval: see [Unconditional].
func Barnard(treated, control stats.Binomial) (BarnardTest, error) {
	base, err := newRegion(treated, control)
	if err != nil {
		return BarnardTest{}, err
	}
	common := pooled(treated, control)
	z := pooledZ{float64(treated.N), float64(control.N)}
	observed := z.at(int(treated.Successes), int(control.Successes))
	out := BarnardTest{Statistic: observed}
	greater, less, both := base.empty(), base.empty(), base.empty()
	greater.addLower(func(x1, x0 int) bool { return atLeast(z.at(x1, x0), observed) })
	less.addUpper(func(x1, x0 int) bool { return atLeast(-z.at(x1, x0), -observed) })
	out.PGreater, _ = greater.supremum(common)
	out.PLess, _ = less.supremum(common)
	if observed == 0 {
		out.PValue = 1
		return out, nil
	}
	size := math.Abs(observed)
	both.addLower(func(x1, x0 int) bool { return atLeast(z.at(x1, x0), size) })
	both.addUpper(func(x1, x0 int) bool { return atLeast(-z.at(x1, x0), size) })
	out.PValue, out.Nuisance = both.supremum(common)
	return out, nil
}

// atLeast compares statistics; those that differ by rounding are equal.
func atLeast(x, bound float64) bool { return x == bound || x >= bound-1e-10*(1+math.Abs(bound)) }

func (r *region) empty() region { return region{r.n1, r.n0, make([][]span, r.n1+1)} }

// pooledZ is the z statistic of two samples.
type pooledZ struct{ n1, n0 float64 }

func (z pooledZ) at(x1, x0 int) float64 {
	p := float64(x1+x0) / (z.n1 + z.n0)
	if p == 0 || p == 1 {
		return 0
	}
	return (float64(x1)/z.n1 - float64(x0)/z.n0) / math.Sqrt(p*(1-p)*(1/z.n1+1/z.n0))
}
