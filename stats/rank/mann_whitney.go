package rank

import (
	"math"

	"liftgate/stats/internal/dist"
)

// Tails are p-values against "a value of either sample is as likely the larger": TwoSided; Less for the alternative that the
// treatment's are smaller, Greater that they are larger.
type Tails struct{ TwoSided, Less, Greater float64 }

// MannWhitney is the result of [CompareOrder].
type MannWhitney struct {
	U           float64 // pairs in which the treatment's value is larger, ties counted half
	Superiority float64 // U over the number of pairs: the chance of a larger value, ties counted half
	Variance    float64 // of U under the null hypothesis, given the ties

	PValue float64 // two-sided: exact where that was computed, else asymptotic with the correction
	Method string  // exact or asymptotic

	Exact      *Tails // by the permutation distribution given the ties; nil where it would cost too much
	Asymptotic Tails  // by the normal limit
	Corrected  Tails  // by the normal limit, with the continuity correction of 1/2
}

// CompareOrder is Mann and Whitney's (1947) test, which is Wilcoxon's rank sum test: U counts the pairs in which the
// treatment's value is larger. The exact two-sided p-value is P(|U - mn/2| >= |u - mn/2|) over all ways to choose which of the
// pooled midranks are the treatment's; the asymptotic one takes the variance corrected for ties, Lehmann (1975) eq. 1.35.
//
// Exact p-values are valid, and conservative by their steps, for any sample; asymptotic ones from about 10 values a side on
// with few ties. They are about the hypothesis that both samples come from one distribution: where spreads differ, a
// superiority of 1/2 is rejected too often. Samples without any order, all values being equal, have p = 1.
func CompareOrder(treated, control []float64) (MannWhitney, error) {
	x, y, err := both(treated, control)
	if err != nil {
		return MannWhitney{}, err
	}
	m, n := float64(len(x)), float64(len(y))
	var doubled, below int64
	var tied float64
	for inX, inY := range ties(x, y) {
		doubled += int64(inX) * (2*below + int64(inY))
		below += int64(inY)
		t := float64(inX + inY)
		tied += t * (t - 1) * (t + 1)
	}
	total := m + n
	u := MannWhitney{U: float64(doubled) / 2, Variance: max(m*n/12*((total+1)-tied/(total*(total-1))), 0)}
	u.Superiority = u.U / (m * n)
	u.Asymptotic, u.Corrected = u.normal(m*n/2, 0), u.normal(m*n/2, 0.5)
	u.Method, u.PValue = "asymptotic", u.Corrected.TwoSided
	if exact, ok := exactTails(x, y, doubled); ok {
		u.Exact, u.Method, u.PValue = &exact, "exact", exact.TwoSided
	}
	return u, nil
}

// normal gives the tails of the normal limit, the deviation made smaller by the correction.
func (u *MannWhitney) normal(mean, correction float64) Tails {
	sd := math.Sqrt(u.Variance)
	if sd == 0 || u.Variance <= 1e-12*mean {
		return Tails{1, 1, 1}
	}
	d := u.U - mean
	return Tails{
		TwoSided: min(1, 2*dist.NormalSF((math.Abs(d)-correction)/sd)),
		Less:     dist.NormalSF((-d - correction) / sd),
		Greater:  dist.NormalSF((d - correction) / sd),
	}
}
