package columnar

import (
	"iter"
	"slices"
)

// A clustered query has a record for each cluster, which is exposed as units are in other queries, beside those of the units, the pairs
// of a cluster and a unit. A pair's state holds the position of its cluster's record where that of a unit holds its assignment.
const clusterShift = assignedShift

// applyPair takes in an exposed row of a pair, given the pair's record.
func (e *enrolment) applyPair(part *partition, pair []uint64, fresh bool, p *packet, row int32) {
	at, first := part.clusters.enter(p.cluster[row])
	cluster := part.clusters.record(at)
	if first {
		e.enter(cluster, p, row)
	} else {
		e.expose(cluster, p, row)
	}
	if fresh {
		pair[wordFirst] = uint64(p.times[row])
		pair[wordState] = uint64(at) << clusterShift
		return
	}
	pair[wordFirst] = uint64(min(int64(pair[wordFirst]), p.times[row]))
	if cluster[wordState]&flagForced == 0 {
		part.repeated++
	}
}

// settlePairs gives pairs what was decided about their clusters.
func (p *partition) settlePairs(exposed *span) {
	for i := range p.units.count {
		pair := p.units.record(i)
		cluster := p.clusters.record(int(pair[wordState] >> clusterShift))
		pair[wordState] |= cluster[wordState] & (0xffff | flagCrossover | flagExcluded)
		if pair[wordState]&flagExcluded == 0 {
			exposed.add(int64(pair[wordFirst]))
		}
	}
}

// clusters are the analysed clusters of one partition, those of a variant together and in the order of their hashes. Their units lie
// in the same order.
type clusters struct {
	variants []int32 // the clusters of variant v are variants[v] to variants[v+1]-1
	bounds   []int32 // the units of cluster c lie at bounds[c] to bounds[c+1]-1
	rank     []int32 // by position of a cluster's record: its place among the clusters
	found    []int32 // of cluster c, in assigned
	first    []int64 // first exposure of cluster c; 0 in a unit table
}

// orderClusters puts the analysed clusters among the records in order. Their bounds are not known yet.
func orderClusters(u *units, variants int) *clusters {
	c := &clusters{rank: make([]int32, u.count)}
	list := make([]placed, 0, u.count)
	for i := range u.count {
		if r := u.record(i); r[wordState]&flagExcluded == 0 {
			list = append(list, placed{key{r[wordHi], r[wordLo]}, int32(i), int32(r[wordState] & 0xffff)})
		}
	}
	list = sortByHash(list)
	c.variants = boundsOf(list, variants)
	next := slices.Clone(c.variants)
	c.found, c.first = make([]int32, len(list)), make([]int64, len(list))
	for _, p := range list {
		c.rank[p.at] = next[p.group]
		c.found[next[p.group]] = found32(u.record(int(p.at))[wordState])
		c.first[next[p.group]] = int64(u.record(int(p.at))[wordFirst])
		next[p.group]++
	}
	return c
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
