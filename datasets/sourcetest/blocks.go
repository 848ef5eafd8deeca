package sourcetest

import (
	"fmt"
	"slices"

	"liftgate/datasets"
	"liftgate/stats"
)

// measureBlocks takes the moments of every block.
func measureBlocks(e *enrolment) ([]datasets.BlockEvidence, error) {
	var out []datasets.BlockEvidence
	for i := range e.query.Blocks {
		m := measurement{enrolment: e, block: &e.query.Blocks[i]}
		block, err := m.measure()
		if err != nil {
			return nil, err
		}
		out = append(out, block)
	}
	return out, nil
}

// measurement takes the moments of one block.
type measurement struct {
	*enrolment
	block *datasets.Block
}

// member is a unit of a block with its vector: parts, then covariates; in a quantile block with its values.
type member struct {
	*unit
	x []float64
}

func (m measurement) measure() (datasets.BlockEvidence, error) {
	q := m.query
	out := datasets.BlockEvidence{
		Metric:     m.block.Metric,
		Incomplete: make([]int64, len(q.Variants)),
		Null:       make([]int64, len(q.Variants)),
	}
	for _, i := range slices.Concat(m.block.Parts, m.block.Covariates) {
		out.Components = append(out.Components, q.Values[i].Name)
	}
	members, err := m.gather(&out)
	if err != nil {
		return out, err
	}
	filled := out
	if m.block.Quantile != nil {
		m.fillQuantiles(&filled, members)
	} else {
		m.fill(&filled, members)
	}
	if out.Failed = m.failure(&filled, members); out.Failed != "" {
		return out, nil
	}
	return filled, nil
}

// gather finds the block's units and counts those that are left out.
func (m measurement) gather(out *datasets.BlockEvidence) (members []member, err error) {
	indexes := slices.Concat(m.block.Parts, m.block.Covariates)
	for _, u := range m.units {
		if m.asOf != nil && closes(m.query, indexes, u) > *m.asOf {
			out.Incomplete[u.variant]++
			continue
		}
		if part := m.block.Parts[0]; m.query.Values[part].Take == datasets.Rows {
			members = append(members, member{u, u.rows[part]})
			continue
		}
		x, err := vector(m.query, indexes, u)
		if err != nil {
			return nil, err
		}
		if x == nil {
			out.Null[u.variant]++
			continue
		}
		members = append(members, member{u, x})
	}
	return members, nil
}

// closes is when the last of the values' windows closes for a unit.
func closes(q *datasets.Query, indexes []int, u *unit) datasets.Instant {
	last := q.Values[indexes[0]].Window[1]
	for _, i := range indexes {
		last = max(last, q.Values[i].Window[1])
	}
	return u.first.Add(last)
}

// vector is nil when a value is null under NullsDrop.
func vector(q *datasets.Query, indexes []int, u *unit) ([]float64, error) {
	var x []float64
	for _, i := range indexes {
		if u.values[i] == nil && q.Values[i].Nulls == datasets.NullsError {
			return nil, &datasets.DataError{File: q.Values[i].Table, Err: fmt.Errorf("unit %q has no row for %s", u.key.unit, q.Values[i].Name)}
		}
	}
	for _, i := range indexes {
		if u.values[i] == nil {
			return nil, nil
		}
		x = append(x, *u.values[i])
	}
	return x, nil
}

// fill takes the moments of the block's units.
func (m measurement) fill(out *datasets.BlockEvidence, members []member) {
	everyone := func(member) bool { return true }
	for _, u := range members {
		if u.x[0] > 0 {
			out.Positive++
		}
	}
	uncapped := members
	if m.block.Cap != nil {
		out.Uncapped = m.byVariant(members, everyone)
		out.UncappedSkewness = m.skewness(members)
		members = limit(out, m.block.Cap, members)
	}
	out.Total = m.byVariant(members, everyone)
	if m.anyCrossover() {
		out.WithoutCrossover = m.byVariant(members, func(u member) bool { return !u.crossover })
	}
	below := func(u member) bool { return u.x[0] <= out.Top }
	if !m.block.Binary {
		out.Top = top(members)
		out.WithoutTop = m.byVariant(members, below)
	}
	out.Skewness = m.skewness(members)
	if !m.query.Clustered {
		return
	}
	out.Clusters = &datasets.ClusterMoments{Total: m.byCluster(members, everyone)}
	if m.block.Cap != nil {
		out.Clusters.Uncapped = m.byCluster(uncapped, everyone)
	}
	if !m.block.Binary {
		out.Clusters.WithoutTop = m.byCluster(members, below)
	}
}

