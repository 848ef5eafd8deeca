package analysis

import (
	"liftgate/datasets"
	"liftgate/experiment"
	"liftgate/stats"
	"liftgate/stats/blocked"
	"liftgate/stats/cluster"
)

// listed are the clusters of a sample as a design assigned them: all that were analysed, in the order of the evidence, then those on the list
// that were not. Those without units of the metric stay in.
type listed struct {
	clusters [][]stats.Moments // by variant
	blocks   [][]int
	balance  [][][]float64 // nil unless the design balanced something
}

// listed sorts clusters into the variants that the design gave them; nil without a design.
func (n *inference) listed(clusters []stats.Moments) *listed {
	if n.Query.Roster == nil || clusters == nil {
		return nil
	}
	k := len(n.Query.Variants)
	l := &listed{clusters: make([][]stats.Moments, k), blocks: make([][]int, k)}
	var strangers float64 // what balances them nobody knows: they get what is typical
	typical := n.typicalBalance()
	if typical != nil {
		l.balance = make([][][]float64, k)
	}
	add := func(variant, block int, balance []float64, m stats.Moments) {
		if block < 0 { // not on the list: a block of its own
			strangers++
			block = -int(strangers)
		}
		l.clusters[variant], l.blocks[variant] = append(l.clusters[variant], m), append(l.blocks[variant], block)
		if typical != nil {
			if len(balance) != len(typical) {
				balance = typical
			}
			l.balance[variant] = append(l.balance[variant], balance)
		}
	}
	e := &n.evidence.Exposure
	for i, c := range e.Clusters {
		add(c.Variant, c.Block, c.Balance, clusters[i])
	}
	for _, c := range e.Unexposed {
		add(c.Variant, c.Block, c.Balance, stats.Moments{})
	}
	return l
}

// typicalBalance is the mean of what the design balanced over the list; nil when it balanced nothing.
func (n *inference) typicalBalance() []float64 {
	if n.Query.Roster.Balance == nil {
		return nil
	}
	var m stats.Moments
	e := &n.evidence.Exposure
	for _, list := range [][]datasets.Cluster{e.Clusters, e.Unexposed} {
		for i := range list {
			if list[i].Block >= 0 {
				m.Add(list[i].Balance...)
			}
		}
	}
	return m.Means
}

// design is that of a comparison of two variants.
func (l *listed) design(treatment, control int) blocked.Design {
	d := blocked.Design{Treated: l.blocks[treatment], Control: l.blocks[control]}
	if l.balance != nil {
		d.TreatedBalance, d.ControlBalance = l.balance[treatment], l.balance[control]
	}
	return d
}

// equal makes one unit of each cluster that has a level.
func (l *listed) equal(parts int) {
	for v := range l.clusters {
		units := make([]stats.Moments, len(l.clusters[v]))
		for i := range units {
			if one, _ := cluster.Means(l.clusters[v][i:i+1], parts); len(one) == 1 {
				units[i] = one[0]
			}
		}
		l.clusters[v] = units
	}
}

// listedArm is a variant's clusters with the components that a comparison goes by.
func (s *sample) listedArm(variant int) []stats.Moments {
	clusters := s.listed.clusters[variant]
	if s.covariates > 0 {
		return clusters
	}
	out := make([]stats.Moments, len(clusters))
	for i := range out {
		if clusters[i].N > 0 {
			out[i] = project(&clusters[i], s.parts())
		}
	}
	return out
}

// listedSizes are the analysis units of the clusters on the list by variant.
func (n *inference) listedSizes() (*listed, [][]int64) {
	l := n.listed(make([]stats.Moments, len(n.evidence.Exposure.Clusters)))
	sizes := make([][]int64, len(n.Query.Variants))
	for _, c := range n.evidence.Exposure.Clusters {
		sizes[c.Variant] = append(sizes[c.Variant], c.Units)
	}
	for v := range sizes {
		sizes[v] = append(sizes[v], make([]int64, len(l.clusters[v])-len(sizes[v]))...)
	}
	return l, sizes
}

// paired reports whether the design matched merchants.
func paired(d *experiment.Definition) bool { return d.Assignment.Design.Method == "paired" }
