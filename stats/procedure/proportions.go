package procedure

import (
	"errors"

	"liftgate/stats"
	"liftgate/stats/proportion"
)

func proportions() []Procedure {
	return family("proportions",
		define("proportions", "two proportions by Miettinen and Nurminen's score test (1985), difference and lift: what an analysis decides by",
			`{"control": [190, 2000], "treatment": [230, 2000]}`, compareProportions),
		define("score", "score test of two proportions, difference, ratio and odds ratio (Miettinen and Nurminen 1985)",
			`{"control": [7, 34], "treatment": [1, 34]}`, scoreTest),
		define("two-proportions-z", "z test of two proportions, pooled or not, with or without continuity correction",
			`{"control": [19, 53], "treatment": [13, 47], "continuity": true}`, twoProportionsZ),
		define("newcombe", "hybrid score interval of the difference of two proportions (Newcombe 1998)",
			`{"control": [1, 34], "treatment": [7, 34]}`, ofCounts(proportion.Newcombe)),
		define("agresti-caffo", "interval of the difference of two proportions with a success and a failure added (Agresti and Caffo 2000)",
			`{"control": [1, 34], "treatment": [7, 34]}`, ofCounts(proportion.AgrestiCaffo)),
		define("odds-ratio", "odds ratio with Woolf's log interval (1955), plain and with 1/2 added to each cell (Haldane 1956)",
			`{"control": [19, 53], "treatment": [13, 47]}`, oddsRatio),
		define("farrington-manning", "non-inferiority of a proportion within a margin of the difference (Farrington and Manning 1990)",
			`{"control": [40, 100], "treatment": [37, 100], "margin": 0.1}`, farringtonManning),
		define("one-proportion", "Wilson, Clopper-Pearson and Jeffreys intervals of one proportion (Brown, Cai and DasGupta 2001)",
			`{"x": 3, "n": 120}`, oneProportion),
		define("contingency-table", "chi-square and G tests of a table of counts, variants by outcomes, with Yates' correction for two by two",
			`{"table": [[34, 19], [34, 13]]}`, contingencyTable),
	)
}

type twoCountsAtLevel struct {
	twoCounts
	atLevel
}

func compareProportions(in twoCountsAtLevel) (comparison, error) {
	if err := in.check(); err != nil {
		return comparison{}, err
	}
	treated, control, err := in.binomials()
	if err != nil {
		return comparison{}, err
	}
	c, err := stats.CompareProportions(treated, control)
	if err != nil {
		return comparison{}, err
	}
	return compare(c, in.Level, 0), nil
}

type scoreInput struct {
	twoCountsAtLevel
	Uncorrected bool `json:"uncorrected" default:"false" doc:"whether to leave out the variance factor N/(N-1): Mee's and Koopman's intervals"`
}

func scoreTest(in scoreInput) (proportion.ScoreTest, error) {
	treated, control, err := in.binomials()
	if err != nil {
		return proportion.ScoreTest{}, err
	}
	return proportion.Score(treated, control, in.Level, in.Uncorrected)
}

type zInput struct {
	twoCountsAtLevel
	Unpooled   bool `json:"unpooled" default:"false" doc:"whether each variant's own proportion gives its variance"`
	Continuity bool `json:"continuity" default:"false" doc:"whether to correct for continuity"`
}

func twoProportionsZ(in zInput) (proportion.ZTest, error) {
	treated, control, err := in.binomials()
	if err != nil {
		return proportion.ZTest{}, err
	}
	return proportion.Z(treated, control, in.Level, proportion.ZOptions{Unpooled: in.Unpooled, Continuity: in.Continuity})
}

type oddsRatios struct{ Woolf, Haldane proportion.Odds }

func oddsRatio(in twoCountsAtLevel) (oddsRatios, error) {
	treated, control, err := in.binomials()
	if err != nil {
		return oddsRatios{}, err
	}
	woolf, err1 := proportion.Woolf(treated, control, in.Level)
	haldane, err2 := proportion.Haldane(treated, control, in.Level)
	return oddsRatios{woolf, haldane}, errors.Join(err1, err2)
}

type farringtonManningInput struct {
	twoCounts
	Margin        float64 `json:"margin" doc:"largest tolerated loss, a difference of proportions; 0 or less asks for superiority"`
	LowerIsBetter bool    `json:"lower_is_better" default:"false" doc:"whether a rise is the loss"`
}

func farringtonManning(in farringtonManningInput) (proportion.NonInferiority, error) {
	treated, control, err := in.binomials()
	if err != nil {
		return proportion.NonInferiority{}, err
	}
	return proportion.FarringtonManning(treated, control, in.Margin, in.LowerIsBetter)
}

type oneProportionInput struct {
	X float64 `json:"x" doc:"successes"`
	N float64 `json:"n" doc:"units"`
	atLevel
}

type oneProportionIntervals struct {
	Estimate                                        float64
	Wilson, ClopperPearson, Jeffreys, JeffreysPlain proportion.Interval
}

func oneProportion(in oneProportionInput) (out oneProportionIntervals, err error) {
	b, err := count{in.X, in.N}.binomial()
	if err != nil {
		return out, err
	}
	for into, interval := range map[*proportion.Interval]func(stats.Binomial, float64) (proportion.Interval, error){
		&out.Wilson: proportion.Wilson, &out.ClopperPearson: proportion.ClopperPearson,
		&out.Jeffreys: proportion.Jeffreys, &out.JeffreysPlain: proportion.JeffreysPlain,
	} {
		if *into, err = interval(b, in.Level); err != nil {
			return out, err
		}
	}
	out.Estimate = in.X / in.N
	return out, nil
}

type tableInput struct {
	Table [][]float64 `json:"table" doc:"rows of counts, one row a variant"`
}

func contingencyTable(in tableInput) (proportion.Association, error) {
	counts := make([][]int64, len(in.Table))
	for i, row := range in.Table {
		for _, x := range row {
			n, err := whole(x)
			if err != nil {
				return proportion.Association{}, &InputError{"table", err}
			}
			counts[i] = append(counts[i], n)
		}
	}
	return proportion.Table(counts)
}

// ofCounts adapts what compares two counts at a level.
func ofCounts[Out any](test func(treated, control stats.Binomial, level float64) (Out, error)) func(twoCountsAtLevel) (Out, error) {
	return func(in twoCountsAtLevel) (out Out, err error) {
		treated, control, err := in.binomials()
		if err != nil {
			return out, err
		}
		return test(treated, control, in.Level)
	}
}
