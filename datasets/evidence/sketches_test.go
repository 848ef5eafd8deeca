package evidence_test

import (
	"slices"

	"pgregory.net/rapid"

	"liftgate/datasets"
	"liftgate/stats/quantile"
)

// sketchTable draws some of the rows that there can be.
func (g generator) sketchTable(days, cells int) *datasets.SketchTable {
	t := &datasets.SketchTable{Ages: 2}
	largest := rapid.SampledFrom([]int64{3, 300, 70_000, 1 << 40}).Draw(g.T, "largest")
	count := func(name string) int64 { return rapid.Int64Range(0, largest).Draw(g.T, name) }
	for age := range int32(3) {
		sign := int64(1)
		if age == 2 {
			sign = rapid.SampledFrom([]int64{-1, 1}).Draw(g.T, "sign")
		}
		for day := range days {
			for cell := -1; cell < cells; cell++ {
				for _, crossover := range []bool{false, true} {
					if rapid.Bool().Draw(g.T, "no row") {
						continue
					}
					t.Age, t.Day, t.Cell = append(t.Age, age), append(t.Day, int32(day)), append(t.Cell, int32(cell))
					t.Coarse = append(t.Coarse, age)
					t.Variant, t.Crossover = append(t.Variant, 0), append(t.Crossover, crossover)
					t.N, t.Null, t.Units, t.Squares = append(t.N, count("n")), append(t.Null, count("null")), append(t.Units, count("units")), append(t.Squares, count("squares"))
					rows := int64(0)
					for _, b := range g.buckets() {
						more := quantile.SketchBucket{Bucket: b, Rows: sign * count("rows"), Squares: count("squares"), Products: count("products")}
						rows += more.Rows
						t.Buckets = append(t.Buckets, more)
					}
					t.Rows, t.Ends = append(t.Rows, rows), append(t.Ends, int32(len(t.Buckets)))
				}
			}
		}
	}
	return t
}

func (g generator) buckets() []int32 {
	out := rapid.SliceOfNDistinct(rapid.Int32Range(-quantile.LastBucket, quantile.LastBucket), 0, 3, rapid.ID[int32]).Draw(g.T, "buckets")
	slices.Sort(out)
	return out
}

// sketchesOf are the rows that a cut is made of: those of its age and lower ones, in its cells, or none where quantiles are exact.
func sketchesOf(v *datasets.ViewEvidence, t *datasets.SketchTable, c datasets.Cut) *datasets.SketchTable {
	if t == nil {
		return nil
	}
	exact, age := c.Age == 0 && c.Day == nil && len(c.Segments) <= 1, int32(c.Age)
	if c.Age > t.Ages {
		age = 0
	}
	out := &datasets.SketchTable{Ages: t.Ages}
	for r, a := range t.Age {
		if a > age || a == 0 && age > 0 || exact || t.Cell[r] >= 0 && !within(v, v.Cells[t.Cell[r]], c.Segments) {
			continue
		}
		s := t.Sketch(r)
		out.Age, out.Day, out.Cell, out.Variant = append(out.Age, a), append(out.Day, t.Day[r]), append(out.Cell, t.Cell[r]), append(out.Variant, t.Variant[r])
		out.Crossover, out.N, out.Null = append(out.Crossover, t.Crossover[r]), append(out.N, t.N[r]), append(out.Null, t.Null[r])
		out.Units, out.Rows, out.Squares = append(out.Units, s.Units), append(out.Rows, s.Rows), append(out.Squares, s.Squares)
		out.Coarse = append(out.Coarse, t.Coarse[r])
		out.Buckets = append(out.Buckets, s.Buckets...)
		out.Ends = append(out.Ends, int32(len(out.Buckets)))
	}
	return out
}

func within(v *datasets.ViewEvidence, cell []int, segments map[string]string) bool {
	for s, value := range cell {
		if text, asked := segments[v.Segments[s].Name]; asked && (value < 0 || v.Segments[s].Values[value] != text) {
			return false
		}
	}
	return true
}
