package evidence

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"liftgate/datasets"
	"liftgate/stats"
	"liftgate/stats/quantile"
)

// smallClustered has two clusters, one of them without a unit of the first block, and a quantile block.
func smallClustered() *datasets.Evidence {
	ev := small()
	ev.Exposure.Clusters = []datasets.Cluster{{Variant: 0, Units: 2, Block: 3, Balance: []float64{0.5, -1}}, {Variant: 1, Crossover: true, Units: 1, Block: -1}}
	ev.Exposure.Unexposed = []datasets.Cluster{{Variant: 1, Block: 3, Balance: []float64{2, 1}}}
	ev.Exposure.UnitHours = [][]int64{{2}, {1}}
	b := &ev.Blocks[0]
	b.Skewness = []float64{0.25, 0}
	b.Clusters = &datasets.ClusterMoments{Total: []stats.Moments{b.Total[0], {}}}
	var shares stats.Moments
	shares.Add(1, 2)
	q := quantile.Summary{Q: 0.5, Rows: 2, Value: 3, Shares: shares, Ranks: []int64{1, 2}, Values: []float64{3, 4}}
	ev.Blocks = append(ev.Blocks, datasets.BlockEvidence{
		Metric: "latency", Components: []string{"ms"}, Incomplete: []int64{0, 0}, Null: []int64{0, 0}, Quantiles: []quantile.Summary{q, {Q: 0.5}},
	})
	return ev
}

func written(t *testing.T, ev *datasets.Evidence) (dir string, names []string) {
	t.Helper()
	dir = t.TempDir()
	names, err := Write(dir, ev)
	if err != nil {
		t.Fatal(err)
	}
	return dir, names
}

func TestFilesOfClustersAndQuantiles(t *testing.T) {
	dir, names := written(t, smallClustered())
	want := "activity.arrow attributes.arrow blocks.arrow cluster_moments.arrow clusters.arrow events.arrow exposure.arrow left_out.arrow " +
		"moments.arrow quantiles.arrow summary.arrow unexposed.arrow values.arrow SHA256SUMS"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("files %s", got)
	}
	if _, err := Write(dir, small()); err != nil {
		t.Fatal(err)
	}
	ev, err := Read(dir)
	if err != nil || ev.Exposure.Clusters != nil || ev.Exposure.Unexposed != nil || ev.Blocks[0].Clusters != nil {
		t.Errorf("files of an earlier evidence are left: %v", err)
	}
}

func TestAFileOfClustersOrQuantilesThatIsGoneIsAnError(t *testing.T) {
	for _, table := range []string{clustersTable, clusterMomentsTable, unexposedTable, quantilesTable} {
		dir, _ := written(t, smallClustered())
		if err := os.Remove(filepath.Join(dir, table+extension)); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(dir); err == nil || !strings.Contains(err.Error(), table+extension) {
			t.Errorf("error %v does not name %s", err, table+extension)
		}
	}
}

