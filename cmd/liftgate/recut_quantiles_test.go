package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"liftgate/experiment/result"
)

// TestRecutOfQuantiles: a part has the quantile that evidence holds of it, or says what there is instead; never a number of the whole run.
func TestRecutOfQuantiles(t *testing.T) {
	if testing.Short() {
		t.Skip("analyses a log")
	}
	t.Chdir(t.TempDir())
	shapeOf(t, "quantiles").make(t)
	const held = "as of the end, with whole windows, for all units and for each value of one segment"
	for _, c := range []struct {
		cut   []string
		leave string // what the answer says to leave out; empty where there is a quantile
	}{
		{[]string{"--segment", "country=DE"}, ""},
		{[]string{"--day", "2026-10-20"}, ""}, // the last
		{[]string{"--day", "2026-10-12"}, "leave out the day"},
		{[]string{"--age", "1"}, "leave out the age"},
		{[]string{"--segment", "country=DE", "--segment", "device=phone"}, "leave out all but one of the 2 segments"},
		{
			[]string{"--segment", "country=DE", "--segment", "device=phone", "--day", "2026-10-12", "--age", "1"},
			"leave out the day and the age and all but one of the 2 segments",
		},
	} {
		for _, format := range []string{"table", "html"} {
			says := strings.Join(strings.Fields(recut(t, format, c.cut)), " ")
			if want := c.leave != ""; strings.Contains(says, held) != want || !strings.Contains(says, c.leave) {
				t.Errorf("%s of %q: %q", format, c.cut, says)
			}
		}
		var r result.Result
		if err := json.Unmarshal([]byte(recut(t, "json", c.cut)), &r); err != nil {
			t.Fatal(err)
		}
		for _, m := range r.Metrics[1:] {
			numbers := m.Variants[0].Value != nil && m.Variants[1].N > 0 && m.Comparisons[0].Difference.Estimate != nil && m.Comparisons[0].PValue != nil
			none := m.Variants[0].Value == nil && m.Variants[1].N == 0 && m.Variants[0].StdError == nil && m.Comparisons[0].Difference.Estimate == nil &&
				m.Comparisons[0].Lift.Upper == nil && m.Comparisons[0].PValue == nil && len(m.Comparisons[0].Sensitivity) == 0
			switch {
			case c.leave == "" && (m.Status != result.OK || !numbers):
				t.Errorf("%q: %s is %s: %s", c.cut, m.Metric, m.Status, m.Reason)
			case c.leave != "" && (m.Status != result.NotSupported || !none || !strings.Contains(m.Reason, held) || !strings.HasSuffix(m.Reason, c.leave)):
				t.Errorf("%q: %s is %s: %s, %+v", c.cut, m.Metric, m.Status, m.Reason, m.Variants)
			}
		}
	}
}

// recut reports a part of the run.
func recut(t *testing.T, format string, cut []string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	args := append([]string{"report", "run", "--format", format}, cut...)
	if code := run(t.Context(), args, strings.NewReader(""), &stdout, &stderr); code != exitDone {
		t.Fatalf("%q: exit code %d, %s", args, code, &stderr)
	}
	return stdout.String()
}
