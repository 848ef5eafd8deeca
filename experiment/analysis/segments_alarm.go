package analysis

import (
	"fmt"
	"slices"
	"strings"

	"liftgate/experiment/result"
	"liftgate/stats/multiplicity"
	"liftgate/stats/synthesis"
)

// differsAlpha is the family-wise error rate of "a segment differs from the rest".
const differsAlpha = checkWarns

// contrastGroups tests the groups of one attribute against each other, and each, a row of the scan, against the others.
func (s *segmentScan) contrastGroups(test result.Heterogeneity, groups []synthesis.Group, members []int) {
	if len(groups) < 2 {
		s.uncompared("no other segment has a comparison that can be tested", members...)
		return
	}
	q, err := synthesis.Homogeneous(groups)
	if err != nil {
		s.uncompared("numbers are beyond what a test can take", members...)
		return
	}
	test.Segments, test.Q, test.DF, test.PValue = len(groups), number(q.Q), number(q.DF), number(q.PValue)
	if p, err := synthesis.Qualitative(groups); err == nil {
		test.QualitativePValue = number(p)
	}
	s.tests = append(s.tests, test)
	rests, err := synthesis.AgainstRest(groups)
	if err != nil {
		return
	}
	for i, rest := range rests {
		s.rows[members[i]].DiffersPValue = number(rest.PValue)
		if len(rests) > 2 {
			s.differs = append(s.differs, alarm{rest.PValue, members[i : i+1]})
		}
	}
	if len(rests) == 2 {
		s.differs = append(s.differs, alarm{rests[0].PValue, members})
	}
}

// uncompared says why rows are not compared with the rest. They may be tested for harm all the same.
func (s *segmentScan) uncompared(why string, rows ...int) {
	for _, r := range rows {
		s.rows[r].Untested = "not compared with the rest: " + why
	}
}

// adjust accounts for the number of tests. Alarms make somebody act and one of them keeps a treatment from a launch, so the chance of any
// false one is held (Holm). Which attributes matter at all is a list to look through, where a share of false ones does no harm.
func (s *segmentScan) adjust() {
	for p, rows := range adjusted(s.differs) {
		for _, r := range rows {
			s.rows[r].DiffersAdjustedP, s.rows[r].Differs = number(p), p < differsAlpha
		}
	}
	for p, rows := range adjusted(s.harms) {
		for _, r := range rows {
			s.rows[r].HarmAdjustedP, s.rows[r].Harmed = number(p), p < s.Definition.Decision.HarmAlpha
		}
	}
	var p []float64
	for i := range s.tests {
		p = append(p, *s.tests[i].PValue)
	}
	if adjusted, err := multiplicity.BenjaminiHochberg(p); err == nil {
		for i := range s.tests {
			s.tests[i].AdjustedP = number(adjusted[i])
		}
	}
}

// adjusted yields Holm's p-value of each alarm with its rows.
func adjusted(alarms []alarm) func(yield func(float64, []int) bool) {
	return func(yield func(float64, []int) bool) {
		p := make([]float64, len(alarms))
		for i := range alarms {
			p[i] = alarms[i].p
		}
		holm, err := multiplicity.Holm(p)
		if err != nil {
			return // there are none
		}
		for i := range alarms {
			if !yield(holm[i], alarms[i].rows) {
				return
			}
		}
	}
}

// checks are what the scan says of the experiment. They do not make it invalid.
func (s *segmentScan) checks() []result.Check {
	return []result.Check{s.heterogeneityCheck(), s.harmCheck()}
}

func (s *segmentScan) heterogeneityCheck() result.Check {
	w := worst{check: result.Check{Check: "heterogeneity"}}
	said := map[string]bool{}
	for i := range s.rows {
		row := &s.rows[i]
		if row.DiffersAdjustedP == nil {
			continue
		}
		status, finding := result.Pass, ""
		if row.Differs {
			status = result.Warn
			pair := strings.Join([]string{row.Attribute, row.Metric, row.Variant}, "\x00")
			if !said[pair] || !s.twoValued(row) {
				finding = s.aboutDifference(row)
			}
			said[pair] = true
		}
		w.note(status, row.DiffersAdjustedP, nil, finding)
	}
	return w.done(s.nothing("No segment differs from the rest", len(s.differs), func(r *result.SegmentEffect) *float64 { return r.DiffersPValue }),
		"One effect does not describe everybody: look at these segments by themselves before the launch.")
}

