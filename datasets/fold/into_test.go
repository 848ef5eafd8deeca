package fold_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"liftgate/datasets"
	"liftgate/datasets/fold"
	"liftgate/stats"
)

const variants = 2

// unit is what a unit has, and where it lies.
type unit struct {
	partition, variant int
	crossed            bool
	x                  [3]float64
}

// drawUnits gives units most of which have nothing.
func drawUnits(seed uint64, n int) []unit {
	r := rand.New(rand.NewPCG(seed, 1))
	out := make([]unit, n)
	for i := range out {
		u := &out[i]
		u.partition, u.variant, u.crossed = r.IntN(fold.Partitions), r.IntN(variants), r.IntN(50) == 0
		if r.IntN(3) == 0 {
			u.x = [3]float64{math.Exp(2 * r.NormFloat64()), float64(r.IntN(5)), r.NormFloat64()}
		}
	}
	slices.SortStableFunc(out, func(a, b unit) int { return variants*(a.partition-b.partition) + a.variant - b.variant })
	return out
}

// query asks for a capped mean with a covariate, a ratio and a median.
func query() *datasets.Query {
	q := &datasets.Query{Units: &datasets.Table{Name: "units"}, Variants: []string{"control", "treatment"}}
	for _, name := range []string{"x", "y", "before"} {
		q.Values = append(q.Values, datasets.Value{Name: name})
	}
	q.Blocks = []datasets.Block{
		{Metric: "mean", Parts: []int{0}, Covariates: []int{2}, Cap: &datasets.Cap{Upper: &datasets.Limit{Quantile: 0.9}}},
		{Metric: "ratio", Parts: []int{0, 1}},
		{Metric: "median", Parts: []int{0}, Quantile: &datasets.Quantile{Q: 0.5}},
	}
	return q
}

// of are the units of a partition, as columns.
func of(units []unit, partition int) *fold.Members {
	m := &fold.Members{Bounds: make([]int32, variants+1), Values: make([][]float64, 3), Absent: make([][]bool, 3), Rows: make([]fold.Rows, 3)}
	for _, u := range units {
		if u.partition != partition {
			continue
		}
		for v := u.variant; v < variants; v++ {
			m.Bounds[v+1]++
		}
		for i, x := range u.x {
			m.Values[i] = append(m.Values[i], x)
		}
		m.Crossed = append(m.Crossed, u.crossed)
	}
	return m
}

// packed leaves out units that have nothing.
type packed struct{ columns *fold.Members }

func (p packed) Fill() [][]float64 { return p.columns.Values }

func (p packed) Gather(values []int, variants int) fold.Gathered {
	out := fold.Gathered{Columns: make([][]float64, len(values)), Row: make([]float64, len(values)), Others: make([]int64, variants)}
	for v := range variants {
		from := int32(len(out.Columns[0]))
		for i := p.columns.Bounds[v]; i < p.columns.Bounds[v+1]; i++ {
			if !slices.ContainsFunc(values, func(value int) bool { return p.columns.Values[value][i] != 0 }) {
				out.Others[v]++
				continue
			}
			for c, value := range values {
				out.Columns[c] = append(out.Columns[c], p.columns.Values[value][i])
			}
		}
		out.Units = append(out.Units, []fold.Run{{From: from, To: int32(len(out.Columns[0]))}})
	}
	return out
}

func into(tb testing.TB, units []unit, in fold.Input) *datasets.Evidence {
	tb.Helper()
	in.Workers = max(1, in.Workers)
	if in.Query == nil {
		in.Query = query()
	}
	if in.Members == nil {
		in.Members = func(i int) *fold.Members { return of(units, i) }
	}
	ev := &datasets.Evidence{}
	if err := fold.Into(context.Background(), ev, &in); err != nil {
		tb.Fatal(err)
	}
	return ev
}

