package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	runs "liftgate/experiment/run"
)

// TestIncrementsEqualAFullRun adds files to an analysis, and compares every run byte by byte with one that reads everything.
func TestIncrementsEqualAFullRun(t *testing.T) {
	if testing.Short() {
		t.Skip("many analyses")
	}
	for _, unit := range []string{"shopper", "merchant"} {
		t.Run(unit, func(t *testing.T) {
			t.Chdir(t.TempDir())
			arrive := cohorts(t, unit, 3)
			for step, cohort := range []int{1, 0, 2} { // the first in the order of files comes second
				arrive(cohort)
				kept := []string{"analyze", "x/experiment.yaml", "--state", "state", "--out", fmt.Sprint("kept-", step), "--workers", fmt.Sprint(1 + step)}
				if step > 0 {
					kept = append(kept, "--increment")
				}
				must(t, kept...)
				must(t, "analyze", "x/experiment.yaml", "--out", fmt.Sprint("whole-", step))
				sameRuns(t, fmt.Sprint("kept-", step), fmt.Sprint("whole-", step))
			}
		})
	}
}

// cohorts simulates the data of an experiment some times over, and gives a function that puts one of these beside the others.
func cohorts(t *testing.T, unit string, n int) (arrive func(int)) {
	t.Helper()
	must(t, "init", "x", "--unit", unit, "--quiet")
	for i := range n {
		must(t, "simulate", "x/experiment.yaml", "--out", fmt.Sprint(i), "--shoppers", "1500", "--seed", fmt.Sprint(i+1), "--truth", "0", "--quiet")
	}
	return func(i int) {
		t.Helper()
		for _, table := range []string{"exposures", "events"} {
			from := filepath.Join(fmt.Sprint(i), table, "part-0000.parquet")
			to := filepath.Join("x", table, fmt.Sprintf("cohort-%d.parquet", i))
			old := time.Now().Add(-time.Hour)
			for _, err := range []error{os.MkdirAll(filepath.Dir(to), 0o777), os.Chtimes(from, old, old), os.Rename(from, to)} {
				if err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// sameRuns compares two runs, all but when they were made.
func sameRuns(t *testing.T, a, b string) {
	t.Helper()
	x, errX := runs.Open(t.Context(), a)
	y, errY := runs.Open(t.Context(), b)
	if errX != nil || errY != nil {
		t.Fatal(errX, errY)
	}
	if !slices.Equal(x.Manifest.Inputs, y.Manifest.Inputs) {
		t.Errorf("%s was made from %v, %s from %v", a, x.Manifest.Inputs, b, y.Manifest.Inputs)
	}
	if !slices.Equal(x.Manifest.Files, y.Manifest.Files) {
		t.Errorf("%s holds %v, %s %v", a, x.Manifest.Files, b, y.Manifest.Files)
	}
}

// TestInterruptedAnalysesLeaveTheState ends increments at ever later times: the state is that from before, or the next one.
func TestInterruptedAnalysesLeaveTheState(t *testing.T) {
	if testing.Short() {
		t.Skip("many analyses")
	}
	t.Chdir(t.TempDir())
	arrive := cohorts(t, "shopper", 2)
	arrive(0)
	must(t, "analyze", "x/experiment.yaml", "--state", "state", "--out", "first")
	arrive(1)
	must(t, "analyze", "x/experiment.yaml", "--out", "whole")
	before := tree(t)
	after := 4 * time.Millisecond
	for ; interrupted(t, after, []string{"analyze", "x/experiment.yaml", "--state", "state", "--increment", "--out", "kept"}); after = after * 3 / 2 {
		if now := tree(t); !slices.Equal(before, now) {
			t.Fatalf("interrupted after %v: files are %q, before they were %q", after, now, before)
		}
	}
	sameRuns(t, "kept", "whole")
	must(t, "analyze", "x/experiment.yaml", "--state", "state", "--increment", "--out", "again")
	sameRuns(t, "again", "whole")
}
