package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"liftgate/experiment/result"
)

// TestRecutOfQuantiles: a part has a quantile, exact or read off a sketch, which then is said; never a number of the whole run.
func TestRecutOfQuantiles(t *testing.T) {
	if testing.Short() {
		t.Skip("analyses a log")
	}
	t.Chdir(t.TempDir())
	shapeOf(t, "quantiles").make(t)
	const label = "read off sketches: values are within 0.4% of the exact quantiles"
	for _, c := range []struct {
		cut      []string
		sketched bool
		status   string // of the metrics: too few or no units there are where it is not ok
	}{
		{[]string{"--segment", "country=DE"}, false, result.OK},
		{[]string{"--day", "2026-10-20"}, false, result.OK}, // the last
		{[]string{"--day", "2026-10-19"}, true, result.OK},
		{[]string{"--age", "3"}, true, result.OK},
		{[]string{"--age", "7"}, false, result.OK}, // no window is longer
		{[]string{"--segment", "country=DE", "--segment", "device=phone"}, true, result.OK},
		{[]string{"--segment", "device=phone", "--day", "2026-10-18", "--age", "4"}, true, result.OK},
		{[]string{"--segment", "country=DE", "--day", "2026-10-03"}, true, result.Immature},
	} {
		for _, format := range []string{"table", "html"} {
			says := strings.Join(strings.Fields(recut(t, format, c.cut)), " ")
			if want := c.sketched && c.status == result.OK; strings.Contains(says, label) != want {
				t.Errorf("%s of %q: %q", format, c.cut, says)
			}
		}
		var r result.Result
		if err := json.Unmarshal([]byte(recut(t, "json", c.cut)), &r); err != nil {
			t.Fatal(err)
		}
		for _, m := range r.Metrics[1:] {
			numbers := m.Variants[0].Value != nil && m.Variants[1].N > 0 && m.Comparisons[0].Difference.Estimate != nil && m.Comparisons[0].PValue != nil
			if m.Status != c.status || numbers != (c.status == result.OK) || (m.Sketch != nil) != c.sketched {
				t.Errorf("%q: %s is %s: %s, %+v, %+v", c.cut, m.Metric, m.Status, m.Reason, m.Sketch, m.Variants)
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
