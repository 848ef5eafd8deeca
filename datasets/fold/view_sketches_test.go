package fold

import (
	"testing"

	"liftgate/datasets"
	"liftgate/stats/quantile"
)

// TestTooManySketches: pairs of buckets are joined, then cells, and at last nothing but counts is kept.
func TestTooManySketches(t *testing.T) {
	if testing.Short() {
		t.Skip("many buckets")
	}
	for _, c := range []struct {
		name                string
		cells, buckets, gap int // gap between the buckets of a row
		wantCell            int32
		wantCoarse          int
		wantBuckets         int // of the row
	}{
		{"few", 10, 1000, 1, 0, 0, 1000},
		{"dense", 2000, 1000, 1, 0, 1, 501},
		{"denser", 6000, 1000, 1, 0, 3, 126},
		{"far apart", 2000, 1000, 1 << 3, -1, 0, 1000},
		{"everybody has too many", 2, datasets.MaxSketchRows, 1 << 3, -1, 0, 0},
	} {
		rows := finest([]int32{1}, func(f fineness) atAges {
			return func(age int32) sketchRows {
				out := sketchRows{}
				for cell := range c.cells {
					if f != byCell {
						cell = -1
					}
					s := out.at(sketchPlace{age: age, cell: int32(cell)})
					s.n++
					own := quantile.Sketch{Units: 1, Rows: int64(c.buckets)}
					for b := range c.buckets {
						own.Buckets = append(own.Buckets, quantile.SketchBucket{Bucket: int32(b * c.gap), Rows: 1, Squares: 1, Products: 1})
					}
					s.Merge(&own)
				}
				return out
			}
		})
		row := rows[sketchPlace{age: 1, cell: c.wantCell}]
		if row == nil || row.Coarse != c.wantCoarse || len(row.Buckets) != c.wantBuckets {
			t.Errorf("%s: %d rows, row %+v", c.name, len(rows), row)
		}
	}
}
