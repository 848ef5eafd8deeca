package analysis

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"liftgate/datasets"
	"liftgate/experiment"
	"liftgate/experiment/result"
	"liftgate/stats/randomisation"
)

// Stamp is what a result says about where it comes from.
type Stamp struct {
	Engine      string // name and version
	Fingerprint string // of the evidence files
}

// Infer computes the result from the evidence alone; the decision is left to package decision. The evidence must be an answer to
// the study's query.
func (s *Study) Infer(ev *datasets.Evidence, stamp Stamp) (*result.Result, error) {
	if err := s.matches(ev); err != nil {
		return nil, err
	}
	if err := populated(ev); err != nil {
		return nil, err
	}
	n, err := s.inference(ev)
	if err != nil {
		return nil, err
	}
	r := n.head(stamp)
	for i := range s.Definition.Metrics {
		r.Metrics = append(r.Metrics, n.metric(&s.Definition.Metrics[i]))
	}
	r.Checks = n.checks(r.Metrics)
	if scan := n.scanSegments(r.Metrics); scan != nil {
		r.Segments, r.Heterogeneity = scan.rows, scan.tests
		r.Checks = append(r.Checks, scan.checks()...)
	}
	r.Trends = n.trends(r.Metrics)
	n.warnAboutReach()
	r.Warnings = append(append([]string{}, ev.Warnings...), n.warnings...)
	return r, nil
}

func (s *Study) inference(ev *datasets.Evidence) (*inference, error) {
	alpha, err := alphas(s.Definition)
	if err != nil {
		return nil, err
	}
	return &inference{Study: s, evidence: ev, alpha: alpha, repeats: draws}, nil
}

// head is a result before anything is inferred.
func (n *inference) head(stamp Stamp) *result.Result {
	d := n.Definition
	sum := sha256.Sum256(d.Source)
	return &result.Result{
		Schema: result.SchemaV1, Experiment: d.Name, Title: d.Title, Hypothesis: d.Hypothesis, Owner: d.Owner,
		Unit: string(d.Unit), Control: d.Control,
		AsOf: instant(n.evidence.AsOf), DecisionDate: instant(n.decisionDate()),
		DefinitionSHA256: hex.EncodeToString(sum[:]), DataFingerprint: stamp.Fingerprint, Engine: stamp.Engine,
		Cut:      result.Cut{Segments: map[string]string{}},
		Rules:    n.rules(),
		Exposure: n.exposure(),
	}
}

// inference is one run of Infer.
type inference struct {
	*Study
	evidence *datasets.Evidence
	part     *part // that the evidence is of; nil for the whole experiment
	alpha    map[experiment.Role]float64
	warnings []string
	redraws  randomisation.Redraws          // of a metric's comparisons, which repeat the same assignments
	redrawn  map[int]*randomisation.Redraws // of a design, by treatment
	repeats  int                            // of the assignment, where it is repeated
}

// warn says something once: metrics share values.
func (n *inference) warn(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(n.warnings, text) {
		n.warnings = append(n.warnings, text)
	}
}

// matches refuses evidence of another query.
func (s *Study) matches(ev *datasets.Evidence) error {
	if len(ev.Variants) != len(s.Query.Variants) || len(ev.Blocks) != len(s.Query.Blocks) || len(ev.Values) != len(s.Query.Values) ||
		len(ev.Events) != len(s.Query.Events) {
		return fmt.Errorf("the evidence answers another definition: it has %d variants, %d metrics, %d values and %d sources of events, not %d, %d, %d and %d",
			len(ev.Variants), len(ev.Blocks), len(ev.Values), len(ev.Events),
			len(s.Query.Variants), len(s.Query.Blocks), len(s.Query.Values), len(s.Query.Events))
	}
	if s.Query.Clustered && ev.Exposure.First != nil && len(ev.Exposure.UnitHours) != len(ev.Variants) {
		return errors.New("the evidence does not say when the shoppers of the merchants were exposed: an older version wrote it; analyse the data again")
	}
	if err := s.matchesRoster(ev); err != nil {
		return err
	}
	for i, b := range ev.Blocks {
		if b.Metric != s.Query.Blocks[i].Metric {
			return fmt.Errorf("the evidence answers another definition: it has metric %q in place of %q", b.Metric, s.Query.Blocks[i].Metric)
		}
	}
	return nil
}

// matchesRoster refuses evidence of another list of merchants.
func (s *Study) matchesRoster(ev *datasets.Evidence) error {
	if s.Query.Roster == nil {
		return nil
	}
	listed, known := 0, len(ev.Exposure.Unexposed)
	for _, v := range s.Query.Roster.Variants {
		if v >= 0 {
			listed++
		}
	}
	for _, c := range ev.Exposure.Clusters {
		if c.Block >= 0 {
			known++
		}
	}
	if listed != known {
		return fmt.Errorf("the evidence answers another design: it knows of %d merchants with a variant on the list, the record of %d; analyse the data again", known, listed)
	}
	return nil
}

// populated refuses evidence in which a variant has nobody: there is nothing to compare.
func populated(ev *datasets.Evidence) error {
	var missing []string
	for i, v := range ev.Variants {
		if ev.Exposure.Units[i] == 0 {
			missing = append(missing, v)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	d := ev.Exposure.Dropped
	return fmt.Errorf("no analysed unit has variant %s, so there is nothing to compare (left out: %d exposures outside the schedule, %d of ignored variants, %d without a unit; %d forced and %d tied units)",
		strings.Join(missing, " or "), d.OutsideSchedule, d.IgnoredVariants, d.NullUnit, d.Forced, d.Tied)
}

// warnAboutReach says why the data end before the decision date when nobody has said so, but only the latest row of a source.
func (n *inference) warnAboutReach() {
	date, asOf := n.decisionDate(), n.evidence.AsOf
	if n.Query.AsOf != nil || date == nil || asOf == nil || *asOf >= *date {
		return
	}
	for i, table := range n.Query.Events {
		if table.CompleteThrough == nil && n.evidence.Events[i].CompleteThrough == *asOf {
			n.warn("as of is just after the latest row of %s, %s: when it holds everything up to a later time, declare its complete_through, or use --as-of",
				table.Name, moment(*asOf))
		}
	}
}

func (n *inference) rules() result.Rules {
	d := n.Definition.Decision
	r := result.Rules{
		Alpha: d.Alpha, HarmAlpha: d.HarmAlpha, Power: d.Power, MinDays: d.MinDays, Monitoring: n.Definition.Monitoring.Method,
	}
	if d.RiskBudget != nil {
		r.RiskBudget = &result.Money{Amount: d.RiskBudget.Amount, Currency: d.RiskBudget.Currency}
	}
	from := n.Definition.Schedule.Start
	if from == nil {
		from = n.evidence.Exposure.First
	}
	if from != nil && n.evidence.AsOf != nil {
		r.Days = number(float64(n.evidence.AsOf.Sub(*from)) / float64(datasets.Day))
	}
	return r
}

// decisionDate is when the last unit's windows close for every metric that decides. The horizon of a delayed metric is no window.
func (s *Study) decisionDate() *datasets.Instant {
	d := s.Definition
	if d.Schedule.End == nil || d.Data.Exposures == nil {
		return nil
	}
	var longest datasets.Span
	for i := range d.Metrics {
		if m := &d.Metrics[i]; m.Role.Deciding() {
			for _, v := range m.Values() {
				longest = max(longest, v.Window[1])
			}
		}
	}
	date := d.Schedule.End.Add(longest)
	return &date
}

func instant(i *datasets.Instant) *string {
	if i == nil {
		return nil
	}
	s := i.String()
	return &s
}
