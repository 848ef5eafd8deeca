package procedure

import (
	"encoding/json"
	"errors"
	"math"

	"liftgate/stats"
	"liftgate/stats/cluster"
	"liftgate/stats/internal/dist"
)

func clusters() []Procedure {
	return family("cluster",
		define("cluster-means", "two means of units in randomised clusters: Hajek, CR2, Satterthwaite (Bell and McCaffrey 2002)",
			`{"control": [[3, 6, 14], [5, 9, 19], [2, 3, 5], [4, 9, 23]], "treatment": [[4, 11, 33], [3, 7, 17], [6, 19, 63], [2, 4, 10]]}`, clusterMeans),
		define("cluster-regression", "least squares with cluster-robust standard errors CR0 to CR3, degrees of freedom of CR2",
			`{"y": [1, 2, 2, 4, 3, 5, 2, 4], "t": [0, 0, 1, 1, 0, 0, 1, 1], "cluster": [1, 1, 2, 2, 3, 3, 4, 4]}`, clusterRegression),
		define("hajek", "two ratios of totals over clusters, linearised variance, normal reference (Cochran 1977)",
			`{"control": {"y": [5, 9, 4, 7], "m": [18, 25, 16, 20]}, "treatment": {"y": [6, 12, 5, 9], "m": [16, 24, 15, 21]}}`, hajek),
		define("wild-cluster-bootstrap", "restricted wild cluster bootstrap of one coefficient, t by CR1S (Cameron, Gelbach and Miller 2008)",
			`{"y": [1, 2, 2, 4, 3, 5, 2, 4], "t": [0, 0, 1, 1, 0, 0, 1, 1], "cluster": [1, 1, 2, 2, 3, 3, 4, 4]}`, wildBootstrap),
		define("matched-pairs", "matched pairs, one of each treated (Imai 2008; Bai, Romano and Shaikh 2022)",
			`{"pairs": [[5.1, 4.3], [6.2, 6], [7.7, 6.1], [3.3, 3.9]]}`, matchedPairs),
		define("matched-cluster-pairs", "matched pairs of clusters, one of each treated (Imai, King and Nall 2009)",
			`{"pairs": [{"yt": 12, "mt": 30, "yc": 9, "mc": 28}, {"yt": 4, "mt": 10, "yc": 3, "mc": 14}, {"yt": 40, "mt": 90, "yc": 35, "mc": 95}]}`, matchedClusters),
		define("intraclass-correlation", "how alike the units of a cluster are, and what that costs (analysis of variance)",
			`{"clusters": [[1, 2, 1.5], [3, 4], [2, 2.5, 3, 1]]}`, intraclass),
	)
}

type clusterMeansInput struct {
	twoClusters
	atLevel
	Null float64 `json:"null" default:"0" doc:"the difference under the null hypothesis"`
}

type clusterComparison struct {
	comparison
	DF                         float64
	Treated, Control, Together cluster.Diagnostics
	Few                        string
}

func clusterMeans(in clusterMeansInput) (clusterComparison, error) {
	if err := in.check(); err != nil {
		return clusterComparison{}, err
	}
	treated, control, err := in.moments()
	if err != nil {
		return clusterComparison{}, err
	}
	c, err := cluster.Compare(treated, control, 1)
	if err != nil {
		return clusterComparison{}, err
	}
	return clusterComparison{compare(c, in.Level, in.Null), c.DF, c.Treated, c.Control, c.Together, c.Few()}, nil
}

type namedCoefficient struct {
	Name string
	cluster.Coefficient
}

type clusterRegressionResult struct {
	Clusters     int
	Rows         int64
	Rank         int
	Coefficients []namedCoefficient
	Dropped      []string // combinations of others
}

func clusterRegression(in clusteredRows) (clusterRegressionResult, error) {
	r, names, err := in.regress()
	if err != nil {
		return clusterRegressionResult{}, err
	}
	out := clusterRegressionResult{Clusters: r.Clusters, Rows: r.Rows, Rank: r.Rank, Coefficients: []namedCoefficient{}, Dropped: []string{}}
	for j, name := range names {
		if math.IsNaN(r.Coefficients[j]) {
			out.Dropped = append(out.Dropped, name)
			continue
		}
		c, err := r.Coefficient(j)
		if err != nil {
			return clusterRegressionResult{}, err
		}
		out.Coefficients = append(out.Coefficients, namedCoefficient{name, c})
	}
	return out, nil
}

type clusterTotals struct {
	Y []float64 `json:"y"`
	M []float64 `json:"m"`
}

