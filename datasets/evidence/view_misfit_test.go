package evidence

import (
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"liftgate/datasets"
	"liftgate/stats/quantile"
)

// smallViewed is smallClustered, or small, with views.
func smallViewed(ev *datasets.Evidence) *datasets.Evidence {
	ev.Views = &datasets.ViewEvidence{
		Crossed:  true,
		Segments: []datasets.Segment{{Name: "country", Values: []string{"DE", "US"}}},
		Cells:    [][]int{{0}, {1}},
		Days:     []datasets.Instant{1, 2},
		Exposed:  []datasets.Exposed{{Day: 1, Cell: 1, Variant: 1, Units: 300, AnalysisUnits: 2}},
		Blocks:   make([]datasets.BlockViews, len(ev.Blocks)),
	}
	table := func(ages ...int32) *datasets.MomentTable {
		t := &datasets.MomentTable{Dim: 2, Parts: 1}
		for _, age := range ages {
			t.Age, t.Day, t.Cell, t.Variant = append(t.Age, age), append(t.Day, 1), append(t.Cell, 1), append(t.Variant, 1)
			t.N, t.Null = append(t.N, 7), append(t.Null, 1)
			t.Means, t.Cross, t.Third = append(t.Means, 1, 2), append(t.Cross, 3, 4, 5), append(t.Third, math.Inf(1))
		}
		return t
	}
	b := &ev.Views.Blocks[0]
	if ev.Exposure.Clusters == nil {
		b.Samples = []datasets.SampleViews{{Sample: datasets.Total, Units: table(0, 3)}, {Sample: datasets.WithoutTop, Units: table()}}
		b.Running, b.Cohorts = table(0), table(0)
		return ev
	}
	for i := range ev.Exposure.Clusters {
		ev.Exposure.Clusters[i].Segments = []int{i}
	}
	b.Samples = []datasets.SampleViews{{Sample: datasets.Total, ByDay: table(0), ByAge: table(2, 5)}, {Sample: datasets.Uncapped, ByDay: table(0), ByAge: table()}}
	ev.Views.Blocks[1].Sketches = smallSketches()
	q := ev.Blocks[1].Quantiles
	ev.Views.Blocks[1].Quantiles = []datasets.QuantileView{{Value: 0, Quantiles: q, Incomplete: []int64{3, 0}, Null: []int64{0, 2}}, {Value: 1, Quantiles: q, WithoutCrossover: []quantile.Summary{q[1], q[0]}}}
	return ev
}

func TestViewsAreRead(t *testing.T) {
	for _, want := range []*datasets.Evidence{smallViewed(small()), smallViewed(smallClustered())} {
		dir, _ := written(t, want)
		got, err := Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got.Views, want.Views) || !reflect.DeepEqual(got.Exposure.Clusters, want.Exposure.Clusters) {
			t.Errorf("read %+v, want %+v", got.Views, want.Views)
		}
		if _, err := Write(dir, small()); err != nil {
			t.Fatal(err)
		}
		if got, err := Read(dir); err != nil || got.Views != nil {
			t.Errorf("views of an earlier evidence are left: %v", err)
		}
	}
}

func TestAFileOfViewsThatIsGoneIsAnError(t *testing.T) {
	for _, table := range []string{clusterSegmentsTable, segmentsTable, cellsTable, exposedTable, viewPartsTable, viewMomentsTable, viewQuantilesTable, viewSketchPartsTable, viewSketchesTable, viewsTable} {
		dir, _ := written(t, smallViewed(smallClustered()))
		if err := os.Remove(filepath.Join(dir, table+extension)); err != nil {
			t.Fatal(err)
		}
		for name, read := range map[string]func() (*datasets.Evidence, error){
			"Read": func() (*datasets.Evidence, error) { return Read(dir) }, "ReadCut": func() (*datasets.Evidence, error) { return ReadCut(dir, datasets.Cut{}) },
		} {
			if _, err := read(); err == nil || !strings.Contains(err.Error(), table+extension) {
				t.Errorf("%s: error %v does not name %s", name, err, table+extension)
			}
		}
	}
}

