package dist

import "math"

// Urn is a hypergeometric distribution: the marked among Drawn balls out of Population, of which Marked are marked.
type Urn struct{ Population, Marked, Drawn float64 }

// Bounds are the smallest and the largest possible count.
func (u Urn) Bounds() (low, high float64) {
	return math.Max(0, u.Drawn+u.Marked-u.Population), math.Min(u.Drawn, u.Marked)
}

func (u Urn) valid() bool {
	return u.Marked >= 0 && u.Drawn >= 0 && u.Marked <= u.Population && u.Drawn <= u.Population
}

// LogPMF is log P(X = k), by Loader's saddle point on the four cells of the table: their deviations from expectation are one number,
// formed exactly.
func (u Urn) LogPMF(k float64) float64 {
	low, high := u.Bounds()
	switch {
	case !u.valid() || math.IsNaN(k):
		return math.NaN()
	case k < low || k > high:
		return math.Inf(-1)
	case low == high:
		return 0
	}
	n, m, d := u.Population, u.Marked, u.Drawn
	excess := (k*n - m*d + math.FMA(k, n, -k*n) - math.FMA(m, d, -m*d)) / n
	total := factorialExcess(m) + factorialExcess(n-m) + factorialExcess(d) + factorialExcess(n-d) - factorialExcess(n)
	for _, c := range []struct{ count, expected, excess float64 }{
		{k, m / n * d, excess},
		{m - k, m / n * (n - d), -excess},
		{d - k, (n - m) / n * d, -excess},
		{n - m - d + k, (n - m) / n * (n - d), excess},
	} {
		total -= factorialExcess(c.count) + Deviance(c.count, c.expected, c.excess)
	}
	return total
}

// LogTails are log P(X <= k) and log P(X >= k), k whole. The smaller of the two keeps full precision; it takes a few standard
// deviations' worth of steps.
func (u Urn) LogTails(k float64) (atMost, atLeast float64) {
	low, high := u.Bounds()
	switch {
	case !u.valid() || math.IsNaN(k):
		return math.NaN(), math.NaN()
	case k < low:
		return math.Inf(-1), 0
	case k > high:
		return 0, math.Inf(-1)
	}
	here := u.LogPMF(k)
	if k*u.Population < u.Marked*u.Drawn {
		atMost = here + math.Log(u.sumDown(k))
		return math.Min(atMost, 0), log1mExp(math.Min(atMost+math.Log1p(-math.Exp(here-atMost)), 0))
	}
	atLeast = here + math.Log(u.sumUp(k))
	return log1mExp(math.Min(atLeast+math.Log1p(-math.Exp(here-atLeast)), 0)), math.Min(atLeast, 0)
}

// sumUp is P(X >= k)/P(X = k) for k from the mean upwards.
func (u Urn) sumUp(k float64) float64 {
	total, term := 1.0, 1.0
	rest := u.Population - u.Marked - u.Drawn
	for ; term > 1e-17*total; k++ {
		term *= (u.Marked - k) / (k + 1) * ((u.Drawn - k) / (rest + k + 1))
		total += term
	}
	return total
}

// sumDown is P(X <= k)/P(X = k) for k up to the mean: that of the unmarked.
func (u Urn) sumDown(k float64) float64 {
	return Urn{u.Population, u.Population - u.Marked, u.Drawn}.sumUp(u.Drawn - k)
}
