package evidence_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"liftgate/datasets"
	"liftgate/datasets/evidence"
)

// views draws evidence of parts, given that of the whole.
func (g generator) views(ev *datasets.Evidence) {
	v := &datasets.ViewEvidence{Crossed: rapid.Bool().Draw(g.T, "crossed"), Blocks: make([]datasets.BlockViews, len(ev.Blocks))}
	ev.Views = v
	for i := range rapid.IntRange(0, 2).Draw(g.T, "segments") {
		values := rapid.SliceOfNDistinct(rapid.String(), 1, 4, rapid.ID[string]).Draw(g.T, "values")
		v.Segments = append(v.Segments, datasets.Segment{Name: fmt.Sprint("segment", i), Values: values})
	}
	for range rapid.IntRange(0, 5).Draw(g.T, "cells") {
		v.Cells = append(v.Cells, g.places(v.Segments, -1))
	}
	for i := range ev.Exposure.Clusters {
		ev.Exposure.Clusters[i].Segments = g.places(v.Segments, 0)
	}
	if ev.AsOf != nil {
		for i := range rapid.IntRange(0, 4).Draw(g.T, "days") {
			v.Days = append(v.Days, datasets.Instant(i)*datasets.Instant(datasets.Day))
		}
	}
	for range rapid.IntRange(0, 5*min(len(v.Cells), 1)).Draw(g.T, "exposed") {
		v.Exposed = append(v.Exposed, datasets.Exposed{
			Day: g.below(max(len(v.Days), 1)), Cell: g.below(len(v.Cells)), Variant: g.below(g.variants),
			Units: g.count(), Crossover: g.count(), AnalysisUnits: g.count(),
		})
	}
	for i := range ev.Blocks {
		v.Blocks[i] = g.blockViews(ev, i)
	}
}

func (g generator) below(n int) int { return rapid.IntRange(0, n-1).Draw(g.T, "below") }

func (g generator) places(segments []datasets.Segment, least int) []int {
	out := []int{}
	for _, s := range segments {
		out = append(out, rapid.IntRange(least, len(s.Values)-1).Draw(g.T, "place"))
	}
	return out
}

func (g generator) blockViews(ev *datasets.Evidence, block int) (out datasets.BlockViews) {
	b, v := &ev.Blocks[block], ev.Views
	if b.Quantiles != nil {
		for s := range v.Segments {
			for value := range v.Segments[s].Values {
				q := datasets.QuantileView{Segment: s, Value: value, Incomplete: g.counts(), Null: g.counts(), Quantiles: g.quantiles()}
				if b.QuantilesWithoutCrossover != nil {
					q.WithoutCrossover = g.quantiles()
				}
				out.Quantiles = append(out.Quantiles, q)
			}
		}
	}
	if b.Quantiles != nil && rapid.Bool().Draw(g.T, "sketches") {
		out.Sketches = g.sketchTable(max(len(v.Days), 1), len(v.Cells))
	}
	if b.Total == nil {
		return out
	}
	dim := len(b.Components)
	parts := 1 + g.below(min(dim, 2))
	days, clusters := max(len(v.Days), 1), ev.Exposure.Clusters
	for _, sample := range []datasets.Sample{datasets.Total, datasets.WithoutCrossover, datasets.Uncapped, datasets.WithoutTop} {
		if sample != datasets.Total && rapid.Bool().Draw(g.T, "no sample") {
			continue
		}
		s := datasets.SampleViews{Sample: sample}
		if clusters == nil {
			s.Units = g.momentTable(dim, parts, 0, 4, days, len(v.Cells))
		} else {
			s.ByDay = g.momentTable(dim, parts, 0, 1, days, len(clusters))
			if rapid.Bool().Draw(g.T, "by age") {
				s.ByAge = g.momentTable(dim, parts, 1, 4, days, len(clusters))
			}
		}
		out.Samples = append(out.Samples, s)
	}
	if clusters == nil && rapid.Bool().Draw(g.T, "running") {
		out.Running, out.Cohorts = g.momentTable(dim, parts, 0, 1, days, len(v.Cells)), g.momentTable(dim, parts, 0, 1, days, len(v.Cells))
	}
	return out
}

