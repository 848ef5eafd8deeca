package cluster

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
	"liftgate/stats/internal/magnitude"
)

// Pair is the outcomes of a matched pair of which one was treated at random.
type Pair struct{ Treated, Control float64 }

// PairComparison is a difference in means over matched pairs.
type PairComparison struct {
	Estimate float64
	StdError float64 // of the mean pair difference: K. Imai, Statistics in Medicine 27 (2008) 4857-4873
	T        float64
	DF       float64 // pairs - 1
	PValue   float64 // of T
	// Bai, Romano and Shaikh's variance, for pairs listed so that neighbours are alike: Tau2 is the mean squared difference, Lambda2 the
	// mean product of the differences of neighbouring pairs, Nu2 = Tau2 - (Lambda2 + Estimate²)/2. StdErrorBRS = sqrt(Nu2/n) with a normal
	// p-value; NaN where Nu2 is not positive.
	Tau2, Lambda2, Nu2     float64
	StdErrorBRS, PValueBRS float64
	// StdErrorUnpaired is what Welch's test would take, which ignores the pairs: too large when pairing helped.
	StdErrorUnpaired float64
}

// Pairs compares matched pairs. The first standard error is right for the average effect in the pairs at hand, or conservative when
// effects differ; the second (Y. Bai, J. Romano, A. Shaikh, "Inference in Experiments With Matched Pairs", JASA 117 (2022) 1726-1737, eq.
// 20) for pairs as drawn from many. An odd last pair has no neighbour and is left out of Lambda2. Errors: stats.ErrTooFew below two
// pairs, stats.ErrNoVariance when all differences are the same.
func Pairs(pairs []Pair) (PairComparison, error) {
	var d, treated, control stats.Moments
	var out PairComparison
	for i, p := range pairs {
		if !magnitude.Fits(p.Treated) || !magnitude.Fits(p.Control) {
			return out, fmt.Errorf("%w: pair %d has %v and %v", stats.ErrInvalid, i+1, p.Treated, p.Control)
		}
		d.Add(p.Treated - p.Control)
		treated.Add(p.Treated)
		control.Add(p.Control)
	}
	if d.N < 2 {
		return out, fmt.Errorf("%w: %d pairs, a variance needs 2", stats.ErrTooFew, d.N)
	}
	n := float64(d.N)
	out = PairComparison{
		Estimate: d.Means[0], StdError: math.Sqrt(d.Cov(0, 0) / n), DF: n - 1,
		StdErrorUnpaired: math.Sqrt((treated.Cov(0, 0) + control.Cov(0, 0)) / n), StdErrorBRS: math.NaN(), PValueBRS: math.NaN(),
	}
	if out.StdError <= 1e-13*math.Abs(out.Estimate) {
		return out, fmt.Errorf("%w: every pair has the same difference", stats.ErrNoVariance)
	}
	out.T = out.Estimate / out.StdError
	out.PValue = 2 * dist.StudentSF(math.Abs(out.T), out.DF)
	out.neighbours(pairs)
	return out, nil
}

// neighbours computes Bai, Romano and Shaikh's variance.
func (c *PairComparison) neighbours(pairs []Pair) {
	n := float64(len(pairs))
	for i, p := range pairs {
		d := p.Treated - p.Control
		c.Tau2 += d * d / n
		if i%2 == 1 {
			c.Lambda2 += 2 / n * d * (pairs[i-1].Treated - pairs[i-1].Control)
		}
	}
	c.Nu2 = c.Tau2 - (c.Lambda2+c.Estimate*c.Estimate)/2
	if c.Nu2 > 0 {
		c.StdErrorBRS = math.Sqrt(c.Nu2 / n)
		c.PValueBRS = 2 * dist.NormalSF(math.Abs(c.Estimate)/c.StdErrorBRS)
	}
}

// ClusterPair is a matched pair of clusters.
type ClusterPair struct{ Treated, Control Totals }

// ClusterPairComparison is a difference over matched pairs of clusters.
type ClusterPairComparison struct {
	Estimate      float64 // sum w d / sum w, d the difference of a pair's means and w its size
	StdError      float64
	EstimateHajek float64 // ratio of totals in the treated less that in the control
	StdErrorHajek float64
	DF            float64 // pairs - 1
	PValue        float64 // of Estimate, Student's t
	PValueHajek   float64
}

// ClusterPairs compares matched pairs of clusters: K. Imai, G. King, C. Nall, "The Essential Role of Pair Matching in Cluster-Randomized
// Experiments", Statistical Science 24 (2009) 29-53, eq. 10 (arithmetic-mean weights), and the Hajek difference with the variance of its
// linearised pair differences. Errors: stats.ErrTooFew below two pairs, stats.ErrZeroDenominator for a cluster without units,
// stats.ErrNoVariance, stats.ErrInvalid.
func ClusterPairs(pairs []ClusterPair) (ClusterPairComparison, error) {
	var out ClusterPairComparison
	if len(pairs) < 2 {
		return out, fmt.Errorf("%w: %d pairs, a variance needs 2", stats.ErrTooFew, len(pairs))
	}
	var t, c Totals
	weight := 0.0
	for i, p := range pairs {
		for _, side := range []Totals{p.Treated, p.Control} {
			if !magnitude.Fits(side.Y) || !(side.M >= 0) || side.M > magnitude.Largest {
				return out, fmt.Errorf("%w: pair %d has a cluster with total %v and size %v", stats.ErrInvalid, i+1, side.Y, side.M)
			}
			if side.M == 0 {
				return out, fmt.Errorf("%w: a cluster of pair %d has no units", stats.ErrZeroDenominator, i+1)
			}
		}
		t, c = Totals{t.Y + p.Treated.Y, t.M + p.Treated.M}, Totals{c.Y + p.Control.Y, c.M + p.Control.M}
		w := p.Treated.M + p.Control.M
		weight += w
		out.Estimate += w * p.difference()
	}
	out.Estimate /= weight
	out.EstimateHajek = t.Y/t.M - c.Y/c.M
	m := float64(len(pairs))
	for _, p := range pairs {
		e := ((p.Treated.M+p.Control.M)*p.difference() - weight*out.Estimate/m) / weight
		h := (p.Treated.Y-t.Y/t.M*p.Treated.M)/t.M - (p.Control.Y-c.Y/c.M*p.Control.M)/c.M
		out.StdError += e * e
		out.StdErrorHajek += h * h
	}
	out.StdError, out.StdErrorHajek = math.Sqrt(out.StdError*m/(m-1)), math.Sqrt(out.StdErrorHajek*m/(m-1))
	if out.StdError <= 1e-13*math.Abs(out.Estimate) || out.StdErrorHajek <= 1e-13*math.Abs(out.EstimateHajek) {
		return out, fmt.Errorf("%w: every pair has the same difference", stats.ErrNoVariance)
	}
	out.DF = m - 1
	out.PValue = 2 * dist.StudentSF(math.Abs(out.Estimate)/out.StdError, out.DF)
	out.PValueHajek = 2 * dist.StudentSF(math.Abs(out.EstimateHajek)/out.StdErrorHajek, out.DF)
	return out, nil
}

func (p ClusterPair) difference() float64 {
	return p.Treated.Y/p.Treated.M - p.Control.Y/p.Control.M
}
