package exposurelog_test

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"liftgate/datasets"
	"liftgate/datasets/columnar"
	"liftgate/datasets/expr"
)

// query asks who is exposed, as the definition of an experiment does whose data.exposures are the files of a log.
func query(dir string) *datasets.Query {
	complete := at(48 * time.Hour)
	return &datasets.Query{
		Exposures: &datasets.Table{
			Name: "exposures", Dir: filepath.Dir(dir), Files: []string{filepath.Base(dir) + "/*.arrow"},
			Unit: "shopper_id", Variant: "variant", Time: "ts", Attributes: []string{"country", "device"},
		},
		Variants: []string{"control", "treatment"},
		AsOf:     &complete, Location: time.UTC, Crossover: datasets.CrossoverFirst,
	}
}

func observe(t testing.TB, q *datasets.Query) datasets.Exposure {
	t.Helper()
	ev, err := columnar.New(columnar.Options{Workers: 2}).Observe(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return ev.Exposure
}

func TestAnalysisReadsTheOpenLog(t *testing.T) {
	o := options(t.TempDir())
	o.FileSize = 2 << 10
	l := open(t, o)
	for i := range 30 {
		unit := fmt.Sprintf("s%d", i)
		e := shopper(unit, []string{"control", "treatment"}[i%3/2], at(time.Duration(i)*time.Minute))
		e.Attributes = texts("", []string{"mobile", "desktop"}[i%2])
		add(t, l, e, true)
		flush(t, l)
	}
	add(t, l, shopper("s0", "treatment", at(2*time.Hour)), true)   // a crossover
	add(t, l, shopper("s1", "control", at(3*time.Hour)), false)    // the same day
	add(t, l, shopper("s1", "control", at(25*time.Hour)), true)    // the next
	add(t, l, shopper("s29", "treatment", at(25*time.Hour)), true) // too
	flush(t, l)
	x := observe(t, query(o.Dir))
	if diff := cmp.Diff([]int64{20, 10}, x.Units); diff != "" {
		t.Errorf("units:\n%s", diff)
	}
	if diff := cmp.Diff([]int64{1, 0}, x.Crossover); diff != "" {
		t.Errorf("crossover:\n%s", diff)
	}
	if x.Dropped != (datasets.Dropped{RepeatedExposures: 3}) || *x.First != at(0) || *x.Last != at(29*time.Minute) {
		t.Errorf("%+v, from %v to %v", x.Dropped, x.First, x.Last)
	}
	want := []datasets.Attribute{
		{Name: "country", Values: []string{datasets.NoValue}, Units: [][]int64{{20}, {10}}},
		{Name: "device", Values: []string{"desktop", "mobile"}, Units: [][]int64{{10, 10}, {5, 5}}},
	}
	if diff := cmp.Diff(want, x.Attributes); diff != "" {
		t.Errorf("attributes (-want +got):\n%s", diff)
	}
	closeLog(t, l)
	if diff := cmp.Diff(x, observe(t, query(o.Dir))); diff != "" {
		t.Errorf("after Close (-open +closed):\n%s", diff)
	}
}

func TestAnalysisOfMerchants(t *testing.T) {
	o := options(t.TempDir())
	o.Columns.Cluster = "merchant_id"
	l := open(t, o)
	for i := range 12 {
		e := shopper(fmt.Sprintf("s%d", i/2), "control", at(time.Duration(i)*time.Minute))
		e.Cluster = fmt.Sprintf("m%d", i%2)
		if i%2 == 1 {
			e.Variant = "treatment"
		}
		add(t, l, e, true)
		add(t, l, e, false)
	}
	flush(t, l)
	q := query(o.Dir)
	q.Clustered, q.Exposures.Cluster = true, "merchant_id"
	x := observe(t, q)
	want := []datasets.Cluster{{Variant: 0, Units: 6, Block: -1}, {Variant: 1, Units: 6, Block: -1}}
	if diff := cmp.Diff(want, x.Clusters); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	closeLog(t, l)
}

func TestColumnsForAnalysis(t *testing.T) {
	o := options(t.TempDir())
	o.Columns.Cluster = "merchant_id"
	l := open(t, o)
	defer closeLog(t, l)
	e := shopper("s", "control", at(0))
	e.Cluster = "m"
	add(t, l, e, true)
	flush(t, l)
	got, err := columnar.New(columnar.Options{}).Schema(t.Context(), query(o.Dir).Exposures)
	if err != nil {
		t.Fatal(err)
	}
	want := []datasets.Column{
		{Name: "shopper_id", Type: expr.Text},
		{Name: "variant", Type: expr.Text},
		{Name: "ts", Type: expr.Time},
		{Name: "merchant_id", Type: expr.Text},
		{Name: "country", Type: expr.Text},
		{Name: "device", Type: expr.Text},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Whoever reads while records are being added sees the first of them, and never an error.
func TestReadersSeeAPrefix(t *testing.T) {
	o := options(t.TempDir())
	o.FileSize = 64 << 10
	l := open(t, o)
	add(t, l, shopper("0", "control", at(0)), true)
	flush(t, l)
	stop := make(chan struct{})
	var writing sync.WaitGroup
	writing.Go(func() {
		for i := 1; ; i++ {
			select {
			case <-stop:
				return
			default:
				add(t, l, shopper(fmt.Sprint(i), "control", at(time.Duration(i)*time.Millisecond)), true)
				if i%64 == 0 {
					time.Sleep(time.Millisecond)
				}
			}
		}
	})
	looks := 40
	if testing.Short() {
		looks = 10
	}
	var before int64
	for range looks {
		x := observe(t, query(o.Dir))
		n := x.Units[0]
		if n < before || *x.Last != at(time.Duration(n-1)*time.Millisecond) {
			t.Errorf("%d units after %d, the last at %v", n, before, x.Last)
		}
		before = n
	}
	close(stop)
	writing.Wait()
	closeLog(t, l)
	if s := l.Stats(); observe(t, query(o.Dir)).Units[0] != s.Added {
		t.Errorf("%+v", s)
	}
}
