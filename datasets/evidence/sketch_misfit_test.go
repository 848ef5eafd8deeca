package evidence

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"liftgate/datasets"
	"liftgate/stats/quantile"
)

// smallSketches has a row of whole windows and one of an age.
func smallSketches() *datasets.SketchTable {
	return &datasets.SketchTable{
		Ages: 2, Age: []int32{0, 2}, Day: []int32{1, 1}, Cell: []int32{1, -1}, Variant: []int32{0, 1}, Crossover: []bool{false, true},
		N: []int64{4, 3}, Null: []int64{0, 1}, Units: []int64{2, 1}, Rows: []int64{3, 0}, Squares: []int64{5, 0}, Coarse: []int32{0, 2}, Ends: []int32{2, 2},
		Buckets: []quantile.SketchBucket{{Bucket: 0, Rows: 1, Squares: 1, Products: 2}, {Bucket: 7, Rows: 2, Squares: 4, Products: 3}},
	}
}

// Runs from before there were sketches have no file of them.
func TestEvidenceWithoutSketchesIsRead(t *testing.T) {
	want := smallViewed(smallClustered())
	want.Views.Blocks[1].Sketches = nil
	dir, names := written(t, want)
	if strings.Contains(strings.Join(names, " "), "sketch") {
		t.Errorf("files %v", names)
	}
	if ev, err := Read(dir); err != nil || ev.Views.Blocks[1].Sketches != nil {
		t.Errorf("sketches where there are none: %v", err)
	}
	if _, err := ReadCut(dir, datasets.Cut{Age: 2}); err != nil {
		t.Error(err)
	}
}

func TestSketchesThatDoNotFitAreAnError(t *testing.T) {
	for want, spoil := range map[string]func(s *datasets.SketchTable){
		"row 0 does not fit":      func(s *datasets.SketchTable) { s.Day[0] = 2 },
		"row 0 does not fit the":  func(s *datasets.SketchTable) { s.Cell[0] = -2 },
		"row 0 does not fit th":   func(s *datasets.SketchTable) { s.Variant[0] = 2 },
		"row 0 does not fit t":    func(s *datasets.SketchTable) { s.Rows[0] = 4 },
		"row 0 does not":          func(s *datasets.SketchTable) { s.Buckets[0].Bucket = 7 },
		"row 0 does":              func(s *datasets.SketchTable) { s.Buckets[0].Products = -1 },
		"row 0":                   func(s *datasets.SketchTable) { s.Units[0] = -1 },
		"row 0 d":                 func(s *datasets.SketchTable) { s.Age[1], s.Rows[1] = 1, -1 },
		"row 1 is out of its":     func(s *datasets.SketchTable) { s.Age[1], s.Cell[1] = 0, 0 },
		"there is no bucket":      func(s *datasets.SketchTable) { s.Buckets[1].Bucket = quantile.LastBucket + 1 },
		"of 1 rows in":            nil,
		"9 times joined":          nil,
		"block 0 has no quantile": nil,
	} {
		ev := smallViewed(smallClustered())
		if spoil != nil {
			spoil(ev.Views.Blocks[1].Sketches)
		}
		dir, _ := written(t, ev)
		replace(t, dir, viewSketchPartsTable, func(rows []sketchPartRow) []sketchPartRow {
			switch {
			case strings.HasPrefix(want, "of 1"):
				rows[0].Bytes = 0
			case strings.HasPrefix(want, "9 times"):
				rows[0].Coarse = 9
			case strings.HasPrefix(want, "block"):
				rows[0].Block = 0
			}
			return rows
		})
		if _, err := Read(dir); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "view_sketch") {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// FuzzSketchPart reads any bytes as a record batch.
func FuzzSketchPart(f *testing.F) {
	dir := f.TempDir()
	if _, err := Write(dir, smallViewed(smallClustered())); err != nil {
		f.Fatal(err)
	}
	rows, err := readTable[sketchPartRow](dir, viewSketchPartsTable)
	if err != nil {
		f.Fatal(err)
	}
	whole, err := os.ReadFile(filepath.Join(dir, viewSketchesTable+extension))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole[rows[0].Offset:][:rows[0].Bytes])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, batch []byte) {
		r := reader{ev: *smallViewed(smallClustered())}
		file := partFile{table: viewSketchesTable, head: whole[schemaStart:rows[0].Offset], size: int64(len(batch)), file: strings.NewReader(string(batch))}
		table, p := &datasets.SketchTable{}, rows[0].part()
		p.Offset, p.Bytes = 0, int64(len(batch))
		err := guarded("fuzz", func() error {
			record, err := file.record(&p)
			if err != nil {
				return err
			}
			return r.appendSketches(table, &rows[0], record)
		})
		if err == nil && (len(table.Ends) != 1 || int(table.Ends[0]) != len(table.Buckets)) {
			t.Fatalf("read %+v", table)
		}
	})
}
