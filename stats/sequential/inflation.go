package sequential

import (
	"fmt"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
	"liftgate/stats/internal/root"
)

// Inflation is what looking early costs.
type Inflation struct {
	Bounds Bounds
	Drift  float64 // effect / standard error at the maximum of information that has the power
	// Factor is that maximum over the information of a test that looks once: Drift² / (z_alpha + z_beta)².
	Factor float64
	// Expected is the expected information at stopping, in units of that of a test that looks once, when the planned effect is true.
	Expected float64
}

// Inflation is the factor by which looks at the given fractions raise the maximal size for the same power.
func (d Design) Inflation(fractions []float64, power float64) (Inflation, error) {
	bounds, err := d.Bounds(fractions)
	if err != nil {
		return Inflation{}, err
	}
	if err := checkPower(power, d.side()); err != nil {
		return Inflation{}, err
	}
	fixed := dist.NormalISF(d.side()) + dist.NormalISF(1-power)
	drift := root.Bracketed(func(drift float64) float64 {
		o, _ := bounds.Operating(drift) // the bounds are our own
		return o.Power - power
	}, 0.5*fixed, 10*fixed+10)
	o, err := bounds.Operating(drift)
	factor := drift * drift / (fixed * fixed)
	return Inflation{bounds, drift, factor, factor * o.ExpectedInformation}, err
}

func checkPower(power, alpha float64) error {
	if !(power > alpha && power < 1) {
		return fmt.Errorf("%w: a power of %v must lie between the level %v and 1", stats.ErrInvalid, power, alpha)
	}
	return nil
}
