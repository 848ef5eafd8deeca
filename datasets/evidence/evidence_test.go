package evidence_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"liftgate/datasets"
	"liftgate/datasets/evidence"
	"liftgate/stats"
	"liftgate/stats/quantile"
)

// equalBits compares numbers by their bits.
var equalBits = cmp.Options{
	cmp.Comparer(func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }),
	cmpopts.EquateEmpty(),
}

func TestReadGivesBackWhatWriteWrote(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir := t.TempDir()
		want := drawEvidence(rt)
		if _, err := evidence.Write(dir, want); err != nil {
			rt.Fatal(err)
		}
		got, err := evidence.Read(dir)
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(want, got, equalBits); diff != "" {
			rt.Fatalf("(-written +read)\n%s", diff)
		}
		readCut(rt, dir, want)
	})
}

func drawEvidence(rt *rapid.T) *datasets.Evidence {
	g := generator{T: rt, variants: rapid.IntRange(1, 3).Draw(rt, "variants")}
	ev := &datasets.Evidence{Warnings: rapid.SliceOfN(rapid.String(), 0, 2).Draw(rt, "warnings")}
	for v := range g.variants {
		ev.Variants = append(ev.Variants, fmt.Sprint("variant ", v))
	}
	x := &ev.Exposure
	x.Units, x.Crossover = g.counts(), g.counts()
	x.Dropped = datasets.Dropped{
		RepeatedExposures: g.count(), OutsideSchedule: g.count(), Tied: g.count(), Forced: g.count(), IgnoredVariants: g.count(), NullUnit: g.count(),
	}
	x.Recomputed = datasets.Recomputed{Compared: g.count(), Moved: g.count(), Excluded: g.count()}
	for i := range rapid.IntRange(0, 2).Draw(rt, "attributes") {
		values := rapid.SliceOfNDistinct(rapid.String(), 0, 3, rapid.ID[string]).Draw(rt, "values")
		x.Attributes = append(x.Attributes, datasets.Attribute{Name: fmt.Sprint("attribute", i), Values: values, Units: g.table(len(values))})
	}
	clusters := -1
	if rapid.Bool().Draw(rt, "clustered") {
		g.balanced = rapid.IntRange(0, 2).Draw(rt, "balanced")
		x.Clusters = g.clusters()
		clusters = len(x.Clusters)
		if rapid.Bool().Draw(rt, "roster") {
			x.Unexposed = g.clusters()
			for i := range x.Unexposed {
				x.Unexposed[i].Units, x.Unexposed[i].Crossover = 0, false
			}
		}
	}
	if rapid.Bool().Draw(rt, "event log") {
		ev.AsOf, x.First, x.Last, x.FirstHour = g.instant(), g.instant(), g.instant(), *g.instant()
		x.Hours = g.table(rapid.IntRange(1, 5).Draw(rt, "hours"))
		if clusters >= 0 {
			x.UnitHours = g.table(len(x.Hours[0]))
		}
		for i := range rapid.IntRange(0, 2).Draw(rt, "tables") {
			ev.Events = append(ev.Events, datasets.EventEvidence{
				Table: fmt.Sprint("table", i), CompleteThrough: *g.instant(), Matched: g.count(), UnmatchedUnit: g.count(),
				OutsideWindow: g.count(), NullTime: g.count(), PerUnit: g.moments(1), Activity: g.activity(),
			})
		}
	}
	for i := range rapid.IntRange(0, 2).Draw(rt, "values") {
		v := datasets.ValueEvidence{Name: fmt.Sprint("value", i), NullCells: g.count()}
		if ev.AsOf != nil {
			v.Activity = g.activity()
		}
		ev.Values = append(ev.Values, v)
	}
	for range rapid.IntRange(0, 3).Draw(rt, "blocks") {
		ev.Blocks = append(ev.Blocks, g.block(clusters))
	}
	if rapid.Bool().Draw(rt, "views") {
		g.views(ev)
	}
	return ev
}

type generator struct {
	*rapid.T
	variants int
	balanced int // numbers of a cluster
}

func (g generator) count() int64 { return rapid.Int64Range(0, 1e15).Draw(g.T, "count") }

func (g generator) counts() []int64 {
	return rapid.SliceOfN(rapid.Int64Range(0, 9), g.variants, g.variants).Draw(g.T, "counts")
}