func TestClustersAndQuantilesThatDoNotFitAreAnError(t *testing.T) {
	edits := map[string]func(t *testing.T, dir string){
		"clusters: variant \"other\" is not one of the evidence": func(t *testing.T, dir string) {
			replace(t, dir, clustersTable, func(rows []clusterRow) []clusterRow {
				rows[0].Variant = "other"
				return rows
			})
		},
		"clusters: block -2": func(t *testing.T, dir string) {
			replace(t, dir, clustersTable, func(rows []clusterRow) []clusterRow {
				*rows[0].Block = -2
				return rows
			})
		},
		"unexposed: variant \"other\" is not one of the evidence": func(t *testing.T, dir string) {
			replace(t, dir, unexposedTable, func(rows []unexposedRow) []unexposedRow {
				rows[0].Variant = "other"
				return rows
			})
		},
		"unexposed: 2 numbers were balanced of one cluster and 1 of another": func(t *testing.T, dir string) {
			replace(t, dir, unexposedTable, func(rows []unexposedRow) []unexposedRow {
				rows[0].Balance = rows[0].Balance[1:]
				return rows
			})
		},
		"unexposed: there are no clusters": func(t *testing.T, dir string) {
			for _, table := range []string{clustersTable, clusterMomentsTable} {
				if err := os.Remove(filepath.Join(dir, table+extension)); err != nil {
					t.Fatal(err)
				}
			}
			if err := writeSums(dir); err != nil {
				t.Fatal(err)
			}
		},
		"cluster_moments: cluster 0 out of its place": func(t *testing.T, dir string) {
			replace(t, dir, clustersTable, func([]clusterRow) []clusterRow { return nil })
		},
		"cluster_moments: out of its place": func(t *testing.T, dir string) {
			replace(t, dir, clusterMomentsTable, func(rows []clusterMomentsRow) []clusterMomentsRow { return append(rows, rows[0]) })
		},
		"cluster_moments: 1 means": func(t *testing.T, dir string) {
			replace(t, dir, clusterMomentsTable, func(rows []clusterMomentsRow) []clusterMomentsRow {
				rows[0].Means = rows[0].Means[1:]
				return rows
			})
		},
		"cluster_moments: no moments of uncapped": func(t *testing.T, dir string) {
			replace(t, dir, clusterMomentsTable, func(rows []clusterMomentsRow) []clusterMomentsRow {
				other := rows[0]
				other.Sample = "uncapped"
				return append(rows, other)
			})
		},
		"cluster_moments: rows out of their place": func(t *testing.T, dir string) {
			replace(t, dir, clusterMomentsTable, func(rows []clusterMomentsRow) []clusterMomentsRow {
				rows[0].Block = 7
				return rows
			})
		},
		"quantiles: rows of variants": func(t *testing.T, dir string) { replace(t, dir, quantilesTable, dropFirst[quantileRow]) },
		"quantiles: ranks of": func(t *testing.T, dir string) {
			replace(t, dir, quantilesTable, func(rows []quantileRow) []quantileRow {
				rows[0].Ranks = nil
				return rows
			})
		},
		"moments: failed, or have moments": func(t *testing.T, dir string) {
			replace(t, dir, quantilesTable, func([]quantileRow) []quantileRow { return nil })
		},
		"moments: skewness in some": func(t *testing.T, dir string) {
			replace(t, dir, momentsTable, func(rows []momentsRow) []momentsRow {
				rows[0].Skewness = nil
				return rows
			})
		},
	}
	for name, edit := range edits {
		t.Run(name, func(t *testing.T) {
			dir, _ := written(t, smallClustered())
			if _, err := Read(dir); err != nil {
				t.Fatal(err)
			}
			edit(t, dir)
			table, what, _ := strings.Cut(name, ": ")
			if _, err := Read(dir); err == nil || !strings.Contains(err.Error(), table+extension) || !strings.Contains(err.Error(), what) {
				t.Errorf("error %v", err)
			}
		})
	}
}

// Files from when only totals had a skewness do not know that of uncapped values.
func TestSkewnessOfUncappedValuesMayBeMissing(t *testing.T) {
	want := smallClustered()
	b := &want.Blocks[0]
	b.Uncapped, b.UncappedSkewness = b.Total, []float64{7, 0}
	b.Clusters.Uncapped = b.Clusters.Total
	dir, _ := written(t, want)
	unknown := func(only func(r momentsRow) bool) func([]momentsRow) []momentsRow {
		return func(rows []momentsRow) []momentsRow {
			for i := range rows {
				if rows[i].Sample == "uncapped" && only(rows[i]) {
					rows[i].Skewness = nil
				}
			}
			return rows
		}
	}
	if got, err := Read(dir); err != nil || !reflect.DeepEqual(got.Blocks[0].UncappedSkewness, b.UncappedSkewness) {
		t.Fatalf("read %+v, %v", got, err)
	}
	replace(t, dir, momentsTable, unknown(func(r momentsRow) bool { return r.Variant == "control" }))
	if _, err := Read(dir); err == nil || !strings.Contains(err.Error(), "some variants of uncapped only") {
		t.Errorf("error %v", err)
	}
	replace(t, dir, momentsTable, unknown(func(momentsRow) bool { return true }))
	got, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := got.Blocks[0]; got.UncappedSkewness != nil || !reflect.DeepEqual(got.Skewness, b.Skewness) {
		t.Errorf("read %v and %v", got.Skewness, got.UncappedSkewness)
	}
}

