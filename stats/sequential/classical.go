package sequential

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
	"liftgate/stats/internal/root"
)

// WangTsiatis are the classical bounds Z_k = C (t_k / t_K)^(delta - 1/2) with one constant C: delta = 0 is O'Brien and Fleming's (1979),
// 1/2 Pocock's (1977). They need all looks to happen as planned; spending functions do not. Sides are as in [Design].
//
// S. K. Wang and A. A. Tsiatis, Biometrics 43 (1987) 193-199, eq. 2.
func WangTsiatis(fractions []float64, alpha, delta float64, sides int) (Bounds, error) {
	d := Design{Alpha: alpha, Sides: sides, Spending: Pocock}
	if err := d.check(); err != nil {
		return Bounds{}, err
	}
	if err := checkFractions(fractions); err != nil {
		return Bounds{}, err
	}
	if !(math.Abs(delta) <= 5) {
		return Bounds{}, fmt.Errorf("%w: a shape of %v", stats.ErrInvalid, delta)
	}
	last := len(fractions) - 1
	of := func(c float64) Bounds {
		b := Bounds{Fractions: fractions}
		for _, t := range fractions {
			upper := c * math.Pow(t/fractions[last], delta-0.5)
			b.add(upper, d.opposite(upper), 0)
		}
		return b
	}
	least := dist.NormalISF(d.side())
	// C lies between the quantile of a single look and a sum's over all of them, at the look with the lowest bound.
	most := dist.NormalISF(d.side()/float64(len(fractions))) * math.Max(1, math.Pow(fractions[0]/fractions[last], 0.5-delta))
	c := root.Bracketed(func(c float64) float64 {
		o, _ := of(c).Operating(0) // the bounds are our own
		return math.Log(o.Power / d.side())
	}, least, most)
	b := of(c)
	o, err := b.Operating(0)
	spent := 0.0
	for k, p := range o.CrossUpper {
		spent += p
		b.CumAlpha[k] = spent
	}
	return b, err
}
