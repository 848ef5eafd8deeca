package simulate

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"liftgate/datasets"
	"liftgate/experiment"
)

// byHand are the metrics of express.yaml again, written out for a shopper's events within the window: numerator and
// denominator.
var byHand = map[string]func(u *loggedUnit, w window, cap float64) (float64, float64){
	"checkout_conversion": func(u *loggedUnit, w window, _ float64) (float64, float64) {
		return least(w.count(u, "order_captured"), 1), 1
	},
	"captured_value": func(u *loggedUnit, w window, cap float64) (float64, float64) {
		return min(w.sum(u, "order_captured"), cap), 1
	},
	"net_value": func(u *loggedUnit, _ window, _ float64) (float64, float64) {
		long := window{0, 28 * datasets.Day}
		return long.sum(u, "order_captured") - long.sum(u, "refund"), 1
	},
	"authorization_rate": func(u *loggedUnit, w window, _ float64) (float64, float64) {
		return w.count(u, "charge_authorized"), w.count(u, "charge_attempted")
	},
	"login_failure": func(u *loggedUnit, w window, _ float64) (float64, float64) {
		return least(w.count(u, "login_failed"), 1) * (1 - least(w.count(u, "order_captured"), 1)), 1
	},
	"order_value": func(u *loggedUnit, w window, _ float64) (float64, float64) {
		n := w.count(u, "order_captured")
		if n == 0 {
			return 0, 0
		}
		return w.sum(u, "order_captured") / n, 1
	},
	"methods_tried": func(u *loggedUnit, w window, _ float64) (float64, float64) {
		seen := map[string]bool{}
		w.each(u, func(e loggedEvent) {
			if e.method != "" {
				seen[e.method] = true
			}
		})
		return float64(len(seen)), 1
	},
	"slow_confirmation": func(u *loggedUnit, w window, _ float64) (x, one float64) {
		w.each(u, func(e loggedEvent) {
			if e.event == "payment_confirmed" && e.latency > 1500 {
				x = 1
			}
		})
		return x, 1
	},
	"repeat_purchase": func(u *loggedUnit, w window, _ float64) (float64, float64) {
		return least(w.count(u, "order_captured"), 2), 1
	},
}

func least(n, want float64) float64 {
	if n >= want {
		return 1
	}
	return 0
}

type window struct{ from, to datasets.Span }

func (w window) each(u *loggedUnit, do func(loggedEvent)) {
	for _, e := range u.events {
		if e.at >= u.exposed.Add(w.from) && e.at < u.exposed.Add(w.to) {
			do(e)
		}
	}
}

func (w window) count(u *loggedUnit, event string) (n float64) {
	w.each(u, func(e loggedEvent) {
		if e.event == event {
			n++
		}
	})
	return n
}

func (w window) sum(u *loggedUnit, event string) (x float64) {
	w.each(u, func(e loggedEvent) {
		if e.event == event {
			x += e.value
		}
	})
	return x
}

// ratioOf is the ratio of sums and its variance by the delta method.
func ratioOf(pairs [][2]float64) (value, variance float64) {
	var n, d float64
	for _, p := range pairs {
		n, d = n+p[0], d+p[1]
	}
	value = n / d
	for _, p := range pairs {
		e := (p[0] - value*p[1]) / d
		variance += e * e
	}
	return value, variance
}

// TestTruthIsWhatDataShow: the truth, which comes from other shoppers and the definition's own conditions, agrees with
// what plain loops find in the files, within the error of both.
func TestTruthIsWhatDataShow(t *testing.T) {
	shoppers, scenarios := int64(24_000), []string{"tradeoff", "harm"}
	if testing.Short() {
		shoppers, scenarios = 4_000, scenarios[:1]
	}
	for _, scenario := range scenarios {
		dir, report := run(t, express(t), Options{Shoppers: shoppers, Seed: 23, Scenario: scenario, TruthShoppers: 4 * shoppers})
		units := unitsOf(t, dir)
		for _, m := range report.Truth.Metrics {
			if hand := byHand[m.Metric]; hand != nil {
				compare(t, m, units, hand)
			} else if m.Metric == "latency_p95" {
				compareShares(t, m, units)
			} else if m.Status == "ok" || m.Reason == "" {
				t.Errorf("%s: no computation by hand, but status %s", m.Metric, m.Status)
			}
		}
	}
}

