package lookup

// Together is how many tables are added in one pass over the rows: a row is loaded and stored once for all of them.
const Together = 4

// Table holds rows of as many numbers as there are sums.
type Table []float64

// Add adds to row i of sums, each of width numbers, the rows choices[0][i], choices[1][i], ... of the tables, in this order. An empty
// table adds nothing. Every list of choices has as many as there are rows.
func Add(sums []float64, width int, tables [Together]Table, choices [Together][]int) {
	rows := len(sums) / width
	nothing, none := make(Table, width), make([]int, rows)
	for k, t := range tables {
		if len(t) == 0 {
			tables[k], choices[k] = nothing, none
		}
	}
	a, b, c, d := choices[0][:rows], choices[1][:rows], choices[2][:rows], choices[3][:rows]
	for i := range rows {
		row := sums[i*width : (i+1)*width]
		p, q := tables[0][a[i]*width:][:len(row)], tables[1][b[i]*width:][:len(row)]
		r, s := tables[2][c[i]*width:][:len(row)], tables[3][d[i]*width:][:len(row)]
		for j := range row {
			row[j] = row[j] + p[j] + q[j] + r[j] + s[j]
		}
	}
}
