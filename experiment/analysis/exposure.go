package analysis

import (
	"time"

	"liftgate/datasets"
	"liftgate/experiment/result"
)

func (n *inference) exposure() result.Exposure {
	e := &n.evidence.Exposure
	shares := n.expectedShares()
	out := result.Exposure{
		Crossover: result.Crossover{Rule: string(n.Query.Crossover)},
		Dropped:   result.Dropped(e.Dropped),
		Days:      n.exposureDays(),
	}
	for i, name := range n.Query.Variants {
		out.Variants = append(out.Variants, result.ExposedVariant{
			Variant: name, Units: e.Units[i], ExpectedShare: shares[i], CrossoverUnits: e.Crossover[i],
		})
		out.Crossover.Units += e.Crossover[i]
		if n.Query.Clustered {
			out.Variants[i].AnalysisUnits = &n.analysed()[i]
		}
	}
	for i := range n.evidence.Events {
		ev := &n.evidence.Events[i]
		out.Events.Matched += ev.Matched
		out.Events.UnmatchedUnit += ev.UnmatchedUnit
		out.Events.OutsideWindow += ev.OutsideWindow
		out.Events.NullTime += ev.NullTime
	}
	return out
}

// expectedShares are the variants' shares of the weights.
func (n *inference) expectedShares() []float64 {
	var total uint64
	for _, v := range n.Definition.Variants {
		total += v.Weight
	}
	shares := make([]float64, len(n.Definition.Variants))
	for i, v := range n.Definition.Variants {
		shares[i] = float64(v.Weight) / float64(total)
	}
	return shares
}

// exposureDays counts first exposures by calendar day of the schedule's timezone, days without any included.
func (n *inference) exposureDays() []result.ExposureDay {
	e := &n.evidence.Exposure
	if e.First == nil || e.Last == nil {
		return nil
	}
	location := n.location()
	day := func(i datasets.Instant) string { return i.Time().In(location).Format(time.DateOnly) }
	var out []result.ExposureDay
	last := day(*e.Last)
	for t := e.First.Time().In(location); ; t = t.AddDate(0, 0, 1) {
		date := t.Format(time.DateOnly)
		if date > last {
			break
		}
		out = append(out, result.ExposureDay{Day: date, Units: make([]int64, len(e.Units))})
	}
	at := map[string]int{}
	for i := range out {
		at[out[i].Day] = i
	}
	for v, hours := range e.Hours {
		for h, c := range hours {
			if c == 0 {
				continue
			}
			// Before the first exposure and after the last there is none, so the ends are kept inside.
			t := min(max(e.FirstHour.Add(datasets.Span(h)*datasets.Hour), *e.First), *e.Last)
			if i, ok := at[day(t)]; ok {
				out[i].Units[v] += c
			}
		}
	}
	return out
}

// location is the timezone of calendar days.
func (n *inference) location() *time.Location {
	if l := n.Definition.Schedule.Location; l != nil {
		return l
	}
	return time.UTC
}
