package causal

import (
	"fmt"

	"liftgate/stats"
	"liftgate/stats/internal/fieller"
)

// Set is a confidence set for a ratio of two effects.
type Set struct {
	Shape stats.Shape
	Lower float64 // of the interval; of the gap, which is no part of the set, when the shape is exclusive; NaN for the whole line
	Upper float64
	// Meaning is the set in words.
	Meaning string
}

// Contains says whether a value is in the set.
func (s Set) Contains(value float64) bool {
	switch s.Shape {
	case stats.Bounded:
		return s.Lower <= value && value <= s.Upper
	case stats.Exclusive:
		return value <= s.Lower || value >= s.Upper
	}
	return true
}

// setOf is the values b with |M1 - b M0| within c standard errors.
func setOf(p fieller.Pair, c float64) Set {
	shape, lower, upper := p.Ratios(c)
	switch shape {
	case fieller.Bounded:
		return Set{stats.Bounded, lower, upper, fmt.Sprintf("between %.4g and %.4g", lower, upper)}
	case fieller.Exclusive:
		return Set{stats.Exclusive, lower, upper, fmt.Sprintf("at most %.4g or at least %.4g: the lower effect may be zero or of either sign", lower, upper)}
	}
	return Set{stats.All, lower, upper, "every value fits the data: both effects may be zero"}
}