// What does not fit is written as it is, with sums that fit, and refused by the reader.
func TestViewsThatDoNotFitAreAnError(t *testing.T) {
	total := func(ev *datasets.Evidence) *datasets.MomentTable { return ev.Views.Blocks[0].Samples[0].Units }
	for name, spoil := range map[string]func(ev *datasets.Evidence){
		"cells: values [2] of 1 segments":            func(ev *datasets.Evidence) { ev.Views.Cells[1][0] = 2 },
		"cells: values [-2] of 1 segments":           func(ev *datasets.Evidence) { ev.Views.Cells[1][0] = -2 },
		"cells: values [] of 1 segments":             func(ev *datasets.Evidence) { ev.Views.Cells[1] = nil },
		"views: the ends of days":                    func(ev *datasets.Evidence) { ev.Views.Days[0] = 9 },
		"exposed: row 0 does not fit":                func(ev *datasets.Evidence) { ev.Views.Exposed[0].Cell = 2 },
		"exposed: row 0 does not":                    func(ev *datasets.Evidence) { ev.Views.Exposed[0].Day = -1 },
		"exposed: row 0 does":                        func(ev *datasets.Evidence) { ev.Views.Exposed[0].Units = -1 },
		"view_moments: at age 0: row 0 does not fit": func(ev *datasets.Evidence) { total(ev).Day[0] = 2 },
		"view_moments: at age 3: row 0 does not fit": func(ev *datasets.Evidence) { total(ev).Cell[1] = 2 },
		"view_moments: row 0 does not fit":           func(ev *datasets.Evidence) { total(ev).Cell[0] = -1 },
		"view_moments: row 0 does not":               func(ev *datasets.Evidence) { total(ev).Variant[0] = 2 },
		"view_moments: row 0 does":                   func(ev *datasets.Evidence) { total(ev).N[0] = -1 },
		"view_moments: row 1 is out of its place":    func(ev *datasets.Evidence) { total(ev).Age[1] = 0 },
		"view_moments: the age is out of its place":  func(ev *datasets.Evidence) { total(ev).Age[0] = 4 },
		"view_parts: 3 parts of 2 components":        func(ev *datasets.Evidence) { total(ev).Parts = 3 },
		"view_parts: block 0 has 1 parts and 2": func(ev *datasets.Evidence) {
			views := ev.Views.Blocks[0].Samples
			other := *views[0].Units
			other.Parts, other.Third = 2, make([]float64, 8)
			ev.Views.Blocks[0].Samples = []datasets.SampleViews{views[0], {Sample: datasets.Total, Units: &other}}
		},
		"view_parts: sample \"top\" by \"cell\"": func(ev *datasets.Evidence) { ev.Views.Blocks[0].Samples[0].Sample = "top" },
		"view_parts: sample \"total\" by \"cell\"": func(ev *datasets.Evidence) {
			ev.Views.Blocks[0].Samples[1].Sample, ev.Views.Blocks[0].Samples[0].Sample = datasets.Total, datasets.WithoutTop
		},
		"view_parts: sample \"total\" by \"cluster\"": func(ev *datasets.Evidence) {
			s := &ev.Views.Blocks[0].Samples[0]
			s.ByDay, s.Units = s.Units, nil
		},
		"view_parts: block 0 has no moments": func(ev *datasets.Evidence) { ev.Blocks[0].Total, ev.Blocks[0].Failed = nil, "it failed" },
	} {
		t.Run(name, func(t *testing.T) {
			ev := smallViewed(small())
			spoil(ev)
			dir, _ := written(t, ev)
			table, what, _ := strings.Cut(name, ": ")
			if _, err := Read(dir); err == nil || !strings.Contains(err.Error(), table+extension) || !strings.Contains(err.Error(), what) {
				t.Errorf("error %v", err)
			}
		})
	}
}

