package procedure

import (
	"errors"
	"math"

	"liftgate/stats"
	"liftgate/stats/lift"
	"liftgate/stats/survival"
)

func lateOutcomes() []Procedure {
	const small = `"time": [3, 5, 5, 8, 12, 2, 4, 4, 9, 12], "group": [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]`
	return family("survival",
		define("kaplan-meier", "share without an event by Kaplan and Meier (1958), with Greenwood's errors, the difference and restricted means",
			`{`+small+`, "status": [1, 0, 1, 1, 0, 1, 1, 0, 1, 0], "times": [4, 8], "tau": 10}`, kaplanMeier),
		define("log-rank", "whether events come at the same rate, by the log-rank test (Mantel 1966)",
			`{`+small+`, "status": [1, 0, 1, 1, 0, 1, 1, 0, 1, 0]}`, logRank),
		define("cumulative-incidence", "chance of an event before competing ones, by Aalen and Johansen (1978), and its difference",
			`{`+small+`, "status": [1, 0, 2, 1, 0, 1, 1, 0, 2, 0], "times": [4, 8]}`, cumulativeIncidence),
		define("clustered-incidence", "difference of cumulative incidences at a horizon where observations come in clusters, by influence functions",
			`{`+small+`, "status": [1, 0, 2, 1, 0, 1, 1, 0, 2, 0], "cluster": [1, 1, 2, 3, 4, 5, 6, 6, 7, 8], "horizon": 8}`, clusteredIncidence),
		define("gray", "whether cumulative incidences are the same, by Gray's test (1988)",
			`{`+small+`, "status": [1, 0, 2, 1, 0, 1, 1, 0, 2, 0]}`, gray),
		define("mature-rate", "rate of late events weighted by the share of their known delays that has passed (Weibull)",
			`{"age": [30, 20, 25, 9, 30, 20, 25, 9], "seen": [1, 0, 1, 0, 0, 1, 0, 1], "group": [0, 0, 0, 0, 1, 1, 1, 1], "scale": 12, "shape": 1.5}`, matureRate),
	)
}

// observations are times in two groups.
type observations struct {
	Time   []float64 `json:"time" doc:"time of each observation, from its start to its event or the end of observation"`
	Status []int     `json:"status" doc:"what ended each observation: 0 nothing (censored), 1 the event, 2 or more a competing event"`
	Group  []int     `json:"group" doc:"0 for the control, 1 for the treatment, for each observation"`
}

// tables are those of treatment and control.
func (o observations) tables(status []int) (treated, control survival.Table, err error) {
	if len(status) != len(o.Time) {
		return nil, nil, &InputError{"status", errors.New("it must be as long as time")}
	}
	var times [2][]float64
	var causes [2][]int
	if err := byGroup(o.Group, len(o.Time), func(i, g int) {
		times[g], causes[g] = append(times[g], o.Time[i]), append(causes[g], status[i])
	}); err != nil {
		return nil, nil, err
	}
	treated, err1 := survival.NewTable(times[1], causes[1])
	control, err0 := survival.NewTable(times[0], causes[0])
	return treated, control, errors.Join(err1, err0)
}

// byGroup calls add for each of n observations with its group.
func byGroup(group []int, n int, add func(i, g int)) error {
	if len(group) != n {
		return &InputError{"group", errors.New("it must be as long as the other lists")}
	}
	for i, g := range group {
		if g != 0 && g != 1 {
			return &InputError{"group", errors.New("groups are 0 (control) and 1 (treatment)")}
		}
		add(i, g)
	}
	return nil
}

// anyEvent makes all events one.
func (o observations) anyEvent() []int {
	out := make([]int, len(o.Status))
	for i, s := range o.Status {
		out[i] = min(s, 1)
	}
	return out
}

type kaplanMeierInput struct {
	observations
	atLevel
	Times []float64 `json:"times" doc:"times at which the curves are wanted"`
	Tau   float64   `json:"tau" default:"0" doc:"restricted means go up to this time; 0 for none"`
}

type kaplanMeierResult struct {
	Control, Treatment []survival.Point
	Difference         []stats.Estimate // treatment minus control at each time
	RestrictedMean     *restrictedMeans
	LogRank            *survival.LogRankTest // null without an event while both groups are at risk
}

type restrictedMeans struct {
	Control, Treatment survival.RestrictedMean
	Difference         stats.Estimate
	PValue             float64 // null without an event in either group
}

func kaplanMeier(in kaplanMeierInput) (out kaplanMeierResult, err error) {
	if err := in.check(); err != nil {
		return out, err
	}
	treated, control, err := in.tables(in.anyEvent())
	if err != nil {
		return out, err
	}
	if out.Treatment, err = survival.KaplanMeier(treated, in.Times, in.Level); err != nil {
		return out, err
	}
	if out.Control, err = survival.KaplanMeier(control, in.Times, in.Level); err != nil {
		return out, err
	}
	out.Difference = survival.Differences(out.Treatment, out.Control, in.Level)
	if test, err := survival.LogRank(treated, control); err == nil {
		out.LogRank = &test
	}
	if in.Tau == 0 {
		return out, nil
	}
	out.RestrictedMean, err = compareRestricted(treated, control, in.Tau, in.Level)
	return out, err
}

