package fold

import "iter"

// Clusters are the analysed clusters of one partition, those of a variant together and in the order of their hashes. Their units lie
// in the same order.
type Clusters struct {
	Variants []int32 // the clusters of variant v are Variants[v] to Variants[v+1]-1
	Bounds   []int32 // the units of cluster c lie at Bounds[c] to Bounds[c+1]-1
	Found    []int32 // of cluster c: what Input.Listed is asked for
	First    []int64 // first exposure of cluster c; 0 in a unit table
}

// Count is how many they are.
func (c *Clusters) Count() int { return int(c.Variants[len(c.Variants)-1]) }

// UnitBounds tells where the units of each variant lie.
func (c *Clusters) UnitBounds() []int32 {
	out := make([]int32, len(c.Variants))
	for v, first := range c.Variants {
		out[v] = c.Bounds[first]
	}
	return out
}

// each yields the clusters of a variant, each with those of the units, which are in order, that are its.
func (c *Clusters) each(variant int, units []Run) iter.Seq2[int32, []Run] {
	return func(yield func(int32, []Run) bool) {
		own, next := make([]Run, 0, 8), 0
		for k := c.Variants[variant]; k < c.Variants[variant+1]; k++ {
			own = own[:0]
			from, to := c.Bounds[k], c.Bounds[k+1]
			for next < len(units) && units[next].From < to {
				own = append(own, Run{max(units[next].From, from), min(units[next].To, to)})
				if units[next].To > to {
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
func (c *Clusters) sums(columns [][]float64, variant int, units []Run, row []float64, others []int64) ([][]float64, []Run) {
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
	return sums, []Run{{0, n}}
}
