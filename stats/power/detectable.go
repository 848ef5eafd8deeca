package power

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/root"
)

// DetectableEffect is the smallest improvement that the test has the design's power to find with the given number of units in the
// control: positive, or negative when lower is better, and a share of the control's level when the hypothesis is relative. The
// hypothesis' own effect does not matter; with a margin, the improvement is found when non-inferiority is shown.
//
// The error wraps [stats.ErrTooFew] when no improvement is large enough.
func (d Design) DetectableEffect(m Metric, h Hypothesis, control float64) (float64, error) {
	sign := 1.0
	if h.LowerIsBetter {
		sign = -1
	}
	limit := math.Inf(1)
	if m.Binary {
		limit = 1 - m.Level
		if h.LowerIsBetter {
			limit = m.Level
		}
		if h.Relative {
			limit /= m.Level
		}
	}
	size, err := d.smallest(m, control, limit, h.Relative, func(effect float64) Hypothesis {
		h.Effect = sign * effect
		return h
	})
	return sign * size, err
}

// ProvableMargin is the smallest margin that the test has the design's power to exclude with the given number of units in the control,
// when the hypothesis' effect is true: a positive magnitude, and a share of the control's level when the hypothesis is
// relative. The hypothesis' own margin does not matter.
//
// The error wraps [stats.ErrTooFew] when no margin is large enough.
func (d Design) ProvableMargin(m Metric, h Hypothesis, control float64) (float64, error) {
	limit := math.Inf(1)
	switch {
	case h.Relative && !h.LowerIsBetter:
		limit = 1
	case m.Binary && h.Relative:
		limit = 1/m.Level - 1
	case m.Binary && h.LowerIsBetter:
		limit = 1 - m.Level
	case m.Binary:
		limit = m.Level
	}
	return d.smallest(m, control, limit, h.Relative, func(margin float64) Hypothesis {
		h.Margin = margin
		return h
	})
}

// smallest is the smallest magnitude below a limit at which a hypothesis made of it is decided with the design's power.
func (d Design) smallest(m Metric, control, limit float64, relative bool, of func(magnitude float64) Hypothesis) (float64, error) {
	if err := m.check(); err != nil {
		return 0, err
	}
	short := func(magnitude float64) (float64, error) {
		power, err := d.PowerAt(m, of(magnitude), control)
		return power - d.Power, err
	}
	scale := math.Sqrt(math.Max(m.Variance, m.TreatmentVariance) * m.Clusters.DesignEffect() * d.inflation() / control)
	if relative {
		scale /= math.Abs(m.Level)
	}
	low, high := 0.0, math.Min(scale, limit*(1-1e-12))
	for range 60 {
		missing, err := short(high)
		if err != nil {
			return 0, err
		}
		if missing >= 0 {
			return root.Bracketed(func(x float64) float64 {
				// At zero a margin is none; just above, its limit.
				v, _ := short(math.Max(x, 1e-300)) // the same input with a smaller magnitude
				return v
			}, low, high), nil
		}
		if high == limit*(1-1e-12) {
			break
		}
		low, high = high, math.Min(2*high, limit*(1-1e-12))
	}
	return 0, fmt.Errorf("%w: %v in the control show nothing with a power of %v, however large it is", stats.ErrTooFew, control, d.Power)
}
