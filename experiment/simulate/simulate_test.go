package simulate

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/metadata"

	"liftgate/datasets"
	"liftgate/experiment"
	"liftgate/experiment/assignment"
)

func TestDataFitTheDefinition(t *testing.T) {
	d := express(t)
	dir, report := run(t, d, Options{Shoppers: 8_000, Seed: 3})
	exposures, events := read(t, dir, "exposures/*.parquet"), read(t, dir, "events/*.parquet")
	if int64(len(exposures["ts"])) != report.Exposures || int64(len(events["ts"])) != report.Events {
		t.Errorf("read %d exposures and %d events, the report has %d and %d",
			len(exposures["ts"]), len(events["ts"]), report.Exposures, report.Events)
	}
	for _, name := range []string{
		"shopper_id", "merchant_id", "session_id", "order_id", "ts", "event", "method", "reason", "value", "latency_ms",
		"kind", "outcome",
	} {
		if events[name] == nil {
			t.Errorf("events have no column %s", name)
		}
	}
	plan, err := assignment.Plan(d)
	if err != nil {
		t.Fatal(err)
	}
	first := map[string]int64{}
	for i, id := range exposures["shopper_id"] {
		at, unit := exposures["ts"][i].(int64), id.(string)
		if at < int64(*d.Schedule.Start) || at >= int64(*d.Schedule.End) {
			t.Fatalf("exposure %d lies outside the schedule", i)
		}
		if got := plan.Assign(unit).Variant; got < 0 || d.Variants[got].Name != exposures["variant"][i] {
			t.Fatalf("%s is logged in %v, the definition assigns variant %d", unit, exposures["variant"][i], got)
		}
		if !slices.Contains([]string{"US", "DE", "GB", "JP"}, exposures["country"][i].(string)) {
			t.Fatalf("%s is not eligible", unit)
		}
		first[unit] = min(at, cmpOr(first[unit], at))
	}
	if got := report.Exposed[0] + report.Exposed[1]; got != int64(len(first)) {
		t.Errorf("the report has %d exposed shoppers, the log %d", got, len(first))
	}
	if len(exposures["ts"]) < len(first)*11/10 {
		t.Error("hardly any shopper is exposed repeatedly")
	}
	checkShares(t, report)
	checkVocabulary(t, events)
	checkOrder(t, events)
}

func cmpOr(a, b int64) int64 {
	if a != 0 {
		return a
	}
	return b
}

func checkShares(t *testing.T, r *Report) {
	t.Helper()
	n := float64(r.Exposed[0] + r.Exposed[1])
	if z := (float64(r.Exposed[0]) - n/2) / math.Sqrt(n/4); math.Abs(z) > 4 {
		t.Errorf("variants have %v shoppers, the definition wants halves", r.Exposed)
	}
	// Two thirds of the countries are eligible, nine tenths take part, three in five come.
	if share := n / float64(r.Shoppers); share < 0.35 || share > 0.5 {
		t.Errorf("%.2f of the shoppers are exposed", share)
	}
}

func checkVocabulary(t *testing.T, log cells) {
	t.Helper()
	seen := map[string]int{}
	for i := range log["event"] {
		event := log["event"][i].(string)
		seen[event]++
		for column, holders := range map[string][]string{
			"value": {
				"charge_attempted", "charge_authorized", "charge_declined", "order_captured", "refund",
				"dispute_opened", "dispute_resolved", "fraud_reported", "merchant_paid",
			},
			"latency_ms": {"payment_confirmed", "api_call"},
			"kind":       {"dispute_opened", "dispute_resolved"},
			"outcome":    {"dispute_resolved"},
			"reason":     {"session_canceled", "charge_declined"},
		} {
			if has := log[column][i] != nil; has != slices.Contains(holders, event) {
				t.Fatalf("row %d, %s: %s is %v", i, event, column, log[column][i])
			}
		}
	}
	for _, event := range events {
		if seen[event] == 0 {
			t.Errorf("no %s among %d events", event, len(log["event"]))
		}
	}
}

// checkOrder: rows come nearly by time, with some disorder.
func checkOrder(t *testing.T, log cells) {
	t.Helper()
	var behind int
	latest := int64(0)
	for _, cell := range log["ts"] {
		at := cell.(int64)
		if at < latest-int64(datasets.Hour) {
			t.Fatal("a row comes more than an hour late")
		}
		if at < latest {
			behind++
		}
		latest = max(latest, at)
	}
	if share := float64(behind) / float64(len(log["ts"])); share < 0.01 || share > 0.6 {
		t.Errorf("%.3f of the rows come after a later one", share)
	}
}

// TestStatistics: readers skip row groups by time, so row groups must be short in time and say so.
func TestStatistics(t *testing.T) {
	dir, report := run(t, express(t), Options{Shoppers: chunkShoppers})
	reader, err := file.OpenParquetFile(filepath.Join(dir, report.Files[0]), false)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	column := reader.MetaData().Schema.ColumnIndexByName("ts")
	begin := int64(0)
	for i := range reader.NumRowGroups() {
		chunk, err := reader.MetaData().RowGroup(i).ColumnChunk(column)
		if err != nil {
			t.Fatal(err)
		}
		statistics, err := chunk.Statistics()
		if err != nil {
			t.Fatal(err)
		}
		got := statistics.(*metadata.Int64Statistics)
		if got.NullCount() != 0 || got.Min() < begin-int64(datasets.Hour) || got.Max() <= got.Min() {
			t.Errorf("row group %d: %d nulls, from %d to %d, after %d", i, got.NullCount(), got.Min(), got.Max(), begin)
		}
		begin = got.Max()
	}
}

func TestSameBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("two whole simulations")
	}
	o := Options{Shoppers: chunkShoppers + 100, Seed: 7, TruthShoppers: truthBlock + 1}
	o.Workers = 1
	one, _ := run(t, express(t), o)
	o.Workers = 3
	three, report := run(t, express(t), o)
	if len(report.Files) != 4 {
		t.Fatalf("got files %v, want two parts of two sources", report.Files)
	}
	for _, name := range append(report.Files, "definition.yaml", "truth.json") {
		a, errA := os.ReadFile(filepath.Join(one, name))
		b, errB := os.ReadFile(filepath.Join(three, name))
		if err := errors.Join(errA, errB); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a, b) {
			t.Errorf("%s depends on the number of workers", name)
		}
	}
	o.Seed = 8
	_, other := run(t, express(t), o)
	if other.Events == report.Events && other.Exposures == report.Exposures {
		t.Error("another seed gives as many events and exposures")
	}
}

// TestOneFileHoldsAllChunks: paths without a star are appended to in order, lists are dealt round.
func TestOneFileHoldsAllChunks(t *testing.T) {
	if testing.Short() {
		t.Skip("simulation")
	}
	parts, _ := run(t, express(t), Options{Shoppers: chunkShoppers + 100, Seed: 7})
	single := express(t, "exposures/*.parquet", "exposures.parquet", "events/*.parquet", "[a/e.parquet, b/**/e-*.parquet]")
	whole, report := run(t, single, Options{Shoppers: chunkShoppers + 100, Seed: 7, Workers: 2})
	if want := []string{"a/e.parquet", "b/e-part-0000.parquet", "exposures.parquet"}; !slices.Equal(report.Files, want) {
		t.Fatalf("got files %v, want %v", report.Files, want)
	}
	a, b := read(t, parts, "events/*.parquet"), read(t, whole, "[ab]/*.parquet")
	if !slices.Equal(a["session_id"], b["session_id"]) || !slices.Equal(a["ts"], b["ts"]) {
		t.Error("events differ")
	}
	if a, b := read(t, parts, "exposures/*.parquet"), read(t, whole, "exposures.parquet"); !slices.Equal(a["shopper_id"], b["shopper_id"]) {
		t.Error("exposures differ")
	}
}

func TestOwnNames(t *testing.T) {
	d := express(t, "shopper_id", "buyer", "time: ts", "time: seen_at", "cluster: merchant_id", "cluster: shop", "variant: variant", "variant: arm",
		"unit: buyer\n    time: seen_at\nmetrics", "unit: buyer\n    time: seen_at\n    complete_through: 2026-11-01\nmetrics")
	dir, _ := run(t, d, Options{Shoppers: 500})
	exposures, log := read(t, dir, "exposures/*.parquet"), read(t, dir, "events/*.parquet")
	for _, name := range []string{"buyer", "arm", "seen_at", "shop", "country", "device"} {
		if len(exposures[name]) == 0 {
			t.Errorf("exposures have no column %s", name)
		}
	}
	if !slices.Equal(log["buyer"], log["shopper_id"]) || !slices.Equal(log["seen_at"], log["ts"]) {
		t.Error("the vocabulary's own columns are missing beside the definition's")
	}
	for _, at := range log["seen_at"] {
		if datasets.Instant(at.(int64)) >= *d.Data.Events[0].CompleteThrough {
			t.Fatal("a row lies after complete_through")
		}
	}
}

func TestRefusals(t *testing.T) {
	unitTable := express(t)
	unitTable.Data = experiment.Data{Units: &experiment.UnitSource{}}
	tests := []struct {
		d    *experiment.Definition
		o    Options
		want string
	}{
		{unitTable, Options{Shoppers: 1}, "event logs"},
		{express(t), Options{}, "at least one shopper"},
		{express(t), Options{Shoppers: 1, Scenario: "nune"}, "harm, none, tradeoff"},
		{express(t, "attributes: [country, device]", "attributes: [tier]"), Options{Shoppers: 1}, `"tier"`},
		{express(t, "events/*.parquet", "events/*.csv"), Options{Shoppers: 1}, "Parquet"},
		{express(t, "events/*.parquet", "../events/*.parquet"), Options{Shoppers: 1}, "relative path"},
		{express(t, "events/*.parquet", "events/[0-9].parquet"), Options{Shoppers: 1}, "use * instead"},
		{express(t, "events/*.parquet", "exposures/*.parquet"), Options{Shoppers: 1}, "own files"},
	}
	for _, test := range tests {
		test.o.Dir = t.TempDir()
		_, err := Run(context.Background(), test.d, test.o)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got error %v, want one with %q", err, test.want)
		}
		checkEmpty(t, test.o.Dir)
	}
}

func checkEmpty(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			t.Errorf("%s was left behind", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestNothingIsReplaced(t *testing.T) {
	dir, _ := run(t, express(t), Options{Shoppers: 10})
	if _, err := Run(context.Background(), express(t), Options{Dir: dir, Shoppers: 10}); err == nil {
		t.Error("a second run into the same folder succeeded")
	}
}

func TestCanceledLeavesNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	dir := t.TempDir()
	o := Options{Dir: dir, Shoppers: 4 * chunkShoppers, Workers: 1, Progress: func(int64, int64) { cancel() }}
	if _, err := Run(ctx, express(t), o); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	checkEmpty(t, dir)
}

func TestProgress(t *testing.T) {
	var last, total int64
	run(t, express(t), Options{Shoppers: 100, TruthShoppers: 200, Workers: 1, Progress: func(d, n int64) { last, total = d, n }})
	if last != 300 || total != 300 {
		t.Errorf("progress ended at %d of %d", last, total)
	}
}
