package columnar

import "liftgate/stats"

// tally is what one partition adds to the moments of one variant: the units, their sums, and their cross-products around the
// partition's own means (ordered as stats.Moments.Cross).
type tally struct {
	n     int64
	sums  []float64
	cross []float64
}

// tallies goes over the vectors of a partition twice: for the sums, then around the means.
func tallies(variants, dim int, tags []uint16, rows []float64, keep func(tag uint16, x []float64) bool) []tally {
	out := make([]tally, variants)
	for v := range out {
		out[v] = tally{sums: make([]float64, dim), cross: make([]float64, dim*(dim+1)/2)}
	}
	for j, tag := range tags {
		x := rows[j*dim : (j+1)*dim]
		if !keep(tag, x) {
			continue
		}
		t := &out[tag&^tagCrossover]
		t.n++
		for i, xi := range x {
			t.sums[i] += xi
		}
	}
	means := make([][]float64, variants)
	for v := range out {
		means[v] = out[v].means()
	}
	for j, tag := range tags {
		if x := rows[j*dim : (j+1)*dim]; keep(tag, x) {
			addProducts(out[tag&^tagCrossover].cross, x, means[tag&^tagCrossover], 1)
		}
	}
	return out
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