func (c clusterTotals) level() (cluster.HajekLevel, error) {
	if len(c.Y) != len(c.M) {
		return cluster.HajekLevel{}, &InputError{Err: errors.New("y and m must have one number for each cluster")}
	}
	totals := make([]cluster.Totals, len(c.Y))
	for i := range totals {
		totals[i] = cluster.Totals{Y: c.Y[i], M: c.M[i]}
	}
	return cluster.Hajek(totals)
}

type hajekInput struct {
	Control   clusterTotals `json:"control" doc:"clusters of the control: y, their totals, and m, their sizes"`
	Treatment clusterTotals `json:"treatment" doc:"clusters of the treatment: y, their totals, and m, their sizes"`
	atLevel
}

type hajekResult struct {
	Treatment, Control cluster.HajekLevel
	Difference         stats.Estimate
	StdErrorCR0        float64
	PValue             float64
}

func hajek(in hajekInput) (hajekResult, error) {
	t, err1 := in.Treatment.level()
	c, err0 := in.Control.level()
	if err := errors.Join(in.check(), err1, err0); err != nil {
		return hajekResult{}, err
	}
	contrast, err := stats.Levels{
		Method: "hajek", Treated: t.Ratio, Control: c.Ratio, VarTreated: t.Variance, VarControl: c.Variance, DF: math.Inf(1),
	}.Contrast()
	if err != nil {
		return hajekResult{}, err
	}
	d := contrast.Difference(in.Level)
	return hajekResult{t, c, d, math.Sqrt(t.CR0 + c.CR0), 2 * dist.NormalSF(math.Abs(d.Estimate)/d.StdError)}, nil
}

type wildInput struct {
	clusteredRows
	Of      int     `json:"of" optional:"true" doc:"which regressor, from 0 and without the intercept: t, then x"`
	Null    float64 `json:"null" default:"0" doc:"its coefficient under the null hypothesis"`
	Draws   int     `json:"draws" default:"9999" doc:"how many draws; when there are no more combinations of weights, each is taken once"`
	Weights string  `json:"weights" default:"\"rademacher\"" doc:"rademacher (1 and -1), or webb (six points)"`
	Seed    uint64  `json:"seed" default:"1" doc:"of the draws"`
}

func wildBootstrap(in wildInput) (cluster.WildTest, error) {
	r, names, err := in.regress()
	if err != nil {
		return cluster.WildTest{}, err
	}
	j := in.Of
	if in.Intercept {
		j++
	}
	if in.Of < 0 || j >= len(names) {
		return cluster.WildTest{}, &InputError{"of", errors.New("there is no such regressor")}
	}
	if in.Weights != "rademacher" && in.Weights != "webb" {
		return cluster.WildTest{}, &InputError{"weights", errors.New("they must be rademacher or webb")}
	}
	return r.Wild(j, in.Null, cluster.WildOptions{Draws: in.Draws, Webb: in.Weights == "webb", Seed: in.Seed})
}

type matchedPair cluster.Pair

func (p *matchedPair) UnmarshalJSON(text []byte) error {
	var list []float64
	if err := json.Unmarshal(text, &list); err != nil {
		return err
	}
	if len(list) != 2 {
		return errors.New("two numbers are needed")
	}
	*p = matchedPair{list[0], list[1]}
	return nil
}

type matchedPairsInput struct {
	Pairs []matchedPair `json:"pairs" doc:"[treated, control] of each pair, neighbouring pairs being alike"`
}

func matchedPairs(in matchedPairsInput) (cluster.PairComparison, error) {
	var pairs []cluster.Pair
	for _, p := range in.Pairs {
		pairs = append(pairs, cluster.Pair(p))
	}
	return cluster.Pairs(pairs)
}

type matchedClustersInput struct {
	Pairs []struct {
		YT float64 `json:"yt"`
		MT float64 `json:"mt"`
		YC float64 `json:"yc"`
		MC float64 `json:"mc"`
	} `json:"pairs" doc:"of each pair the total and the size of the treated cluster, yt and mt, and of the other, yc and mc"`
}

func matchedClusters(in matchedClustersInput) (cluster.ClusterPairComparison, error) {
	var pairs []cluster.ClusterPair
	for _, p := range in.Pairs {
		pairs = append(pairs, cluster.ClusterPair{Treated: cluster.Totals{Y: p.YT, M: p.MT}, Control: cluster.Totals{Y: p.YC, M: p.MC}})
	}
	return cluster.ClusterPairs(pairs)
}

type intraclassInput struct {
	Clusters [][]float64 `json:"clusters" doc:"the values in each cluster of one variant"`
}

func intraclass(in intraclassInput) (cluster.Variation, error) {
	var list []stats.Moments
	for _, values := range in.Clusters {
		var m stats.Moments
		for _, v := range values {
			m.Add(v)
		}
		list = append(list, m)
	}
	return cluster.ICC(list)
}