func compareRestricted(treated, control survival.Table, tau, level float64) (*restrictedMeans, error) {
	t, err1 := survival.RestrictedMeanOf(treated, tau)
	c, err0 := survival.RestrictedMeanOf(control, tau)
	if err := errors.Join(err1, err0); err != nil {
		return nil, err
	}
	out := restrictedMeans{
		Control: c, Treatment: t, PValue: math.NaN(),
		Difference: survival.Differences([]survival.RestrictedMean{t}, []survival.RestrictedMean{c}, level)[0],
	}
	if test, err := survival.CompareRestrictedMeans(treated, control, tau); err == nil {
		out.PValue = test.PDifference(0)
	}
	return &out, nil
}

func logRank(in observations) (survival.LogRankTest, error) {
	treated, control, err := in.tables(in.Status)
	if err != nil {
		return survival.LogRankTest{}, err
	}
	return survival.LogRank(treated, control)
}

type incidenceInput struct {
	observations
	atLevel
	Times []float64 `json:"times" doc:"times at which the incidences are wanted"`
}

type incidenceResult struct {
	Control, Treatment []survival.Incidence
	Difference         []stats.Estimate // treatment minus control at each time
}

func cumulativeIncidence(in incidenceInput) (out incidenceResult, err error) {
	if err := in.check(); err != nil {
		return out, err
	}
	treated, control, err := in.tables(in.Status)
	if err != nil {
		return out, err
	}
	if out.Treatment, err = survival.Incidences(treated, in.Times); err != nil {
		return out, err
	}
	if out.Control, err = survival.Incidences(control, in.Times); err != nil {
		return out, err
	}
	out.Difference = survival.Differences(out.Treatment, out.Control, in.Level)
	return out, nil
}

type clusteredInput struct {
	observations
	atLevel
	Cluster []int   `json:"cluster" doc:"identity of each observation's cluster"`
	Horizon float64 `json:"horizon" doc:"time up to which events count"`
}

func clusteredIncidence(in clusteredInput) (comparison, error) {
	if err := in.check(); err != nil {
		return comparison{}, err
	}
	if len(in.Cluster) != len(in.Time) || len(in.Status) != len(in.Time) {
		return comparison{}, &InputError{"cluster", errors.New("time, status and cluster must be of one length")}
	}
	var groups [2]survival.Sample
	if err := byGroup(in.Group, len(in.Time), func(i, g int) {
		s := &groups[g]
		s.Times, s.Causes, s.Clusters = append(s.Times, in.Time[i]), append(s.Causes, in.Status[i]), append(s.Clusters, in.Cluster[i])
	}); err != nil {
		return comparison{}, err
	}
	c, err := survival.CompareClusteredIncidences(groups[1], groups[0], in.Horizon)
	if err != nil {
		return comparison{}, err
	}
	return compare(c, in.Level, 0), nil
}

type grayResult struct {
	Event     survival.GrayTest
	Competing *survival.GrayTest // null without competing events
}

func gray(in observations) (out grayResult, err error) {
	treated, control, err := in.tables(in.Status)
	if err != nil {
		return out, err
	}
	if out.Event, err = survival.Gray(treated, control); err != nil {
		return out, err
	}
	competing, err := survival.Gray(treated.Rivals(), control.Rivals())
	switch {
	case errors.Is(err, stats.ErrNoVariance):
		return out, nil
	case err != nil:
		return out, err
	}
	out.Competing = &competing
	return out, nil
}

type matureInput struct {
	atLevel
	Age   []float64 `json:"age" doc:"time from each unit's start to the end of its observation"`
	Seen  []float64 `json:"seen" doc:"1 for each unit whose event has been seen, else 0"`
	Group []int     `json:"group" doc:"0 for the control, 1 for the treatment, for each unit"`
	Scale float64   `json:"scale" doc:"scale of the Weibull distribution of delays"`
	Shape float64   `json:"shape" doc:"shape of the Weibull distribution of delays"`
}

type matureResult struct {
	Control, Treatment survival.Rate
	comparison
	LogDelta *lift.Interval // the lift by the delta method of the logarithm; null where a rate is zero
}

func matureRate(in matureInput) (out matureResult, err error) {
	if err := in.check(); err != nil {
		return out, err
	}
	if len(in.Seen) != len(in.Age) {
		return out, &InputError{"seen", errors.New("it must be as long as age")}
	}
	var ages [2][]float64
	var seen [2][]bool
	if err := byGroup(in.Group, len(in.Age), func(i, g int) {
		ages[g], seen[g] = append(ages[g], in.Age[i]), append(seen[g], in.Seen[i] != 0)
	}); err != nil {
		return out, err
	}
	delays := survival.Weibull{Scale: in.Scale, Shape: in.Shape}
	treated, err1 := delays.Maturity(seen[1], ages[1])
	control, err0 := delays.Maturity(seen[0], ages[0])
	if err := errors.Join(err1, err0); err != nil {
		return out, err
	}
	c, err := survival.CompareMatureRates(treated, control)
	if err != nil {
		return out, err
	}
	out.comparison = compare(c, in.Level, 0)
	out.Treatment, err1 = survival.MatureRate(treated)
	out.Control, err0 = survival.MatureRate(control)
	if levels, ok := stats.LevelsOf(c); ok {
		if log, err := lift.LogDelta(levels, in.Level); err == nil {
			out.LogDelta = &log
		}
	}
	return out, errors.Join(err1, err0)
}
