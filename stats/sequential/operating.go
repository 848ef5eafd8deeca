package sequential

import (
	"fmt"
	"math"

	"liftgate/stats"
)

// Operating says how a sequence of looks ends when the effect is given by a drift.
type Operating struct {
	CrossUpper []float64 // probability that each look is the first to cross, above
	CrossLower []float64 // and below
	Power      float64   // of crossing above at all
	// ExpectedInformation is that at stopping, as a share of the planned maximum; the last look always stops.
	ExpectedInformation float64
}

// Operating is how the looks end under E Z_k = drift sqrt(t_k), where the drift is effect / standard error at the planned maximum of
// information.
func (b Bounds) Operating(drift float64) (Operating, error) {
	if err := b.check(); err != nil {
		return Operating{}, err
	}
	if math.IsNaN(drift) || math.Abs(drift) > largestDrift {
		return Operating{}, fmt.Errorf("%w: a drift of %v", stats.ErrInvalid, drift)
	}
	last := len(b.Fractions) - 1
	w := walk{drift: drift}
	out := Operating{ExpectedInformation: b.Fractions[last]}
	for k, t := range b.Fractions {
		above, below := math.Exp(w.logAbove(t, b.Upper[k])), 0.0
		if low := b.lower(k); !math.IsInf(low, -1) {
			below = math.Exp(w.logBelow(t, low))
		}
		out.CrossUpper = append(out.CrossUpper, above)
		out.CrossLower = append(out.CrossLower, below)
		out.Power += above
		out.ExpectedInformation -= (above + below) * (b.Fractions[last] - t)
		if k < last {
			w.step(t, b.lower(k), b.Upper[k], b.Fractions[k+1])
		}
	}
	return out, nil
}

// largestDrift is far beyond any at which something is left to compute.
const largestDrift = 1e4

// lower is the lower bound at a look, -Inf where there are none.
func (b Bounds) lower(k int) float64 {
	if b.Lower == nil {
		return math.Inf(-1)
	}
	return b.Lower[k]
}

func (b Bounds) check() error {
	if err := checkFractions(b.Fractions); err != nil {
		return err
	}
	if len(b.Upper) != len(b.Fractions) || b.Lower != nil && len(b.Lower) != len(b.Fractions) {
		return fmt.Errorf("%w: %d looks with %d upper and %d lower bounds", stats.ErrInvalid, len(b.Fractions), len(b.Upper), len(b.Lower))
	}
	for k, upper := range b.Upper {
		if math.IsNaN(upper) || math.IsNaN(b.lower(k)) || b.lower(k) > upper {
			return fmt.Errorf("%w: look %d has bounds %v and %v", stats.ErrInvalid, k+1, b.lower(k), upper)
		}
	}
	return nil
}
