package simulate

import (
	"testing"

	"liftgate/datasets"
)

func TestMerchantsAsUnits(t *testing.T) {
	d := express(t, "unit: shopper\n", "unit: merchant\n", "unit: shopper_id\n    time: ts\nmetrics", "unit: shopper_id\n    time: ts\n    cluster: merchant_id\nmetrics")
	dir, report := run(t, d, Options{Shoppers: 6000, TruthShoppers: 2000})
	if report.Truth.Metrics[0].Status != "ok" {
		t.Errorf("the truth is missing: %s", report.Truth.Metrics[0].Reason)
	}
	log := read(t, dir, "exposures/*.parquet")
	variantOf, merchantsOf := map[any]any{}, map[any]map[any]bool{}
	for i, merchant := range log["merchant_id"] {
		variant, shopper := log["variant"][i], log["shopper_id"][i]
		if was, ok := variantOf[merchant]; ok && was != variant {
			t.Fatalf("%s is in two variants", merchant)
		}
		variantOf[merchant] = variant
		if merchantsOf[shopper] == nil {
			merchantsOf[shopper] = map[any]bool{}
		}
		merchantsOf[shopper][merchant] = true
	}
	two := 0
	for _, merchants := range merchantsOf {
		if len(merchants) > 1 {
			two++
		}
	}
	if two < 50 {
		t.Errorf("only %d shoppers visit two merchants", two)
	}
}

func TestSomeAreNeverExposed(t *testing.T) {
	dir, _ := run(t, express(t), Options{Shoppers: 1000})
	exposed := map[any]bool{}
	for _, id := range read(t, dir, "exposures/*.parquet")["shopper_id"] {
		exposed[id] = true
	}
	others := map[any]bool{}
	for _, id := range read(t, dir, "events/*.parquet")["shopper_id"] {
		if !exposed[id] {
			others[id] = true
		}
	}
	if len(others) < 100 {
		t.Errorf("only %d shoppers have events and no exposure", len(others))
	}
}

func TestSeveralTreatments(t *testing.T) {
	d := express(t, "  - {name: amazon_pay, weight: 50}", "  - {name: amazon_pay, weight: 50}\n  - {name: milder, weight: 20}")
	truths := truth(t, d)
	c := truths.Metrics[0].Comparisons
	if len(c) != 2 || *c[0].Difference.Estimate <= *c[1].Difference.Estimate || *c[1].Difference.Estimate <= 0 {
		t.Errorf("the second treatment should have half the effect of the first, got %+v", c)
	}
}

func TestCalendar(t *testing.T) {
	tests := []struct {
		schedule     string
		open, closed string
	}{
		{"schedule: {start: 2026-10-01, end: 2026-10-29}", "2026-10-01", "2026-10-29"},
		{"schedule: {start: 2026-05-01}", "2026-05-01", "2026-05-29"},
		{"schedule: {end: 2026-05-29}", "2026-05-01", "2026-05-29"},
		{"", "2026-10-01", "2026-10-29"},
	}
	for _, test := range tests {
		c := newCalendar(express(t, "schedule: {start: 2026-10-01, end: 2026-10-29}", test.schedule))
		if day(c.open) != test.open || day(c.closed) != test.closed {
			t.Errorf("%q: enrolment from %s to %s", test.schedule, c.open, c.closed)
		}
		// The longest window of express.yaml is 28 days.
		if c.open.Sub(c.begin) < 14*datasets.Day || c.quiet.Sub(c.closed) < 28*datasets.Day {
			t.Errorf("%q: visits from %s to %s leave no room for the windows", test.schedule, c.begin, c.quiet)
		}
	}
}

func day(i datasets.Instant) string { return i.Time().Format("2006-01-02") }

func TestTwoSources(t *testing.T) {
	d := express(t, "  events:\n", "  again:\n    files: events/*.parquet\n    unit: shopper_id\n    time: ts\n"+
		"  risk:\n    files: risk/*.parquet\n    unit: buyer\n    time: ts\n  events:\n")
	dir, report := run(t, d, Options{Shoppers: 300})
	if len(report.Files) != 3 {
		t.Errorf("got files %v: sources with the same files and columns are one", report.Files)
	}
	if got := read(t, dir, "risk/*.parquet"); int64(len(got["buyer"])) != report.Events {
		t.Errorf("the second source has %d events of %d", len(got["buyer"]), report.Events)
	}
}

func TestFatesOfChunksAreTheSame(t *testing.T) {
	w, err := newWorld(express(t), "")
	if err != nil {
		t.Fatal(err)
	}
	family := familyOf(1)
	whole := w.crowd(family, 0, 20)
	part := w.crowd(family, 10, 20)
	for i := range part.shoppers {
		if part.shoppers[i] != whole.shoppers[10+i] {
			t.Fatalf("shopper %d depends on the chunk", 10+i)
		}
	}
}
