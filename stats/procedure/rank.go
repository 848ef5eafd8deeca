package procedure

import "liftgate/stats/rank"

func ranks() []Procedure {
	return family("rank",
		define("mann-whitney", "whether values of the treatment tend to be larger, by Mann and Whitney's test (1947), exact and asymptotic with ties",
			`{"control": [0.5, 1.7, 2.9, 4.4], "treatment": [1.1, 2.2, 3.3]}`,
			func(in twoSamples) (rank.MannWhitney, error) { return rank.CompareOrder(in.Treatment, in.Control) }),
		define("hodges-lehmann", "shift between two samples by Hodges and Lehmann (1963), its interval inverting the Mann-Whitney test",
			`{"control": [0.5, 1.7, 2.9, 4.4], "treatment": [1.1, 2.2, 3.3]}`, hodgesLehmann),
		define("kolmogorov-smirnov", "whether two distributions differ at all, by Kolmogorov and Smirnov's test, exact (Hodges 1958) and asymptotic",
			`{"control": [0.5, 1.7, 2.9, 4.4], "treatment": [1.1, 2.2, 3.3]}`,
			func(in twoSamples) (rank.KolmogorovSmirnov, error) {
				return rank.CompareDistributions(in.Treatment, in.Control)
			}),
	)
}

type twoSamples struct {
	Control   []float64 `json:"control" doc:"values of the control"`
	Treatment []float64 `json:"treatment" doc:"values of the treatment"`
}

type shiftInput struct {
	twoSamples
	atLevel
}

func hodgesLehmann(in shiftInput) (rank.HodgesLehmann, error) {
	if err := in.check(); err != nil {
		return rank.HodgesLehmann{}, err
	}
	return rank.Shift(in.Treatment, in.Control, in.Level)
}
