package analysis

import (
	"liftgate/datasets"
	"liftgate/experiment"
	"liftgate/experiment/assignment"
	"liftgate/stats/randomisation"
)

// Reopen is the study of a run whose data are not at hand: of its definition and its evidence. With what the run's own study was given as options,
// and as [Study.Unchecked], it infers the same to the bit. It is no query to observe: conditions are not bound. It fails when the evidence answers
// another definition.
func Reopen(d *experiment.Definition, ev *datasets.Evidence, o Options) (*Study, error) {
	b := &binder{definition: d, blind: true}
	s := &Study{Definition: d, blocks: map[string]int{}, unchecked: o.Unchecked}
	s.Query = b.frame(o)
	b.addMetrics(s)
	s.Query.Events = b.eventsInUse(&s.Query)
	if a := d.Assignment; a != nil {
		if err := s.recall(a, ev); err != nil {
			return nil, err
		}
	}
	if len(b.problems) > 0 {
		return nil, b.problems.Sorted()
	}
	return s, s.matches(ev)
}

// recall states what the logged variants were compared with.
func (s *Study) recall(a *experiment.Assignment, ev *datasets.Evidence) (err error) {
	if a.Eligible != nil && s.unchecked == "" {
		s.Query.Eligible = a.Eligible.Tree
	}
	if a.Design != nil {
		s.record, s.Query.Roster = listOf(s.Definition, ev)
		return nil
	}
	s.Query.Plan, err = assignment.Plan(s.Definition)
	return err
}

// listOf is what the evidence knows of a design's record: the merchants on the list, without their keys.
func listOf(d *experiment.Definition, ev *datasets.Evidence) (*assignment.Record, *datasets.Roster) {
	record, design := assignment.NewRecord(d), d.Assignment.Design
	roster := &datasets.Roster{}
	if design.Method == "rerandomized" {
		roster.Balance = [][]float64{}
	}
	for _, clusters := range [][]datasets.Cluster{ev.Exposure.Clusters, ev.Exposure.Unexposed} {
		for _, c := range clusters {
			if c.Block < 0 {
				continue
			}
			roster.Variants, roster.Blocks = append(roster.Variants, c.Variant), append(roster.Blocks, c.Block)
			if roster.Balance != nil {
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