// momentTable draws some of the rows that there can be.
func (g generator) momentTable(dim, parts, fromAge, toAge, days, cells int) *datasets.MomentTable {
	t := &datasets.MomentTable{Dim: dim, Parts: parts}
	largest := rapid.SampledFrom([]int64{3, 300, 70_000, 1 << 40}).Draw(g.T, "largest")
	floats := func(n int) []float64 { return rapid.SliceOfN(rapid.Float64(), n, n).Draw(g.T, "numbers") }
	for age := fromAge; age < toAge; age++ {
		for day := range days {
			for cell := -1; cell < cells; cell++ {
				if cell < 0 && age == 0 || rapid.Bool().Draw(g.T, "no row") {
					continue
				}
				t.Age, t.Day = append(t.Age, int32(age)), append(t.Day, int32(day))
				t.Cell, t.Variant = append(t.Cell, int32(cell)), append(t.Variant, int32(g.below(g.variants)))
				t.N, t.Null = append(t.N, rapid.Int64Range(0, largest).Draw(g.T, "n")), append(t.Null, rapid.Int64Range(0, 1).Draw(g.T, "null"))
				t.Means, t.Cross = append(t.Means, floats(dim)...), append(t.Cross, floats(dim*(dim+1)/2)...)
				t.Third = append(t.Third, floats([...]int{0, 1, 4}[parts])...)
			}
		}
	}
	return t
}

// readCut checks that what is read for a cut is what was written, less other ages.
func readCut(rt *rapid.T, dir string, want *datasets.Evidence) {
	age := rapid.IntRange(0, 4).Draw(rt, "age")
	c := datasets.Cut{Age: age}
	if rapid.Bool().Draw(rt, "by day") {
		c.Day = new(int)
	}
	if want.Views != nil {
		c.Segments = map[string]string{}
		for _, s := range want.Views.Segments {
			if rapid.Bool().Draw(rt, "by segment") {
				c.Segments[s.Name] = rapid.SampledFrom(s.Values).Draw(rt, "value")
			}
		}
	}
	got, err := evidence.ReadCut(dir, c)
	if err != nil {
		rt.Fatal(err)
	}
	for i := range want.Blocks {
		want.Blocks[i].Clusters = nil
	}
	if want.Views != nil {
		for i := range want.Views.Blocks {
			cutViews(&want.Views.Blocks[i], int32(age))
			want.Views.Blocks[i].Sketches = sketchesOf(want.Views, want.Views.Blocks[i].Sketches, c)
		}
	}
	if diff := cmp.Diff(want, got, equalBits); diff != "" {
		rt.Fatalf("for %+v (-written +read)\n%s", c, diff)
	}
}

func cutViews(b *datasets.BlockViews, age int32) {
	b.Running, b.Cohorts = nil, nil
	at := age
	if len(b.Samples) > 0 && !slices.Contains(ages(b.Samples[0].Units), age) && !slices.Contains(ages(b.Samples[0].ByAge), age) {
		at = 0
	}
	for i := range b.Samples {
		s := &b.Samples[i]
		s.Units, s.ByDay, s.ByAge = ofAge(s.Units, at), ofAge(s.ByDay, at), ofAge(s.ByAge, at)
	}
}

func ages(t *datasets.MomentTable) []int32 {
	if t == nil {
		return nil
	}
	return t.Age
}

func ofAge(t *datasets.MomentTable, age int32) *datasets.MomentTable {
	if t == nil {
		return nil
	}
	out := &datasets.MomentTable{Dim: t.Dim, Parts: t.Parts}
	cross, third := t.Dim*(t.Dim+1)/2, [...]int{0, 1, 4}[t.Parts]
	for i, a := range t.Age {
		if a != age {
			continue
		}
		out.Age, out.Day, out.Cell, out.Variant = append(out.Age, a), append(out.Day, t.Day[i]), append(out.Cell, t.Cell[i]), append(out.Variant, t.Variant[i])
		out.N, out.Null = append(out.N, t.N[i]), append(out.Null, t.Null[i])
		out.Means, out.Cross = append(out.Means, t.Means[i*t.Dim:(i+1)*t.Dim]...), append(out.Cross, t.Cross[i*cross:(i+1)*cross]...)
		out.Third = append(out.Third, t.Third[i*third:(i+1)*third]...)
	}
	return out
}

// A cut reads parts of the largest file only, and finds damage in those.
func TestDamageOfAPartIsAnError(t *testing.T) {
	dir := t.TempDir()
	if _, err := evidence.Write(dir, example(t)); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"view_moments.arrow", "view_sketches.arrow"} {
		damageParts(t, dir, name)
	}
}

func damageParts(t *testing.T, dir, name string) {
	path := filepath.Join(dir, name)
	whole := read(t, dir, name)
	found, places := 0, 97
	if testing.Short() {
		places = 11
	}
	for at := 0; at < len(whole); at += 1 + len(whole)/places {
		damaged := append([]byte{}, whole...)
		damaged[at] ^= 1 << (at % 8)
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := evidence.ReadCut(dir, datasets.Cut{Day: new(int)}); err != nil {
			found++
			if !strings.Contains(err.Error(), name) {
				t.Fatalf("byte %d: %v", at, err)
			}
		}
	}
	if found == 0 {
		t.Errorf("no damage of %s was found", name)
	}
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
}
