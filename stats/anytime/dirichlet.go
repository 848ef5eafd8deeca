package anytime

import "math"

// dirichletLogE is the log ratio of a Dirichlet-multinomial likelihood of counts to the multinomial one with the given shares,
//
//	log prod_k [Gamma(a_k + c_k) / Gamma(a_k)] / [Gamma(A + N) / Gamma(A)] / prod_k w_k^c_k.
//
// Its terms are of the size of the counts and cancel, so Gamma is written by Stirling's formula, whose leading parts are the divergences
// of a + c and of a from the shares.
func dirichletLogE(counts, shares, prior []float64) float64 {
	after := make([]float64, len(counts))
	for k := range counts {
		after[k] = prior[k] + counts[k]
	}
	return logBetaOver(after, shares) - logBetaOver(prior, shares)
}

// logBetaOver is log of the multivariate beta function B(x) over prod_k w_k^x_k, up to a constant.
func logBetaOver(x, w []float64) float64 {
	var total, all float64
	for k := range x {
		total += x[k]
		all += w[k]
	}
	out := 0.5*math.Log(total) - stirlingRest(total)
	for k := range x {
		expected := w[k] * total
		// x all - w total with one rounding.
		excess := math.FMA(x[k], all, -expected) - math.FMA(w[k], total, -expected)
		out += expected/all*divergence(excess/expected) - 0.5*math.Log(x[k]) + stirlingRest(x[k])
	}
	return out
}

// divergence is (1+d) log(1+d) - d.
func divergence(d float64) float64 {
	if math.Abs(d) > 0.1 {
		return (1+d)*math.Log1p(d) - d
	}
	total, power := 0.0, d*d
	for k := 2.0; k < 20; k++ {
		total += power / (k * (k - 1))
		power *= -d
	}
	return total
}

// stirlingRest is log Gamma(x) - (x - 1/2) log x + x - log(2 pi)/2.
func stirlingRest(x float64) float64 {
	if x < 16 {
		g, _ := math.Lgamma(x)
		return g - (x-0.5)*math.Log(x) + x - 0.9189385332046727
	}
	w := 1 / (x * x)
	return (1./12 - w*(1./360-w*(1./1260-w*(1./1680-w*(1./1188-w*691./360360))))) / x
}

// logMultinomial is the log multinomial coefficient of counts.
func logMultinomial(counts []float64) float64 {
	n, total := 0.0, 0.0
	for _, c := range counts {
		n += c
		g, _ := math.Lgamma(c + 1)
		total -= g
	}
	g, _ := math.Lgamma(n + 1)
	return g + total
}
