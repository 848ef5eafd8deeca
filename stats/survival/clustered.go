package survival

import (
	"fmt"
	"math"
	"slices"

	"liftgate/stats"
	"liftgate/stats/internal/degrees"
)

// Sample is a group whose observations come in clusters: orders of shoppers, or of merchants.
type Sample struct {
	Times    []float64
	Causes   []int
	Clusters []int // identity of each observation's cluster
}

// CompareClusteredIncidences compares cumulative incidences at a horizon where observations come in clusters. The variance sums
// influence functions by cluster (G/(G-1) times the sum of squares): an observation's influence on Aalen and Johansen's
// estimate is
//
//	sum over u <= t of S(u-) dM1(u)/n(u) - (F(t) - F(u)) dM(u)/(n(u) - d(u))
//
// with M1 and M the martingale residuals of the event and of any event: T. Therneau, C. Crowson, E. Atkinson, "Multi-state
// models and competing risks" (2024), appendix on the infinitesimal jackknife. With one observation a cluster it is the
// variance of [CompareIncidences] times n/(n-1). Degrees of freedom are Satterthwaite's from the effective number of clusters
// less one in each group.
//
// Valid from 40 effective clusters, and the events of [CompareIncidences], in each group on.
func CompareClusteredIncidences(treated, control Sample, horizon float64) (stats.Contrast, error) {
	t, err := NewTable(treated.Times, treated.Causes)
	if err != nil {
		return nil, fmt.Errorf("treatment: %w", err)
	}
	c, err := NewTable(control.Times, control.Causes)
	if err != nil {
		return nil, fmt.Errorf("control: %w", err)
	}
	if err := checkBoth(t, c); err != nil {
		return nil, err
	}
	if err := checkHorizon(t, c, horizon); err != nil {
		return nil, err
	}
	v1, g1, err := treated.variance(t, horizon)
	if err != nil {
		return nil, fmt.Errorf("treatment: %w", err)
	}
	v0, g0, err := control.variance(c, horizon)
	if err != nil {
		return nil, fmt.Errorf("control: %w", err)
	}
	reason := outside(t, c, horizon)
	if effective := min(g1, g0); reason == "" && effective < fewClusters {
		reason = fmt.Sprintf("only %.3g effective clusters in a group, %d are needed", effective, fewClusters)
	}
	df := math.Inf(1)
	if v1+v0 > 0 {
		df = degrees.Satterthwaite([]float64{v1, v0}, []float64{g1 - 1, g0 - 1})
	}
	return stats.Levels{
		Method: "aalen-johansen-clustered", Treated: last(t.incidence(horizon)), Control: last(c.incidence(horizon)),
		VarTreated: v1, VarControl: v0, DF: df, Outside: reason,
	}.Contrast()
}

const fewClusters = 40

// variance of the incidence at a horizon, and the effective number of clusters: (sum of sizes)² / sum of sizes².
func (s Sample) variance(t Table, horizon float64) (v, effective float64, err error) {
	influences, err := s.influences(t, horizon)
	if err != nil {
		return 0, 0, err
	}
	type cluster struct{ influence, size float64 }
	at := map[int]int{}
	var clusters []cluster
	for i, id := range s.Clusters {
		k, ok := at[id]
		if !ok {
			k = len(clusters)
			at[id], clusters = k, append(clusters, cluster{})
		}
		clusters[k].influence += influences[i]
		clusters[k].size++
	}
	if len(clusters) < 2 {
		return 0, 0, fmt.Errorf("%w: one cluster, a variance needs 2", stats.ErrTooFew)
	}
	var size, squares float64
	for _, c := range clusters {
		v += c.influence * c.influence
		size += c.size
		squares += c.size * c.size
	}
	g := float64(len(clusters))
	return v * g / (g - 1), size * size / squares, nil
}

// influences of the observations on the incidence at a horizon.
func (s Sample) influences(t Table, horizon float64) ([]float64, error) {
	if len(s.Clusters) != len(s.Times) {
		return nil, fmt.Errorf("%w: %d times with %d clusters", stats.ErrInvalid, len(s.Times), len(s.Clusters))
	}
	steps := t.incidence(horizon)
	end := last(steps)
	// compensated[k] is what being at risk up to step k costs; own and rival what an event there adds.
	compensated, own, rival := make([]float64, len(steps)+1), make([]float64, len(steps)), make([]float64, len(steps))
	for k, step := range steps {
		n, d1, d := float64(step.row.AtRisk), float64(step.row.Events), float64(step.row.Events+step.row.Competing)
		if n > d {
			rival[k] = -(end - step.incidence) / (n - d)
		}
		own[k] = step.before/n + rival[k]
		compensated[k+1] = compensated[k] + (step.before*d1/n+rival[k]*d)/n
	}
	out := make([]float64, len(s.Times))
	for i, time := range s.Times {
		k, at := slices.BinarySearchFunc(steps, time, func(st step, time float64) int {
			switch {
			case st.row.Time < time:
				return -1
			case st.row.Time > time:
				return 1
			}
			return 0
		})
		if at {
			switch s.Causes[i] {
			case Event:
				out[i] = own[k]
			case Censored:
			default:
				out[i] = rival[k]
			}
			k++
		}
		out[i] -= compensated[k]
	}
	return out, nil
}
