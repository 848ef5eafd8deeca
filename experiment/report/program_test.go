package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"liftgate/experiment/result"
)

var regexpEscape = regexp.MustCompile("\x1b\\[[0-9;]*m")

func TestParseFormat(t *testing.T) {
	for _, want := range Formats {
		if got, err := ParseFormat(string(want)); err != nil || got != want {
			t.Errorf("%s: %q, %v", want, got, err)
		}
	}
	for _, name := range []string{"", "pdf", "JSON"} {
		if _, err := ParseFormat(name); err == nil {
			t.Errorf("%q is a format", name)
		}
	}
	if err := Write(&strings.Builder{}, &result.Result{}, Options{Format: "pdf"}); err == nil {
		t.Error("wrote a PDF")
	}
}

func TestJSONRoundTrip(t *testing.T) {
	for name, r := range cases(t) {
		first := write(t, r, Options{Format: JSON})
		var back result.Result
		if err := json.Unmarshal([]byte(first), &back); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(*r, back, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s changed:\n%s", name, diff)
		}
		if again := write(t, &back, Options{Format: JSON}); again != first {
			t.Errorf("%s: other bytes the second time", name)
		}
	}
}

func TestJSONListsAreNeverNull(t *testing.T) {
	got := write(t, &result.Result{Metrics: []result.Metric{{Comparisons: []result.Comparison{{}}}}}, Options{Format: JSON})
	for _, list := range []string{"checks", "variants", "treatments", "warnings", "segments", "stakeholders", "sensitivity", "adjusted_for"} {
		if strings.Contains(got, `"`+list+`": null`) {
			t.Errorf("%s is null", list)
		}
	}
	if !strings.HasSuffix(got, "}\n") || strings.HasSuffix(got, "\n\n") {
		t.Error("not exactly one newline at the end")
	}
}

// Every declared metric has a line in files for programs, whatever became of it.
func TestEveryMetricHasALine(t *testing.T) {
	for name, r := range cases(t) {
		records, err := csv.NewReader(strings.NewReader(write(t, r, Options{Format: CSV}))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		column := slices.Index(records[0], "metric")
		for _, m := range r.Metrics {
			n := 0
			for _, record := range records[1:] {
				if record[column] == m.Metric {
					n++
				}
			}
			if n != len(treatments(r)) {
				t.Errorf("%s: %d lines for %s, want one a treatment", name, n, m.Metric)
			}
		}
	}
}

func TestCSVKeepsEveryDigit(t *testing.T) {
	r := cases(t)["ship"]
	records, err := csv.NewReader(strings.NewReader(write(t, r, Options{Format: CSV}))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := slices.Index(records[0], "difference_lower")
	for i, m := range r.Metrics {
		got, err := strconv.ParseFloat(records[i+1][column], 64)
		if want := *m.Comparisons[0].Difference.Lower; err != nil || got != want {
			t.Errorf("%s: %v (%v), want %v", m.Metric, got, err, want)
		}
	}
}

func TestArrowHoldsTheSameAsCSV(t *testing.T) {
	for name, r := range cases(t) {
		records, err := csv.NewReader(strings.NewReader(write(t, r, Options{Format: CSV}))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		got := arrowText(t, r)
		if diff := cmp.Diff(records, got); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

// arrowText reads an Arrow file of r back as a CSV would show it.
func arrowText(t *testing.T, r *result.Result) [][]string {
	t.Helper()
	mem := memory.NewCheckedAllocator(memory.NewGoAllocator())
	defer mem.AssertSize(t, 0)
	var b bytes.Buffer
	if err := writeArrowFile(&b, r, mem); err != nil {
		t.Fatal(err)
	}
	file, err := ipc.NewFileReader(bytes.NewReader(b.Bytes()), ipc.WithAllocator(mem))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	record, err := file.Record(0)
	if err != nil {
		t.Fatal(err)
	}
	out := make([][]string, record.NumRows()+1)
	for i, f := range record.Schema().Fields() {
		out[0] = append(out[0], f.Name)
		for row := range int(record.NumRows()) {
			out[row+1] = append(out[row+1], cellText(record.Column(i), row))
		}
	}
	return out
}

func cellText(column any, row int) string {
	switch c := column.(type) {
	case *array.String:
		return c.Value(row)
	case *array.List:
		start, end := c.ValueOffsets(row)
		var items []string
		for i := start; i < end; i++ {
			items = append(items, c.ListValues().(*array.String).Value(int(i)))
		}
		return strings.Join(items, ";")
	case *array.Int64:
		if c.IsValid(row) {
			return strconv.FormatInt(c.Value(row), 10)
		}
	case *array.Float64:
		if c.IsValid(row) {
			return strconv.FormatFloat(c.Value(row), 'g', -1, 64)
		}
	case *array.Boolean:
		if c.IsValid(row) {
			return strconv.FormatBool(c.Value(row))
		}
	case *array.Timestamp:
		if c.IsValid(row) {
			return c.Value(row).ToTime(arrow.Microsecond).Format("2006-01-02T15:04:05Z07:00")
		}
	}
	return ""
}
