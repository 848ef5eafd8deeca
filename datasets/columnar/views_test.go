package columnar_test

import (
	"context"
	"fmt"
	"math"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"liftgate/datasets"
	"liftgate/datasets/columnar"
	"liftgate/datasets/sourcetest"
	"liftgate/stats"
	"liftgate/stats/skewed"
)

func TestViewsConform(t *testing.T) {
	var seed atomic.Uint64
	sourcetest.RunViews(t, func(tb testing.TB, d sourcetest.Data) datasets.Source {
		s := seed.Add(1)
		for _, table := range d.Tables {
			newShape(s, "parquet", table).write(tb, table)
		}
		return columnar.New(columnar.Options{Workers: int(1 + s%3)})
	})
}

// viewed asks for views by country, in a zone that changes its clock while the shop is open.
func viewed(query makeQuery) makeQuery {
	return func(t testing.TB, d sourcetest.Data) *datasets.Query {
		t.Helper()
		q := query(t, d)
		q.Views = &datasets.Views{Segments: []int{0}}
		zone, err := time.LoadLocation("Europe/Berlin")
		if err != nil {
			t.Skip(err)
		}
		q.Location = zone
		return q
	}
}

// TestViewsSameBytes: neither workers nor the shape of files change views.
func TestViewsSameBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("many files")
	}
	t.Run("event log", func(t *testing.T) { sameBytes(t, shop(1, 1000, 10000), viewed(withQuantiles(shopQuery))) })
	t.Run("unit table", func(t *testing.T) { sameBytes(t, shopUnits(1, 5000), viewed(withQuantiles(shopUnitsQuery))) })
	t.Run("clusters", func(t *testing.T) {
		sameBytes(t, inShops(shop(4, 1000, 10000)), viewed(withQuantiles(onRoster(clustered(shopQuery)))))
	})
}

// TestViewsLeaveEvidenceAlone: what is said of the whole does not depend on views, to the last bit.
func TestViewsLeaveEvidenceAlone(t *testing.T) {
	for _, query := range []makeQuery{shopQuery, clustered(shopQuery)} {
		d := inShops(shop(1, 500, 5000))
		with := evidenceOf(t, d, viewed(query)(t, d))
		with.Views = nil
		for i := range with.Exposure.Clusters {
			with.Exposure.Clusters[i].Segments = nil
		}
		q := viewed(query)(t, d)
		q.Views = nil
		if diff := cmp.Diff(evidenceOf(t, d, q), with); diff != "" {
			t.Errorf("without and with views (-without +with):\n%s", diff)
		}
	}
}

func evidenceOf(t *testing.T, d sourcetest.Data, q *datasets.Query) *datasets.Evidence {
	t.Helper()
	for _, table := range d.Tables {
		newShape(3, "parquet", table).write(t, table)
	}
	ev, err := columnar.New(columnar.Options{}).Observe(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	return ev
}

// TestViewsAddUp: merged over days and cells, views are the whole.
func TestViewsAddUp(t *testing.T) {
	log, units := shop(2, 2000, 30000), shopUnits(2, 3000)
	for _, c := range []struct {
		data sourcetest.Data
		ev   *datasets.Evidence
	}{
		{log, evidenceOf(t, log, viewed(shopQuery)(t, log))},
		{units, evidenceOf(t, units, viewed(shopUnitsQuery)(t, units))},
	} {
		for i, b := range c.ev.Blocks {
			for _, s := range c.ev.Views.Blocks[i].Samples {
				whole := map[datasets.Sample][]stats.Moments{
					datasets.Total: b.Total, datasets.WithoutCrossover: b.WithoutCrossover, datasets.Uncapped: b.Uncapped, datasets.WithoutTop: b.WithoutTop,
				}[s.Sample]
				merged := mergedByVariant(s.Units, len(whole))
				for v := range whole {
					checkSame(t, fmt.Sprint(b.Metric, " ", s.Sample), &whole[v], &merged[v])
					if skewness := b.Skewness[v]; s.Sample == datasets.Total && skewness != 0 && math.Abs(merged[v].Skewness()-skewness) > 1e-9*math.Abs(skewness) {
						t.Errorf("%s: skewness %v, want %v", b.Metric, merged[v].Skewness(), skewness)
					}
				}
			}
		}
	}
}

// mergedByVariant merges what is of age 0.
func mergedByVariant(t *datasets.MomentTable, variants int) []skewed.Moments {
	out := make([]skewed.Moments, variants)
	cross, third := t.Dim*(t.Dim+1)/2, 3*t.Parts-2
	for i, age := range t.Age {
		if age == 0 {
			out[t.Variant[i]].Merge(&skewed.Moments{
				N: t.N[i], Means: t.Means[i*t.Dim : (i+1)*t.Dim], Cross: t.Cross[i*cross : (i+1)*cross], Third: t.Third[i*third : (i+1)*third],
			})
		}
	}
	return out
}

func checkSame(t *testing.T, what string, want *stats.Moments, got *skewed.Moments) {
	t.Helper()
	if want.N != got.N {
		t.Errorf("%s: %d units, want %d", what, got.N, want.N)
		return
	}
	for i := range want.Means {
		if math.Abs(got.Means[i]-want.Means[i]) > 1e-12*math.Abs(want.Means[i]) {
			t.Errorf("%s: mean %v, want %v", what, got.Means[i], want.Means[i])
		}
	}
	second := got.Second()
	for i := range want.Means {
		for j := range want.Means {
			if size := math.Sqrt(want.Cov(i, i) * want.Cov(j, j)); math.Abs(second.Cov(i, j)-want.Cov(i, j)) > 1e-11*size {
				t.Errorf("%s: covariance %v, want %v", what, second.Cov(i, j), want.Cov(i, j))
			}
		}
	}
}
