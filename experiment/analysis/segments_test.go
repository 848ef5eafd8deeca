package analysis_test

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"liftgate/datasets"
	"liftgate/datasets/expr"
	"liftgate/datasets/sourcetest"
	"liftgate/experiment/analysis"
	"liftgate/experiment/decision"
	"liftgate/experiment/result"
	"liftgate/stats"
	"liftgate/stats/skewed"
)

// fair is an experiment whose units lie in eight countries and on two devices, drawn as evidence.
type fair struct {
	study   *analysis.Study
	units   int     // a country, device and variant, about
	uneven  bool    // countries halve in size, one after the other
	share   float64 // of units in the treatment
	rare    float64 // what conversion is multiplied by
	lift    float64 // of everybody
	planted map[[2]int]float64
	skewed  bool
}

const fairYAML = `liftgate: 1
name: fair
unit: shopper
variants: [{name: control, weight: %d}, {name: amazon_pay, weight: %d}]
control: control
data: {units: {files: units.parquet, unit: shopper_id, variant: variant, attributes: [country, device]}}
metrics:
  - {name: conversion, role: success, better: higher, type: proportion, value: {column: bought}}
  - {name: spent, role: deterioration, better: higher, type: mean, value: {column: spent}}
  - {name: authorized, role: guardrail, better: higher, type: proportion, margin: 2pp, value: {column: authorized}}
segments: [country, device]
`

func newFair(t testing.TB, share float64) *fair {
	t.Helper()
	text := func(name string) datasets.Column { return datasets.Column{Name: name, Type: expr.Text} }
	amount := func(name string) datasets.Column { return datasets.Column{Name: name, Type: expr.Number} }
	s := &shop{yaml: fmt.Sprintf(fairYAML, int(math.Round(100*(1-share))), int(math.Round(100*share)))}
	s.Tables = []*sourcetest.Table{{
		Spec:    datasets.Table{Name: "units"},
		Columns: []datasets.Column{text("shopper_id"), text("variant"), text("country"), text("device"), amount("bought"), amount("spent"), amount("authorized")},
	}}
	study, err := bindTable(s)
	if err != nil {
		t.Fatal(err)
	}
	return &fair{study: study, units: 500, share: share, rare: 1, planted: map[[2]int]float64{}}
}

const (
	countries = 8
	screens   = 2
)

// draw is the evidence of one experiment. The effect on everything is a lift; what is planted in a country of a metric is a factor more.
func (f *fair) draw(rng *rand.Rand) *datasets.Evidence {
	views := &datasets.ViewEvidence{Crossed: true, Segments: []datasets.Segment{{Name: "country"}, {Name: "device", Values: []string{"desktop", "mobile"}}}}
	ev := &datasets.Evidence{
		Variants: f.study.Query.Variants, Views: views,
		Exposure: datasets.Exposure{Units: make([]int64, 2), Crossover: make([]int64, 2)},
	}
	tables, totals := make([]*datasets.MomentTable, 3), make([][]skewed.Moments, 3)
	for b := range tables {
		tables[b], totals[b] = &datasets.MomentTable{Dim: 1, Parts: 1}, make([]skewed.Moments, 2)
	}
	for c := range countries {
		views.Segments[0].Values = append(views.Segments[0].Values, string(rune('A'+c))+"X")
		for d := range screens {
			views.Cells = append(views.Cells, []int{c, d})
			for v := range 2 {
				n := f.size(c, v)
				ev.Exposure.Units[v] += int64(n)
				for b, m := range f.cell(rng, c, d, v, n) {
					totals[b][v].Merge(&m)
					appendRow(tables[b], len(views.Cells)-1, v, m)
				}
			}
		}
	}
	for b, name := range []string{"conversion", "spent", "authorized"} {
		views.Blocks = append(views.Blocks, datasets.BlockViews{Samples: []datasets.SampleViews{{Sample: datasets.Total, Units: tables[b]}}})
		ev.Values = append(ev.Values, datasets.ValueEvidence{Name: name, Activity: make([]datasets.Activity, 2)})
		ev.Blocks = append(ev.Blocks, datasets.BlockEvidence{
			Metric: name, Components: []string{name}, Incomplete: make([]int64, 2), Null: make([]int64, 2),
			Total:    []stats.Moments{totals[b][0].Second(), totals[b][1].Second()},
			Skewness: []float64{totals[b][0].Skewness(), totals[b][1].Skewness()},
		})
	}
	return ev
}

func (f *fair) size(country, variant int) int {
	n := 2 * float64(f.units)
	if f.uneven {
		n *= 2 / math.Pow(2, float64(country))
	}
	if variant == 1 {
		return int(math.Ceil(n * f.share))
	}
	return int(math.Ceil(n * (1 - f.share)))
}