func (g generator) table(width int) [][]int64 {
	row := rapid.SliceOfN(rapid.Int64Range(0, 9), width, width)
	return rapid.SliceOfN(row, g.variants, g.variants).Draw(g.T, "table")
}

func (g generator) instant() *datasets.Instant {
	i := datasets.Instant(rapid.Int64().Draw(g.T, "instant"))
	return &i
}

func (g generator) activity() []datasets.Activity {
	out := make([]datasets.Activity, g.variants)
	for v := range out {
		if ages := rapid.SliceOfN(rapid.Int64Range(1, 9), 0, 4).Draw(g.T, "ages"); len(ages) > 0 {
			out[v] = datasets.Activity{FirstAge: rapid.IntRange(-9, 9).Draw(g.T, "first"), Ages: ages, Last: g.instant()}
		}
	}
	return out
}

func (g generator) moments(dim int) []stats.Moments {
	return g.momentsOf(g.variants, dim)
}

func (g generator) momentsOf(n, dim int) []stats.Moments {
	out := make([]stats.Moments, n)
	for v := range out {
		for range rapid.IntRange(0, 3).Draw(g.T, "units") {
			out[v].Add(rapid.SliceOfN(rapid.Float64Range(-1e9, 1e9), dim, dim).Draw(g.T, "unit")...)
		}
	}
	return out
}

func (g generator) clusters() []datasets.Cluster {
	out := []datasets.Cluster{}
	for range rapid.IntRange(0, 4).Draw(g.T, "clusters") {
		c := datasets.Cluster{
			Variant: rapid.IntRange(0, g.variants-1).Draw(g.T, "variant"), Crossover: rapid.Bool().Draw(g.T, "crossed"), Units: g.count(),
			Block: rapid.IntRange(-1, 3).Draw(g.T, "block"),
		}
		if rapid.Bool().Draw(g.T, "listed") {
			c.Balance = rapid.SliceOfN(rapid.Float64(), g.balanced, g.balanced).Draw(g.T, "balance")
		}
		out = append(out, c)
	}
	return out
}

func (g generator) quantiles() []quantile.Summary {
	q := rapid.Float64Range(0.01, 0.99).Draw(g.T, "q")
	out := make([]quantile.Summary, g.variants)
	for v, shares := range g.moments(2) {
		n := rapid.Int64Range(0, 30).Draw(g.T, "rows")
		out[v] = quantile.Summary{Q: q, Rows: n, Shares: shares, Ranks: quantile.RanksAround(q, n)}
		for range out[v].Ranks {
			out[v].Values = append(out[v].Values, rapid.Float64().Draw(g.T, "value"))
		}
	}
	return out
}

// block draws a metric's block, given how many clusters there are, -1 when none are randomised.
func (g generator) block(clusters int) datasets.BlockEvidence {
	b := datasets.BlockEvidence{
		Metric: rapid.String().Draw(g.T, "metric"), Components: rapid.SliceOfN(rapid.String(), 1, 3).Draw(g.T, "components"),
		Incomplete: g.counts(), Null: g.counts(),
	}
	if rapid.Bool().Draw(g.T, "failed") {
		b.Failed = "it failed"
		return b
	}
	dim := len(b.Components)
	if rapid.Bool().Draw(g.T, "quantile") {
		b.Quantiles = g.quantiles()
		if rapid.Bool().Draw(g.T, "crossover") {
			b.QuantilesWithoutCrossover = g.quantiles()
		}
		return b
	}
	b.Total, b.Positive = g.moments(dim), g.count()
	b.Skewness = rapid.SliceOfN(rapid.Float64(), g.variants, g.variants).Draw(g.T, "skewness")
	if clusters >= 0 {
		b.Clusters = &datasets.ClusterMoments{Total: g.momentsOf(clusters, dim)}
	}
	if rapid.Bool().Draw(g.T, "crossover") {
		b.WithoutCrossover = g.moments(dim)
	}
	if rapid.Bool().Draw(g.T, "cap") {
		b.Uncapped, b.Capped = g.moments(dim), g.count()
		if rapid.Bool().Draw(g.T, "skewness known") {
			b.UncappedSkewness = rapid.SliceOfN(rapid.Float64(), g.variants, g.variants).Draw(g.T, "uncapped skewness")
		}
		upper := rapid.Float64().Draw(g.T, "upper")
		b.CapUpper = &upper
		if clusters >= 0 {
			b.Clusters.Uncapped = g.momentsOf(clusters, dim)
		}
	}
	if rapid.Bool().Draw(g.T, "top") {
		b.WithoutTop, b.Top = g.moments(dim), rapid.Float64().Draw(g.T, "top")
		if clusters >= 0 {
			b.Clusters.WithoutTop = g.momentsOf(clusters, dim)
		}
	}
	return b
}

