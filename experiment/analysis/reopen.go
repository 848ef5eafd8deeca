package analysis

import (
	"liftgate/datasets"
	"liftgate/experiment"
	"liftgate/experiment/assignment"
	"liftgate/stats/randomisation"
)

// Reopen is the study of a run whose data are not at hand: of its definition and its evidence. It infers as the study did that the run was
// made by, up to the rounding of what a design balanced, and is no query to observe: conditions are not bound. It fails when the
// evidence answers another definition.
func Reopen(d *experiment.Definition, ev *datasets.Evidence) (*Study, error) {
	b := &binder{definition: d, blind: true}
	s := &Study{Definition: d, blocks: map[string]int{}}
	s.Query = b.frame(Options{})
	b.addMetrics(s)
	s.Query.Events = b.eventsInUse(&s.Query)
	if a := d.Assignment; a != nil && a.Design != nil {
		s.record, s.Query.Roster = listOf(d, ev)
	}
	if len(b.problems) > 0 {
		return nil, b.problems.Sorted()
	}
	return s, s.matches(ev)
}

// listOf is what the evidence knows of a design's record: the merchants on the list, without their keys.
func listOf(d *experiment.Definition, ev *datasets.Evidence) (*assignment.Record, *datasets.Roster) {
	record, design := assignment.NewRecord(d), d.Assignment.Design
	roster := &datasets.Roster{}
	for _, clusters := range [][]datasets.Cluster{ev.Exposure.Clusters, ev.Exposure.Unexposed} {
		for _, c := range clusters {
			if c.Block < 0 {
				continue
			}
			roster.Variants, roster.Blocks = append(roster.Variants, c.Variant), append(roster.Blocks, c.Block)
			if design.Method == "rerandomized" {
				roster.Balance = append(roster.Balance, c.Balance)
			}
		}
	}
	switch design.Method {
	case "rerandomized":
		if record.Limit = design.Threshold; record.Limit == 0 {
			record.Limit = randomisation.DefaultLimit(len(design.Balance), len(d.Variants)-1)
		}
	case "paired":
		record.Matching = &assignment.Matching{}
		for _, v := range record.Variants {
			record.Matching.Size += int(v.Weight)
		}
	}
	return record, roster
}