// cell is one country's, device's and variant's units, by metric.
func (f *fair) cell(rng *rand.Rand, country, device, variant, n int) []skewed.Moments {
	level := 1 + 0.2*float64(country) // countries differ in their levels, not in the effect
	if device == 1 {
		level *= 0.6
	}
	factor := func(metric int) float64 {
		if variant == 0 {
			return 1
		}
		return (1 + f.lift) * (1 + f.planted[[2]int{metric, country}])
	}
	authorized := 0.9
	if variant == 1 {
		authorized *= 1 + f.planted[[2]int{2, country}] // on the scale of its margin there is no effect else
	}
	return []skewed.Moments{
		flips(rng, n, 0.1*f.rare*level*factor(0)), f.amounts(rng, n, 20*level*factor(1)), flips(rng, n, authorized),
	}
}

func flips(rng *rand.Rand, n int, p float64) skewed.Moments {
	hits := 0.0
	for range n {
		if rng.Float64() < p {
			hits++
		}
	}
	mean := hits / float64(n)
	rest := float64(n) - hits
	return skewed.Moments{
		N: int64(n), Means: []float64{mean}, Cross: []float64{hits * rest / float64(n)},
		Third: []float64{hits*math.Pow(1-mean, 3) - rest*math.Pow(mean, 3)},
	}
}

func (f *fair) amounts(rng *rand.Rand, n int, mean float64) skewed.Moments {
	values, sum := make([]float64, n), 0.0
	for i := range values {
		values[i] = mean * (1 + 0.5*rng.NormFloat64())
		if f.skewed {
			values[i] = mean * rng.ExpFloat64()
		}
		sum += values[i]
	}
	m := skewed.Moments{N: int64(n), Means: []float64{sum / float64(n)}, Cross: []float64{0}, Third: []float64{0}}
	for _, x := range values {
		d := x - m.Means[0]
		m.Cross[0] += d * d
		m.Third[0] += d * d * d
	}
	return m
}

func appendRow(t *datasets.MomentTable, cell, variant int, m skewed.Moments) {
	t.Age, t.Day = append(t.Age, 0), append(t.Day, 0)
	t.Cell, t.Variant = append(t.Cell, int32(cell)), append(t.Variant, int32(variant))
	t.N, t.Null = append(t.N, m.N), append(t.Null, 0)
	t.Means, t.Cross, t.Third = append(t.Means, m.Means...), append(t.Cross, m.Cross...), append(t.Third, m.Third...)
}