// TestMoments compares with moments that are put together unit by unit.
func TestMoments(t *testing.T) {
	for _, n := range []int{0, 1, 5, 3000} {
		units := drawUnits(uint64(n), n)
		ev := into(t, units, fold.Input{})
		mean, ratio := ev.Blocks[0], ev.Blocks[1]
		expectMoments(t, "uncapped", mean.Uncapped, units, 1e-12, func(u unit) []float64 { return []float64{u.x[0], u.x[2]} })
		limit := math.Inf(1)
		if mean.CapUpper != nil {
			limit = *mean.CapUpper
		}
		expectMoments(t, "capped", mean.Total, units, 1e-12, func(u unit) []float64 { return []float64{min(u.x[0], limit), u.x[2]} })
		expectMoments(t, "ratio", ratio.Total, units, 1e-12, func(u unit) []float64 { return u.x[:2] })
		expectMoments(t, "without crossover", ratio.WithoutCrossover, slices.DeleteFunc(slices.Clone(units), func(u unit) bool { return u.crossed }),
			1e-12, func(u unit) []float64 { return u.x[:2] })
		var positive, above int64
		for _, u := range units {
			if u.x[0] > 0 {
				positive++
			}
			if u.x[0] > limit {
				above++
			}
		}
		if mean.Positive != positive || mean.Capped != above || n > 100 && 10*above > positive {
			t.Errorf("%d units: %d positive, %d above the cap; want %d, %d", n, mean.Positive, mean.Capped, positive, above)
		}
	}
}

func expectMoments(t *testing.T, what string, got []stats.Moments, units []unit, tolerance float64, of func(unit) []float64) {
	t.Helper()
	want := make([]stats.Moments, variants)
	for _, u := range units {
		want[u.variant].Add(of(u)...)
	}
	if got == nil { // nobody to leave out
		return
	}
	for v := range want {
		if got[v].N != want[v].N || !near(got[v].Means, want[v].Means, tolerance) || !near(got[v].Cross, want[v].Cross, tolerance) {
			t.Errorf("%s, variant %d: %+v, want %+v", what, v, got[v], want[v])
		}
	}
}

func near(a, b []float64, tolerance float64) bool {
	if len(a) != len(b) {
		return false
	}
	size := 0.0
	for _, x := range b {
		size = max(size, math.Abs(x))
	}
	for i := range a {
		if math.Abs(a[i]-b[i]) > tolerance*size {
			return false
		}
	}
	return true
}

// TestWorkers: the number of workers changes no bit.
func TestWorkers(t *testing.T) {
	units := drawUnits(7, 2000)
	want := into(t, units, fold.Input{})
	for _, workers := range []int{2, 3, 8, 100} {
		if got := into(t, units, fold.Input{Workers: workers}); !reflect.DeepEqual(got, want) {
			t.Errorf("%d workers: %+v, want %+v", workers, got, want)
		}
	}
}

// TestPacked: units that have nothing may be left out of the columns.
func TestPacked(t *testing.T) {
	units := drawUnits(9, 3000)
	for i := range units {
		units[i].crossed = false // in a unit table nobody is
	}
	plain := func(i int) *fold.Members {
		m := of(units, i)
		m.Crossed = nil
		return m
	}
	want := into(t, units, fold.Input{Members: plain})
	got := into(t, units, fold.Input{Members: func(i int) *fold.Members {
		m := plain(i)
		columns := *m
		m.Values, m.Packed = nil, packed{&columns}
		return m
	}})
	for i := range want.Blocks {
		g, w := got.Blocks[i], want.Blocks[i]
		for v := range w.Total {
			if g.Total[v].N != w.Total[v].N || !near(g.Total[v].Means, w.Total[v].Means, 1e-12) || !near(g.Total[v].Cross, w.Total[v].Cross, 1e-12) {
				t.Errorf("%s: %+v, want %+v", w.Metric, g.Total[v], w.Total[v])
			}
		}
		if g.Positive != w.Positive || g.Capped != w.Capped || g.Top != w.Top || !reflect.DeepEqual(g.CapUpper, w.CapUpper) ||
			!near(g.Skewness, w.Skewness, 1e-9) {
			t.Errorf("%s: %+v, want %+v", w.Metric, g, w)
		}
		for v := range w.Quantiles {
			g, w := g.Quantiles[v], w.Quantiles[v]
			if g.Value != w.Value || !slices.Equal(g.Values, w.Values) || !near(g.Shares.Cross, w.Shares.Cross, 1e-12) {
				t.Errorf("quantile %+v, want %+v", g, w)
			}
		}
	}
}

