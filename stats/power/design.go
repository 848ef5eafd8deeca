package power

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
)

// Design is how a comparison is tested. Alpha and Power must be given.
type Design struct {
	Alpha float64 // level of the test: of both sides together when it has two
	Power float64 // chance of the right conclusion
	Sides int     // 0 and 2: two-sided (intervals at level 1 - Alpha, as analyses show them); 1: one-sided, on the good side
	Ratio float64 // units in the treatment for each unit in the control; 0 means 1
	// Inflation is the factor by which looking early raises the size: see package sequential; 0 means 1.
	Inflation float64
	// Student counts the degrees of freedom that the variance is estimated with, by the noncentral t distribution: for few units,
	// or few clusters.
	Student bool
}

// Size is how many units a comparison needs, with what it follows from. Numbers of units are not rounded.
type Size struct {
	Control, Treatment                 float64 // analysis units
	ControlClusters, TreatmentClusters float64 // the same in clusters; NaN without
	Distance                           float64 // of the estimate from the null
	Variance, NullVariance             float64 // of the estimate with one unit in the control, as it is and as the test takes it
	DesignEffect, Inflation            float64 // factors in the numbers above
	Warnings                           []string
}

// Total is the number of units in both variants, rounded up variant by variant.
func (s Size) Total() float64 { return math.Ceil(s.Control) + math.Ceil(s.Treatment) }

// Size is the number of units at which the test of the hypothesis has the design's power:
//
//	n = (z_alpha sqrt(v_null) + z_beta sqrt(v))² / distance²
//
// in the control, with both variances for one unit in the control, times the design effect and inflation.
func (d Design) Size(m Metric, h Hypothesis) (Size, error) {
	c, err := d.contrast(m, h)
	if err != nil {
		return Size{}, err
	}
	if !(d.Power > d.Alpha) {
		return Size{}, fmt.Errorf("%w: a power of %v is no more than the level, %v", stats.ErrInvalid, d.Power, d.Alpha)
	}
	if !(c.distance > 0) {
		return Size{}, fmt.Errorf("%w: a true effect of %v lies not on the good side of the null, %v, so no size is enough", stats.ErrInvalid, h.Effect, h.null())
	}
	factor := m.Clusters.DesignEffect() * d.inflation()
	root := d.tail()*math.Sqrt(c.null) + dist.NormalISF(1-d.Power)*math.Sqrt(c.variance)
	if !(root > 0) {
		return Size{}, fmt.Errorf("%w: a power of %v is had with no units at a level of %v", stats.ErrInvalid, d.Power, d.Alpha)
	}
	n := root / c.distance * (root / c.distance) * factor
	if !(n <= mostUnits) {
		return Size{}, fmt.Errorf("%w: an effect of %v is nothing against the noise, it needs %.3g units", stats.ErrInvalid, h.Effect, n)
	}
	if d.Student {
		if c.distance > 1e4*math.Sqrt(c.variance) {
			return Size{}, fmt.Errorf("%w: an effect of %v standard errors of one unit needs no plan", stats.ErrInvalid, c.distance/math.Sqrt(c.variance))
		}
		n = d.studentSize(m, h, c, n)
	}
	size := Size{
		Control: n, Treatment: n * d.ratio(), ControlClusters: math.NaN(), TreatmentClusters: math.NaN(),
		Distance: c.distance, Variance: c.variance, NullVariance: c.null,
		DesignEffect: m.Clusters.DesignEffect(), Inflation: d.inflation(),
	}
	if m.Clusters.Size > 0 {
		size.ControlClusters, size.TreatmentClusters = n/m.Clusters.Size, n*d.ratio()/m.Clusters.Size
	}
	size.Warnings = d.warnings(m, h, n)
	return size, nil
}

// mostUnits is more than there are.
const mostUnits = 1e15

