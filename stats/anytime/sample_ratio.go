package anytime

import (
	"fmt"
	"math"

	"liftgate/stats"
)

// SampleRatio watches how units are split among variants: a Dirichlet mixture of multinomials (Lindon and Malek 2022, eq. 5).
type SampleRatio struct {
	Weights []float64 // expected shares, in any scale
	Prior   []float64 // of the Dirichlet distribution: larger values expect smaller deviations; nil means 1 for each variant
}

// RatioEvidence is what the counts say against the weights.
type RatioEvidence struct {
	LogE   float64
	PValue float64
	// LogMixture and LogNull are the two log likelihoods of the counts with the multinomial coefficient of each batch; LogE is their
	// difference.
	LogMixture, LogNull float64
}

// Batches are the evidence after each of several batches of new units. The prior learns from batch to batch; how units are cut into batches
// does not change the evidence.
func (s SampleRatio) Batches(batches [][]float64) ([]RatioEvidence, error) {
	if len(batches) == 0 {
		return nil, fmt.Errorf("%w: no batches", stats.ErrTooFew)
	}
	weights, prior, err := s.shares()
	if err != nil {
		return nil, err
	}
	total := make([]float64, len(weights))
	out := make([]RatioEvidence, len(batches))
	coefficients := 0.0
	for i, batch := range batches {
		if err := checkCounts(batch, len(weights)); err != nil {
			return nil, fmt.Errorf("batch %d: %w", i+1, err)
		}
		coefficients += logMultinomial(batch)
		null := coefficients
		for k, c := range batch {
			total[k] += c
		}
		for k, c := range total {
			if c > 0 {
				null += c * math.Log(weights[k])
			}
		}
		logE := dirichletLogE(total, weights, prior)
		out[i] = RatioEvidence{LogE: logE, PValue: pValue(logE), LogMixture: null + logE, LogNull: null}
	}
	return out, nil
}

// Counts are the evidence of total counts.
func (s SampleRatio) Counts(counts []float64) (RatioEvidence, error) {
	out, err := s.Batches([][]float64{counts})
	if err != nil {
		return RatioEvidence{}, err
	}
	return out[0], nil
}

// shares are the weights as shares, and the prior.
func (s SampleRatio) shares() (weights, prior []float64, err error) {
	prior = s.Prior
	if prior == nil {
		prior = make([]float64, len(s.Weights))
		for i := range prior {
			prior[i] = 1
		}
	}
	if len(s.Weights) < 2 || len(prior) != len(s.Weights) {
		return nil, nil, fmt.Errorf("%w: %d weights with a prior of %d", stats.ErrInvalid, len(s.Weights), len(prior))
	}
	sum := 0.0
	for i, w := range s.Weights {
		if err := positive("a weight", w); err != nil {
			return nil, nil, err
		}
		if err := positive("a value of the prior", prior[i]); err != nil {
			return nil, nil, err
		}
		sum += w
	}
	for _, w := range s.Weights {
		weights = append(weights, w/sum)
	}
	return weights, prior, nil
}

func checkCounts(counts []float64, n int) error {
	if len(counts) != n {
		return fmt.Errorf("%w: %d counts for %d weights", stats.ErrInvalid, len(counts), n)
	}
	for _, c := range counts {
		if !(c >= 0 && c <= mostUnits) {
			return fmt.Errorf("%w: a count of %v", stats.ErrInvalid, c)
		}
	}
	return nil
}
