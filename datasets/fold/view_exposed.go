package fold

import (
	"cmp"
	"maps"
	"slices"

	"liftgate/datasets"
)

// placeClusters finds the places of clusters in Exposure.Clusters and tells each its segments.
func (v *views) placeClusters() {
	if !v.query.Clustered {
		return
	}
	at := int32(0)
	for variant := range v.query.Variants {
		for i, m := range v.fold.parts {
			for k := m.Clusters.Variants[variant]; k < m.Clusters.Variants[variant+1]; k++ {
				v.places[i] = append(v.places[i], at)
				segments := make([]int, len(v.segmented[i]))
				for s, values := range v.segmented[i] {
					segments[s] = int(values[k])
				}
				v.exposure.Clusters[at].Segments = segments
				at++
			}
		}
	}
}

// exposures counts who was exposed where.
type exposures map[datasets.Exposed]*datasets.Exposed

func (e exposures) at(day int, cell, variant int32) *datasets.Exposed {
	place := datasets.Exposed{Day: day, Cell: int(cell), Variant: int(variant)}
	row := e[place]
	if row == nil {
		row = &datasets.Exposed{Day: day, Cell: int(cell), Variant: int(variant)}
		e[place] = row
	}
	return row
}

// countExposed fills in ViewEvidence.Exposed; of are the cells of clusters.
func (v *views) countExposed(of [][][]int32) {
	found := exposures{}
	for g, slabs := range v.slabs {
		for _, s := range slabs {
			day := v.calendar.DayOf(v.cohorts.from[s.cohort])
			if v.query.Clustered {
				for _, cells := range of[g] {
					found.at(day, cells[s.cell], s.variant).AnalysisUnits += s.units
				}
				continue
			}
			row := found.at(day, s.cell, s.variant)
			row.Units += s.units
			row.AnalysisUnits += s.units
			row.Crossover += s.crossed
		}
	}
	if v.query.Clustered {
		v.countClusters(found, of)
	}
	for _, row := range slices.SortedFunc(maps.Values(found), func(a, b *datasets.Exposed) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Cell, b.Cell), cmp.Compare(a.Variant, b.Variant))
	}) {
		v.out.Exposed = append(v.out.Exposed, *row)
	}
}

func (v *views) countClusters(found exposures, of [][][]int32) {
	for i, m := range v.fold.parts {
		for variant := range v.query.Variants {
			for k := m.Clusters.Variants[variant]; k < m.Clusters.Variants[variant+1]; k++ {
				day := 0
				if m.Clusters.First != nil {
					day = v.calendar.DayOf(m.Clusters.First[k])
				}
				for _, cells := range of[i] {
					row := found.at(day, cells[k], int32(variant))
					row.Units++
					if m.Crossed != nil && m.Crossed[m.Clusters.Bounds[k]] {
						row.Crossover++
					}
				}
			}
		}
	}
}