// TestClusters: a cluster's moments are those of its units, and clusters come by variant and partition.
func TestClusters(t *testing.T) {
	const size = 7
	q := query()
	q.Clustered = true
	units := drawUnits(13, 700)
	var want []stats.Moments
	members := make([]*fold.Members, fold.Partitions)
	for i := range members {
		m := of(units, i)
		c := &fold.Clusters{Variants: []int32{0}, Bounds: []int32{0}}
		for v := range variants {
			for at := m.Bounds[v]; at < m.Bounds[v+1]; at += size {
				c.Bounds = append(c.Bounds, min(at+size, m.Bounds[v+1]))
				c.Found, c.First = append(c.Found, int32(i)), append(c.First, 0)
			}
			c.Variants = append(c.Variants, int32(len(c.Found)))
		}
		m.Clusters, members[i] = c, m
	}
	for v := range variants {
		for _, m := range members {
			for c := m.Clusters.Variants[v]; c < m.Clusters.Variants[v+1]; c++ {
				var own stats.Moments
				for at := m.Clusters.Bounds[c]; at < m.Clusters.Bounds[c+1]; at++ {
					own.Add(m.Values[0][at], m.Values[1][at])
				}
				want = append(want, own)
			}
		}
	}
	ev := into(t, units, fold.Input{
		Query: q, Workers: 2, Members: func(i int) *fold.Members { return members[i] },
		Listed: func(found int32) datasets.Cluster { return datasets.Cluster{Block: int(found)} },
	})
	got := ev.Blocks[1].Clusters.Total
	if len(got) != len(want) || len(ev.Exposure.Clusters) != len(want) {
		t.Fatalf("moments of %d and %d clusters, want %d", len(got), len(ev.Exposure.Clusters), len(want))
	}
	before := -1
	for i, c := range ev.Exposure.Clusters {
		if c.Units != want[i].N || got[i].N != want[i].N || !near(got[i].Means, want[i].Means, 1e-12) || !near(got[i].Cross, want[i].Cross, 1e-12) {
			t.Errorf("cluster %d of %d units: %+v, want %+v", i, c.Units, got[i], want[i])
		}
		if place := c.Variant*fold.Partitions + c.Block; place < before {
			t.Errorf("cluster %d of partition %d comes late", i, c.Block)
		} else {
			before = place
		}
	}
}

// TestUnitsOneByOne: each unit comes with its numbers, capped.
func TestUnitsOneByOne(t *testing.T) {
	units := drawUnits(3, 500)
	var values datasets.UnitValues
	ev := into(t, units, fold.Input{Units: &values})
	if len(values.Variants) != len(units) {
		t.Fatalf("%d units, want %d", len(values.Variants), len(units))
	}
	limit := *ev.Blocks[0].CapUpper
	for i, u := range units {
		if int(values.Variants[i]) != u.variant || values.Blocks[0].Columns[0][i] != min(u.x[0], limit) || values.Blocks[1].Columns[1][i] != u.x[1] {
			t.Fatalf("unit %d is not %+v", i, u)
		}
	}
}

// TestTooLarge: a metric whose numbers overflow fails, and leaves the others alone.
func TestTooLarge(t *testing.T) {
	units := drawUnits(5, 100)
	for i := range units {
		units[i].x[1] = math.MaxFloat64
	}
	ev := into(t, units, fold.Input{})
	if ev.Blocks[0].Failed != "" || !strings.Contains(ev.Blocks[1].Failed, "too large") || ev.Blocks[1].Total != nil {
		t.Errorf("failed: %q, %q", ev.Blocks[0].Failed, ev.Blocks[1].Failed)
	}
}

// TestNulls: an absent value leaves a unit out, or is an error, as the value says.
func TestNulls(t *testing.T) {
	units, q := drawUnits(11, 400), query()
	q.Values[2].Nulls = datasets.NullsDrop
	members := func(i int) *fold.Members {
		m := of(units, i)
		m.Absent[2] = slices.Repeat([]bool{true}, len(m.Values[2]))
		return m
	}
	ev := into(t, units, fold.Input{Query: q, Members: members})
	if n := ev.Blocks[0].Null[0] + ev.Blocks[0].Null[1]; n != int64(len(units)) || ev.Blocks[0].Total[0].N != 0 || ev.Blocks[1].Null[0] != 0 {
		t.Errorf("%d of %d units have no value: %+v", n, len(units), ev.Blocks[0])
	}
	q.Values[2].Nulls = datasets.NullsError
	var data *datasets.DataError
	if err := fold.Into(context.Background(), ev, &fold.Input{Query: q, Workers: 2, Members: members}); !errors.As(err, &data) {
		t.Errorf("error %v, want one of the data", err)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	in := &fold.Input{Query: query(), Workers: 1, Members: func(i int) *fold.Members { return of(nil, i) }}
	if err := fold.Into(ctx, &datasets.Evidence{}, in); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
