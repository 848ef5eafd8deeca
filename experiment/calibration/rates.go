package calibration

import (
	"math"

	"liftgate/stats"
	"liftgate/stats/proportion"
	"liftgate/stats/rank"
)

// intervalLevel is that of the intervals of rates: a scorecard has many.
const intervalLevel = 0.99

// usual are the levels at which false positives are shown, whatever the definition's.
var usual = [...]float64{0.10, 0.05, 0.01}

func rateOf(count, of int) Rate {
	r := Rate{Count: count, Of: of}
	if of == 0 {
		return r
	}
	share := float64(count) / float64(of)
	r.Rate = &share
	if i, err := proportion.ClopperPearson(stats.Binomial{Successes: int64(count), N: int64(of)}, intervalLevel); err == nil {
		r.Lower, r.Upper = &i.Lower, &i.Upper
	}
	return r
}

// uniform compares p-values with a uniform distribution.
func uniform(p []float64) Uniform {
	k, err := rank.CompareWithUniform(p)
	if err != nil {
		return Uniform{}
	}
	return Uniform{Distance: &k.D, PValue: &k.PValue}
}

// spread are the mean of standard errors and the standard deviation of what they are the errors of.
func spread(list []outcome) (stdError, deviation *float64) {
	var estimates, errors stats.Moments
	for _, o := range list {
		if !math.IsNaN(o.estimate) && o.stdError > 0 {
			estimates.Add(o.estimate)
			errors.Add(o.stdError)
		}
	}
	if estimates.N < 2 {
		return nil, nil
	}
	sd := math.Sqrt(estimates.Cov(0, 0))
	return &errors.Means[0], &sd
}
