package simulate

import (
	"math"
	"slices"

	"liftgate/datasets"
	"liftgate/experiment"
)

// estimand is a metric as a ratio of two expectations for each variant: of a value and of being there (1 unless a unit without
// a value drops out), or of the numerator and the denominator. A quantile is none: its values are listed.
type estimand struct {
	metric *experiment.Metric
	parts  []*measure // one, or numerator and denominator
	drops  []*measure // covariates without which a unit drops out
	open   datasets.Span
	reason string // why there is none
}

func newEstimand(tables []*table, m *experiment.Metric) *estimand {
	e := &estimand{metric: m}
	switch {
	case m.Type != experiment.Proportion && m.Type != experiment.Mean && m.Type != experiment.Ratio && m.Type != experiment.Quantile:
		e.reason = "the truth of a " + string(m.Type) + " metric is not computed yet"
	case m.Weight != "":
		e.reason = "the truth of a metric weighted by " + m.Weight + " is not computed yet"
	default:
		e.reason = e.build(tables)
	}
	return e
}

func (e *estimand) build(tables []*table) (reason string) {
	parts := e.metric.Values()
	for i, v := range valuesOf(e.metric) {
		m, err := newMeasure(tables, v)
		switch {
		case err != nil:
			return err.Error()
		case i < len(parts):
			e.parts = append(e.parts, m)
		case v.Nulls == datasets.NullsDrop:
			e.drops = append(e.drops, m)
		}
		e.open = max(e.open, v.Window[1])
	}
	return ""
}

// pair is a shopper's contribution to numerator and denominator.
func (e *estimand) pair(c *crowd, from datasets.Instant) (numerator, denominator float64) {
	numerator, ok := e.parts[0].of(c, from)
	denominator = 1
	if len(e.parts) > 1 {
		var there bool
		denominator, there = e.parts[1].of(c, from)
		ok = ok && there
	}
	for _, d := range e.drops {
		_, there := d.of(c, from)
		ok = ok && there
	}
	if !ok {
		return 0, 0
	}
	return numerator, denominator
}

// limits are a cap as numbers: a percentile is that of the positive values in pairs, each variant's counting by its weight.
func limits(c *datasets.Cap, pairs []float64, weights []float64) (lower, upper *float64) {
	var positive []weighted
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i] > 0 {
			positive = append(positive, weighted{pairs[i], weights[i/2%len(weights)]})
		}
	}
	slices.SortFunc(positive, func(a, b weighted) int {
		if a.x < b.x {
			return -1
		}
		return 1
	})
	return limit(c.Lower, positive), limit(c.Upper, positive)
}

type weighted struct{ x, weight float64 }

func limit(l *datasets.Limit, sorted []weighted) *float64 {
	switch {
	case l == nil:
		return nil
	case l.Absolute != nil:
		return l.Absolute
	}
	var total, sum float64
	for _, w := range sorted {
		total += w.weight
	}
	for _, w := range sorted {
		if sum += w.weight; sum >= l.Quantile*total {
			return &w.x
		}
	}
	return nil
}

// clamp limits the numerators of pairs in place.
func clamp(pairs []float64, lower, upper *float64) {
	low, high := math.Inf(-1), math.Inf(1)
	if lower != nil {
		low = *lower
	}
	if upper != nil {
		high = *upper
	}
	for i := 0; i < len(pairs); i += 2 {
		pairs[i] = min(max(pairs[i], low), high)
	}
}
