package datasets

import (
	"slices"
	"sort"
)

// exposed are the rows of Exposed that the part consists of.
func (p *part) exposed(yield func(*Exposed)) {
	for i := range p.views.Exposed {
		if x := &p.views.Exposed[i]; x.Day <= p.day && p.cells[x.Cell] {
			yield(x)
		}
	}
}

func (p *part) exposure() Exposure {
	whole := &p.whole.Exposure
	k := len(p.whole.Variants)
	out := Exposure{Units: make([]int64, k), Crossover: make([]int64, k), Dropped: whole.Dropped, Recomputed: whole.Recomputed}
	p.exposed(func(x *Exposed) {
		out.Units[x.Variant] += x.Units
		out.Crossover[x.Variant] += x.Crossover
	})
	p.when(&out)
	for s := range p.views.Segments {
		if a := p.attribute(s); len(a.Values) > 0 {
			out.Attributes = append(out.Attributes, a)
		}
	}
	p.sortClusters(&out)
	return out
}

// analysisUnits are those exposed in the part, by variant.
func (p *part) analysisUnits() []int64 {
	out := make([]int64, len(p.whole.Variants))
	p.exposed(func(x *Exposed) { out[x.Variant] += x.AnalysisUnits })
	return out
}

// when fills in when units were exposed, as far as days tell.
func (p *part) when(out *Exposure) {
	whole, days := &p.whole.Exposure, p.views.Days
	first, last := len(days), -1
	p.exposed(func(x *Exposed) {
		if x.Units > 0 || x.AnalysisUnits > 0 {
			first, last = min(first, x.Day), max(last, x.Day)
		}
	})
	if last < 0 || len(days) == 0 {
		return
	}
	from, to := *whole.First, min(*whole.Last, days[last]-1)
	if first > 0 {
		from = max(from, days[first-1])
	}
	out.First, out.Last = &from, &to
	out.FirstHour = whole.FirstHour.Add(from.Sub(whole.FirstHour) / Hour * Hour)
	hours := max(int(to.Sub(out.FirstHour)/Hour), p.hourOf(last, out.FirstHour)) + 1
	out.Hours = table(len(p.whole.Variants), hours)
	if p.clustered() {
		out.UnitHours = table(len(p.whole.Variants), hours)
	}
	p.exposed(func(x *Exposed) {
		hour := p.hourOf(x.Day, out.FirstHour)
		out.Hours[x.Variant][hour] += x.Units
		if p.clustered() {
			out.UnitHours[x.Variant][hour] += x.AnalysisUnits
		}
	})
}

// hourOf is the first hour, counted from one, that lies wholly in a day.
func (p *part) hourOf(day int, from Instant) int {
	if day == 0 {
		return 0
	}
	return max(int((p.views.Days[day-1].Sub(from)+Hour-1)/Hour), 0)
}

func table(rows, columns int) [][]int64 {
	out := make([][]int64, rows)
	for i := range out {
		out[i] = make([]int64, columns)
	}
	return out
}

// attribute counts units by the values of a segment that are kept; without values where cells do not tell.
func (p *part) attribute(segment int) Attribute {
	s := &p.views.Segments[segment]
	units := table(len(p.whole.Variants), len(s.Values))
	for i := range p.views.Exposed {
		x := &p.views.Exposed[i]
		cell := p.views.Cells[x.Cell]
		if x.Day > p.day || cell[segment] < 0 || !p.cells[x.Cell] && !p.everywhere() {
			continue
		}
		units[x.Variant][cell[segment]] += x.Units
	}
	out := Attribute{Name: s.Name, Units: make([][]int64, len(units))}
	for i, value := range s.Values {
		if !slices.ContainsFunc(units, func(by []int64) bool { return by[i] > 0 }) {
			continue
		}
		out.Values = append(out.Values, value)
		for v := range units {
			out.Units[v] = append(out.Units[v], units[v][i])
		}
	}
	return out
}

// sortClusters keeps the clusters of the cell. Those outside it that a design assigned stay in the design.
func (p *part) sortClusters(out *Exposure) {
	if !p.clustered() {
		return
	}
	whole := &p.whole.Exposure
	out.Clusters = make([]Cluster, 0, len(p.clusters))
	for _, i := range p.clusters {
		c := whole.Clusters[i]
		if !p.last() {
			c.Units = -1
		}
		out.Clusters = append(out.Clusters, c)
	}
	out.Unexposed = slices.Clone(whole.Unexposed)
	in := 0
	for i, c := range whole.Clusters {
		if in < len(p.clusters) && p.clusters[in] == i {
			in++
			continue
		}
		if c.Block >= 0 {
			c.Units, c.Crossover = 0, false
			out.Unexposed = append(out.Unexposed, c)
		}
	}
	sort.SliceStable(out.Unexposed, func(i, j int) bool { return out.Unexposed[i].Variant < out.Unexposed[j].Variant })
}
