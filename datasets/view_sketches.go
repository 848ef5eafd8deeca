package datasets

import (
	"sort"

	"liftgate/stats/quantile"
)

// SketchTable is sketches of the values of a quantile block, column by column, in the order of Age, Day, Cell, Variant and Crossover, each
// combination once and only where Units or Null is above 0. Its samples are Total and, without the rows of crossover units, WithoutCrossover.
//
// A unit, its values and its day are those of SampleViews, and rows of a cell and several days merge to what is true of the units that were
// complete by the end of the last of them. In a clustered query the units of a sketch are clusters, whose units come on several days: there a
// row is what is added to the sums on its day (a cluster counts on the first one). Ages from 1 on are then at the last day only.
//
// From one age to the next little changes but the day. So from age 2 on a row holds what is to be added, or taken away, to have that of its
// age and day from that of the age before on the day before, in a clustered query on the same day. Rows without any such change are not there.
type SketchTable struct {
	Ages                    int // that there are, from 1 on; rows have no larger one
	Age, Day, Cell, Variant []int32
	Crossover               []bool
	N                       []int64 // the block's units; in a clustered query, too, not clusters
	Null                    []int64 // units that would count and were left out for a null value
	Units, Rows, Squares    []int64 // of the sketch
	Coarse                  []int32 // of the sketch; the same at all ages but 0
	Ends                    []int32 // where the buckets of the row end
	Buckets                 []quantile.SketchBucket
}

// Sketch is that of a row. It shares the table's memory.
func (t *SketchTable) Sketch(row int) quantile.Sketch {
	from := int32(0)
	if row > 0 {
		from = t.Ends[row-1]
	}
	return quantile.Sketch{Units: t.Units[row], Rows: t.Rows[row], Squares: t.Squares[row], Coarse: int(t.Coarse[row]), Buckets: t.Buckets[from:t.Ends[row]:t.Ends[row]]}
}

// span are the rows of an age up to a day.
func (t *SketchTable) span(age, day int) (from, to int) { return spanOf(t.Age, t.Day, age, day) }

// spanOf are the rows of an age up to a day of a table in the order of ages and days.
func spanOf(ages, days []int32, age, day int) (from, to int) {
	from = sort.Search(len(ages), func(i int) bool { return int(ages[i]) >= age })
	to = from + sort.Search(len(ages)-from, func(i int) bool { return int(ages[from+i]) > age || int(days[from+i]) > day })
	return from, to
}
