package dist

import "math"

// The incomplete beta function at b = 1/2 is Student's t, where a may be huge and x next to 1.

// logBetaHalf is log B(a, 1/2).
func logBetaHalf(a float64) float64 { return 0.5*math.Log(math.Pi) - logGammaHalfStep(a) }

// largeHalf is where the expansions in 1/a of this file reach full precision.
const largeHalf = 20

// logGammaHalfStep is log(gamma(a + 1/2) / gamma(a)). The logarithms of two large gammas cancel; for large a it is the expansion
// that follows from Stirling's series.
func logGammaHalfStep(a float64) float64 {
	if a < largeHalf {
		upper, _ := math.Lgamma(a + 0.5)
		lower, _ := math.Lgamma(a)
		return upper - lower
	}
	return 0.5*math.Log(a) + halfStepCorrection(a)
}

// halfStepCorrection is log(gamma(a + 1/2) / gamma(a)) - log(a)/2 (DLMF 5.11.8 at h = 1/2 less that at h = 0).
func halfStepCorrection(a float64) float64 {
	w := 1 / (a * a)
	return (-1./8 + w*(1./192+w*(-1./640+w*(17./14336-w*31./18432)))) / a
}

// logBetaTailHalf is log I_x(a, 1/2) with -log x given, for large a and x not small: the asymptotic expansion BGRAT of A. R.
// DiDonato and A. H. Morris, "Algorithm 708", ACM TOMS 18 (1992) 360-373, at b = 1/2, where the incomplete gamma function it
// starts from is erfc. It keeps full relative precision for any a.
func logBetaTailHalf(minusLogX, a float64) float64 {
	const b = 0.5
	nu := a - 0.25
	z := nu * minusLogX
	// gamma(a+1/2) / (gamma(a) sqrt(nu)), formed without its large parts.
	scale := halfStepCorrection(a) - 0.5*math.Log1p(-0.25/a)
	root := math.Sqrt(z)
	j := erfcx(root) * math.Sqrt(math.Pi) / root
	total := j
	v, t2 := 0.25/(nu*nu), 0.25*minusLogX*minusLogX
	t, cn := 1.0, 1.0
	var c, d [30]float64
	for n := range c {
		even := float64(2 * n)
		j = ((b+even)*(b+even+1)*j + (z+b+even+1)*t) * v
		t *= t2
		cn /= (even + 2) * (even + 3)
		c[n] = cn
		s, weight := 0.0, b-float64(n+1)
		for i := range n {
			s += weight * c[i] * d[n-1-i]
			weight += b
		}
		d[n] = (b-1)*cn + s/float64(n+1)
		step := d[n] * j
		total += step
		if math.Abs(step) <= 1e-17*total {
			break
		}
	}
	return 0.5*math.Log(z/math.Pi) - z + scale + math.Log(total)
}
