package analysis

import (
	"slices"

	"liftgate/datasets"
	"liftgate/experiment"
)

// layers are a block's units laid out by the day on which they became complete and by age.
type layers struct {
	*inference
	metric  *experiment.Metric
	days    []*layer         // became complete on a day, with their whole windows; nil where nobody did
	running []*layer         // exposed by the end of a day; nil where that is not held
	cohorts []*layer         // complete at last, by the day of first exposure; nil where that is not held
	ages    map[int][]*layer // by age and day; in a clustered query all at the last day
	exposed []int64          // analysis units first exposed on a day
}

// layers are nil for a block without moments by day.
func (n *inference) layers(m *experiment.Metric) *layers {
	views := n.evidence.Views
	held := &views.Blocks[n.blocks[m.Name]]
	at := slices.IndexFunc(held.Samples, func(s datasets.SampleViews) bool { return s.Sample == datasets.Total })
	if at < 0 {
		return nil
	}
	l := &layers{inference: n, metric: m, exposed: n.exposedByDay(), ages: map[int][]*layer{}}
	l.days = make([]*layer, len(views.Days))
	if n.Query.Clustered {
		l.addTo(held.Samples[at].ByDay, l.dayOrAge)
		l.addTo(held.Samples[at].ByAge, l.dayOrAge)
		return l
	}
	l.addTo(held.Samples[at].Units, l.dayOrAge)
	l.running = make([]*layer, len(views.Days))
	l.addTo(held.Running, func(_, day int) **layer { return &l.running[day] })
	l.cohorts = make([]*layer, len(views.Days))
	l.addTo(held.Cohorts, func(_, day int) **layer { return &l.cohorts[day] })
	return l
}

// dayOrAge is where the units that reached an age on a day belong.
func (l *layers) dayOrAge(age, day int) **layer {
	if age == 0 {
		return &l.days[day]
	}
	if l.ages[age] == nil {
		l.ages[age] = make([]*layer, len(l.days))
	}
	return &l.ages[age][day]
}

// addTo adds the rows of a table, each unit once.
func (l *layers) addTo(t *datasets.MomentTable, where func(age, day int) **layer) {
	if t == nil {
		return
	}
	for r := range t.N {
		cell := int(t.Cell[r])
		if !l.Query.Clustered && cell >= 0 && !l.countsOnce(cell) {
			continue
		}
		at := where(int(t.Age[r]), int(t.Day[r]))
		if *at == nil {
			*at = l.empty()
		}
		row := momentsOf(t, r)
		second := row.Second()
		l.take(*at, int(t.Variant[r]), cell, &second, t.Null[r])
	}
}

// countsOnce reports whether a cell is one of those in which each unit is counted once.
func (n *inference) countsOnce(cell int) bool {
	views := n.evidence.Views
	return views.Crossed || len(views.Segments) == 0 || segmentOf(views.Cells[cell], 0) >= 0
}

// exposedByDay are the analysis units by the day of their first exposure.
func (n *inference) exposedByDay() []int64 {
	out := make([]int64, len(n.evidence.Views.Days))
	for _, e := range n.evidence.Views.Exposed {
		if n.countsOnce(e.Cell) {
			out[e.Day] += e.AnalysisUnits
		}
	}
	return out
}

// cumulative is by the end of each day: who was complete, and before everybody was, what was known of all who had been exposed.
func (l *layers) cumulative(visit func(instance)) {
	sum, exposed := l.empty(), int64(0)
	for day, y := range l.days {
		exposed += l.exposed[day]
		if y != nil {
			sum.add(y)
			visit(instance{layer: sum, day: day, complete: true})
		}
		if l.running != nil && l.running[day] != nil && sum.counted < exposed {
			visit(instance{layer: l.running[day], day: day})
		}
	}
}

// daily is by the day of first exposure: of each day's units those that are complete, which may not be all of them yet.
func (l *layers) daily(visit func(instance)) {
	for day, y := range l.cohorts {
		if y != nil {
			visit(instance{layer: y, day: day, complete: y.counted >= l.exposed[day]})
		}
	}
}

// aging is by days since exposure: windows cut off so far, of all units that have reached the age.
func (l *layers) aging(visit func(instance)) {
	everybody := int64(0)
	for _, c := range l.exposed {
		everybody += c
	}
	add := func(age int, days []*layer) {
		sum := l.empty()
		for _, y := range days {
			if y != nil {
				sum.add(y)
			}
		}
		visit(instance{layer: sum, day: -1, age: age, complete: sum.counted >= everybody})
	}
	last := 0
	for age := 1; l.ages[age] != nil; age++ {
		add(age, l.ages[age])
		last = age
	}
	if last > 0 {
		add(last+1, l.days)
	}
}
