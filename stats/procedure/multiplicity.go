package procedure

import (
	"errors"
	"math"

	"liftgate/stats/multiplicity"
)

func multiplicities() []Procedure {
	return family("multiplicity",
		adjusting("bonferroni", "adjusted p-values: m p, any dependence", multiplicity.Bonferroni),
		adjusting("holm", "adjusted p-values, step-down, any dependence (Holm 1979)", multiplicity.Holm),
		adjusting("hochberg", "adjusted p-values, step-up, positive dependence (Hochberg 1988)", multiplicity.Hochberg),
		adjusting("hommel", "adjusted p-values by Simes' tests, positive dependence (Hommel 1988)", multiplicity.Hommel),
		adjusting("sidak", "adjusted p-values: 1 - (1-p)^m (Šidák 1967)", multiplicity.Sidak),
		adjusting("holm-sidak", "adjusted p-values, Šidák's step by step down", multiplicity.HolmSidak),
		adjusting("benjamini-hochberg", "p-values adjusted for the false discovery rate (1995)", multiplicity.BenjaminiHochberg),
		adjusting("benjamini-yekutieli", "p-values adjusted for the false discovery rate under any dependence (2001)", multiplicity.BenjaminiYekutieli),
		define("romano-wolf", "p-values adjusted step by step down with given resamples (Romano and Wolf 2005)",
			`{"statistics": [2.8, 0.5], "draws": [[0.3, -1.1], [1.2, 0.4], [-2.9, 0.2]]}`, romanoWolf),
		intervals("bonferroni-intervals", "simultaneous confidence intervals at 1 - alpha/m each", multiplicity.BonferroniIntervals),
		intervals("sidak-intervals", "simultaneous confidence intervals at (1-alpha)^(1/m) each (Šidák 1967)", multiplicity.SidakIntervals),
		intervals("holm-bounds", "simultaneous lower bounds that agree with Holm's test (Strassburger and Bretz 2008)", multiplicity.HolmBounds),
		intervals("false-coverage-intervals", "intervals for what Benjamini-Hochberg selects, right for the selection (2005)", multiplicity.FalseCoverage),
	)
}

type pValues struct {
	P []float64 `json:"p" doc:"p-values, in any order"`
}

type adjusted struct {
	Adjusted []float64
}

func adjusting(name, summary string, adjust func([]float64) ([]float64, error)) Procedure {
	return define(name, summary, `{"p": [0.005, 0.06, 0.007, 0.04, 0.01, 0.03]}`, func(in pValues) (adjusted, error) {
		out, err := adjust(in.P)
		return adjusted{out}, err
	})
}

type romanoWolfInput struct {
	Statistics []float64   `json:"statistics" doc:"m observed t statistics"`
	Draws      [][]float64 `json:"draws" doc:"resamples of the m statistics, centred at the estimates: a list of lists of m"`
}

func romanoWolf(in romanoWolfInput) (adjusted, error) {
	out, err := multiplicity.RomanoWolf(in.Statistics, in.Draws)
	return adjusted{out}, err
}

type intervalsInput struct {
	Estimates []float64 `json:"estimates" doc:"m estimates"`
	StdErrors []float64 `json:"std_errors" doc:"their standard errors"`
	DF        []float64 `json:"df" optional:"true" doc:"their degrees of freedom; normal when left out"`
	Alpha     float64   `json:"alpha" default:"0.05" doc:"error rate of all intervals together"`
}

func intervals(name, summary string, compute func([]multiplicity.Estimate, float64) (multiplicity.Intervals, error)) Procedure {
	return define(name, summary, `{"estimates": [0.021, 0.004, -0.01], "std_errors": [0.006, 0.004, 0.012]}`,
		func(in intervalsInput) (multiplicity.Intervals, error) {
			if len(in.StdErrors) != len(in.Estimates) {
				return multiplicity.Intervals{}, &InputError{"std_errors", errors.New("one for each estimate is needed")}
			}
			if in.DF != nil && len(in.DF) != len(in.Estimates) {
				return multiplicity.Intervals{}, &InputError{"df", errors.New("one for each estimate is needed")}
			}
			estimates := make([]multiplicity.Estimate, len(in.Estimates))
			for i := range estimates {
				estimates[i] = multiplicity.Estimate{Estimate: in.Estimates[i], StdError: in.StdErrors[i], DF: math.Inf(1)}
				if in.DF != nil {
					estimates[i].DF = in.DF[i]
				}
			}
			return compute(estimates, in.Alpha)
		})
}