// example has something in every file.
func example(t testing.TB) *datasets.Evidence {
	t.Helper()
	for seed := range 10_000 {
		ev := rapid.Custom(drawEvidence).Example(seed)
		if ev.AsOf != nil && ev.Views != nil && len(ev.Views.Segments) > 0 && slices.ContainsFunc(ev.Views.Blocks, func(b datasets.BlockViews) bool { return len(b.Samples) > 0 }) &&
			slices.ContainsFunc(ev.Views.Blocks, func(b datasets.BlockViews) bool { return b.Sketches != nil && len(b.Sketches.Buckets) > 0 }) && len(ev.Events) > 0 && len(ev.Values) > 0 && len(ev.Blocks) > 0 && len(ev.Exposure.Attributes) > 0 &&
			len(ev.Exposure.Clusters) > 0 && len(ev.Exposure.Unexposed) > 0 && slices.ContainsFunc(ev.Blocks, func(b datasets.BlockEvidence) bool { return b.Quantiles != nil }) {
			return ev
		}
	}
	t.Fatal("no seed gives a full example")
	return nil
}

func TestEqualEvidenceHasEqualBytes(t *testing.T) {
	ev := example(t)
	first, second := t.TempDir(), t.TempDir()
	names, err := evidence.Write(first, ev)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := evidence.Write(second, ev); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if a, b := read(t, first, name), read(t, second, name); !bytes.Equal(a, b) {
			t.Errorf("%s differs between two runs", name)
		}
	}
	a, b := fingerprint(t, first), fingerprint(t, second)
	if a != b {
		t.Errorf("fingerprints %s and %s", a, b)
	}
	var lines strings.Builder
	for _, name := range names[:len(names)-1] { // without SHA256SUMS
		fmt.Fprintf(&lines, "%x  %s\n", sha256.Sum256(read(t, first, name)), name)
	}
	if want := fmt.Sprintf("%x", sha256.Sum256([]byte(lines.String()))); a != want {
		t.Errorf("fingerprint %s, want %s", a, want)
	}
}

func TestDamageIsAnError(t *testing.T) {
	dir, places := t.TempDir(), 23
	if testing.Short() {
		places = 5
	}
	names, err := evidence.Write(dir, example(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		whole := read(t, dir, name)
		path := filepath.Join(dir, name)
		for at := 0; at < len(whole); at += 1 + len(whole)/places {
			if err := os.WriteFile(path, whole[:at], 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := evidence.Read(dir); err == nil {
				t.Fatalf("%s cut at %d was read", name, at)
			}
			flipped := bytes.Clone(whole)
			flipped[at] ^= 1 << (at % 8)
			if err := os.WriteFile(path, flipped, 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := evidence.Read(dir); err == nil {
				t.Fatalf("%s with a bit of byte %d flipped was read", name, at)
			}
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if _, err := evidence.Read(dir); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s missing: error %v does not name it", name, err)
		}
		if err := os.WriteFile(path, whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFilesOfTwoRunsDoNotMix(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	ev := example(t)
	if _, err := evidence.Write(dir, ev); err != nil {
		t.Fatal(err)
	}
	changed := *ev
	changed.Exposure.Dropped.Tied++
	if _, err := evidence.Write(other, &changed); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "summary.arrow"), read(t, other, "summary.arrow"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := evidence.Read(dir); err == nil || !strings.Contains(err.Error(), "summary.arrow") {
		t.Errorf("error %v does not name the file", err)
	}
}

func read(t *testing.T, dir, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func fingerprint(t *testing.T, dir string) string {
	t.Helper()
	f, err := evidence.Fingerprint(dir)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
