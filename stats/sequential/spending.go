package sequential

import (
	"math"

	"liftgate/stats/internal/dist"
)

// Spending says how much of the one-sided level alpha may be spent by the information fraction t, 0 < t <= 1: an increasing function that
// reaches alpha at 1 (Lan and DeMets 1983).
type Spending func(alpha, t float64) float64

// OBrienFleming spends like the bounds of O'Brien and Fleming: almost nothing early. 2 - 2 Phi(z_{alpha/2} / sqrt t) (Lan and DeMets 1983,
// alpha*_1).
func OBrienFleming(alpha, t float64) float64 {
	return 2 * dist.NormalSF(dist.NormalISF(alpha/2)/math.Sqrt(t))
}

// Pocock spends like Pocock's constant bounds: alpha ln(1 + (e-1) t) (Lan and DeMets 1983, alpha*_2).
func Pocock(alpha, t float64) float64 { return alpha * math.Log1p((math.E-1)*t) }

// HwangShihDeCani spends alpha (1 - exp(-gamma t)) / (1 - exp(-gamma)); evenly at gamma = 0, late when it is negative (Hwang, Shih, DeCani
// 1990): -4 is near O'Brien and Fleming, 1 near Pocock.
func HwangShihDeCani(gamma float64) Spending {
	return func(alpha, t float64) float64 {
		if gamma == 0 {
			return alpha * t
		}
		return alpha * math.Expm1(-gamma*t) / math.Expm1(-gamma)
	}
}

// PowerFamily spends alpha t^rho, rho > 0 (Kim and DeMets 1987): 3 is near O'Brien and Fleming, 1 spends evenly.
func PowerFamily(rho float64) Spending {
	return func(alpha, t float64) float64 { return alpha * math.Pow(t, rho) }
}
