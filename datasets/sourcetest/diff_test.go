package sourcetest

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"liftgate/datasets"
	"liftgate/stats"
)

// Whatever number of an evidence is changed, Diff must see it.
func TestDiffSeesEveryChange(t *testing.T) {
	if testing.Short() {
		t.Skip("every field of random evidence")
	}
	seen := map[string]bool{}
	for _, c := range append(examples(30), viewExamples(14)...) {
		want, err := Reference(c.query, c.data)
		if err != nil {
			continue
		}
		got, err := Reference(c.query, c.data)
		if err != nil {
			t.Fatal(err)
		}
		shortenHours(want, got)
		if diff := Diff(want, got); diff != "" {
			t.Fatalf("the same evidence differs:\n%s", diff)
		}
		change(reflect.ValueOf(got).Elem(), "", func(path string) {
			seen[path] = true
			if path != ".Warnings[]" && cmp.Equal(want, inOrderOf(want, got), comparing()) {
				t.Errorf("Diff does not see a change of %s", path)
			}
		})
	}
	for _, path := range []string{
		".Exposure.Dropped.Tied", ".Events[].PerUnit[].Means[]", ".Blocks[].Total[].Cross[]", ".Blocks[].CapUpper",
		".Exposure.Clusters[].Crossover", ".Blocks[].Clusters.WithoutTop[].Means[]", ".Blocks[].Skewness[]", ".Blocks[].UncappedSkewness[]", ".Blocks[].Quantiles[].Values[]",
		".Views.Segments[].Values[]", ".Views.Cells[][]", ".Views.Days[]", ".Views.Exposed[].AnalysisUnits", ".Views.Blocks[].Samples[].Units.Day[]",
		".Views.Blocks[].Samples[].Units.Third[]", ".Views.Blocks[].Samples[].ByDay.Cell[]", ".Views.Blocks[].Samples[].ByAge.Cross[]",
		".Views.Blocks[].Running.Null[]", ".Views.Blocks[].Cohorts.Day[]", ".Views.Blocks[].Quantiles[].Value", ".Views.Blocks[].Quantiles[].Incomplete[]", ".Views.Blocks[].Quantiles[].Null[]",
		".Exposure.Clusters[].Segments[]",
	} {
		if !seen[path] {
			t.Errorf("no example has %s", path)
		}
	}
}

// The clusters of a variant may come in any order, if all that is said of them does.
func TestDiffPutsClustersInOrder(t *testing.T) {
	swapped := 0
	for _, c := range examples(100) {
		want, err := Reference(c.query, c.data)
		if err != nil {
			continue
		}
		got, _ := Reference(c.query, c.data)
		clusters := got.Exposure.Clusters
		if len(clusters) < 2 || clusters[0].Variant != clusters[1].Variant {
			continue
		}
		clusters[0], clusters[1] = clusters[1], clusters[0]
		for i := range got.Blocks {
			if m := got.Blocks[i].Clusters; m != nil {
				for _, list := range [][]stats.Moments{m.Total, m.Uncapped, m.WithoutTop} {
					if len(list) > 0 {
						list[0], list[1] = list[1], list[0]
					}
				}
			}
		}
		swapped++
		if diff := Diff(want, got); diff != "" {
			t.Fatalf("the same clusters in another order differ:\n%s", diff)
		}
		if m := got.Blocks; len(m) > 0 && m[0].Clusters != nil && !sameMoments(m[0].Clusters.Total[0], m[0].Clusters.Total[1]) {
			m[0].Clusters.Total[0], m[0].Clusters.Total[1] = m[0].Clusters.Total[1], m[0].Clusters.Total[0]
			if Diff(want, got) == "" && !reflect.DeepEqual(clusters[0], clusters[1]) {
				t.Fatal("moments of another cluster go unnoticed")
			}
		}
	}
	if swapped < 5 {
		t.Errorf("only %d examples have two clusters of a variant", swapped)
	}
}

// shortenHours saves time.
func shortenHours(evidence ...*datasets.Evidence) {
	for _, ev := range evidence {
		for v, hours := range ev.Exposure.Hours {
			ev.Exposure.Hours[v] = hours[:1]
		}
		for v, hours := range ev.Exposure.UnitHours {
			ev.Exposure.UnitHours[v] = hours[:1]
		}
	}
}

// change alters each number and text below v in turn, calls seen, and restores it.
func change(v reflect.Value, path string, seen func(path string)) {
	alter := func(to reflect.Value) {
		old := reflect.ValueOf(v.Interface())
		v.Set(to.Convert(v.Type()))
		seen(path)
		v.Set(old)
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			change(v.Field(i), path+"."+v.Type().Field(i).Name, seen)
		}
	case reflect.Slice:
		if n := v.Len(); n > 0 { // one item stands for the others
			change(v.Index(n/2), path+"[]", seen)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			change(v.Elem(), path, seen)
			alter(reflect.Zero(v.Type()))
		}
	case reflect.Int, reflect.Int32, reflect.Int64:
		alter(reflect.ValueOf(v.Int() + 1))
	case reflect.Bool:
		alter(reflect.ValueOf(!v.Bool()))
	case reflect.Float64:
		if strings.HasSuffix(path, ".Third[]") { // sums of cubes may be large and all but cancel
			alter(reflect.ValueOf(v.Float() + 1e30))
			return
		}
		alter(reflect.ValueOf(v.Float()*(1+1e-6) + 1e-2))
	case reflect.String:
		if v.String() != "" {
			alter(reflect.ValueOf(""))
		} else {
			alter(reflect.ValueOf("?"))
		}
	default:
		panic(fmt.Sprintf("%s is a %s", path, v.Type()))
	}
}
