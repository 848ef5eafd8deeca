package evidence_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"liftgate/datasets"
	"liftgate/datasets/evidence"
	"liftgate/stats"
)

// large is like the evidence of 2 million shoppers over 28 days of exposure: 36 cells, 43 days, 13 ages and 5 metrics.
func large() *datasets.Evidence {
	r := rand.New(rand.NewPCG(1, 2))
	asOf := datasets.InstantOf(time.Date(2026, 3, 30, 0, 0, 0, 0, time.UTC))
	ev := &datasets.Evidence{Variants: []string{"control", "amazon_pay"}, AsOf: &asOf, Exposure: datasets.Exposure{
		Units: []int64{1e6, 1e6}, Crossover: []int64{0, 0}, First: &asOf, Last: &asOf, Hours: [][]int64{{1}, {1}},
	}}
	v := &datasets.ViewEvidence{Crossed: true, Segments: []datasets.Segment{
		{Name: "country", Values: []string{"AT", "DE", "FR", "IT", "UK", "US"}}, {Name: "device", Values: []string{"a", "b", "c", "d", "e", "f"}},
	}}
	ev.Views = v
	for c := range 36 {
		v.Cells = append(v.Cells, []int{c / 6, c % 6})
	}
	for d := range 43 {
		v.Days = append(v.Days, asOf.Add(datasets.Span(d-42)*datasets.Day))
	}
	for i := range 28 * 36 * 2 {
		v.Exposed = append(v.Exposed, datasets.Exposed{Day: i / 72, Cell: i / 2 % 36, Variant: i % 2, Units: 1000, AnalysisUnits: 1000})
	}
	for i, components := range [][]string{{"conversion"}, {"orders"}, {"revenue", "before"}, {"approved", "attempts"}, {"refund"}} {
		b := datasets.BlockEvidence{Metric: components[0], Components: components, Incomplete: []int64{0, 0}, Null: []int64{0, 0}}
		var m stats.Moments
		m.Add(make([]float64, len(components))...)
		b.Total, b.WithoutTop = []stats.Moments{m, m}, []stats.Moments{m, m}
		ev.Blocks = append(ev.Blocks, b)
		parts := 1
		if i == 3 {
			parts = 2
		}
		table := func(ages, days int) *datasets.MomentTable { return randomTable(r, len(components), parts, ages, days) }
		views := datasets.BlockViews{Samples: []datasets.SampleViews{{Sample: datasets.Total, Units: table(14, 29)}}, Running: table(1, 43)}
		if i > 0 {
			views.Samples = append(views.Samples, datasets.SampleViews{Sample: datasets.WithoutTop, Units: table(1, 29)})
		}
		v.Blocks = append(v.Blocks, views)
	}
	return ev
}

func randomTable(r *rand.Rand, dim, parts, ages, days int) *datasets.MomentTable {
	t := &datasets.MomentTable{Dim: dim, Parts: parts}
	floats := func(to *[]float64, n int) {
		for range n {
			*to = append(*to, r.NormFloat64())
		}
	}
	for row := range ages * days * 72 {
		t.Age, t.Day = append(t.Age, int32(row/72/days)), append(t.Day, int32(row/72%days))
		t.Cell, t.Variant = append(t.Cell, int32(row/2%36)), append(t.Variant, int32(row%2))
		t.N, t.Null = append(t.N, r.Int64N(2000)), append(t.Null, 0)
		floats(&t.Means, dim)
		floats(&t.Cross, dim*(dim+1)/2)
		floats(&t.Third, [...]int{0, 1, 4}[parts])
	}
	return t
}

func BenchmarkLarge(b *testing.B) {
	ev, dir := large(), b.TempDir()
	rows := 0
	for _, block := range ev.Views.Blocks {
		rows += len(block.Running.Age)
		for _, s := range block.Samples {
			rows += len(s.Units.Age)
		}
	}
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			if _, err := evidence.Write(dir, ev); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(rows), "rows")
		b.ReportMetric(float64(size(b, dir)), "bytes")
	})
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			if _, err := evidence.Read(dir); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("cut", func(b *testing.B) {
		for b.Loop() {
			if _, err := evidence.ReadCut(dir, datasets.Cut{Age: 7}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func size(b *testing.B, dir string) (n int64) {
	b.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		b.Fatal(err)
	}
	for _, e := range entries {
		info, err := os.Stat(filepath.Join(dir, e.Name()))
		if err != nil {
			b.Fatal(err)
		}
		n += info.Size()
	}
	return n
}
