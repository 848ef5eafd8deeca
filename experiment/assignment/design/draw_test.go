package design

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"liftgate/datasets/bucket"
	"liftgate/datasets/expr"
	"liftgate/experiment"
	"liftgate/experiment/assignment"
)

// defined is a definition with a design, as parsed.
func defined(design *experiment.Design, weights ...uint64) *experiment.Definition {
	design.Path = "assignment.design"
	if design.MaxTries == 0 {
		design.MaxTries = 100_000
	}
	mde := 0.05
	d := &experiment.Definition{
		File: "merchants.yaml", Name: "merchants", Unit: experiment.Merchant, Control: "v0",
		Assignment: &experiment.Assignment{Salt: "merchants", Hash: "sha256", Traffic: bucket.Million, Design: design},
		Decision:   experiment.Decision{Alpha: 0.05, Power: 0.8},
		Metrics:    []experiment.Metric{{Name: "value", Role: experiment.Success, MDE: &mde}},
	}
	for i, w := range weights {
		d.Variants = append(d.Variants, experiment.Variant{Name: fmt.Sprint("v", i), Weight: w * bucket.Million})
	}
	return d
}

var platforms = []string{"shopify", "magento", "own"}

// shops lists merchants with a skewed volume, orders that go with it, a share that does not, and a platform.
func shops(seed uint64, n int) []Merchant {
	rng := rand.New(rand.NewPCG(seed, 7))
	out := make([]Merchant, n)
	for i := range out {
		volume := rng.ExpFloat64()
		out[i] = Merchant{Key: fmt.Sprintf("m%05d", i), Attributes: map[string]expr.Value{
			"gmv":      expr.FloatValue(100 * volume * (1 + 0.3*rng.Float64())),
			"orders":   expr.IntValue(int64(20*volume + 5*rng.Float64())),
			"share":    expr.FloatValue(rng.Float64()),
			"refunds":  expr.FloatValue(rng.NormFloat64()),
			"platform": expr.TextValue(platforms[rng.IntN(len(platforms))]),
			"country":  expr.TextValue([]string{"US", "DE"}[rng.IntN(2)]),
		}}
		if rng.IntN(10) == 0 {
			out[i].Attributes["country"] = expr.Value{}
		}
	}
	return out
}

func drawn(t rapid.TB, d *experiment.Definition, list []Merchant) *assignment.Record {
	t.Helper()
	r, err := Draw(context.Background(), d, list)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestDraw: with any design everybody gets one variant, variants get their share but for part of a block, and order means nothing.
func TestDraw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		method := rapid.SampledFrom([]string{"stratified", "paired", "rerandomized"}).Draw(t, "method")
		weights := rapid.SampledFrom([][]uint64{{1, 1}, {1, 2}, {3, 1}, {1, 1, 1}, {1, 2, 2}}).Draw(t, "weights")
		design := &experiment.Design{Method: method, Seed: rapid.Int64Range(0, 1<<40).Draw(t, "seed")}
		design.Strata = rapid.SampledFrom([][]string{nil, {"platform"}, {"platform", "country"}}).Draw(t, "strata")
		if method != "stratified" {
			design.Balance = rapid.SampledFrom([][]string{{"gmv"}, {"gmv", "orders", "share"}}).Draw(t, "balance")
			design.Matching = rapid.SampledFrom([]string{"optimal", "greedy"}).Draw(t, "matching")
			design.Threshold = 5
		}
		d := defined(design, weights...)
		list := shops(rapid.Uint64().Draw(t, "list"), rapid.IntRange(16, 60).Draw(t, "n"))
		r := drawn(t, d, list)
		checkCounts(t, r, weights)
		if err := r.Fits(d); err != nil {
			t.Fatal(err)
		}
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		if again := drawn(t, d, list); !reflect.DeepEqual(r, again) {
			t.Fatalf("another order of rows gives another design")
		}
	})
}

func checkCounts(t *rapid.T, r *assignment.Record, weights []uint64) {
	total := uint64(0)
	for _, w := range weights {
		total += w
	}
	counts, perBlock, sizes := map[string]int{}, map[[2]any]int{}, map[int]int{}
	for _, m := range r.Merchants {
		counts[m.Variant]++
		perBlock[[2]any{m.Block, m.Variant}]++
		sizes[m.Block]++
	}
	for i, w := range weights {
		name := fmt.Sprint("v", i)
		share := float64(w) / float64(total)
		if off := float64(counts[name]) - share*float64(len(r.Merchants)); off <= -float64(total) || off >= float64(total) {
			t.Fatalf("%d of %d merchants got %s", counts[name], len(r.Merchants), name)
		}
		for block, size := range sizes {
			if off := float64(perBlock[[2]any{block, name}]) - share*float64(size); r.Design.Method != "paired" && (off <= -1 || off >= 1) {
				t.Fatalf("%d of %d merchants of block %d got %s", perBlock[[2]any{block, name}], size, block, name)
			}
		}
	}
}

// TestRecordIsReadAsDrawn: a design goes through its file unchanged.
func TestRecordIsReadAsDrawn(t *testing.T) {
	for method, weights := range map[string][]uint64{"stratified": {1, 1, 3}, "paired": {1, 2}, "rerandomized": {1, 1}} {
		design := &experiment.Design{Method: method, Matching: "optimal", Strata: []string{"platform", "country"}, Seed: 8}
		if method != "stratified" {
			design.Balance = []string{"gmv", "share"}
		}
		r := drawn(t, defined(design, weights...), shops(6, 200))
		path := filepath.Join(t.TempDir(), "record.json")
		if err := r.Write(path); err != nil {
			t.Fatal(err)
		}
		got, err := assignment.ReadRecord(path)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(r, got) {
			t.Errorf("%s: the record is read as another", method)
		}
	}
}

// TestReportText: it fits the terminal, whatever things are called, and says what was done.
func TestReportText(t *testing.T) {
	for want, design := range map[string]*experiment.Design{
		"merchants: stratified, seed 5":      {Method: "stratified", Strata: []string{"platform", "long"}},
		"paired, blocks of 2 (optimal)":      {Method: "paired", Matching: "optimal", Balance: []string{"gmv", "orders", "share"}},
		"times as many merchants":            {Method: "paired", Matching: "greedy", Strata: []string{"platform"}, Balance: []string{"gmv", "share"}},
		"accepted at draw":                   {Method: "rerandomized", Strata: []string{"platform"}, Balance: []string{"gmv", "long", "share"}},
		"501 of 501 merchants":               {Method: "rerandomized", Balance: []string{"gmv"}},
		"and 10 more strata, which differ":   {Method: "stratified", Strata: []string{"digits"}},
		"power, if outcomes vary as":         {Method: "paired", Matching: "greedy", Balance: []string{"share"}},
		"magento / a [31mvery long value of": {Method: "stratified", Strata: []string{"platform", "long"}},
	} {
		list := shops(3, 501)
		for i := range list {
			long := expr.TextValue("a\x1b[31mvery long value of an attribute that nobody needs to read to its end")
			if len(design.Balance) > 0 {
				long = expr.FloatValue(float64(i*i%97) * 1e90)
			}
			list[i].Attributes["long"] = long
			list[i].Attributes["digits"] = expr.IntValue(int64(i % 22))
		}
		design.Seed = 5
		var b strings.Builder
		if err := WriteReport(&b, drawn(t, defined(design, 1, 1), list), 80); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
		for line := range strings.Lines(b.String()) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 80 || strings.ContainsRune(line, 0x1b) {
				t.Errorf("%d columns: %q", n, line)
			}
		}
	}
}
