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
	down, up = outermost(f)
	return widened(up), widened(down)
}

// widened makes a draw that ties with what was observed count, whatever its last bits.
func widened(x float64) float64 { return x + tie*(1+x) }

// outermost is how far the roots of a quartic that is negative far out lie on either side of zero; 0 where there is none.
func outermost(f []float64) (down, up float64) {
	scale, bound := math.Abs(f[4]), 0.0
	for _, r := range [...]float64{
		math.Abs(f[3]) / scale, math.Sqrt(math.Abs(f[2]) / scale), math.Cbrt(math.Abs(f[1]) / scale), math.Sqrt(math.Sqrt(math.Abs(f[0]) / scale)),
	} {
		bound = max(bound, r)
	}
	bound = 2*bound + math.SmallestNonzeroFloat64 // Fujiwara 1916
	if math.IsInf(bound, 0) || math.IsNaN(bound) {
		return math.Inf(1), math.Inf(1)
	}
	var space [4]float64
	all := realRoots(f, bound, space[:0])
	if len(all) == 0 {
		return 0, 0
	}
	return max(-all[0], 0), max(all[len(all)-1], 0)
}

// realRoots appends the real roots of a polynomial of degree 2 to 4 (coefficients from the constant up, the last one not zero), which lie
// within the bound, in order: between two neighbouring roots of its derivative, which lie there too (Gauss and Lucas), it is monotone. Roots
// that it touches without crossing count when they are within rounding.
func realRoots(f []float64, bound float64, out []float64) []float64 {
	n := len(f) - 1
	if n == 2 {
		return quadraticRoots(f, out)
	}
	var slopes, space [4]float64
	for i := range n {
		slopes[i] = f[i+1] * float64(i+1)
	}
	turns := realRoots(slopes[:n], bound, space[:0])
	from, at := -bound, evaluate(f, -bound)
	for _, to := range append(turns, bound) {
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

// quadraticRoots appends none or both, written so that neither cancels.
func quadraticRoots(f []float64, out []float64) []float64 {
	scale := max(max(math.Abs(f[0]), math.Abs(f[1])), math.Abs(f[2]))
	c, b, a := f[0]/scale, f[1]/scale, f[2]/scale
	discriminant := b*b - 4*a*c
	if discriminant < -1e-14*(b*b+4*math.Abs(a*c)) {
		return out
	}
	q := -(b + math.Copysign(math.Sqrt(max(discriminant, 0)), b)) / 2
	first, second := q/a, q/a
	if q != 0 {
		second = c / q
	}
	return append(out, min(first, second), max(first, second))
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
