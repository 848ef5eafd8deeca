package calibration

// Studies lists all regimes, in the order of the table.
func Studies() []Runner {
	var out []Runner
	for _, family := range [][]Runner{
		proportionStudies(), exactStudies(), meanStudies(), ratioStudies(), adjustedStudies(), stratifiedStudies(), quantileStudies(), rankStudies(),
		bootstrapStudies(), clusterStudies(), blockStudies(), lookStudies(), sampleRatioStudies(), survivalStudies(), causalStudies(),
	} {
		out = append(out, family...)
	}
	return out
}

// closed and resampled are the numbers of experiments for methods in closed form and for those that resample.
const (
	closed    = 10_000
	resampled = 2_000
)

// lift is the effect wherever there is one.
const lift = 0.1
