package sourcetest

import (
	"slices"

	"liftgate/datasets/expr"
)

// clusterColumn is the column that a table of exposures or units names; a query that is not clustered may name one too.
func (d draw) clusterColumn() string {
	if d.clustered || d.oneIn(6) || d.fault == strayCluster || d.fault == nullCluster {
		return "shop"
	}
	return ""
}

func (d draw) cluster() expr.Value {
	if d.fault == nullCluster && d.oneIn(12) {
		return expr.Value{}
	}
	if d.integers {
		return expr.IntValue(int64(d.below(8)) - 2)
	}
	return expr.TextValue(pick(d, textKeys...))
}

// settleClusters makes the rows of a table that says who was exposed agree about clusters, as far as they must, and most of the others.
func (d draw) settleClusters(t *Table) {
	if t.Spec.Cluster == "" || t.Spec.Variant == "" {
		return
	}
	unit, cluster, variant := t.position(t.Spec.Unit), t.position(t.Spec.Cluster), t.position(t.Spec.Variant)
	if !d.clustered {
		for _, cells := range t.Rows {
			if d.fault == noFault || !d.oneIn(8) {
				cells[cluster] = cells[unit]
			}
		}
		return
	}
	variants := map[string]expr.Value{}
	for _, cells := range t.Rows {
		of, known := variants[cells[cluster].Plain()]
		declared := slices.Contains(d.variants, cells[variant].Plain())
		switch {
		case !declared, t.Spec.Time == "" && d.fault == strayCluster, t.Spec.Time != "" && d.oneIn(8):
		case known:
			cells[variant] = of
		default:
			variants[cells[cluster].Plain()] = cells[variant]
		}
	}
	if t.Spec.Time == "" && d.fault != listedTwice {
		t.dropRepeated(unit, cluster)
	}
}

// dropRepeated removes rows that repeat the cells of two columns.
func (t *Table) dropRepeated(a, b int) {
	seen := map[[2]string]bool{}
	t.Rows = slices.DeleteFunc(t.Rows, func(cells []expr.Value) bool {
		pair := [2]string{cells[a].Plain(), cells[b].Plain()}
		again := seen[pair]
		seen[pair] = true
		return again
	})
}
