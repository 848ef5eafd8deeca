package fold

import (
	"liftgate/datasets/internal/depot"
	"liftgate/datasets/internal/parallel"
)

// viewGroups is into how many groups the partitions are divided whose units are added up one after the other. It is part of the canonical
// order. In a clustered query each partition is a group, because no cluster lies in two.
const viewGroups = 4

// viewGroup is units whose powers are added up together.
type viewGroup struct {
	partitions []int
	planes     [][][]int32 // by partition of the group and by plane: the slab of each unit. A unit lies in a slab of each plane. Nil of stacked units
	cohorts    [][]int32   // by partition of the group: of each unit
}

// slab is the units of one variant, cell (in a clustered query cluster, by its place in the partition) and cohort.
type slab struct {
	variant, cell, cohort int32
	units, crossed        int64
}

// grid counts the units by variant and cell, and by cohort: slabs that may have none.
type grid [][]slab

// group divides the units into slabs; of are the cells of units.
func (v *views) group(of [][][]int32) {
	groups := viewGroups
	if v.query.Clustered {
		groups = Partitions
	}
	v.groups = make([]viewGroup, groups)
	for g := range v.groups {
		for i := g * Partitions / groups; i < (g+1)*Partitions/groups; i++ {
			v.groups[g].partitions = append(v.groups[g].partitions, i)
		}
	}
	if v.stacked() {
		v.slabs = v.stacks()
		return
	}
	grids := make([]grid, groups)
	parallel.Each(v.workers, groups, func(g int) {
		own := &v.groups[g]
		for _, i := range own.partitions {
			own.planes = append(own.planes, v.planes(i, of[i]))
			own.cohorts = append(own.cohorts, v.cohortsOf(v.fold.parts[i]))
		}
		grids[g] = v.count(own)
	})
	if !v.query.Clustered {
		for _, o := range grids[1:] {
			grids[0].merge(o)
		}
		grids = grids[:1]
	}
	v.slabs = make([][]slab, len(grids))
	for s := range grids {
		v.slabs[s] = grids[s].slabs(v.cellsOf(&v.groups[s]))
	}
	parallel.Each(v.workers, groups, func(g int) { v.assign(&v.groups[g], grids[v.set(g)]) })
}

// set is the set of a group.
func (v *views) set(group int) int {
	if v.query.Clustered {
		return group
	}
	return 0
}

// cellsOf is how many cells the slabs of a group have.
func (v *views) cellsOf(g *viewGroup) int {
	if v.query.Clustered {
		return v.fold.parts[g.partitions[0]].Clusters.Count()
	}
	return len(v.out.Cells)
}

func (v *views) count(g *viewGroup) grid {
	cells := v.cellsOf(g)
	out := make(grid, len(v.query.Variants)*cells)
	for k, i := range g.partitions {
		crossed := v.fold.parts[i].Crossed
		for _, plane := range g.planes[k] {
			v.eachUnit(i, func(variant, unit int32) {
				at := int(variant)*cells + int(plane[unit])
				if out[at] == nil {
					out[at] = make([]slab, len(v.cohorts.from))
				}
				s := &out[at][g.cohorts[k][unit]]
				s.units++
				if crossed != nil && crossed[unit] {
					s.crossed++
				}
			})
		}
	}
	return out
}

func (g grid) merge(o grid) {
	for at, own := range o {
		if g[at] == nil {
			g[at] = own
			continue
		}
		for cohort, s := range own {
			g[at][cohort].units += s.units
			g[at][cohort].crossed += s.crossed
		}
	}
}

// slabs lists those that have units, in the order of variant, cell and cohort. In the grid their place takes that of the cell.
func (g grid) slabs(cells int) []slab {
	var out []slab
	for at, own := range g {
		for cohort := range own {
			if s := &own[cohort]; s.units > 0 {
				s.cell = int32(len(out))
				out = append(out, slab{int32(at / cells), int32(at % cells), int32(cohort), s.units, s.crossed})
			}
		}
	}
	return out
}

// assign gives each unit its slabs in place of its cells.
func (v *views) assign(g *viewGroup, places grid) {
	cells := v.cellsOf(g)
	for k, i := range g.partitions {
		for _, plane := range g.planes[k] {
			v.eachUnit(i, func(variant, unit int32) {
				plane[unit] = places[int(variant)*cells+int(plane[unit])][g.cohorts[k][unit]].cell
			})
		}
	}
	g.cohorts = nil
}

// planes are the cells of the units of a partition, in a clustered query their clusters.
func (v *views) planes(i int, of [][]int32) [][]int32 {
	m := v.fold.parts[i]
	if m.Clusters == nil {
		return of
	}
	plane := depot.Slice[int32](m.Room, int(m.Bounds[len(m.Bounds)-1]))
	for c := range m.Clusters.Count() {
		for unit := m.Clusters.Bounds[c]; unit < m.Clusters.Bounds[c+1]; unit++ {
			plane[unit] = int32(c)
		}
	}
	return [][]int32{plane}
}

// cohortsOf are the cohorts of the units of a partition.
func (v *views) cohortsOf(m *Members) []int32 {
	out := depot.Slice[int32](m.Room, int(m.Bounds[len(m.Bounds)-1]))
	if len(v.cohorts.from) > 1 {
		for unit, first := range m.First {
			out[unit] = v.cohorts.of(first)
		}
	}
	return out
}

// eachUnit goes over the units of a partition.
func (v *views) eachUnit(i int, do func(variant, unit int32)) {
	m := v.fold.parts[i]
	for variant := range v.query.Variants {
		for unit := m.Bounds[variant]; unit < m.Bounds[variant+1]; unit++ {
			do(int32(variant), unit)
		}
	}
}
