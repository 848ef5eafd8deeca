package power

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/root"
)

// Requirement is one hypothesis of several that must all be shown.
type Requirement struct {
	Metric     Metric
	Hypothesis Hypothesis
	Alpha      float64 // 0 means the design's
}

// Together is what requirements cost that must all be met.
type Together struct {
	Each []float64 // power of each
	// Joint is the chance that all are met, if they are independent. Positive dependence raises it.
	Joint float64
}

// Together is the power of several requirements at a number of units in the control.
func (d Design) Together(all []Requirement, control float64) (Together, error) {
	out := Together{Joint: 1}
	for i, r := range all {
		power, err := d.of(r).PowerAt(r.Metric, r.Hypothesis, control)
		if err != nil {
			return Together{}, fmt.Errorf("requirement %d: %w", i+1, err)
		}
		out.Each = append(out.Each, power)
		out.Joint *= power
	}
	return out, nil
}

// SizeTogether is the number of units in the control at which several requirements are all met with the design's power. Split shares the
// missed power equally among them, which holds for any dependence (Bonferroni); product is for independent ones, and never
// larger.
func (d Design) SizeTogether(all []Requirement) (split, product float64, err error) {
	if len(all) == 0 {
		return 0, 0, fmt.Errorf("%w: no requirements", stats.ErrTooFew)
	}
	if err := d.check(); err != nil {
		return 0, 0, err
	}
	least := math.Inf(1)
	for i, r := range all {
		one := d.of(r)
		alone, err := one.Size(r.Metric, r.Hypothesis)
		if err != nil {
			return 0, 0, fmt.Errorf("requirement %d: %w", i+1, err)
		}
		one.Power = 1 - (1-d.Power)/float64(len(all))
		shared, err := one.Size(r.Metric, r.Hypothesis)
		if err != nil {
			return 0, 0, fmt.Errorf("requirement %d: %w", i+1, err)
		}
		split, least = math.Max(split, shared.Control), math.Min(least, alone.Control)
	}
	if len(all) == 1 {
		return split, split, nil
	}
	product = root.Bracketed(func(n float64) float64 {
		t, _ := d.Together(all, n) // every requirement has a size
		return t.Joint - d.Power
	}, least, split)
	return split, product, nil
}

func (d Design) of(r Requirement) Design {
	if r.Alpha != 0 {
		d.Alpha = r.Alpha
	}
	return d
}