// PowerAt is the chance that the test of the hypothesis reaches the right conclusion with the given number of units in the control.
func (d Design) PowerAt(m Metric, h Hypothesis, control float64) (float64, error) {
	c, err := d.contrast(m, h)
	if err != nil {
		return 0, err
	}
	if !(control > 0) || math.IsInf(control, 0) {
		return 0, fmt.Errorf("%w: %v units in the control", stats.ErrInvalid, control)
	}
	return d.power(m, h, c, control), nil
}

func (d Design) power(m Metric, h Hypothesis, c contrast, control float64) float64 {
	n := control / (m.Clusters.DesignEffect() * d.inflation())
	if d.Student {
		return d.studentPower(c.distance/math.Sqrt(c.variance)*math.Sqrt(n), d.degrees(m, control), h.Margin == 0)
	}
	return dist.NormalSF((d.tail()*math.Sqrt(c.null) - c.distance*math.Sqrt(n)) / math.Sqrt(c.variance))
}

func (d Design) contrast(m Metric, h Hypothesis) (contrast, error) {
	if err := d.check(); err != nil {
		return contrast{}, err
	}
	c, err := h.contrast(m, d.ratio(), d.Sides == 1)
	switch {
	case err != nil:
		return contrast{}, err
	case !(c.variance > 0):
		return contrast{}, fmt.Errorf("%w: neither variant varies", stats.ErrNoVariance)
	case math.IsInf(c.variance, 0) || math.IsInf(c.distance, 0):
		return contrast{}, fmt.Errorf("%w: an effect of %v with a variance of %v", stats.ErrInvalid, c.distance, c.variance)
	}
	return c, nil
}

func (d Design) check() error {
	switch {
	case !(d.Alpha > 0 && d.Alpha < 1):
		return fmt.Errorf("%w: a level of %v must lie between 0 and 1", stats.ErrInvalid, d.Alpha)
	case !(d.Power > 0 && d.Power < 1):
		return fmt.Errorf("%w: a power of %v must lie between 0 and 1", stats.ErrInvalid, d.Power)
	case d.Sides < 0 || d.Sides > 2:
		return fmt.Errorf("%w: a test has one or two sides, not %d", stats.ErrInvalid, d.Sides)
	case !(d.Ratio >= 0) || math.IsInf(d.Ratio, 0):
		return fmt.Errorf("%w: a ratio of %v units", stats.ErrInvalid, d.Ratio)
	case d.Inflation != 0 && !(d.Inflation >= 1) || math.IsInf(d.Inflation, 0):
		return fmt.Errorf("%w: an inflation of %v is a factor of at least 1", stats.ErrInvalid, d.Inflation)
	}
	return nil
}

// side is the level of one side.
func (d Design) side() float64 {
	if d.Sides == 1 {
		return d.Alpha
	}
	return d.Alpha / 2
}

// tail is the quantile that the test statistic is held against.
func (d Design) tail() float64 { return dist.NormalISF(d.side()) }

func (d Design) ratio() float64 { return orOne(d.Ratio) }

func (d Design) inflation() float64 { return orOne(d.Inflation) }

func orOne(x float64) float64 {
	if x == 0 {
		return 1
	}
	return x
}

const (
	fewEvents   = 10 // below, a count is far from normal
	fewClusters = 40 // in both variants, below which variances between clusters are known badly
)

func (d Design) warnings(m Metric, h Hypothesis, n float64) []string {
	var out []string
	if m.Binary {
		treated := m.Level + h.Effect
		if h.Relative {
			treated = m.Level * (1 + h.Effect)
		}
		events := min(n*m.Level, n*(1-m.Level), n*d.ratio()*treated, n*d.ratio()*(1-treated))
		if events < fewEvents {
			out = append(out, fmt.Sprintf("only %.3g expected events or non-events in a variant: the normal approximation is poor; plan by simulation of an exact test", events))
		}
	}
	if clusters := n * (1 + d.ratio()) / m.Clusters.Size; m.Clusters.Size > 0 && clusters < fewClusters && !d.Student {
		out = append(out, fmt.Sprintf("only %.3g clusters: plan with Student's t", clusters))
	}
	return out
}
