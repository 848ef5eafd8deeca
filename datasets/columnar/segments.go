package columnar

import (
	"liftgate/datasets/fold"
	"liftgate/datasets/internal/depot"
)

// segmentCodes makes room for the labels of the units by which views tell them apart, or gives those of the clusters.
func (e *enrolment) segmentCodes(p *partition, m *fold.Members, rank []int32, units int) [][]uint32 {
	if e.query.Views == nil {
		return nil
	}
	if m.Clusters == nil {
		return depot.Columns[uint32](m.Room, len(e.query.Views.Segments), units)
	}
	return e.clusterCodes(p.clusters, rank, m.Clusters.Count())
}

func (e *enrolment) clusterCodes(records *units, rank []int32, clusters int) [][]uint32 {
	out := depot.Columns[uint32](nil, len(e.query.Views.Segments), clusters)
	for i := range records.count {
		r := records.record(i)
		if r[wordState]&flagExcluded != 0 {
			continue
		}
		for s, a := range e.query.Views.Segments {
			out[s][rank[i]] = half(r, e.randomised.labels, a)
		}
	}
	return out
}

// segmentCodes are the labels of units, or of clusters, by which views tell them apart.
func (t *unitTable) segmentCodes(s *shelf, rank []int32) [][]uint32 {
	if t.query.Views == nil {
		return nil
	}
	if s.all != nil {
		return t.clusterCodes(t.records[s.group], rank, s.all.Count())
	}
	out := make([][]uint32, len(t.segments))
	for a := range out {
		for v := range t.query.Variants {
			for _, sheet := range s.sheets {
				out[a] = append(out[a], sheet.labels[a][v]...)
			}
		}
	}
	return out
}
