package analysis

import (
	"fmt"
	"strings"

	"liftgate/experiment/result"
	"liftgate/stats"
)

// sampleRatio tests the units that were analysed against the weights.
func (n *inference) sampleRatio() result.Check {
	if n.Query.Roster != nil {
		return n.listedRatio()
	}
	c := result.Check{Check: "sample_ratio", Blocks: true}
	shares, units := n.expectedShares(), n.evidence.Exposure.Units
	for i, name := range n.Query.Variants {
		if shares[i] == 0 && units[i] > 0 {
			c.Status, c.Detail = result.Fail, fmt.Sprintf("%s has weight 0 and %s: find out what sends them there.", name, many(units[i], n.counted()))
			return c
		}
	}
	test, err := split(units, shares)
	if err != nil {
		c.Status, c.Detail = result.Fail, fmt.Sprintf("The sample ratio cannot be tested: %v.", err)
		return c
	}
	c.Status, c.PValue, c.Statistic = statusOf(test.PValue), number(test.PValue), number(test.Statistic)
	parts := make([]string, len(units))
	for i, v := range n.Query.Variants {
		parts[i] = fmt.Sprintf("%s %.2f%% (weight %.2f%%)", v, 100*float64(units[i])/float64(total(units)), 100*shares[i])
	}
	seen := strings.Join(parts, ", ")
	switch c.Status {
	case result.Pass:
		c.Detail = "Units arrived as the weights say: " + seen + "."
	case result.Warn:
		c.Detail = "Shares are a little off the weights: " + seen + ". Look for units lost in one variant (redirects, bots, logging) before you trust small effects."
	default:
		c.Detail = "Shares do not fit the weights: " + seen + ". Units were lost or added in one variant, so the groups are not comparable: find the cause and run again."
	}
	return c
}

// split tests counts against shares that sum to one: by chi-square, with the exact p-value where it expects too few in a variant.
func split(counts []int64, shares []float64) (stats.ChiSquare, error) {
	test, err := stats.SampleRatio(counts, shares)
	if err != nil {
		return test, err
	}
	for _, share := range shares {
		if expected := share * float64(total(counts)); share > 0 && expected < smallExpectation {
			exact, err := stats.ExactSampleRatio(counts, shares)
			if err == nil { // with many variants there are too many splits to count
				test.PValue = exact.PValue
			}
			break
		}
	}
	return test, nil
}

// smallExpectation is the count below which chi-square is not to be trusted.
const smallExpectation = 5

// smallestSegment is the fewest units that a segment's ratio is tested, and shown, with.
const smallestSegment = 5

// sampleRatioBySegment tests every segment, with Bonferroni over all of them.
func (n *inference) sampleRatioBySegment() result.Check {
	w := worst{check: result.Check{Check: "sample_ratio_by_segment"}}
	against := "the weights"
	if n.Query.Roster != nil {
		against = "the split of all " + n.unit()
	}
	type finding struct {
		name      string
		p         float64
		statistic *float64
	}
	var tests []finding
	for _, a := range n.evidence.Exposure.Attributes {
		for i, value := range a.Values {
			units := make([]int64, len(n.Query.Variants))
			for v := range units {
				units[v] = a.Units[v][i]
			}
			if total(units) < smallestSegment {
				continue
			}
			name := a.Name + " " + value
			if n.Query.Roster != nil {
				if p, err := n.segmentP(units); err == nil {
					tests = append(tests, finding{name, p, nil})
				}
				continue
			}
			if test, err := split(units, n.expectedShares()); err == nil {
				tests = append(tests, finding{name, test.PValue, number(test.Statistic)})
			}
		}
	}
	for _, f := range tests {
		p := min(1, f.p*float64(len(tests)))
		said, status := "", result.Pass
		if p < checkWarns {
			status, said = result.Warn, fmt.Sprintf("%s is off %s (adjusted p %.2g)", f.name, against, p)
		}
		w.note(status, number(p), f.statistic, said)
	}
	return w.done(fmt.Sprintf("None of %d segments is off %s.", len(tests), against),
		"Something loses units in these segments only: check their redirects, blockers and logging.")
}

// crossover looks for units that were seen in several variants: how many, and whether one variant sends more of them than the weights
// imply.
func (n *inference) crossover() result.Check {
	c := result.Check{Check: "crossover", Status: result.Pass, Blocks: true}
	e := &n.evidence.Exposure
	crossed, all := total(e.Crossover), total(e.Units)
	if n.Query.Crossover == "drop" {
		all += crossed
		if unequal(n.expectedShares()) {
			n.warn("crossover units are dropped while weights are unequal: larger variants lose a smaller share of their units, which biases the comparison; use crossover: first")
		}
	}
	if crossed == 0 {
		c.Detail = fmt.Sprintf("No %s was seen in more than one variant.", n.counted())
		return c
	}
	share := float64(crossed) / float64(all)
	c.Statistic = number(share)
	p := n.crossoverBalance()
	c.PValue = number(p)
	switch {
	case share >= 0.05 || p < checkFails:
		c.Status = result.Fail
	case share >= 0.01:
		c.Status = result.Warn
	}
	seen := fmt.Sprintf("%s (%s of all) met more than one variant", many(crossed, n.counted()), percent(share))
	switch {
	case p < checkFails:
		c.Detail = seen + ", more from one variant than its weight implies: something moves units out of a variant. Fix the assignment and run again."
	case c.Status == result.Fail:
		c.Detail = seen + ". Assignment does not stick: fix it and run again."
	case c.Status == result.Warn:
		c.Detail = seen + ". They dilute the effect: check that the assignment sticks across devices and log-ins."
	default:
		c.Detail = seen + ", too few to matter."
	}
	return c
}

// crossoverBalance is the p-value of crossover units by first variant. A unit that is assigned afresh leaves variant i with
// probability 1 - share i, so first variants of crossover units have shares in proportion to share (1 - share).
func (n *inference) crossoverBalance() float64 {
	shares := n.expectedShares()
	implied, all := make([]float64, len(shares)), 0.0
	for i, s := range shares {
		implied[i] = s * (1 - s)
		all += implied[i]
	}
	for i := range implied {
		implied[i] /= all
	}
	test, err := split(n.evidence.Exposure.Crossover, implied)
	if err != nil {
		return 1
	}
	return test.PValue
}

func unequal(shares []float64) bool {
	for _, s := range shares {
		if s != shares[0] {
			return true
		}
	}
	return false
}
