package procedure

import "slices"

// All lists the procedures by family.
func All() []Procedure {
	return slices.Concat(
		distributions(), proportions(), exactTests(),
		means(), lifts(), adjustments(), margins(),
		quantiles(), ranks(), resampling(),
		clusters(), blocks(), randomisations(),
		groupSequential(), alwaysValid(),
		multiplicities(), sampleRatio(),
		lateOutcomes(), causal(), syntheses(), bayesian(),
		planning(),
	)
}
