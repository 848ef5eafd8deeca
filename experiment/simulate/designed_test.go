package simulate

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"liftgate/experiment/assignment"
)

// designed is a definition whose merchants are assigned by a design.
func designed(design string) []string {
	return []string{
		"unit: shopper\n", "unit: merchant\n",
		"unit: shopper_id\n    time: ts\nmetrics", "unit: shopper_id\n    time: ts\n    cluster: merchant_id\nmetrics",
		"  traffic: 90%\n", "  traffic: 90%\n  design: " + design + "\n",
	}
}

func TestDesign(t *testing.T) {
	if testing.Short() {
		t.Skip("draws designs for a whole market")
	}
	for _, design := range []string{
		"{method: stratified, strata: [platform, country], seed: 3}",
		"{method: paired, matching: greedy, strata: [platform], balance: [gmv_90d, conversion_90d, amazon_pay_share_90d], seed: 3, record: lists/design.json}",
		"{method: rerandomized, balance: [gmv_90d, orders_90d], seed: 3}",
	} {
		d := express(t, designed(design)...)
		dir, report := run(t, d, Options{Shoppers: 6000, TruthShoppers: 2000})
		r, err := assignment.ReadRecord(filepath.Join(dir, d.Assignment.Design.Record))
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Fits(d); err != nil {
			t.Error(err)
		}
		variant := map[any]any{}
		for _, m := range r.Merchants {
			variant[m.Unit] = m.Variant
		}
		log := read(t, dir, "exposures/*.parquet")
		for i, merchant := range log["merchant_id"] {
			if log["variant"][i] != variant[merchant] {
				t.Fatalf("%s: %v got %v, the record has %v", design, merchant, log["variant"][i], variant[merchant])
			}
		}
		list, err := os.ReadFile(filepath.Join(dir, ListName))
		if err != nil {
			t.Fatal(err)
		}
		if lines := strings.Count(string(list), "\n"); lines != merchantCount+1 || len(r.Merchants) != merchantCount {
			t.Errorf("%d lines list %d merchants", lines, len(r.Merchants))
		}
		if report.Truth.Metrics[0].Status != "ok" || len(report.Files) < 4 {
			t.Errorf("%+v", report)
		}
	}
}

func TestDesignThatCannotBe(t *testing.T) {
	for design, want := range map[string]string{
		"{method: stratified, strata: [size], seed: 3}":                               "simulate knows no size of merchants",
		"{method: stratified, strata: [platform], seed: 3, record: /tmp/design.json}": "below its own folder only",
		"{method: stratified, strata: [platform], seed: 3, record: ./merchants.csv}":  "is the list of merchants",
		"{method: stratified, strata: [platform], seed: 3}":                           "is there already",
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, ListName), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Run(t.Context(), express(t, designed(design)...), Options{Dir: dir, Shoppers: 10})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", design, err)
		}
	}
}
