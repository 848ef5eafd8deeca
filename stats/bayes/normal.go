package bayes

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
	"liftgate/stats/internal/magnitude"
)

// Normal is a normal distribution, of a lift or a difference.
type Normal struct{ Mean, SD float64 }

// Effect is the posterior of an effect.
type Effect struct {
	Normal
	Lower, Upper  float64 // central interval at the level
	Chance        float64 // that the effect is positive
	Margin        float64
	Beyond        float64 // chance that it is above the margin
	LossTreatment float64 // expected loss when the treatment is chosen: E max(-effect, 0)
	LossControl   float64 // and when the control is: E max(effect, 0)
}

// Update gives an effect estimated with a normal error the prior N(mean, sd²), or a flat one when it is nil. With w = 1/sd² the posterior
// mean is the mean weighted by w, and its precision their sum (Gelman et al. (2013), section 2.5); with k = mean/sd
//
//	E max(-effect, 0) = sd (phi(k) - k (1 - Phi(k))).
//
// Standard deviations that are not positive, numbers that are not finite and a level outside (0, 1) give [stats.ErrInvalid].
func Update(estimate, stdError float64, prior *Normal, margin, level float64) (Effect, error) {
	if err := checkNormal(Normal{estimate, stdError}); err != nil {
		return Effect{}, err
	}
	if !(level > 0 && level < 1) || !magnitude.Fits(margin) {
		return Effect{}, fmt.Errorf("%w: a level of %v, a margin of %v", stats.ErrInvalid, level, margin)
	}
	e := Effect{Normal: Normal{estimate, stdError}, Margin: margin}
	if prior != nil {
		if err := checkNormal(*prior); err != nil {
			return Effect{}, fmt.Errorf("prior: %w", err)
		}
		// The share of the estimate, formed without squares of very different sizes.
		ratio := stdError / prior.SD
		share := 1 / (1 + ratio*ratio)
		e.Mean = prior.Mean + share*(estimate-prior.Mean)
		e.SD = stdError * math.Sqrt(share)
	}
	half := dist.NormalISF((1-level)/2) * e.SD
	e.Lower, e.Upper = e.Mean-half, e.Mean+half
	k := e.Mean / e.SD
	e.Chance, e.Beyond = dist.NormalSF(-k), dist.NormalSF((margin-e.Mean)/e.SD)
	e.LossTreatment, e.LossControl = e.SD*unitLoss(k), e.SD*unitLoss(-k)
	return e, nil
}

// unitLoss is E max(Z - k, 0) = phi(k) - k P(Z > k). Far out the two parts cancel to 1/k² of themselves.
func unitLoss(k float64) float64 {
	return math.Max(dist.NormalPDF(k)-k*dist.NormalSF(k), 0)
}

func checkNormal(d Normal) error {
	if !(magnitude.Fits(d.Mean) && d.SD >= magnitude.Smallest && d.SD <= magnitude.Largest) {
		return fmt.Errorf("%w: a normal distribution with mean %v and standard deviation %v", stats.ErrInvalid, d.Mean, d.SD)
	}
	return nil
}
