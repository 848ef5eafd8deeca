package fold

import "liftgate/stats"

// tally is what one partition adds to the moments of one variant: the units, their sums, and their cross-products around the
// partition's own means (ordered as stats.Moments.Cross).
type tally struct {
	n     int64
	sums  []float64
	cross []float64
}

// tallyOf goes over the units: for the sums, then around the means. Beside those in the runs there are others, which have one row in
// common.
func tallyOf(columns [][]float64, units []Run, row []float64, others int64) tally {
	k := len(columns)
	t := tally{n: count(units) + others, sums: make([]float64, k), cross: make([]float64, k*(k+1)/2)}
	if k == 2 {
		t.sums[0], t.sums[1] = sums2(columns[0], columns[1], units)
	} else {
		for i, c := range columns {
			t.sums[i] = sum(c, units)
		}
	}
	for i := range columns {
		if others > 0 {
			t.sums[i] += float64(others) * row[i]
		}
	}
	means := t.means()
	t.products(columns, means, units)
	if others > 0 {
		addProducts(t.cross, row, means, float64(others))
	}
	return t
}

// products fills in the cross-products.
func (t *tally) products(columns [][]float64, means []float64, units []Run) {
	if len(columns) == 2 {
		t.cross[0], t.cross[1], t.cross[2] = products2(columns[0], columns[1], means[0], means[1], units)
		return
	}
	at := 0
	for i := range columns {
		for j := i; j < len(columns); j++ {
			t.cross[at] = products(columns[i], columns[j], means[i], means[j], units)
			at++
		}
	}
}

func sum(x []float64, units []Run) float64 {
	total := 0.0
	for _, r := range units {
		for _, v := range x[r.From:r.To] {
			total += v
		}
	}
	return total
}

// sums2 is two sums at once: neither waits for its own last addition alone.
func sums2(x, y []float64, units []Run) (sx, sy float64) {
	for _, r := range units {
		xs, ys := x[r.From:r.To], y[r.From:r.To]
		for i, v := range xs {
			sx += v
			sy += ys[i]
		}
	}
	return sx, sy
}

// products is the sum of (x - a)(y - b).
func products(x, y []float64, a, b float64, units []Run) float64 {
	total := 0.0
	for _, r := range units {
		xs, ys := x[r.From:r.To], y[r.From:r.To]
		for i, v := range xs {
			total += (v - a) * (ys[i] - b)
		}
	}
	return total
}

// products2 is the three products of two columns at once.
func products2(x, y []float64, a, b float64, units []Run) (xx, xy, yy float64) {
	for _, r := range units {
		xs, ys := x[r.From:r.To], y[r.From:r.To]
		for i, v := range xs {
			dx, dy := v-a, ys[i]-b
			xx += dx * dx
			xy += dx * dy
			yy += dy * dy
		}
	}
	return xx, xy, yy
}

func (t *tally) means() []float64 {
	means := make([]float64, len(t.sums))
	for i, s := range t.sums {
		if t.n > 0 {
			means[i] = s / float64(t.n)
		}
	}
	return means
}

// addProducts adds weight * (x - center)(x - center)'.
func addProducts(cross, x, center []float64, weight float64) {
	k := 0
	for i := range x {
		di := weight * (x[i] - center[i])
		for j := i; j < len(x); j++ {
			cross[k] += di * (x[j] - center[j])
			k++
		}
	}
}

// combine puts the partitions' tallies together in their order. Sums are added before they are divided, so that the mean of
// integers is the nearest float to the true one.
func combine(parts [][]tally, variants int) []stats.Moments {
	out := make([]stats.Moments, variants)
	for v := range out {
		var total tally
		for _, p := range parts {
			if p[v].n == 0 {
				continue
			}
			if total.sums == nil {
				total.sums, total.cross = make([]float64, len(p[v].sums)), make([]float64, len(p[v].cross))
			}
			total.n += p[v].n
			for i, s := range p[v].sums {
				total.sums[i] += s
			}
		}
		if total.n == 0 {
			continue
		}
		center := total.means()
		for _, p := range parts {
			if p[v].n == 0 {
				continue
			}
			for k, c := range p[v].cross {
				total.cross[k] += c
			}
			addProducts(total.cross, p[v].means(), center, float64(p[v].n))
		}
		out[v] = stats.Moments{N: total.n, Means: center, Cross: total.cross}
	}
	return out
}

// Finite reports whether a number can be folded: anything else less itself is NaN.
func Finite(x float64) bool { return x-x == 0 }