// twoValued reports whether a row's attribute has two tested values, so that one finding says all.
func (s *segmentScan) twoValued(row *result.SegmentEffect) bool {
	for _, a := range s.differs {
		if len(a.rows) == 2 && (row == &s.rows[a.rows[0]] || row == &s.rows[a.rows[1]]) {
			return true
		}
	}
	return false
}

func (s *segmentScan) aboutDifference(row *result.SegmentEffect) string {
	return fmt.Sprintf("%s of %s is %s where %s is %s, unlike elsewhere (adjusted p %.2g)",
		row.Metric, row.Variant, s.effectOf(row), row.Attribute, row.Segment, *row.DiffersAdjustedP)
}

func (s *segmentScan) harmCheck() result.Check {
	w := worst{check: result.Check{Check: "harmed_segment"}}
	for i := range s.rows {
		row := &s.rows[i]
		if row.HarmAdjustedP == nil {
			continue
		}
		status, finding := result.Pass, ""
		if row.Harmed {
			status, finding = result.Fail, s.aboutHarm(row)
		}
		w.note(status, row.HarmAdjustedP, nil, finding)
	}
	return w.done(s.nothing("No segment is proven to be harmed", len(s.harms), func(r *result.SegmentEffect) *float64 { return r.HarmPValue }),
		"This keeps the treatment from a launch: find out what goes wrong there, or launch without these segments.")
}

// aboutHarm names a harmed segment, its size, the effect, and what it is beyond.
func (s *segmentScan) aboutHarm(row *result.SegmentEffect) string {
	beyond := "worse than zero"
	if s.marginOf(row) != nil {
		beyond = "beyond its margin"
	}
	return fmt.Sprintf("%s of %s is %s where %s is %s (%s), %s (adjusted p %.2g)", row.Metric, row.Variant, s.effectOf(row),
		row.Attribute, row.Segment, many(*row.N+*row.ControlN, s.analysisUnit()), beyond, *row.HarmAdjustedP)
}

// whole is the metric that a row is about.
func (s *segmentScan) whole(row *result.SegmentEffect) *result.Metric {
	i := slices.IndexFunc(s.metrics, func(m result.Metric) bool { return m.Metric == row.Metric })
	return &s.metrics[i]
}

// marginOf is the margin of a row's metric; nil without one.
func (s *segmentScan) marginOf(row *result.SegmentEffect) *result.Margin {
	for _, c := range s.whole(row).Comparisons {
		if c.Variant == row.Variant && c.Test == result.NonInferiority {
			return c.Margin
		}
	}
	return nil
}

// effectOf is a segment's effect in words, on the scale of its margin, without one as a lift where there is one.
func (s *segmentScan) effectOf(row *result.SegmentEffect) string {
	margin := s.marginOf(row)
	if l := row.Lift; l != nil && l.Lower != nil && l.Upper != nil && (margin == nil || margin.Scale == result.OnLift) {
		return fmt.Sprintf("%+.3g%% (%+.3g%% to %+.3g%%)", 100**l.Estimate, 100**l.Lower, 100**l.Upper)
	}
	d, factor, unit := row.Difference, 1.0, ""
	if s.whole(row).IsShare() {
		factor, unit = 100, " pp"
	}
	if d == nil || d.Lower == nil || d.Upper == nil {
		return "changed"
	}
	return fmt.Sprintf("%+.3g%s (%+.3g%s to %+.3g%s)", factor**d.Estimate, unit, factor**d.Lower, unit, factor**d.Upper, unit)
}

// nothing says that there was no alarm, and how many segments could not give one.
func (s *segmentScan) nothing(what string, tests int, p func(*result.SegmentEffect) *float64) string {
	untested := 0
	for i := range s.rows {
		if s.rows[i].Untested != "" && p(&s.rows[i]) == nil {
			untested++
		}
	}
	names := make([]string, len(s.evidence.Views.Segments))
	for i, segment := range s.evidence.Views.Segments {
		names[i] = segment.Name
	}
	said := fmt.Sprintf("%s, of %s over %s", what, many(int64(tests), "test"), strings.Join(names, ", "))
	if untested > 0 {
		said += fmt.Sprintf("; %s cannot be tested", many(int64(untested), "comparison"))
	}
	return said + "."
}