func compare(t *testing.T, m TrueMetric, units map[string]*loggedUnit, hand func(*loggedUnit, window, float64) (float64, float64)) {
	t.Helper()
	limit := math.Inf(1)
	if m.CapUpper != nil {
		limit = *m.CapUpper
	}
	pairs := map[string][][2]float64{}
	for _, u := range units {
		n, d := hand(u, window{0, 14 * datasets.Day}, limit)
		pairs[u.variant] = append(pairs[u.variant], [2]float64{n, d})
	}
	near := func(what string, got, variance float64, want TrueValue) {
		if z := (got - *want.Estimate) / math.Sqrt(variance+*want.StdError**want.StdError); math.Abs(z) > 4 {
			t.Errorf("%s, %s: data show %.5f, the truth is %.5f (z = %.1f)", m.Metric, what, got, *want.Estimate, z)
		}
	}
	control, v0 := ratioOf(pairs["control"])
	treated, v1 := ratioOf(pairs["amazon_pay"])
	near("control", control, v0, TrueValue{m.Variants[0].Value, m.Variants[0].StdError})
	near("amazon_pay", treated, v1, TrueValue{m.Variants[1].Value, m.Variants[1].StdError})
	c := m.Comparisons[0]
	near("difference", treated-control, v0+v1, c.Difference)
	lift := treated / control
	near("lift", lift-1, (v1+lift*lift*v0)/(control*control), c.Lift)
	if *c.Difference.StdError > 0.6*math.Sqrt(v0+v1) {
		t.Errorf("%s: the error of the truth, %.5f, is not small against that of the data, %.5f", m.Metric, *c.Difference.StdError, math.Sqrt(v0+v1))
	}
}

// compareShares checks that of the latencies in the data 95 % are not above the truth, within the error of both.
func compareShares(t *testing.T, m TrueMetric, units map[string]*loggedUnit) {
	t.Helper()
	for _, v := range m.Variants {
		share := func(limit float64) (float64, float64) {
			var pairs [][2]float64
			for _, u := range units {
				var p [2]float64
				window{0, 14 * datasets.Day}.each(u, func(e loggedEvent) {
					if u.variant != v.Variant || e.event != "payment_confirmed" {
						return
					}
					p[1]++
					if float64(e.latency) <= limit {
						p[0]++
					}
				})
				pairs = append(pairs, p)
			}
			return ratioOf(pairs)
		}
		got, variance := share(*v.Value)
		above, _ := share(*v.Value + *v.StdError)
		if z := (got - 0.95) / math.Sqrt(variance+(above-got)*(above-got)); math.Abs(z) > 4 {
			t.Errorf("%s, %s: %.4f of the data lie up to the truth of %.1f ± %.1f (z = %.1f)", m.Metric, v.Variant, got, *v.Value, *v.StdError, z)
		}
	}
	if c := m.Comparisons[0]; !(*c.Difference.StdError < math.Hypot(*m.Variants[0].StdError, *m.Variants[1].StdError)) {
		t.Errorf("%s: the same shoppers give a difference ± %.2f", m.Metric, *c.Difference.StdError)
	}
}

func TestTruthWithoutEffectIsZero(t *testing.T) {
	truths, err := Truth(context.Background(), express(t), Options{Scenario: "none", TruthShoppers: 3000})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range truths.Metrics {
		for _, c := range m.Comparisons {
			if *c.Difference.Estimate != 0 || *c.Difference.StdError > 1e-6 || *c.Lift.Estimate != 0 {
				t.Errorf("%s: got difference %v ± %v", m.Metric, *c.Difference.Estimate, *c.Difference.StdError)
			}
		}
	}
}

func TestTruthHasNoSeed(t *testing.T) {
	o := Options{TruthShoppers: 1000, Shoppers: 10}
	a, _ := run(t, express(t), o)
	o.Seed = 99
	b, _ := run(t, express(t), o)
	one, errA := os.ReadFile(filepath.Join(a, "truth.json"))
	two, errB := os.ReadFile(filepath.Join(b, "truth.json"))
	if errA != nil || errB != nil || string(one) != string(two) {
		t.Errorf("truths differ between seeds (%v, %v)", errA, errB)
	}
	var got Truths
	if err := json.Unmarshal(one, &got); err != nil || got.Schema != TruthSchema || len(got.Metrics) != 10 {
		t.Errorf("truth.json does not read back: %v", err)
	}
}

func truth(t *testing.T, d *experiment.Definition) *Truths {
	t.Helper()
	truths, err := Truth(context.Background(), d, Options{TruthShoppers: 500})
	if err != nil {
		t.Fatal(err)
	}
	return truths
}

func TestTruthSaysWhatItLeavesOut(t *testing.T) {
	closed := express(t, "unit: shopper_id\n    time: ts\nmetrics", "unit: shopper_id\n    time: ts\n    complete_through: 2026-10-02\nmetrics")
	unknown := express(t, "event == \"order_captured\"'", "flavour == \"order_captured\"'")
	for want, truths := range map[string]*Truths{
		"complete window": truth(t, closed),
		"flavour":         truth(t, unknown),
	} {
		m := truths.Metrics[0]
		if m.Status != "not_computed" || !strings.Contains(m.Reason, want) || len(m.Variants) > 0 {
			t.Errorf("%s: got %+v", want, m)
		}
	}
}
