package procedure

import (
	"errors"

	"liftgate/stats"
	"liftgate/stats/quantile"
)

func quantiles() []Procedure {
	return family("quantile",
		define("quantile", "a quantile of rows that come in units, by order statistics and the delta method (Deng, Knoblich, Lu 2018)",
			`{"y": [3, 5, 8, 2, 9, 4, 6, 7, 12, 3], "t": [0, 0, 0, 0, 0, 1, 1, 1, 1, 1], "cluster": [1, 1, 2, 3, 4, 5, 6, 6, 7, 8], "q": 0.5}`, compareQuantiles),
		define("quantile-exact-interval", "the exact interval of a quantile between two of independent values, by the binomial distribution",
			`{"values": [3.1, 4.4, 2.7, 5.9, 3.3, 8.1, 4.0, 6.2, 2.2, 5.1], "q": 0.5}`, exactQuantile),
		define("quantile-exact-ranks", "ranks of the order statistics that hold a quantile between them, by the binomial distribution",
			`{"n": 100, "q": 0.9}`, exactRanks),
	)
}

type quantileInput struct {
	rowsInput
	atLevel
}

// rowsInput are rows of two variants in units, and the quantile wanted of them.
type rowsInput struct {
	Y       []float64 `json:"y" doc:"value of each row"`
	T       []int     `json:"t" doc:"0 for the control, 1 for the treatment, for each row"`
	Cluster []int     `json:"cluster" optional:"true" doc:"identity of each row's unit; each row is one when left out"`
	Q       float64   `json:"q" doc:"which quantile, between 0 and 1"`
}

type unitRows struct {
	values []float64
	units  []int
}

func (r rowsInput) split() (treated, control unitRows, err error) {
	if r.Cluster != nil && len(r.Cluster) != len(r.Y) {
		return unitRows{}, unitRows{}, &InputError{"cluster", errors.New("it must be as long as y")}
	}
	var groups [2]unitRows
	err = byGroup(r.T, len(r.Y), func(i, g int) {
		groups[g].values = append(groups[g].values, r.Y[i])
		if r.Cluster != nil {
			groups[g].units = append(groups[g].units, r.Cluster[i])
		}
	})
	return groups[1], groups[0], err
}

type quantileResult struct {
	Control, Treatment quantile.Estimate
	Wald               stats.Estimate // difference as published: normal, without the steps between values
	comparison
}

func compareQuantiles(in quantileInput) (out quantileResult, err error) {
	if err := in.check(); err != nil {
		return out, err
	}
	t, c, err := in.split()
	if err != nil {
		return out, err
	}
	treated, err1 := quantile.Summarise(in.Q, t.values, t.units)
	control, err0 := quantile.Summarise(in.Q, c.values, c.units)
	if err := errors.Join(err1, err0); err != nil {
		return out, err
	}
	out.Treatment, err1 = treated.Estimate()
	out.Control, err0 = control.Estimate()
	if err := errors.Join(err1, err0); err != nil {
		return out, err
	}
	out.Wald = quantile.Wald(out.Treatment, out.Control, in.Level)
	contrast, err := quantile.Compare(treated, control)
	if err != nil {
		return out, err
	}
	out.comparison = compare(contrast, in.Level, 0)
	return out, nil
}

type exactQuantileInput struct {
	atLevel
	Values []float64 `json:"values" doc:"independent values"`
	Q      float64   `json:"q" doc:"which quantile, between 0 and 1"`
}

type exactQuantileResult struct{ Quantile, Lower, Upper float64 }

func exactQuantile(in exactQuantileInput) (out exactQuantileResult, err error) {
	if err := in.check(); err != nil {
		return out, err
	}
	if out.Quantile, err = quantile.Of(in.Values, in.Q); err != nil {
		return out, err
	}
	out.Lower, out.Upper, err = quantile.ExactInterval(in.Values, in.Q, in.Level)
	return out, err
}

type exactRanksInput struct {
	atLevel
	N float64 `json:"n" doc:"number of independent values"`
	Q float64 `json:"q" doc:"which quantile, between 0 and 1"`
}

func exactRanks(in exactRanksInput) (quantile.OrderRanks, error) {
	if err := in.check(); err != nil {
		return quantile.OrderRanks{}, err
	}
	n, err := whole(in.N)
	if err != nil {
		return quantile.OrderRanks{}, &InputError{"n", err}
	}
	return quantile.ExactRanks(n, in.Q, in.Level)
}
