package columnar

import (
	"slices"

	"liftgate/datasets/fold"
	"liftgate/datasets/internal/reuse"
)

// A clustered query has a record for each cluster, which is exposed as units are in other queries, beside those of the units, the pairs
// of a cluster and a unit. A pair's state holds the position of its cluster's record where that of a unit holds its assignment.
const clusterShift = assignedShift

// applyPair takes in an exposed row of a pair.
func (e *enrolment) applyPair(part *partition, p *packet, row int32) {
	at := e.applyCluster(part.clusters, p, row)
	pair, k := part.exposed.next(), p.keys[row]
	pair[wordFirst], pair[wordState] = uint64(p.times[row]), uint64(at)<<clusterShift
	pair[wordHi], pair[wordLo] = k.hi, k.lo
}

// applyCluster takes in an exposed row of a cluster and gives the position of its record.
func (e *enrolment) applyCluster(clusters *units, p *packet, row int32) int {
	k := p.cluster[row]
	at, fresh := clusters.enter(k)
	if fresh {
		e.enter(clusters.record(at), k, p, row)
		return at
	}
	var room [clusterWords]uint64
	again := reuse.Slice(room[:0], e.randomised.stride)
	e.putRow(again, p, row)
	e.expose(clusters.record(at), again)
	return at
}

// clusterWords is how long the record of a cluster is at most, unless it has more attributes than usual.
const clusterWords = 16

// mergePair takes the record of another row into that of a pair.
func (p *partition) mergePair(pair, row []uint64) {
	pair[wordFirst] = uint64(min(int64(pair[wordFirst]), int64(row[wordFirst])))
	if p.clusters.record(int(pair[wordState] >> clusterShift))[wordState]&flagForced == 0 {
		p.repeated++
	}
}

// settlePairs gives pairs what was decided about their clusters.
func (p *partition) settlePairs(exposed *span) {
	for i := range p.exposed.count {
		pair := p.exposed.record(i)
		cluster := p.clusters.record(int(pair[wordState] >> clusterShift))
		pair[wordState] |= cluster[wordState] & (0xffff | flagCrossover | flagExcluded)
		if pair[wordState]&flagExcluded == 0 {
			exposed.add(int64(pair[wordFirst]))
		}
	}
}

// orderClusters puts the analysed clusters among the records in order, and tells the place of each by the position of its record. Their bounds
// are not known yet.
func orderClusters(u *units, variants int) (c *fold.Clusters, rank []int32) {
	c, rank = &fold.Clusters{}, make([]int32, u.count)
	s := sorter{units: make([]placed, 0, u.count)}
	for i := range u.count {
		if r := u.record(i); r[wordState]&flagExcluded == 0 {
			s.units = append(s.units, placed{key{r[wordHi], r[wordLo]}, int32(i), int32(r[wordState] & 0xffff)})
		}
	}
	list := s.byHash()
	c.Variants = boundsOf(list, variants)
	next := slices.Clone(c.Variants)
	c.Found, c.First = make([]int32, len(list)), make([]int64, len(list))
	for _, p := range list {
		rank[p.at] = next[p.group]
		c.Found[next[p.group]] = found32(u.record(int(p.at))[wordState])
		c.First[next[p.group]] = int64(u.record(int(p.at))[wordFirst])
		next[p.group]++
	}
	return c, rank
}
