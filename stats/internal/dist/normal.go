package dist

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

const lnSqrt2Pi = 0.9189385332046727417803297364056176 // log(sqrt(2 pi))

// NormalSF is P(Z > z) of the standard normal.
func NormalSF(z float64) float64 { return 0.5 * math.Erfc(z/math.Sqrt2) }

// NormalCDF is P(Z <= z) of the standard normal.
func NormalCDF(z float64) float64 { return NormalSF(-z) }

// NormalLogSF is the natural logarithm of P(Z > z).
func NormalLogSF(z float64) float64 {
	if z < 1 {
		return math.Log1p(-0.5 * math.Erfc(-z/math.Sqrt2))
	}
	return math.Log(0.5*erfcx(z/math.Sqrt2)) - z*z/2
}

// NormalLogCDF is the natural logarithm of P(Z <= z).
func NormalLogCDF(z float64) float64 { return NormalLogSF(-z) }

// NormalPDF is the density of the standard normal.
func NormalPDF(z float64) float64 { return math.Exp(NormalLogPDF(z)) }

// NormalLogPDF is the logarithm of the density.
func NormalLogPDF(z float64) float64 { return -z*z/2 - lnSqrt2Pi }

// NormalISF is the z with P(Z > z) = p.
//
// The starting value is gonum's rational approximation; a Newton step on the logarithm of the tail carries it to full
// precision at any p that a double can hold.
func NormalISF(p float64) float64 {
	switch {
	case math.IsNaN(p) || p < 0 || p > 1:
		return math.NaN()
	case p == 0:
		return math.Inf(1)
	case p == 1:
		return math.Inf(-1)
	case p == 0.5:
		return 0
	case p > 0.5:
		return -normalTailQuantile(1 - p)
	}
	return normalTailQuantile(p)
}

func normalTailQuantile(p float64) float64 {
	z := -mathext.NormalQuantile(p)
	steps := 2
	if p < smallestNormal {
		steps = 4 // the start takes its logarithm wrongly
	}
	for range steps {
		tail := NormalLogSF(z)
		slope := -math.Exp(-z*z/2 - lnSqrt2Pi - tail)
		z -= (tail - logOf(p)) / slope
	}
	return z
}

// erfcx is exp(x²) erfc(x) for x >= 0: erfc without its underflow.
//
// Beyond x = 4 it is Laplace's continued fraction (Abramowitz and Stegun 7.1.14), evaluated backwards from a depth that is ample
// there.
func erfcx(x float64) float64 {
	if x < 4 {
		return math.Exp(x*x) * math.Erfc(x)
	}
	const depth = 60
	f := x
	for k := depth; k >= 1; k-- {
		f = x + float64(k)/2/f
	}
	return 1 / (f * math.Sqrt(math.Pi))
}