// Files from before there were designs do not say whether one gave the clusters their variants.
func TestClustersWithoutADesignAreRead(t *testing.T) {
	type earlierCluster struct {
		Variant   string `arrow:"variant"`
		Crossover bool   `arrow:"crossover"`
		Units     int64  `arrow:"units"`
	}
	want := smallClustered()
	want.Exposure.Unexposed = nil
	dir, _ := written(t, want)
	var earlier []earlierCluster
	for i := range want.Exposure.Clusters {
		c := &want.Exposure.Clusters[i]
		c.Block, c.Balance = -1, nil
		earlier = append(earlier, earlierCluster{want.Variants[c.Variant], c.Crossover, c.Units})
	}
	if err := writeTable(dir, clustersTable, earlier); err != nil {
		t.Fatal(err)
	}
	if err := writeSums(dir); err != nil {
		t.Fatal(err)
	}
	got, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got.Exposure.Clusters, want.Exposure.Clusters) || got.Exposure.Unexposed != nil {
		t.Errorf("read %+v and %+v, want %+v", got.Exposure.Clusters, got.Exposure.Unexposed, want.Exposure.Clusters)
	}
}

// A roster whose clusters are all analysed is not the same as none.
func TestNoUnexposedClustersAreRead(t *testing.T) {
	want := smallClustered()
	want.Exposure.Unexposed = []datasets.Cluster{}
	dir, _ := written(t, want)
	got, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got.Exposure.Clusters, want.Exposure.Clusters) || got.Exposure.Unexposed == nil || len(got.Exposure.Unexposed) > 0 {
		t.Errorf("read %+v and %+v", got.Exposure.Clusters, got.Exposure.Unexposed)
	}
}

// The first files of version 1 have neither skewness nor what belongs to clusters.
func TestEarlierFilesAreRead(t *testing.T) {
	type earlierMoments struct {
		Of      string    `arrow:"of"`
		Number  int64     `arrow:"number"`
		Name    string    `arrow:"name"`
		Sample  string    `arrow:"sample"`
		Variant string    `arrow:"variant"`
		N       int64     `arrow:"n"`
		Means   []float64 `arrow:"means"`
		Cross   []float64 `arrow:"cross_products"`
	}
	type earlierExposure struct {
		Variant   string  `arrow:"variant"`
		Units     int64   `arrow:"units"`
		Crossover int64   `arrow:"crossover_units"`
		Hours     []int64 `arrow:"units_by_hour"`
	}
	want := small()
	dir, _ := written(t, want)
	var moments []earlierMoments
	for _, m := range momentsRows(want) {
		moments = append(moments, earlierMoments{m.Of, m.Number, m.Name, m.Sample, m.Variant, m.N, m.Means, m.Cross})
	}
	var exposure []earlierExposure
	for _, x := range exposureRows(want) {
		exposure = append(exposure, earlierExposure{x.Variant, x.Units, x.Crossover, x.Hours})
	}
	if err := writeTable(dir, momentsTable, moments); err != nil {
		t.Fatal(err)
	}
	if err := writeTable(dir, exposureTable, exposure); err != nil {
		t.Fatal(err)
	}
	if err := writeSums(dir); err != nil {
		t.Fatal(err)
	}
	got, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got.Blocks[0].Skewness != nil || !reflect.DeepEqual(got.Blocks[0].Total[0], want.Blocks[0].Total[0]) {
		t.Errorf("read %+v", got.Blocks[0])
	}
}
