package simulate

import (
	"math"
	"testing"

	"liftgate/datasets"
)

// population is a log without an effect, read back once for the tests below.
func population(t *testing.T) map[string]*loggedUnit {
	t.Helper()
	dir, _ := run(t, express(t), Options{Shoppers: 12_000, Seed: 11, Scenario: "none"})
	return unitsOf(t, dir)
}

func sumIn(u *loggedUnit, from, to datasets.Span) float64 {
	var sum float64
	for _, e := range u.events {
		if e.event == "order_captured" && e.at >= u.exposed.Add(from) && e.at < u.exposed.Add(to) {
			sum += e.value
		}
	}
	return sum
}

func TestPopulation(t *testing.T) {
	if testing.Short() {
		t.Skip("a population that is large enough to measure")
	}
	units := population(t)
	t.Run("past tells about the future", func(t *testing.T) {
		var x, y []float64
		for _, u := range units {
			x = append(x, math.Log1p(sumIn(u, -14*datasets.Day, 0)))
			y = append(y, math.Log1p(sumIn(u, 0, 14*datasets.Day)))
		}
		if r := correlation(x, y); r < 0.18 || r > 0.7 {
			t.Errorf("correlation of the value before and after exposure is %.3f", r)
		}
	})
	t.Run("merchants differ", func(t *testing.T) {
		if icc := intraCluster(units); icc < 0.005 || icc > 0.2 {
			t.Errorf("intra-cluster correlation of conversion is %.4f", icc)
		}
	})
	t.Run("value is heavy-tailed with many zeros", func(t *testing.T) {
		var zeros, top, total float64
		for _, u := range units {
			v := sumIn(u, 0, 14*datasets.Day)
			total += v
			if v == 0 {
				zeros++
			}
			top = max(top, v)
		}
		if share := zeros / float64(len(units)); share < 0.5 || share > 0.8 {
			t.Errorf("%.2f of the shoppers buy nothing", share)
		}
		if mean := total / float64(len(units)); top < 30*mean {
			t.Errorf("the largest value is only %.0f times the mean", top/mean)
		}
	})
}

func correlation(x, y []float64) float64 {
	mx, my := mean(x), mean(y)
	var xy, xx, yy float64
	for i := range x {
		xy += (x[i] - mx) * (y[i] - my)
		xx += (x[i] - mx) * (x[i] - mx)
		yy += (y[i] - my) * (y[i] - my)
	}
	return xy / math.Sqrt(xx*yy)
}

func mean(x []float64) float64 {
	var sum float64
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// intraCluster is the one-way analysis-of-variance estimate of the correlation of conversion within merchants.
func intraCluster(units map[string]*loggedUnit) float64 {
	counts, sums := map[string]float64{}, map[string]float64{}
	var n, total, squares float64
	for _, u := range units {
		y := 0.0
		if sumIn(u, 0, 14*datasets.Day) > 0 {
			y = 1
		}
		counts[u.merchant]++
		sums[u.merchant] += y
		n, total, squares = n+1, total+y, squares+y*y
	}
	var between, sizes float64
	for m, c := range counts {
		between += sums[m] * sums[m] / c
		sizes += c * c
	}
	k := float64(len(counts))
	msWithin := (squares - between) / (n - k)
	msBetween := (between - total*total/n) / (k - 1)
	m0 := (n - sizes/n) / (k - 1)
	return (msBetween - msWithin) / (msBetween + (m0-1)*msWithin)
}

// TestDelays: late outcomes follow their order by days to months, never by more than their limit.
func TestDelays(t *testing.T) {
	if testing.Short() {
		t.Skip("simulation")
	}
	dir, _ := run(t, express(t), Options{Shoppers: 24_000, Seed: 5})
	log := read(t, dir, "events/*.parquet")
	captured := map[any]int64{}
	for i, event := range log["event"] {
		if event == "order_captured" {
			captured[log["order_id"][i]] = log["ts"][i].(int64)
		}
	}
	delays := map[string][]float64{}
	for i, event := range log["event"] {
		name := event.(string)
		if kind, ok := log["kind"][i].(string); ok {
			name += " " + kind
		}
		if at, ok := captured[log["order_id"][i]]; ok && log["order_id"][i] != nil {
			delays[name] = append(delays[name], float64(log["ts"][i].(int64)-at)/float64(datasets.Day))
		}
	}
	for _, want := range []struct {
		event                  string
		low, high, most, share float64 // mean between low and high; share of orders at least
	}{
		{"refund", 8, 16, 60, 0.05},
		{"fraud_reported", 15, 40, 120, 0.0004},
		{"dispute_opened chargeback", 32, 50, 120, 0.0015},
		{"dispute_opened a_to_z", 18, 35, 75, 0.0001},
		{"merchant_paid", 3, 4, 6, 0.99},
	} {
		got := delays[want.event]
		if m := mean(got); !(m > want.low && m < want.high) {
			t.Errorf("%s comes after %.1f days on average (%d orders)", want.event, m, len(got))
		}
		for _, d := range got {
			if d <= 0 || d > want.most+0.02 {
				t.Errorf("%s comes after %.1f days", want.event, d)
			}
		}
		if share := float64(len(got)) / float64(len(captured)); share < want.share || share > 20*want.share {
			t.Errorf("%s follows %.5f of the orders", want.event, share)
		}
	}
}

// TestIncrementalShare: of the checkouts that a treatment draws to Amazon Pay, the scenario's share would have left.
func TestIncrementalShare(t *testing.T) {
	w, err := newWorld(express(t), "tradeoff")
	if err != nil {
		t.Fatal(err)
	}
	family := fateOf("test")
	var drawn, fromLeaving float64
	for i := range int64(100_000) {
		s := w.shopper(family, i)
		j := journey{log: log{fate: s.fate.child(0)}, who: &s, shop: &w.market.merchants[s.merchant]}
		before := j.method()
		j.effect = w.scenario.effect
		switch after := j.method(); {
		case after == before:
		case after != amazonPay:
			t.Fatalf("the treatment moved a shopper from %s to %s", methods[before], methods[after])
		default:
			drawn++
			if before == noMethod {
				fromLeaving++
			}
		}
	}
	if share := drawn / 100_000; math.Abs(share-w.scenario.effect.attraction) > 0.01 {
		t.Errorf("%.3f of the checkouts are drawn to Amazon Pay, the scenario says %.3f", share, w.scenario.effect.attraction)
	}
	if share := fromLeaving / drawn; math.Abs(share-w.scenario.effect.incremental) > 0.02 {
		t.Errorf("%.3f of them would have left, the scenario says %.3f", share, w.scenario.effect.incremental)
	}
}
