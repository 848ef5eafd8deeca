package power

import (
	"fmt"
	"math"

	"liftgate/stats"
)

// Metric is what is known about a metric before the experiment.
type Metric struct {
	Level    float64 // the control's, in the metric's own scale
	Variance float64 // of one unit of the control: a level from n units has variance Variance/n
	// TreatmentVariance is that of one unit of the treatment; 0 means the control's.
	TreatmentVariance float64
	// Binary units are zero or one: Level is a share, and the treatment's variance follows from its level.
	Binary   bool
	Test     Test // for binary units
	Clusters Clusters
}

// Test is how two proportions are compared.
type Test int

const (
	Score   Test = iota // variance under the null: pooled for a difference of zero, Farrington-Manning for a margin
	Wald                // variance at the two proportions (unpooled)
	Arcsine             // difference of 2 asin(sqrt(p)), which has variance 1
)

// Mean is a metric with the given mean and standard deviation of a unit.
func Mean(mean, sd float64) Metric { return Metric{Level: mean, Variance: sd * sd} }

// Proportion is a metric with a share p of successes.
func Proportion(p float64, test Test) Metric {
	return Metric{Level: p, Variance: p * (1 - p), Binary: true, Test: test}
}

// Ratio is the metric sum(y) / sum(d) over units, with the means, variances and covariance of one unit's y and d. Its unit variance is that
// of the linearised ratio, (var y - 2R cov + R² var d) / (mean d)² with R = mean y / mean d.
func Ratio(meanY, meanD, varY, varD, cov float64) Metric {
	r := meanY / meanD
	return Metric{Level: r, Variance: (varY - 2*r*cov + r*r*varD) / (meanD * meanD)}
}

// Quantile is the q quantile of independent values, which has the given value and probability density there.
func Quantile(q, value, density float64) Metric {
	return Metric{Level: value, Variance: q * (1 - q) / (density * density)}
}

// Clustered is the metric when units come in clusters, which are what is randomised.
func (m Metric) Clustered(c Clusters) Metric {
	m.Clusters = c
	return m
}

func (m Metric) check() error {
	switch {
	case math.IsNaN(m.Level) || math.IsInf(m.Level, 0):
		return fmt.Errorf("%w: the control's level is %v", stats.ErrInvalid, m.Level)
	case m.Binary && !(m.Level > 0 && m.Level < 1):
		return fmt.Errorf("%w: a share of %v leaves nothing to compare, it must lie between 0 and 1", stats.ErrInvalid, m.Level)
	case !(m.Variance >= 0 && m.TreatmentVariance >= 0) || math.IsInf(m.Variance+m.TreatmentVariance, 0):
		return fmt.Errorf("%w: variances of a unit are %v and %v", stats.ErrInvalid, m.Variance, m.TreatmentVariance)
	case m.Variance == 0:
		return fmt.Errorf("%w: no unit of the control differs from another", stats.ErrNoVariance)
	}
	return m.Clusters.check()
}

// treated is the variance of one unit of the treatment at its level.
func (m Metric) treated(level float64) float64 {
	switch {
	case m.Binary:
		return level * (1 - level)
	case m.TreatmentVariance > 0:
		return m.TreatmentVariance
	}
	return m.Variance
}
