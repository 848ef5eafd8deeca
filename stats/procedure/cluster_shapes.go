package procedure

import (
	"encoding/json"
	"errors"
	"fmt"

	"liftgate/stats"
	"liftgate/stats/cluster"
)

// label names a cluster or a block: a text or a number.
type label string

func (l *label) UnmarshalJSON(text []byte) error {
	var name string
	if json.Unmarshal(text, &name) == nil {
		*l = label(name)
		return nil
	}
	var number float64
	if err := json.Unmarshal(text, &number); err != nil {
		return errors.New("a label is a text or a number")
	}
	*l = label(fmt.Sprint(number))
	return nil
}

// numbered gives labels numbers in the order in which they come.
func numbered(labels []label) (numbers []int, count int) {
	place := map[label]int{}
	for _, l := range labels {
		if _, ok := place[l]; !ok {
			place[l] = len(place)
		}
		numbers = append(numbers, place[l])
	}
	return numbers, len(place)
}

// clusteredRows are the rows of a regression in clusters.
type clusteredRows struct {
	Y         []float64   `json:"y" doc:"the value of each row"`
	Cluster   []label     `json:"cluster" doc:"the cluster of each row, texts or numbers"`
	T         []float64   `json:"t" optional:"true" doc:"a regressor, by row: the treatment as 0 and 1"`
	X         [][]float64 `json:"x" optional:"true" doc:"more regressors: a list of columns"`
	Block     []label     `json:"block" optional:"true" doc:"the block of each row; every block but one gets a level of its own"`
	W         []float64   `json:"w" optional:"true" doc:"the weight of each row; absent: 1"`
	Intercept bool        `json:"intercept" default:"true" doc:"whether there is a common level"`
}

// sums gives the clusters and the names of the regressors that are not levels of blocks, which come last.
func (in clusteredRows) sums() (clusters []cluster.Sums, names []string, err error) {
	columns, names := in.columns()
	n := len(in.Y)
	for _, column := range columns {
		if len(column) != n {
			return nil, nil, &InputError{Err: fmt.Errorf("a regressor has %d rows, y has %d", len(column), n)}
		}
	}
	if len(in.Cluster) != n || in.W != nil && len(in.W) != n || in.Block != nil && len(in.Block) != n {
		return nil, nil, &InputError{Err: fmt.Errorf("cluster, block and w must have as many rows as y: %d", n)}
	}
	blocks, count := numbered(in.Block)
	of, groups := numbered(in.Cluster)
	clusters = make([]cluster.Sums, groups)
	for i, y := range in.Y {
		row := make([]float64, len(columns)+max(count-1, 0))
		for j, column := range columns {
			row[j] = column[i]
		}
		if count > 0 && blocks[i] > 0 {
			row[len(columns)+blocks[i]-1] = 1
		}
		if in.W == nil {
			clusters[of[i]].Add(row, y)
			continue
		}
		if !(in.W[i] >= 0) {
			return nil, nil, &InputError{"w", errors.New("a weight is negative")}
		}
		clusters[of[i]].AddWeighted(row, y, in.W[i])
	}
	return clusters, names, nil
}

func (in clusteredRows) columns() (columns [][]float64, names []string) {
	if in.Intercept {
		ones := make([]float64, len(in.Y))
		for i := range ones {
			ones[i] = 1
		}
		columns, names = append(columns, ones), append(names, "intercept")
	}
	if in.T != nil {
		columns, names = append(columns, in.T), append(names, "t")
	}
	for i, x := range in.X {
		columns, names = append(columns, x), append(names, fmt.Sprintf("x%d", i+1))
	}
	return columns, names
}

// regress fits the rows.
func (in clusteredRows) regress() (*cluster.Regression, []string, error) {
	sums, names, err := in.sums()
	if err != nil {
		return nil, nil, err
	}
	r, err := cluster.Regress(sums)
	return r, names, err
}

// twoClusters are clusters of two variants.
type twoClusters struct {
	Control   []sums `json:"control" doc:"clusters of the control: a list of [n, sum, sum of squares]"`
	Treatment []sums `json:"treatment" doc:"clusters of the treatment: a list of [n, sum, sum of squares]"`
	Weight    string `json:"weight" default:"\"unit\"" doc:"what counts the same: unit, or cluster"`
}

func (in twoClusters) moments() (treated, control []stats.Moments, err error) {
	treated, err1 := clusterMoments(in.Treatment)
	control, err0 := clusterMoments(in.Control)
	if err := errors.Join(err1, err0); err != nil {
		return nil, nil, err
	}
	switch in.Weight {
	case "unit":
	case "cluster":
		treated, _ = cluster.Means(treated, 1)
		control, _ = cluster.Means(control, 1)
	default:
		return nil, nil, &InputError{"weight", errors.New("it must be unit or cluster")}
	}
	return treated, control, nil
}

func clusterMoments(list []sums) ([]stats.Moments, error) {
	var out []stats.Moments
	for i, s := range list {
		m, err := s.moments()
		if err != nil {
			return nil, fmt.Errorf("cluster %d: %w", i+1, err)
		}
		out = append(out, m)
	}
	return out, nil
}
