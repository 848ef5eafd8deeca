package columnar

// remember keeps rows that enter by a rule.
func (n *entering) remember(r *rule, rows []uint16) {
	if r.history < 0 {
		return
	}
	h, p := &n.part.histories[r.history], n.packet
	for _, j := range rows {
		row := n.row[j]
		if h.kind == keepHashes {
			h.addHash(n.unit[j], p.times[row], p.hashes[n.pass.plan.cells.columns[r.cell].slot][row])
		} else {
			h.add(n.unit[j], p.times[row], n.cells[j])
		}
	}
}

// takeHistories takes over the rows that were kept for views.
func (m *members) takeHistories(p *partition, place []int32) {
	for i := range p.histories {
		p.histories[i].settle(place)
	}
	m.history, p.histories = p.histories, nil
}

// follow puts rows that were kept for views in order, unless they are.
func (m *members) follow(days *calendar) {
	for h := range m.history {
		m.lines = append(m.lines, m.history[h].timeline(m.first, days, m.room))
	}
	m.history = nil
}

// segmentCodes makes room for the labels of the units by which views tell them apart, or gives those of the clusters.
func (e *enrolment) segmentCodes(p *partition, m *members, units int) [][]uint32 {
	if e.query.Views == nil {
		return nil
	}
	if m.clusters == nil {
		return columnsOf[uint32](m.room, len(e.query.Views.Segments), units)
	}
	return e.clusterCodes(p.clusters, m.clusters)
}

func (e *enrolment) clusterCodes(records *units, clusters *clusters) [][]uint32 {
	out := columnsOf[uint32](nil, len(e.query.Views.Segments), clusters.count())
	for i := range records.count {
		r := records.record(i)
		if r[wordState]&flagExcluded != 0 {
			continue
		}
		for s, a := range e.query.Views.Segments {
			out[s][clusters.rank[i]] = half(r, e.randomised.labels, a)
		}
	}
	return out
}

// segmentCodes are the labels of units, or of clusters, by which views tell them apart.
func (t *unitTable) segmentCodes(s *shelf) [][]uint32 {
	if t.query.Views == nil {
		return nil
	}
	if s.all != nil {
		return t.clusterCodes(t.records[s.group], s.all)
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