// Views of quantiles from before they said who is left out are read; who says it in part is refused.
func TestQuantilesSayWhoIsLeftOut(t *testing.T) {
	views := func(ev *datasets.Evidence) []datasets.QuantileView { return ev.Views.Blocks[1].Quantiles }
	for name, spoil := range map[string]func(q *datasets.QuantileView){
		"":                        func(q *datasets.QuantileView) { q.Incomplete, q.Null = nil, nil },
		"are no counts":           func(q *datasets.QuantileView) { q.Null[1] = -1 },
		"in 1 rows of 2 variants": func(q *datasets.QuantileView) { q.Incomplete, q.Null = q.Incomplete[:1], q.Null[:1] },
	} {
		ev := smallViewed(smallClustered())
		spoil(&views(ev)[0])
		dir, _ := written(t, ev)
		got, err := Read(dir)
		switch {
		case name == "" && (err != nil || !reflect.DeepEqual(views(got), views(ev))):
			t.Errorf("read %+v, want %+v (%v)", views(got), views(ev), err)
		case name != "" && (err == nil || !strings.Contains(err.Error(), viewQuantilesTable+extension) || !strings.Contains(err.Error(), name)):
			t.Errorf("error %v, want %q", err, name)
		}
	}
}

// Parts that point elsewhere are found, though all sums fit.
func TestPartsThatDoNotFitTheirFileAreAnError(t *testing.T) {
	for name, spoil := range map[string]func(p *viewPartRow){
		"bytes, before the part": func(p *viewPartRow) { p.Offset = 1 << 40 },
		"before the part at":     func(p *viewPartRow) { p.Bytes += 1 << 20 },
		"before the part":        func(p *viewPartRow) { p.Offset = -8 },
		"view_moments.arrow":     func(p *viewPartRow) { p.Offset += 8 },
		"want 2":                 func(p *viewPartRow) { p.Rows = 2 },
		"in 8 bytes":             func(p *viewPartRow) { p.Rows, p.Bytes = 1<<40, 8 },
		"at age -1":              func(p *viewPartRow) { p.Age = -1 },
		"block 9 has no moments": func(p *viewPartRow) { p.Block = 9 },
	} {
		dir, _ := written(t, smallViewed(small()))
		replace(t, dir, viewPartsTable, func(rows []viewPartRow) []viewPartRow {
			spoil(&rows[0])
			return rows
		})
		if _, err := Read(dir); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("error %v, want %q", err, name)
		}
	}
}

// FuzzPart reads any bytes as a record batch.
func FuzzPart(f *testing.F) {
	dir := f.TempDir()
	if _, err := Write(dir, smallViewed(small())); err != nil {
		f.Fatal(err)
	}
	rows, err := readTable[viewPartRow](dir, viewPartsTable)
	if err != nil {
		f.Fatal(err)
	}
	whole, err := os.ReadFile(filepath.Join(dir, viewMomentsTable+extension))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole[rows[0].Offset:][:rows[0].Bytes])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, batch []byte) {
		ev := smallViewed(small())
		r := reader{ev: *ev}
		m := momentsReader{reader: &r}
		file := partFile{table: viewMomentsTable, head: whole[schemaStart:rows[0].Offset], size: int64(len(batch)), file: strings.NewReader(string(batch))}
		table := &datasets.MomentTable{Dim: 2, Parts: 1}
		p := rows[0]
		p.Offset, p.Bytes = 0, int64(len(batch))
		err := guarded("fuzz", func() error {
			record, err := file.record(&p)
			if err != nil {
				return err
			}
			return m.appendPart(table, &p, record)
		})
		if err == nil && (len(table.Age) != 1 || len(table.Cross) != 3) {
			t.Fatalf("read %+v", table)
		}
	})
}
