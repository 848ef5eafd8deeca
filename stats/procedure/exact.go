package procedure

import (
	"liftgate/stats"
	"liftgate/stats/exact"
)

func exactTests() []Procedure {
	return family("exact",
		define("exact-comparison", "two proportions by the score test and the exact tests, and which of them decides here, and why",
			`{"control": [7, 34], "treatment": [1, 34]}`, ofCounts(exact.Compare)),
		define("exact-unconditional", "exact unconditional test of two proportions with the intervals that invert it (Chan and Zhang 1999)",
			`{"control": [4, 20], "treatment": [0, 21]}`, ofCounts(exact.Unconditional)),
		define("fisher", "Fisher's exact test of two proportions (1935), with the conditional odds ratio and its exact interval",
			`{"control": [8, 10], "treatment": [2, 9]}`, ofCounts(exact.Fisher)),
		define("barnard", "unconditional exact test of two proportions by the pooled z (Barnard 1947; Suissa and Shuster 1985)",
			`{"control": [7, 34], "treatment": [1, 34]}`, exactTest(exact.Barnard)),
		define("boschloo", "unconditional exact test of two proportions by Fisher's p-value (Boschloo 1970), two-sided in both conventions",
			`{"control": [7, 34], "treatment": [1, 34]}`, exactTest(exact.Boschloo)),
	)
}

// exactTest adapts a test of two counts.
func exactTest[Out any](test func(treated, control stats.Binomial) (Out, error)) func(twoCounts) (Out, error) {
	return func(in twoCounts) (out Out, err error) {
		treated, control, err := in.binomials()
		if err != nil {
			return out, err
		}
		return test(treated, control)
	}
}
