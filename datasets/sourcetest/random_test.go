package sourcetest

import (
	"maps"
	"slices"
	"testing"

	"liftgate/datasets"
)

func examples(n int) []drawn {
	out := make([]drawn, n)
	for i := range out {
		out[i] = randomCases.Example(i)
	}
	return out
}

func viewExamples(n int) []drawn {
	out := make([]drawn, n)
	for i := range out {
		out[i] = randomViews.Example(i)
	}
	return out
}

// excludedWithoutCondition is Recomputed.Excluded if everything were eligible.
func excludedWithoutCondition(t *testing.T, c drawn) int64 {
	t.Helper()
	q := *c.query
	q.Eligible = nil
	ev, err := Reference(&q, c.data)
	if err != nil {
		t.Fatal(err)
	}
	return ev.Exposure.Recomputed.Excluded
}

// A generator that never ties two exposures tests no rule about ties.
func TestRandomCasesMeetEveryRule(t *testing.T) {
	met := map[string]int{}
	count := func(what string, n ...int64) {
		met[what] += 0
		if slices.Max(append(n, 0)) > 0 {
			met[what]++
		}
	}
	for _, c := range examples(400) {
		ev, err := Reference(c.query, c.data)
		if err != nil {
			count("error", 1)
			continue
		}
		x := ev.Exposure
		count("units", x.Units...)
		count("clusters", int64(len(x.Clusters)-2))
		for _, c := range x.Clusters {
			count("units of a cluster", c.Units-1)
			count("block", int64(c.Block))
			count("balance", int64(len(c.Balance)))
		}
		count("crossover", x.Crossover...)
		count("repeated", x.Dropped.RepeatedExposures)
		count("outside schedule", x.Dropped.OutsideSchedule)
		count("tied", x.Dropped.Tied)
		count("forced", x.Dropped.Forced)
		count("ignored", x.Dropped.IgnoredVariants)
		count("null unit", x.Dropped.NullUnit)
		count("moved", x.Recomputed.Moved)
		count("excluded", x.Recomputed.Excluded)
		count("not eligible", x.Recomputed.Excluded-excludedWithoutCondition(t, c))
		count("unexposed", int64(len(x.Unexposed)))
		for _, e := range ev.Events {
			count("matched", e.Matched)
			count("unmatched", e.UnmatchedUnit)
			count("outside window", e.OutsideWindow)
			count("null time", e.NullTime)
		}
		for _, v := range ev.Values {
			count("null cells", v.NullCells)
		}
		for _, b := range ev.Blocks {
			count("incomplete", b.Incomplete...)
			count("null", b.Null...)
			count("capped", b.Capped)
			count("positive", b.Positive)
			count("failed", int64(len(b.Failed)))
			count("without crossover", int64(len(b.WithoutCrossover)))
			for _, m := range b.Total {
				count("five units", m.N-4)
			}
			for _, s := range b.Skewness {
				if s != 0 {
					count("skewness", 1)
				}
			}
			for v, s := range b.UncappedSkewness {
				if s != 0 && s != b.Skewness[v] {
					count("skewness that a cap changes", 1)
				}
			}
			for _, s := range slices.Concat(b.Quantiles, b.QuantilesWithoutCrossover) {
				count("quantile of five", s.Rows-4)
				count("units of a quantile", s.Shares.N-1)
			}
			if b.Clusters != nil {
				for _, m := range b.Clusters.WithoutTop {
					count("units of a cluster's block", m.N-1)
				}
			}
		}
	}
	for _, what := range slices.Sorted(maps.Keys(met)) {
		t.Logf("%-28s %d", what, met[what])
		if met[what] < 5 {
			t.Errorf("%s: met %d times", what, met[what])
		}
	}
}

func TestRandomViewsMeetEveryRule(t *testing.T) {
	met := map[string]int{}
	for _, c := range viewExamples(300) {
		ev, err := Reference(c.query, c.data)
		if err != nil {
			continue
		}
		for what, is := range viewTraits(ev) {
			met[what] += 0
			if is {
				met[what]++
			}
		}
	}
	for _, what := range slices.Sorted(maps.Keys(met)) {
		t.Logf("%-28s %d", what, met[what])
		if met[what] < 5 {
			t.Errorf("%s: met %d times", what, met[what])
		}
	}
}

// viewTraits are what rules of views are about.
func viewTraits(ev *datasets.Evidence) map[string]bool {
	met := map[string]bool{
		"two segments": len(ev.Views.Segments) > 1, "four cells": len(ev.Views.Cells) > 3, "no segment": len(ev.Views.Segments) == 0,
		"ten days": len(ev.Views.Days) > 9, "exposed on two days": false, "crossover": false, "ages": false, "null at an age": false,
		"becoming complete on two days": false, "running without values": false, "clusters by age": false, "quantiles": false,
	}
	see := func(what string, is bool) { met[what] = met[what] || is }
	for _, x := range ev.Views.Exposed {
		see("exposed on two days", x.Day > ev.Views.Exposed[0].Day)
		see("crossover", x.Crossover > 0)
	}
	for _, b := range ev.Views.Blocks {
		see("quantiles", len(b.Quantiles) > 0)
		for _, s := range b.Samples {
			see("clusters by age", s.ByAge != nil && len(s.ByAge.Age) > 0)
			for i := range ages(s.Units) {
				see("ages", s.Units.Age[i] > 1)
				see("null at an age", s.Units.Age[i] > 0 && s.Units.Null[i] > 0)
				see("becoming complete on two days", s.Units.Day[i] > s.Units.Day[0] && s.Units.Age[i] == 0)
			}
		}
		for i := range ages(b.Running) {
			see("running without values", b.Running.N[i] == 0)
		}
	}
	return met
}

func ages(t *datasets.MomentTable) []int32 {
	if t == nil {
		return nil
	}
	return t.Age
}
