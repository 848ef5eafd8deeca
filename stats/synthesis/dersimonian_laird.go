package synthesis

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
	"liftgate/stats/internal/magnitude"
)

// Pooled is several studies' effects in one.
type Pooled struct {
	Q             float64        // Cochran's heterogeneity statistic
	QPValue       float64        `json:"q_p_value"` // of Q, chi-square with one degree of freedom less than studies
	Tau2          float64        `json:"tau2"`      // variance between studies
	I2            float64        `json:"i2"`        // share of the variation that is between studies, in [0, 1)
	Fixed         float64        // estimate that takes all studies to have one effect
	FixedSE       float64        `json:"fixed_std_error"`
	Effect        stats.Estimate // mean of the studies' effects
	PValue        float64        // two-sided, against a mean of zero
	Weights       []float64      // of the studies in Effect, adding to 1
	Warnings      []string
	PredictedLow  float64 `json:"predicted_lower"` // where the effect of one more study lies: Higgins et al. (2009), NaN below three studies
	PredictedHigh float64 `json:"predicted_upper"`
}

// DerSimonianLaird is the moment estimate of random-effects meta-analysis (1986), with w = 1/se²:
//
//	Q = sum w (y - fixed)²,  tau² = max(0, (Q - (k-1)) / (sum w - sum w² / sum w)),  effect = sum y/(se²+tau²) / sum 1/(se²+tau²)
//
// and normal intervals. Fewer than two studies give [stats.ErrTooFew], lists of different length, effects that are not finite and
// standard errors that are not positive [stats.ErrInvalid].
func DerSimonianLaird(effects, stdErrors []float64, level float64) (Pooled, error) {
	if err := check(effects, stdErrors, level); err != nil {
		return Pooled{}, err
	}
	k := float64(len(effects))
	fixed, sum, squares := weigh(effects, stdErrors, 0)
	p := Pooled{Fixed: fixed, FixedSE: 1 / math.Sqrt(sum)}
	for i, y := range effects {
		z := (y - fixed) / stdErrors[i]
		p.Q += z * z
	}
	p.QPValue = dist.ChiSquareSF(p.Q, k-1)
	if excess := p.Q - (k - 1); excess > 0 {
		p.Tau2 = excess / (sum - squares/sum)
		p.I2 = excess / p.Q
	}
	estimate, total, _ := weigh(effects, stdErrors, p.Tau2)
	se := 1 / math.Sqrt(total)
	half := dist.NormalISF((1-level)/2) * se
	p.Effect = stats.Estimate{Estimate: estimate, StdError: se, Lower: estimate - half, Upper: estimate + half}
	p.PValue = 2 * dist.NormalSF(math.Abs(estimate)/se)
	for _, s := range stdErrors {
		p.Weights = append(p.Weights, 1/(s*s+p.Tau2)/total)
	}
	p.predict(k, level)
	if k < fewStudies {
		p.Warnings = append(p.Warnings, fmt.Sprintf("only %.0f studies: how much they differ is hardly known, and the interval takes it as known", k))
	}
	return p, nil
}

// fewStudies is the number below which simulations find the interval far too short: J. IntHout, J. Ioannidis, G. Borm, BMC Medical
// Research Methodology 14 (2014) 25.
const fewStudies = 10

// predict is the prediction interval of J. Higgins, S. Thompson, D. Spiegelhalter, J. R. Statist. Soc. A 172 (2009) 137-159, section 4.
func (p *Pooled) predict(k, level float64) {
	p.PredictedLow, p.PredictedHigh = math.NaN(), math.NaN()
	if k < 3 {
		return
	}
	half := dist.StudentISF((1-level)/2, k-2) * math.Hypot(math.Sqrt(p.Tau2), p.Effect.StdError)
	p.PredictedLow, p.PredictedHigh = p.Effect.Estimate-half, p.Effect.Estimate+half
}

// weigh is the mean with weights 1/(se²+tau2), their sum and that of their squares.
func weigh(effects, stdErrors []float64, tau2 float64) (mean, sum, squares float64) {
	for i, y := range effects {
		w := 1 / (stdErrors[i]*stdErrors[i] + tau2)
		mean += w * y
		sum += w
		squares += w * w
	}
	return mean / sum, sum, squares
}

func check(effects, stdErrors []float64, level float64) error {
	switch {
	case len(effects) != len(stdErrors):
		return fmt.Errorf("%w: %d effects with %d standard errors", stats.ErrInvalid, len(effects), len(stdErrors))
	case len(effects) < 2:
		return fmt.Errorf("%w: %d studies, 2 are needed", stats.ErrTooFew, len(effects))
	case !(level > 0 && level < 1):
		return fmt.Errorf("%w: a level of %v, it must lie between 0 and 1", stats.ErrInvalid, level)
	}
	for i, y := range effects {
		if s := stdErrors[i]; !magnitude.Fits(y) || !(s >= magnitude.Smallest && s <= magnitude.Largest) {
			return fmt.Errorf("%w: study %d has effect %v with standard error %v", stats.ErrInvalid, i+1, y, s)
		}
	}
	return nil
}
