package fold

import (
	"liftgate/datasets"
	"liftgate/datasets/internal/parallel"
	"liftgate/stats/skewed"
)

// viewRow is the sums of powers of the units at one place.
type viewRow struct {
	viewRowPlace
	n, null int64
	sums    []skewed.Sum
}

type viewRowPlace struct{ age, day, cell, variant int32 }

// joined puts rows in the order of a table, those of one place in the order in which they came, and makes one of those. Their sums are
// given up.
func joined(powers skewed.Powers, rows []viewRow) []viewRow {
	most := viewRowPlace{}
	list := make([]dealtRow, 0, len(rows))
	for _, r := range rows {
		most = viewRowPlace{max(most.age, r.age), max(most.day, r.day), max(most.cell, r.cell), max(most.variant, r.variant)}
	}
	for i, r := range rows {
		if r.n > 0 || r.null > 0 {
			key := (uint64(r.age)*uint64(most.day+1)+uint64(r.day))*uint64(most.cell+2) + uint64(r.cell+1)
			list = append(list, dealtRow{key*uint64(most.variant+1) + uint64(r.variant), i})
		}
	}
	var out []viewRow
	for _, d := range deal(list) {
		r := rows[d.at]
		if last := len(out) - 1; last >= 0 && out[last].viewRowPlace == r.viewRowPlace {
			out[last].n += r.n
			out[last].null += r.null
			powers.Merge(out[last].sums, r.sums)
			continue
		}
		out = append(out, r)
	}
	return out
}

// dealtRow is where a row lies, by a number that orders its place.
type dealtRow struct {
	key uint64
	at  int
}

// deal puts rows in order digit by digit, as sortBits does.
func deal(rows []dealtRow) []dealtRow {
	most := uint64(0)
	for _, r := range rows {
		most = max(most, r.key)
	}
	to := make([]dealtRow, len(rows))
	for shift := 0; most>>shift > 0; shift += digitBits {
		var next [1<<digitBits + 1]int
		for _, r := range rows {
			next[r.key>>shift&(1<<digitBits-1)+1]++
		}
		for d := range 1 << digitBits {
			next[d+1] += next[d]
		}
		for _, r := range rows {
			at := &next[r.key>>shift&(1<<digitBits-1)]
			to[*at] = r
			*at++
		}
		rows, to = to, rows
	}
	return rows
}

// tableRows is how many rows of a table a worker takes at a time.
const tableRows = 1 << 9

// table makes a table of rows in order.
func (w *viewBlock) table(rows []viewRow) *datasets.MomentTable {
	t := newMomentTable(w.powers, len(rows))
	parallel.Each(w.workers, (len(rows)+tableRows-1)/tableRows, func(c int) {
		for i := c * tableRows; i < min((c+1)*tableRows, len(rows)); i++ {
			r := &rows[i]
			m := w.powers.Moments(r.n, r.sums)
			for j := range m.Means {
				m.Means[j] += w.center[j]
			}
			setRow(t, i, r.viewRowPlace, r.null, &m)
		}
	})
	return t
}

// newMomentTable makes room for rows.
func newMomentTable(powers skewed.Powers, rows int) *datasets.MomentTable {
	cross := powers.Dim * (powers.Dim + 1) / 2
	third := powers.Len() - powers.Dim - cross
	return &datasets.MomentTable{
		Dim: powers.Dim, Parts: powers.Parts,
		Age: make([]int32, rows), Day: make([]int32, rows), Cell: make([]int32, rows), Variant: make([]int32, rows),
		N: make([]int64, rows), Null: make([]int64, rows),
		Means: make([]float64, rows*powers.Dim), Cross: make([]float64, rows*cross), Third: make([]float64, rows*third),
	}
}

func setRow(t *datasets.MomentTable, i int, at viewRowPlace, null int64, m *skewed.Moments) {
	t.Age[i], t.Day[i], t.Cell[i], t.Variant[i] = at.age, at.day, at.cell, at.variant
	t.N[i], t.Null[i] = m.N, null
	for _, column := range [][2][]float64{{t.Means, m.Means}, {t.Cross, m.Cross}, {t.Third, m.Third}} {
		width := len(column[0]) / len(t.N)
		copy(column[0][i*width:(i+1)*width], column[1])
	}
}
