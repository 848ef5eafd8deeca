package analysis

import (
	"errors"

	"liftgate/datasets"
	"liftgate/experiment/result"
	"liftgate/stats"
	"liftgate/stats/randomisation"
)

// Trial judges one way to deal the analysed units out to the variants, by the very methods and rules of [Study.Infer]: for whoever asks
// what these would say of units that were dealt out otherwise. It is not safe for concurrent use.
type Trial struct{ *inference }

// trialDraws of the assignment are enough for a trial: p is as exact with fewer, in steps of 1/1,000.
const trialDraws = 999

// NewTrial takes the evidence of a trial. Of its exposure it needs Units and, where merchants are randomised, Clusters and Unexposed; of a block
// Total and Skewness, or Quantiles, Clusters where there are any, and, for the check of outliers, WithoutTop and Top.
func (s *Study) NewTrial(ev *datasets.Evidence) (*Trial, error) {
	n, err := s.inference(ev)
	if err != nil {
		return nil, err
	}
	n.repeats = trialDraws
	return &Trial{n}, nil
}

// Status says what keeps a metric, counted as in the definition, from being judged at all, in the words of [result.Metric].
func (t *Trial) Status(metric int) (status, reason string) {
	m := &t.Definition.Metrics[metric]
	return t.status(m, t.block(m))
}

// Alpha is the two-sided error rate at which a metric is judged.
func (t *Trial) Alpha(metric int) float64 { return t.alpha[t.Definition.Metrics[metric].Role] }

// Block is the place of a metric's block in the query; false where the metric is not supported.
func (t *Trial) Block(metric int) (int, bool) {
	i, ok := t.blocks[t.Definition.Metrics[metric].Name]
	return i, ok
}

// Control is the place of the control among the variants, Treatments are those of the others.
func (t *Trial) Control() int { return t.control() }

// Treatments are the places of the variants that are compared with the control.
func (t *Trial) Treatments() []int { return t.treatments() }

// Shares are those of the variants, as the definition's weights imply.
func (t *Trial) Shares() []float64 { return t.expectedShares() }

// Compare compares a treatment with the control on one metric. It fails where no comparison can be made, as without any spread.
func (t *Trial) Compare(metric, treatment int) (stats.Contrast, result.Comparison, error) {
	h := hypothesis{&t.Definition.Metrics[metric], t.alpha[t.Definition.Metrics[metric].Role]}
	block := t.block(h.metric)
	if block == nil || block.Failed != "" {
		return nil, result.Comparison{}, errNoBlock
	}
	c, err := t.choose(h, t.sample(h.metric, block), treatment)
	if err != nil {
		return nil, result.Comparison{}, err
	}
	out := h.judge(c)
	out.Variant, out.Control = t.Query.Variants[treatment], t.Definition.Control
	return c.Contrast, out, nil
}

var errNoBlock = errors.New("the metric has no evidence")

// Checks are those that depend on how units were dealt out, given a row for each metric of the definition with its comparisons.
func (t *Trial) Checks(metrics []result.Metric) []result.Check {
	out := []result.Check{t.sampleRatio()}
	if t.Query.Clustered {
		out = append(out, t.clusterCheck())
	}
	if t.hasCovariates() {
		out = append(out, t.prePeriod())
	}
	return append(out, t.outlier(metrics))
}

// Balanced reports whether a design that draws again until its merchants are balanced would have kept this trial; true for others.
func (t *Trial) Balanced() (bool, error) {
	if t.Query.Roster == nil || t.Query.Roster.Balance == nil {
		return true, nil
	}
	variants := make([]stats.Moments, len(t.Query.Variants))
	for _, list := range [][]datasets.Cluster{t.evidence.Exposure.Clusters, t.evidence.Exposure.Unexposed} {
		for i := range list {
			if list[i].Balance != nil {
				variants[list[i].Variant].Add(list[i].Balance...)
			}
		}
	}
	for _, treatment := range t.treatments() {
		distance, err := randomisation.Distance(variants[treatment], variants[t.control()])
		if err != nil || distance > t.record.Limit {
			return false, err
		}
	}
	return true, nil
}