func (f *fair) infer(t testing.TB, rng *rand.Rand) *result.Result {
	t.Helper()
	r, err := f.study.Infer(f.draw(rng), analysis.Stamp{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func seeded(name string) *rand.Rand {
	h := fnv.New64()
	h.Write([]byte(name))
	return rand.New(rand.NewPCG(h.Sum64(), 0))
}

// TestSegmentAlarms: where every segment has the same effect, the chance of any false alarm over all segments and metrics is at most what
// is claimed; where one of eight countries is harmed, it is found and named.
func TestSegmentAlarms(t *testing.T) {
	experiments := 25
	switch {
	case os.Getenv("LIFTGATE_SLOW") != "":
		experiments = 4000
	case testing.Short():
		t.Skip("simulation")
	}
	for name, edit := range map[string]func(f *fair){
		"nothing":             func(*fair) {},
		"a lift of 10 %":      func(f *fair) { f.lift = 0.1 },
		"few":                 func(f *fair) { f.units = 120 },
		"uneven countries":    func(f *fair) { f.uneven = true },
		"one in five treated": func(f *fair) { f.share = 0.2 },
		"rare conversions":    func(f *fair) { f.rare = 0.2 },
		"exponential amounts": func(f *fair) { f.skewed = true },
		"exponential, rare, one in five treated, uneven": func(f *fair) {
			f.skewed, f.share, f.uneven, f.rare = true, 0.2, true, 0.2
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			share := 0.5
			probe := &fair{share: share, planted: map[[2]int]float64{}}
			edit(probe)
			f := newFair(t, probe.share)
			edit(f)
			rng := seeded(t.Name())
			var differs, harmed, tested, rows, scattered, tests int
			for range experiments {
				r := f.infer(t, rng)
				if check(t, r, "heterogeneity").Status != result.Pass {
					differs++
				}
				if check(t, r, "harmed_segment").Status != result.Pass {
					harmed++
				}
				for _, s := range r.Segments {
					rows++
					if s.Untested == "" {
						tested++
					}
				}
				for _, h := range r.Heterogeneity {
					tests++
					if *h.PValue < 0.05 {
						scattered++
					}
				}
			}
			_, high := binomialBand(experiments, 0.01, 0.001/16)
			t.Logf("%d experiments: a segment differs in %d, is harmed in %d (at most %d); %d of %d comparisons tested; homogeneity rejected at 5 %% in %.2f %% of %d",
				experiments, differs, harmed, high, tested, rows, 100*float64(scattered)/float64(max(tests, 1)), tests)
			if differs > high || harmed > high {
				t.Errorf("more than %d false alarms: %d differ, %d harmed", high, differs, harmed)
			}
		})
	}
}

// TestHarmedSegment: one of eight countries loses 6 points of authorizations, which the guardrail as a whole hardly shows.
func TestHarmedSegment(t *testing.T) {
	f := newFair(t, 0.5)
	f.units, f.lift = 1500, 0.15
	f.planted[[2]int{2, 3}] = -0.09
	rng := seeded(t.Name())
	found, others, experiments := 0, 0, 10
	if os.Getenv("LIFTGATE_SLOW") != "" {
		experiments = 500
	}
	for range experiments {
		r := f.infer(t, rng)
		r.Decision = decision.Decide(r)
		for _, s := range r.Segments {
			switch {
			case s.Harmed && s.Segment == "DX" && s.Metric == "authorized":
				found++
				if c := check(t, r, "heterogeneity"); c.Status != result.Warn || !strings.Contains(c.Detail, "country is DX") {
					t.Fatalf("%+v", c)
				}
				detail := check(t, r, "harmed_segment").Detail
				for _, part := range []string{"authorized", "country is DX", "units", "beyond its margin", "launch"} {
					if !strings.Contains(detail, part) {
						t.Fatalf("%q lacks %q", detail, part)
					}
				}
				if r.Decision.Status == result.Ship {
					t.Fatalf("ships: %s", r.Decision.Headline)
				}
			case s.Harmed:
				others++
			}
		}
	}
	t.Logf("found in %d of %d experiments; %d other alarms", found, experiments, others)
	if found < experiments*8/10 || others > experiments/5 {
		t.Errorf("found in %d of %d experiments; %d other alarms", found, experiments, others)
	}
}

// TestSegmentsOfMerchants: merchants of very unequal sizes, whose shoppers are alike, lie in three regions. Without an effect alarms are as
// rare as they claim to be; regions with too few merchants are not tested.
func TestSegmentsOfMerchants(t *testing.T) {
	experiments := 20
	switch {
	case os.Getenv("LIFTGATE_SLOW") != "":
		experiments = 2000
	case testing.Short():
		t.Skip("simulation")
	}
	rng, study := seeded(t.Name()), merchantStudy(t)
	alarms, tested, rows := 0, 0, 0
	for range experiments {
		ev := drawMerchants(rng, 700, 0)
		inRegions(ev, []int{47, 47, 6})
		r, err := study.Infer(ev, analysis.Stamp{})
		if err != nil {
			t.Fatal(err)
		}
		if check(t, r, "heterogeneity").Status != result.Pass || check(t, r, "harmed_segment").Status != result.Pass {
			alarms++
		}
		for _, s := range r.Segments {
			rows++
			switch {
			case s.Untested == "":
				tested++
			case strings.Contains(s.Untested, "no other segment") && s.HarmPValue != nil:
			case !strings.Contains(s.Untested, "merchant") && !strings.Contains(s.Untested, "make the variance"):
				t.Fatal(s.Untested)
			}
			if s.Segment == "south" && s.Untested == "" {
				t.Fatalf("%d and %d shoppers of few merchants are tested", *s.N, *s.ControlN)
			}
		}
	}
	_, high := binomialBand(experiments, 0.02, 0.001)
	t.Logf("alarms in %d of %d experiments (at most %d); %d of %d comparisons tested", alarms, experiments, high, tested, rows)
	if alarms > high || tested < rows/3 {
		t.Errorf("alarms in %d of %d experiments (at most %d); %d of %d comparisons tested", alarms, experiments, high, tested, rows)
	}
}

// inRegions deals merchants out to regions, of every hundred so many.
func inRegions(ev *datasets.Evidence, shares []int) {
	names := []string{"east", "north", "south"}
	views := &datasets.ViewEvidence{Crossed: true, Segments: []datasets.Segment{{Name: "region", Values: names}}, Cells: [][]int{{0}, {1}, {2}}}
	table := &datasets.MomentTable{Dim: 1, Parts: 1}
	for i := range ev.Exposure.Clusters {
		c, region := &ev.Exposure.Clusters[i], 0
		for at := i / 2 % 100; at >= shares[region]; region++ {
			at -= shares[region]
		}
		c.Segments = []int{region}
		m := ev.Blocks[0].Clusters.Total[i]
		appendRow(table, i, c.Variant, skewed.Moments{N: m.N, Means: m.Means, Cross: m.Cross, Third: []float64{0}})
	}
	views.Blocks = []datasets.BlockViews{{Samples: []datasets.SampleViews{{Sample: datasets.Total, ByDay: table}}}}
	ev.Views = views
}
