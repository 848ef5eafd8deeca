package analysis

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"

	"liftgate/experiment"
	"liftgate/experiment/result"
	"liftgate/stats"
	"liftgate/stats/cluster"
	"liftgate/stats/randomisation"
)

// chooseClusters compares variants to which whole clusters were assigned. Units of one are alike, so they are never counted as independent.
func (n *inference) chooseClusters(h hypothesis, s *sample, treatment int) (choice, error) {
	treated, control := s.arm(treatment), s.arm(n.control())
	cr2, err := cluster.Compare(treated, control, s.parts())
	if err != nil {
		return choice{}, err
	}
	d := cr2.Together
	few := n.tooFew(s, d.Clusters, cr2.Few(), treatment)
	if few == "" || n.quick() {
		c := chosen(cr2, cr2.Covariates())
		c.why = n.whyCR2(s, d) + c.regressed()
		c.clusters = describe(d)
		c.judgeClusters(h, s, treatment, n.control())
		c.unrepeated(few)
		return c, nil
	}
	options := randomisation.Options{Draws: n.repeats, Seed: n.seed(h.metric), Redraws: &n.redraws}
	again, err := randomisation.Compare(treated, control, s.parts(), randomisation.Design{}, options)
	if err != nil {
		return choice{}, err
	}
	c := chosen(again, again.Covariates())
	c.why = n.whyRepeated(s, n.randomised(s), few, again) + c.regressed()
	c.clusters = describe(d)
	c.judgeClusters(h, s, treatment, n.control())
	return c, nil
}

// tooFew says why a treatment's and the control's clusters cannot decide by their variance, given what the procedure says of their number;
// empty when they can.
func (n *inference) tooFew(s *sample, clusters int, said string, treatment int) string {
	subject := "the " + result.Count(int64(clusters))
	few := n.few(subject, said)
	switch {
	case few != "" && s.equal:
		return subject + " are few"
	case few == "" && (s.totals(treatment).dominated() || s.totals(n.control()).dominated()):
		return "a few of " + subject + " make the variance"
	}
	return few
}

// few says in the words of a reader why clusters, named by a subject, are too few or too unequal for Student's t.
func (n *inference) few(subject, few string) string {
	if number, rest, ok := strings.Cut(few, " effective clusters"); ok {
		return fmt.Sprintf("%s are only as good as %s equal ones%s", subject, number, rest)
	}
	return strings.ReplaceAll(few, "cluster", string(n.Definition.Unit))
}

// randomised says what was, and what that means for a metric.
func (n *inference) randomised(s *sample) string {
	if s.equal {
		return n.unit() + " are randomised and count the same"
	}
	return n.unit() + " are randomised"
}

// regressed says that covariates are used, if so.
func (c *choice) regressed() string {
	if len(c.covariates) == 0 {
		return ""
	}
	return ", after a regression on the covariates"
}

func (n *inference) whyCR2(s *sample, d cluster.Diagnostics) string {
	as := ""
	if !s.equal {
		as = fmt.Sprintf(" (as good as %s equal ones)", rounded(d.Effective))
	}
	return fmt.Sprintf("%s: standard errors over %s%s, CR2 with Satterthwaite's degrees of freedom",
		n.randomised(s), many(int64(d.Clusters), n.counted()), as)
}

func (n *inference) whyRepeated(s *sample, randomised, few string, again *randomisation.Comparison) string {
	repeated := many(int64(again.Draws), "random redraw") + " of the assignment"
	if s.listed != nil {
		repeated = many(int64(again.Draws), "random redraw") + " by the same design"
	}
	if again.Exact {
		repeated = "all " + many(int64(again.Draws), "possible assignment")
	}
	return fmt.Sprintf("%s, but %s: randomisation inference, over %s", randomised, few, repeated)
}

// chosen is a choice whose procedure itself says where it is valid.
func chosen(c stats.Contrast, covariates []int) choice {
	return choice{Contrast: c, outside: c.Outside(), covariates: covariates}
}

// draws of the assignment; with the one that was made, p is a multiple of 1/10,000.
const draws = 9999

// seed makes a metric's draws the same whenever the same definition is analysed, and others for other metrics.
func (n *inference) seed(m *experiment.Metric) uint64 { return n.seedOf(m.Name) }

func (n *inference) seedOf(name string) uint64 {
	h := sha256.New()
	h.Write(n.Definition.Source)
	h.Write([]byte("\x00" + name))
	return binary.BigEndian.Uint64(h.Sum(nil))
}

// rounded prints a number of clusters that need not be whole.
func rounded(x float64) string {
	if x >= 100 {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.3g", x)
}

// arm is a variant's clusters, with the components that the comparison goes by.
func (s *sample) arm(variant int) []stats.Moments {
	if s.covariates > 0 {
		return s.clusters[variant]
	}
	out := make([]stats.Moments, len(s.clusters[variant]))
	for i := range out {
		out[i] = project(&s.clusters[variant][i], s.parts())
	}
	return out
}

func describe(d cluster.Diagnostics) *result.Clusters {
	return &result.Clusters{Number: int64(d.Clusters), Effective: d.Effective, LargestShare: d.LargestShare}
}

// exposed are the clusters of a treatment and the control, by their analysis units.
func (n *inference) exposed(treatment int) *cluster.Comparison {
	sizes := make([][]int64, len(n.Query.Variants))
	for _, c := range n.evidence.Exposure.Clusters {
		sizes[c.Variant] = append(sizes[c.Variant], c.Units)
	}
	return &cluster.Comparison{Together: cluster.Evenness(sizes[treatment], sizes[n.control()])}
}
