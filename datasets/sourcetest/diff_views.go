package sourcetest

import (
	"math"
	"slices"

	"github.com/google/go-cmp/cmp"

	"liftgate/datasets"
	"liftgate/stats"
)

// viewRow is a row of a table of moments.
type viewRow struct {
	Place   place
	Null    int64
	Moments stats.Moments
	Third   []float64
}

// viewTable is a table row by row. It is Whole when its columns fit each other.
type viewTable struct {
	Dim, Parts int
	Whole      bool
	Rows       []viewRow
}

func byRow(t *datasets.MomentTable) *viewTable {
	if t == nil {
		return nil
	}
	n, cross, third := len(t.Age), t.Dim*(t.Dim+1)/2, [...]int{0, 1, 4}
	out := &viewTable{Dim: t.Dim, Parts: t.Parts}
	out.Whole = t.Dim > 0 && t.Parts > 0 && t.Parts < len(third) && len(t.Day) == n && len(t.Cell) == n && len(t.Variant) == n && len(t.N) == n &&
		len(t.Null) == n && len(t.Means) == n*t.Dim && len(t.Cross) == n*cross && len(t.Third) == n*third[t.Parts]
	for i := 0; out.Whole && i < n; i++ {
		part := func(x []float64, width int) []float64 { return x[i*width : (i+1)*width] }
		out.Rows = append(out.Rows, viewRow{
			Place:   place{int(t.Age[i]), int(t.Day[i]), int(t.Cell[i]), int(t.Variant[i])},
			Null:    t.Null[i],
			Moments: stats.Moments{N: t.N[i], Means: part(t.Means, t.Dim), Cross: part(t.Cross, cross)},
			Third:   part(t.Third, third[t.Parts]),
		})
	}
	return out
}

// sameRow compares places and counts exactly, moments within the tolerance; where the numbers of both overflow, nothing else is compared.
func sameRow(want, got viewRow) bool {
	if want.Place != got.Place || want.Null != got.Null || want.Moments.N != got.Moments.N {
		return false
	}
	switch {
	case want.Moments.N == 0:
		return empty(want) && empty(got)
	case overflown(want.Moments) && overflown(got.Moments):
		return true
	}
	return sameMoments(want.Moments, got.Moments) && sameThird(want, got)
}

func empty(r viewRow) bool {
	return !slices.ContainsFunc(slices.Concat(r.Moments.Means, r.Moments.Cross, r.Third), func(x float64) bool { return x != 0 })
}

func overflown(m stats.Moments) bool {
	return slices.ContainsFunc(slices.Concat(m.Means, m.Cross), func(x float64) bool { return !finite(x) })
}

func sameThird(want, got viewRow) bool {
	if len(want.Third) != len(got.Third) {
		return false
	}
	powers := thirdPowers(map[int]int{1: 1, 4: 2}[len(want.Third)])
	for i, p := range powers {
		n := float64(want.Moments.N)
		size, rounded, whole := n, n, n
		for _, c := range p {
			s := deviation(want.Moments, c)
			of := math.Abs(want.Moments.Means[c]) + s
			size, rounded, whole = size*s, rounded*(s+rounding*of), whole*of
		}
		rounded += rounding * rounding * whole // of numbers without spread
		if bothOver := !finite(want.Third[i]) && !finite(got.Third[i]); !bothOver && !near(want.Third[i], got.Third[i], size, rounded-size) {
			return false
		}
	}
	return true
}

// viewsInOrder gives the rows of clusters their places in another order: position i holds what was at order[i].
func viewsInOrder(v *datasets.ViewEvidence, order []int) *datasets.ViewEvidence {
	if v == nil {
		return nil
	}
	out := *v
	out.Blocks = slices.Clone(v.Blocks)
	for b := range out.Blocks {
		out.Blocks[b].Samples = slices.Clone(out.Blocks[b].Samples)
		for s := range out.Blocks[b].Samples {
			sample := &out.Blocks[b].Samples[s]
			sample.ByDay, sample.ByAge = clustersInOrder(sample.ByDay, order), clustersInOrder(sample.ByAge, order)
		}
	}
	return &out
}

func clustersInOrder(t *datasets.MomentTable, order []int) *datasets.MomentTable {
	rows := byRow(t)
	if rows == nil || !rows.Whole {
		return t
	}
	out := &datasets.MomentTable{Dim: t.Dim, Parts: t.Parts}
	for i := range rows.Rows {
		p := &rows.Rows[i].Place
		p.cell = slices.Index(order, p.cell) // -1 stays
	}
	slices.SortStableFunc(rows.Rows, func(a, b viewRow) int { return a.Place.compare(b.Place) })
	for _, r := range rows.Rows {
		out.Age, out.Day = append(out.Age, int32(r.Place.age)), append(out.Day, int32(r.Place.day))
		out.Cell, out.Variant = append(out.Cell, int32(r.Place.cell)), append(out.Variant, int32(r.Place.variant))
		out.N, out.Null = append(out.N, r.Moments.N), append(out.Null, r.Null)
		out.Means, out.Cross = append(out.Means, r.Moments.Means...), append(out.Cross, r.Moments.Cross...)
		out.Third = append(out.Third, r.Third...)
	}
	return out
}

// sameInViews compares the rows of cluster i with those of cluster j.
func sameInViews(want *datasets.ViewEvidence, i int, got *datasets.ViewEvidence, j int) bool {
	if want == nil || got == nil {
		return want == got
	}
	return slices.EqualFunc(clusterRows(want, i), clusterRows(got, j), sameRow)
}

// clusterRows are all rows of a cluster, with nothing to tell which it is.
func clusterRows(v *datasets.ViewEvidence, cluster int) []viewRow {
	var out []viewRow
	for _, b := range v.Blocks {
		for _, s := range b.Samples {
			for _, t := range []*datasets.MomentTable{s.ByDay, s.ByAge} {
				rows := byRow(t)
				if rows == nil {
					continue
				}
				for _, r := range rows.Rows {
					if r.Place.cell == cluster {
						r.Place.cell = 0
						out = append(out, r)
					}
				}
			}
		}
	}
	return out
}

// sameTable is quicker than package cmp, which is asked only where tables differ.
func sameTable(want, got *datasets.MomentTable) bool {
	w, g := byRow(want), byRow(got)
	if w == nil || g == nil {
		return w == g
	}
	return w.Whole && g.Whole && w.Dim == g.Dim && w.Parts == g.Parts && slices.EqualFunc(w.Rows, g.Rows, sameRow)
}

// comparingViews compares tables row by row.
func comparingViews() cmp.Options {
	return cmp.Options{
		cmp.FilterValues(sameTable, cmp.Comparer(func(_, _ *datasets.MomentTable) bool { return true })),
		cmp.FilterValues(func(a, b *datasets.MomentTable) bool { return !sameTable(a, b) }, cmp.Transformer("rows", byRow)),
		cmp.Comparer(sameRow),
	}
}
