package analysis

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"liftgate/datasets"
	"liftgate/experiment"
	"liftgate/experiment/result"
)

// Recut computes the result of a part of the experiment from the evidence of the whole and the result that was found of the whole: up to
// rounding, what an analysis of the run's own units in the segments would find in the rows before the end of the day. Exclusions, crossover
// units, caps and the values of segments that are kept are those of the run.
//
// A metric that had no data or failed in the whole has none here, one that evidence does not hold for the part is not supported, and numbers
// of fewer than 5 units are not shown. Checks that the part's evidence cannot answer are the whole run's and say so. The decision is left
// to package decision, which makes none. It fails with *datasets.NotHeldError where the evidence holds nothing of the part.
func (s *Study) Recut(ev *datasets.Evidence, whole *result.Result, c result.Cut, stamp Stamp) (*result.Result, error) {
	if err := s.matches(ev); err != nil {
		return nil, err
	}
	asked, err := s.cut(ev, c)
	if err != nil {
		return nil, err
	}
	cut, err := ev.Cut(asked)
	if err != nil {
		return nil, suggested(err)
	}
	if err := s.shown(cut, c); err != nil {
		return nil, err
	}
	all, err := s.inference(ev)
	if err != nil {
		return nil, err
	}
	n := all.on(cut, whole.Metrics, asked.Age, false)
	r := n.head(stamp)
	r.Cut = c
	if r.Cut.Segments == nil {
		r.Cut.Segments = map[string]string{}
	}
	for i := range s.Definition.Metrics {
		r.Metrics = append(r.Metrics, n.metric(&s.Definition.Metrics[i]))
	}
	r.Checks = n.checksOfPart(r.Metrics, whole.Checks)
	n.warnAboutPart(ev)
	r.Warnings = append(append([]string{}, ev.Warnings...), n.warnings...)
	return r, nil
}

// cut finds a part in the evidence.
func (s *Study) cut(ev *datasets.Evidence, c result.Cut) (datasets.Cut, error) {
	out := datasets.Cut{Segments: c.Segments}
	if c.Day != nil && ev.Views != nil && len(ev.Views.Days) > 0 {
		days := s.dayNames(ev.Views.Days)
		at := slices.Index(days, *c.Day)
		if at < 0 {
			return out, &datasets.NotHeldError{Reason: fmt.Sprintf("the run has no day %s: its first is %s and its last %s", *c.Day, days[0], days[len(days)-1])}
		}
		out.Day = &at
	} else if c.Day != nil {
		out.Day = new(int)
	}
	if c.Age == nil {
		return out, nil
	}
	out.Age = *c.Age
	longest := datasets.Span(0)
	for i := range s.Query.Values {
		longest = max(longest, s.Query.Values[i].Window[1])
	}
	if s.Query.Units == nil && datasets.Span(out.Age)*datasets.Day > longest {
		return out, &datasets.NotHeldError{Reason: fmt.Sprintf("no window reaches to age %d: the longest closes %s after the exposure", out.Age, days(longest))}
	}
	return out, nil
}

// dayNames are the dates of days that are given by their ends.
func (s *Study) dayNames(ends []datasets.Instant) []string {
	location := s.Query.Location
	if location == nil {
		location = time.UTC
	}
	out := make([]string, len(ends))
	for i, end := range ends {
		out[i] = (end - 1).Time().In(location).Format(time.DateOnly)
	}
	return out
}

// suggested adds what may have been meant.
func suggested(err error) error {
	var none *datasets.NotHeldError
	if !errors.As(err, &none) || none.Given == "" {
		return err
	}
	if meant := experiment.Suggest(none.Given, none.Known); meant != "" {
		return fmt.Errorf("%w; %s", err, meant)
	}
	return err
}

// shown refuses a part with too few units to be shown.
func (s *Study) shown(cut *datasets.Evidence, c result.Cut) error {
	var few []string
	for v, units := range cut.Exposure.Units {
		if units < smallestSegment {
			few = append(few, cut.Variants[v])
		}
	}
	if len(few) == 0 {
		return nil
	}
	return &datasets.NotHeldError{Reason: fmt.Sprintf("fewer than %d %ss of %s are in this part (%s); numbers of so few are not shown",
		smallestSegment, s.Definition.Unit, strings.Join(few, " and "), c)}
}

// warnAboutPart says what a part does not tell.
func (n *inference) warnAboutPart(whole *datasets.Evidence) {
	n.warn("exposures that were left out, and counts of events, are those of the whole run")
	if n.Query.Crossover == datasets.CrossoverDrop && total(whole.Exposure.Crossover) > 0 {
		n.warn("crossover units are dropped, and not counted in a part of the experiment")
	}
	for i := range whole.Blocks {
		b, own := &whole.Blocks[i], &n.evidence.Blocks[i]
		if own.Failed != "" {
			continue
		}
		if b.WithoutCrossover != nil && own.WithoutCrossover == nil && total(n.evidence.Exposure.Crossover) > 0 {
			n.warn("%s: evidence by age does not tell crossover units apart, so nothing is shown without them", b.Metric)
		}
	}
}

// checksOfPart are the checks that a part's evidence answers; the others are the whole run's.
func (n *inference) checksOfPart(metrics []result.Metric, whole []result.Check) []result.Check {
	own := n.applicable(metrics)
	out := make([]result.Check, 0, len(whole))
	for _, c := range whole {
		at := slices.IndexFunc(own, func(o applicable) bool { return o.name == c.Check })
		if at >= 0 && n.answers(c.Check) {
			out = append(out, own[at].run())
			continue
		}
		c.Detail = "In the whole run: " + c.Detail
		out = append(out, c)
	}
	return out
}

// answers reports whether a part's evidence answers a check: not about rows, which are not told apart, and of a design only what does not
// ask for the merchants that the part lacks.
func (n *inference) answers(check string) bool {
	switch check {
	case "assignment", "data_freshness", "join_rate":
		return false
	case "sample_ratio":
		return n.Query.Roster == nil
	case "crossover": // of those that are dropped nobody knows where they belong
		return n.Query.Crossover != datasets.CrossoverDrop
	case "clusters": // in a cut by day their sizes are not known
		return n.Query.Roster == nil && !slices.ContainsFunc(n.evidence.Exposure.Clusters, func(c datasets.Cluster) bool { return c.Units < 0 })
	case "outlier":
		return n.part.age == 0
	default:
		return true
	}
}
