package columnar

import "iter"

// clusters are the analysed clusters of one partition, those of a variant together and in the order of their hashes. Their units lie
// in the same order.
type clusters struct {
	variants []int32 // the clusters of variant v are variants[v] to variants[v+1]-1
	bounds   []int32 // the units of cluster c lie at bounds[c] to bounds[c+1]-1
	found    []int32 // of cluster c, in assigned
	first    []int64 // first exposure of cluster c; 0 in a unit table
}

func (c *clusters) count() int { return int(c.variants[len(c.variants)-1]) }

// unitBounds tells where the units of each variant lie.
func (c *clusters) unitBounds() []int32 {
	out := make([]int32, len(c.variants))
	for v, first := range c.variants {
		out[v] = c.bounds[first]
	}
	return out
}

// each yields the clusters of a variant, each with those of the units, which are in order, that are its.
func (c *clusters) each(variant int, units []run) iter.Seq2[int32, []run] {
	return func(yield func(int32, []run) bool) {
		own, next := make([]run, 0, 8), 0
		for k := c.variants[variant]; k < c.variants[variant+1]; k++ {
			own = own[:0]
			from, to := c.bounds[k], c.bounds[k+1]
			for next < len(units) && units[next].from < to {
				own = append(own, run{max(units[next].from, from), min(units[next].to, to)})
				if units[next].to > to {
					break
				}
				next++
			}
			if !yield(k, own) {
				return
			}
		}
	}
}

// sums turns columns of units into sums over the units of each cluster that has any; others are those, by cluster, that have a row in
// common, see blockPart.
func (c *clusters) sums(columns [][]float64, variant int, units []run, row []float64, others []int64) ([][]float64, []run) {
	sums := make([][]float64, len(columns))
	n := int32(0)
	for cluster, own := range c.each(variant, units) {
		more := int64(0)
		if others != nil {
			more = others[cluster]
		}
		if len(own) == 0 && more == 0 {
			continue
		}
		for i, column := range columns {
			total := sum(column, own)
			if more > 0 {
				total += float64(more) * row[i]
			}
			sums[i] = append(sums[i], total)
		}
		n++
	}
	return sums, []run{{0, n}}
}
