package randomisation

import (
	"math"

	"liftgate/stats/internal/root"
)

// tie is the relative precision to which two statistics are told apart.
const tie = 1e-9

// reach is how far from the estimate, on either side, a draw is still as extreme as what was observed: the outermost x at which
//
//	f(x) = D(x)² V_obs(x) - D_obs(x)² V(x) >= 0,
//
// +Inf when it is so for any x. Both statistics are polynomials in x, and D_obs(0) = 0, so f(0) >= 0.
func reach(draw, observed statistic) (up, down float64) {
	if !draw.valid {
		return math.Inf(1), math.Inf(1)
	}
	d, o, k := draw, observed, observed.d1*observed.d1
	f := []float64{
		d.d0 * d.d0 * o.v0,
		d.d0*d.d0*o.v1 + 2*d.d0*d.d1*o.v0,
		d.d0*d.d0*o.v2 + 2*d.d0*d.d1*o.v1 + d.d1*d.d1*o.v0 - k*d.v0,
		2*d.d0*d.d1*o.v2 + d.d1*d.d1*o.v1 - k*d.v1,
		d.d1*d.d1*o.v2 - k*d.v2,
	}
	if f[4] >= -tie*(d.d1*d.d1*o.v2+k*d.v2) {
		return math.Inf(1), math.Inf(1)
	}
	up = outermost(f)
	f[1], f[3] = -f[1], -f[3]
	return widened(up), widened(outermost(f))
}

// widened makes a draw that ties with what was observed count, whatever its last bits.
func widened(x float64) float64 { return x + tie*(1+x) }

// outermost is the largest root of a polynomial on x >= 0 that is negative far out; 0 when there is none.
func outermost(f []float64) float64 {
	all := realRoots(f)
	if len(all) == 0 {
		return 0
	}
	return math.Max(all[len(all)-1], 0)
}

// realRoots gives the real roots of a polynomial (coefficients from the constant up, the last one not zero) in order: between two
// neighbouring roots of its derivative it is monotone. Roots that it touches without crossing count when they are within rounding.
func realRoots(f []float64) []float64 {
	n := len(f) - 1
	if n == 1 {
		return []float64{-f[0] / f[1]}
	}
	derivative := make([]float64, n)
	bound, scale := 0.0, math.Abs(f[n])
	for i := range derivative {
		derivative[i] = f[i+1] * float64(i+1)
		bound = math.Max(bound, math.Pow(math.Abs(f[i])/scale, 1/float64(n-i)))
	}
	bound = 2*bound + math.SmallestNonzeroFloat64 // Fujiwara 1916
	if math.IsInf(bound, 0) || math.IsNaN(bound) {
		return []float64{math.Inf(1)}
	}
	var out []float64
	from, at := -bound, evaluate(f, -bound)
	for _, to := range append(realRoots(derivative), bound) {
		if !(to > from) {
			continue
		}
		value := evaluate(f, to)
		switch {
		case math.Abs(value) <= 1e-14*sumOfTerms(f, to):
			out = append(out, to)
		case (value > 0) != (at > 0):
			out = append(out, root.Bracketed(func(x float64) float64 { return evaluate(f, x) }, from, to))
		}
		from, at = to, value
	}
	return out
}

func evaluate(f []float64, x float64) float64 {
	v := 0.0
	for i := len(f) - 1; i >= 0; i-- {
		v = v*x + f[i]
	}
	return v
}

// sumOfTerms is the sum of the absolute terms.
func sumOfTerms(f []float64, x float64) float64 {
	v := 0.0
	for i := len(f) - 1; i >= 0; i-- {
		v = v*math.Abs(x) + math.Abs(f[i])
	}
	return v
}