func (m measurement) anyCrossover() bool {
	return slices.ContainsFunc(m.randomised, func(r *randomised) bool { return r.crossover })
}

// failure says why a block has no moments.
func (m measurement) failure(filled *datasets.BlockEvidence, members []member) string {
	for _, u := range members {
		if m.block.Binary && u.x[0] != 0 && u.x[0] != 1 {
			return fmt.Sprintf("values must be 0 or 1, one unit has %v", u.x[0])
		}
		if m.block.Quantile != nil && slices.ContainsFunc(u.x, func(x float64) bool { return !finite(x) }) {
			return "the numbers are too large"
		}
	}
	for _, moments := range slices.Concat(filled.Total, filled.Uncapped) {
		for _, x := range slices.Concat(moments.Means, moments.Cross) {
			if !finite(x) {
				return "the numbers are too large"
			}
		}
	}
	return ""
}

// limit returns the members with their first part inside the cap.
func limit(out *datasets.BlockEvidence, c *datasets.Cap, members []member) []member {
	out.CapLower, out.CapUpper = limitValue(c.Lower, members), limitValue(c.Upper, members)
	var capped []member
	for _, m := range members {
		x := inside(out, m.x)
		if x[0] != m.x[0] {
			out.Capped++
		}
		capped = append(capped, member{m.unit, x})
	}
	return capped
}

// inside is a vector with its first part inside the limits in force.
func inside(out *datasets.BlockEvidence, x []float64) []float64 {
	x = slices.Clone(x)
	if out.CapLower != nil {
		x[0] = max(x[0], *out.CapLower)
	}
	if out.CapUpper != nil {
		x[0] = min(x[0], *out.CapUpper)
	}
	return x
}

func limitValue(l *datasets.Limit, members []member) *float64 {
	switch {
	case l == nil:
		return nil
	case l.Absolute != nil:
		x := *l.Absolute
		return &x
	}
	var positive []float64
	for _, m := range members {
		if m.x[0] > 0 {
			positive = append(positive, m.x[0])
		}
	}
	return smallestCovering(positive, l.Quantile)
}

// top is the value that all but the largest 0.1 % of the units' first parts do not exceed.
func top(members []member) float64 {
	var all []float64
	for _, m := range members {
		all = append(all, m.x[0])
	}
	if v := smallestCovering(all, 0.999); v != nil {
		return *v
	}
	return 0
}

// smallestCovering is the smallest of the values such that at least a share of them are <= it; nil without values.
func smallestCovering(values []float64, share float64) *float64 {
	slices.Sort(values)
	for i := range values {
		if float64(i+1)/float64(len(values)) >= share {
			return &values[i]
		}
	}
	return nil
}

func (m measurement) byVariant(members []member, keep func(member) bool) []stats.Moments {
	out := make([]stats.Moments, len(m.query.Variants))
	for v := range out {
		out[v] = momentsOf(members, func(u member) bool { return u.variant == v && keep(u) })
	}
	return out
}

// byCluster follows Exposure.Clusters.
func (m measurement) byCluster(members []member, keep func(member) bool) []stats.Moments {
	out := make([]stats.Moments, len(m.randomised))
	for i, r := range m.randomised {
		out[i] = momentsOf(members, func(u member) bool { return u.randomised == r && keep(u) })
	}
	return out
}

// momentsOf are the moments of the members that are kept.
func momentsOf(members []member, keep func(member) bool) stats.Moments {
	var vectors [][]float64
	for _, u := range members {
		if keep(u) {
			vectors = append(vectors, u.x)
		}
	}
	return moments(vectors)
}

// moments computes in two passes what stats.Moments accumulates.
func moments(vectors [][]float64) stats.Moments {
	if len(vectors) == 0 {
		return stats.Moments{}
	}
	n, dim := float64(len(vectors)), len(vectors[0])
	m := stats.Moments{N: int64(len(vectors)), Means: make([]float64, dim)}
	for i := range dim {
		for _, x := range vectors {
			m.Means[i] += x[i] / n
		}
	}
	for i := range dim {
		for j := i; j < dim; j++ {
			var cross float64
			for _, x := range vectors {
				cross += (x[i] - m.Means[i]) * (x[j] - m.Means[j])
			}
			m.Cross = append(m.Cross, cross)
		}
	}
	return m
}
