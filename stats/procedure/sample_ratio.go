package procedure

import (
	"encoding/json"

	"liftgate/stats"
)

func sampleRatio() []Procedure {
	return family("sample-ratio",
		define("sample-ratio", "are the units split by the weights? Pearson's chi-square test",
			`{"counts": [50215, 49785]}`, splitBy(stats.SampleRatio)),
		define("sample-ratio-exact", "are the units split by the weights? the exact multinomial test",
			`{"counts": [53, 47, 71], "weights": [1, 1, 1]}`, splitBy(stats.ExactSampleRatio)),
		define("sample-ratio-normal", "are the units split in two by the weights? the normal approximation, for comparison with other tools",
			`{"counts": [53, 47]}`, normalRatio),
	)
}

type splitInput struct {
	Counts  []wholeNumber `json:"counts" doc:"units by variant"`
	Weights []float64     `json:"weights" optional:"true" doc:"weights by variant, of any sum; equal when left out"`
}

// wholeNumber is a count that may be written as 1e6.
type wholeNumber int64

func (n *wholeNumber) UnmarshalJSON(text []byte) error {
	var x float64
	if err := json.Unmarshal(text, &x); err != nil {
		return err
	}
	v, err := whole(x)
	*n = wholeNumber(v)
	return err
}

func splitBy[Out any](test func([]int64, []float64) (Out, error)) func(splitInput) (Out, error) {
	return func(in splitInput) (Out, error) { return test(in.split()) }
}

func (in splitInput) split() (counts []int64, weights []float64) {
	counts, weights = make([]int64, len(in.Counts)), in.Weights
	for i, n := range in.Counts {
		counts[i] = int64(n)
		if in.Weights == nil {
			weights = append(weights, 1)
		}
	}
	return counts, weights
}

type normalRatioInput struct {
	splitInput
	Continuity bool `json:"continuity" default:"false" doc:"move the count half a unit towards its expectation"`
}

func normalRatio(in normalRatioInput) (stats.NormalRatio, error) {
	counts, weights := in.split()
	return stats.NormalSampleRatio(counts, weights, in.Continuity)
}
