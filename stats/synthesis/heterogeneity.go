package synthesis

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
	"liftgate/stats/internal/magnitude"
)

// Group is an estimated effect in one of several groups that share no unit.
type Group struct {
	Effect, StdError float64
	DF               float64 // of the squared standard error; +Inf when it is known
	Size             float64 // what the group counts for among others: its units
}

// Homogeneity is a test of equal effects.
type Homogeneity struct {
	Q      float64 // Cochran's: the sum of w (y - mean)² with w = 1/se²
	DF     float64 // groups less one
	PValue float64
}

// Homogeneous tests whether all groups have one effect: Q of W. G. Cochran (Biometrics 10 (1954) 101-129), about chi-square with k-1 degrees of
// freedom when standard errors are known. As they are not, B. L. Welch's correction (Biometrika 38 (1951) 330-336) divides Q/(k-1) by
//
//	1 + 2 (k-2)/(k²-1) L,  L = sum (1 - w/W)² / df
//
// and refers it to F with k-1 and (k²-1)/(3L) degrees of freedom: for two groups that is Welch's t test. Fewer than two groups give
// [stats.ErrTooFew]; effects that are not finite, and standard errors, degrees of freedom or sizes that are not positive [stats.ErrInvalid].
func Homogeneous(groups []Group) (Homogeneity, error) {
	if err := checkGroups(groups); err != nil {
		return Homogeneity{}, err
	}
	k := float64(len(groups))
	mean, total, lambda := 0.0, 0.0, 0.0
	for _, g := range groups {
		w := 1 / (g.StdError * g.StdError)
		total += w
		mean += w * g.Effect
	}
	mean /= total
	h := Homogeneity{DF: k - 1}
	for _, g := range groups {
		z := (g.Effect - mean) / g.StdError
		h.Q += z * z
		left := 1 - 1/(g.StdError*g.StdError*total)
		lambda += left * left / g.DF
	}
	if lambda == 0 {
		h.PValue = dist.ChiSquareSF(h.Q, h.DF)
		return h, nil
	}
	f := h.Q / h.DF / (1 + 2*(k-2)/(k*k-1)*lambda)
	h.PValue = math.Exp(dist.FLogSF(f, h.DF, (k*k-1)/(3*lambda)))
	return h, nil
}

// Rest is the comparison of a group's effect with that on all others together.
type Rest struct {
	Difference, StdError float64
	DF                   float64
	PValue               float64 // two-sided, against no difference
}

// AgainstRest compares each group's effect with the mean of the others, weighted by their sizes: the effect on the units that are not in the group. Weights
// do not depend on the estimates, so that groups of skewed values, where both go together, do not bias the mean. Degrees of freedom are
// Satterthwaite's. Errors are those of [Homogeneous].
func AgainstRest(groups []Group) ([]Rest, error) {
	if err := checkGroups(groups); err != nil {
		return nil, err
	}
	out := make([]Rest, len(groups))
	for i, g := range groups {
		var size, mean, variance, freedom float64
		for j, o := range groups {
			if j != i {
				size += o.Size
			}
		}
		for j, o := range groups {
			if j == i {
				continue
			}
			share := o.Size / size
			mean += share * o.Effect
			v := share * share * o.StdError * o.StdError
			variance += v
			freedom += v * v / o.DF
		}
		own := g.StdError * g.StdError
		r := Rest{Difference: g.Effect - mean, StdError: math.Sqrt(own + variance)}
		r.DF = (own + variance) * (own + variance) / (own*own/g.DF + freedom)
		r.PValue = min(1, 2*dist.StudentSF(math.Abs(r.Difference)/r.StdError, r.DF))
		out[i] = r
	}
	return out, nil
}

// Qualitative is the p-value of "the effect has one direction in all groups", by the likelihood ratio test of M. Gail and R. Simon (Biometrics
// 41 (1985) 361-372): with Q+ and Q- the sums of (y/se)² over the positive and the negative effects,
//
//	p = sum over h = 1 .. k-1 of Binomial(h; k-1, 1/2) P(chi-square(h) > min(Q+, Q-))
//
// It takes standard errors as known. Errors are those of [Homogeneous].
func Qualitative(groups []Group) (float64, error) {
	if err := checkGroups(groups); err != nil {
		return 0, err
	}
	var up, down float64
	for _, g := range groups {
		z := g.Effect / g.StdError
		if z > 0 {
			up += z * z
		} else {
			down += z * z
		}
	}
	least := min(up, down)
	if least == 0 {
		return 1, nil
	}
	p, k := 0.0, len(groups)-1
	term := math.Pow(0.5, float64(k))
	for h := 1; h <= k; h++ {
		term *= float64(k-h+1) / float64(h)
		p += term * dist.ChiSquareSF(least, float64(h))
	}
	return p, nil
}

func checkGroups(groups []Group) error {
	if len(groups) < 2 {
		return fmt.Errorf("%w: %d groups, 2 are needed", stats.ErrTooFew, len(groups))
	}
	for i, g := range groups {
		switch {
		case !magnitude.Fits(g.Effect), !(g.StdError >= magnitude.Smallest && g.StdError <= magnitude.Largest):
			return fmt.Errorf("%w: group %d has effect %v with standard error %v", stats.ErrInvalid, i+1, g.Effect, g.StdError)
		case !(g.DF > 0), !(g.Size > 0) || math.IsInf(g.Size, 1):
			return fmt.Errorf("%w: group %d has %v degrees of freedom and size %v", stats.ErrInvalid, i+1, g.DF, g.Size)
		}
	}
	return nil
}
