package experiment_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"liftgate/datasets"
	"liftgate/experiment"
)

func express(t *testing.T) *experiment.Definition {
	t.Helper()
	d, err := experiment.Parse("amazon-pay-express.yaml", read(t, "testdata/good/amazon-pay-express.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTheExampleMeansWhatItSays(t *testing.T) {
	d := express(t)
	if d.Name != "amazon-pay-express" || d.Unit != experiment.Shopper || d.Control != "control" || d.Owner != "checkout-growth" {
		t.Errorf("%+v", d)
	}
	variants := []experiment.Variant{{Name: "control", Weight: 50_000_000}, {Name: "amazon_pay", Weight: 50_000_000, Payload: map[string]any{"button": "cart"}}}
	if diff := cmp.Diff(variants, d.Variants); diff != "" {
		t.Error(diff)
	}
	a := d.Assignment
	if a.Salt != "amazon-pay-express-1" || a.Hash != "sha256" || a.Traffic != 1_000_000 || a.Layer != "checkout" || a.Slots != [2]int{0, 499} ||
		a.Holdout != "payments-2026" || a.HoldoutShare != 50_000 || a.Eligible.Tree.String() != `((country in ["US", "DE"]) && (platform == "shopify"))` {
		t.Errorf("assignment is %+v", a)
	}
	if diff := cmp.Diff([]experiment.Forced{{Unit: "tester-1", Variant: "amazon_pay"}}, a.Force); diff != "" {
		t.Error(diff)
	}
	if got := d.Schedule.Start.Time().Format(time.DateOnly) + " " + d.Schedule.End.Time().Format(time.DateOnly); got != "2026-10-01 2026-10-29" {
		t.Errorf("schedule is %s", got)
	}
	e := d.Data.Exposures
	if e.Name != "exposures" || e.Unit != "shopper_id" || e.Variant != "variant" || e.Time != "ts" || e.Cluster != "merchant_id" ||
		e.Crossover != datasets.CrossoverFirst || len(e.Attributes) != 2 || len(e.IgnoreVariants) != 1 {
		t.Errorf("exposures are %+v", e)
	}
	if events := d.Data.Events[0]; events.CompleteThrough.Time().Format(time.RFC3339) != "2026-11-12T00:00:00Z" || events.Files[0] != "events/*.parquet" {
		t.Errorf("events are %+v", events)
	}
	if d.Trigger.From != "events" || d.Trigger.Where.Text != `event == "checkout_started"` {
		t.Errorf("trigger is %+v", d.Trigger)
	}
	if diff := cmp.Diff(experiment.Decision{Alpha: 0.05, Power: 0.8, MinDays: 7, HarmAlpha: 0.01, RiskBudget: &experiment.Money{Amount: 25000, Currency: "USD"}}, d.Decision); diff != "" {
		t.Error(diff)
	}
	if d.Monitoring.Method != "fixed" || len(d.Segments) != 2 {
		t.Errorf("monitoring is %+v, segments %v", d.Monitoring, d.Segments)
	}
}

func TestTheExamplesMetrics(t *testing.T) {
	metrics := map[string]*experiment.Metric{}
	for i := range express(t).Metrics {
		m := &express(t).Metrics[i]
		metrics[m.Name] = m
	}
	day := datasets.Day
	conversion := metrics["checkout_conversion"]
	if v := conversion.Value; v.Take != datasets.Any || v.AtLeast != 1 || v.Nulls != datasets.NullsZero || v.Window != [2]datasets.Span{0, 14 * day} || *conversion.MDE != 0.01 {
		t.Errorf("conversion is %+v", v)
	}
	captured := metrics["captured_value"]
	if captured.Title != "captured_value" || captured.Tier != experiment.TierCore || captured.Cap.Upper.Quantile != 0.999 || captured.Cap.Lower != nil {
		t.Errorf("captured value is %+v", captured)
	}
	if c := captured.Covariates[0]; c.Label != "captured_value [-14d, 0d]" || c.Values[0].Window != [2]datasets.Span{-14 * day, 0} || c.Values[0].Column.Text != "value" {
		t.Errorf("covariate is %+v", c)
	}
	authorization := metrics["authorization_rate"]
	if *authorization.Margin != (experiment.Margin{Value: 0.005}) || *authorization.Baseline != 0.88 || authorization.Tier != experiment.TierRisk || len(authorization.Values()) != 2 {
		t.Errorf("authorization is %+v", authorization)
	}
	latency := metrics["latency_p95"]
	if latency.Quantile != 0.95 || latency.Over != "rows" || *latency.Margin != (experiment.Margin{Value: 0.05, Relative: true}) || latency.Value.Take != "" {
		t.Errorf("latency is %+v", latency)
	}
	late := metrics["chargeback_rate"].Delayed
	if late.Horizon != 120*day || late.Maturity != 0.9 || late.DecidesOn != "per_order" || late.Start.Key != "order_id" || len(late.Competing) != 1 || late.Competing[0].Where.Text != `event == "refund"` {
		t.Errorf("chargebacks are %+v", late)
	}
	if m := metrics["a_to_z_rate"]; m.Delayed.Horizon != 75*day || *m.Margin != (experiment.Margin{Value: 0.0005}) || m.Stage != "risk" {
		t.Errorf("a_to_z_rate is %+v", m)
	}
}

func TestDefaultsOfAUnitTable(t *testing.T) {
	d, err := experiment.Parse("table.yaml", read(t, "testdata/good/unit-table.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if d.Assignment != nil || d.Data.Exposures != nil || d.Data.Units.Variant != "variant" || d.Schedule.Location != time.UTC || d.Schedule.Start != nil {
		t.Errorf("%+v", d)
	}
	revenue := d.Metrics[1]
	if v := revenue.Value; v.Take != "" || v.From != "" || v.AtLeast != 1 || v.Column.Tree.Name != "revenue" {
		t.Errorf("revenue is %+v", v)
	}
	if c := revenue.Covariates[0]; c.Label != "pre_revenue" || c.Path != "metrics[1].covariates[0]" || len(c.Values) != 1 || revenue.Covariates[1].Label != "pre_orders * 2" {
		t.Errorf("covariate is %+v", c)
	}
	if orders := d.Metrics[2]; orders.Role != experiment.Supporting || orders.Tier != experiment.TierSupporting {
		t.Errorf("orders are %+v", orders)
	}
}

func TestTimesFollowTheSchedulesTimezone(t *testing.T) {
	d, err := experiment.Parse("m.yaml", read(t, "testdata/good/merchant-design.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Schedule.Start.String() + " " + d.Schedule.End.String(); got != "2026-10-01T06:00:00Z 2026-10-29T11:30:00Z" {
		t.Errorf("schedule is %s", got)
	}
	if d.Data.Exposures.Location.String() != "America/New_York" || d.Data.Events[0].Location != nil {
		t.Errorf("data are %+v", d.Data)
	}
	if m := d.Monitoring; m.Spending != "hsd" || len(m.Looks) != 3 || m.Looks[2] != 28*datasets.Day {
		t.Errorf("monitoring is %+v", m)
	}
	if design := d.Assignment.Design; design.Seed != 20261001 || design.MaxTries != 1000 || design.Threshold != 0.1 || len(design.Balance) != 2 {
		t.Errorf("design is %+v", design)
	}
	if w := d.Variants; w[0].Weight != 33_333_300 || w[1].Weight != 66_666_700 {
		t.Errorf("weights are %v", w)
	}
}

func TestParseInstant(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"2026-11-12":                        "2026-11-11T23:00:00Z",
		"2026-07-01":                        "2026-06-30T22:00:00Z",
		"2026-11-12T08:30:00Z":              "2026-11-12T08:30:00Z",
		"2026-11-12T08:30:00.1234567+01:00": "2026-11-12T07:30:00.123456Z",
		"2026-11-12 08:30":                  "2026-11-12T07:30:00Z",
	} {
		if got, err := experiment.ParseInstant(text, berlin); err != nil || got.String() != want {
			t.Errorf("%s is %s, want %s (%v)", text, got, want, err)
		}
	}
	for _, text := range []string{"", "12.11.2026", "2026-13-01", "tomorrow", "0001-01-01"} {
		if got, err := experiment.ParseInstant(text, berlin); err == nil {
			t.Errorf("%q is %s", text, got)
		}
	}
}

// TestSharesAndMarginsAreExact: what is written is what is meant, to the last bit.
func TestSharesAndMarginsAreExact(t *testing.T) {
	parse := func(traffic, margin string) *experiment.Definition {
		t.Helper()
		d, err := experiment.Parse("x.yaml", []byte(used+`  - {name: c, use: amazon-pay/authorization_rate, margin: `+margin+"}\nassignment: {traffic: "+traffic+"}\n"))
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for traffic, want := range map[string]uint64{
		"5%": 50_000, "0.0001%": 1, "33.3333%": 333_333, "29.29%": 292_900, "0.000001": 1, "0.29": 290_000, "1": 1_000_000, "100%": 1_000_000, "0%": 0, "1.50000%": 15_000,
	} {
		if got := parse(traffic, "1%").Assignment.Traffic; got != want {
			t.Errorf("%s is %d, want %d", traffic, got, want)
		}
	}
	for margin, want := range map[string]experiment.Margin{
		"0.5pp": {Value: 0.005}, "0.07pp": {Value: 0.0007}, "1%": {Value: 0.01, Relative: true}, "0.29%": {Value: 0.0029, Relative: true}, "0.25": {Value: 0.25}, "2.5e-3": {Value: 0.0025},
	} {
		if got := *parse("1", margin).Metrics[0].Margin; got != want {
			t.Errorf("%s is %v, want %v", margin, got, want)
		}
	}
}
