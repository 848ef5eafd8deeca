package analysis

import (
	"fmt"
	"strings"

	"liftgate/experiment/result"
	"liftgate/stats/blocked"
)

// listedRatio looks for clusters of a design's list that are missing more often in one variant. How many have each variant was no chance, the
// design fixed it; chance is only which of a block did, so an exact test in the blocks says whether being missing depends on the variant.
func (n *inference) listedRatio() result.Check {
	c := result.Check{Check: "sample_ratio", Blocks: true}
	p, control := 1.0, n.control()
	for _, t := range n.treatments() {
		own, err := blocked.CompareLosses(n.losses(t, control))
		if err != nil {
			c.Status, c.Detail = result.Fail, fmt.Sprintf("The sample ratio cannot be tested: %v.", err)
			return c
		}
		p = min(p, own*float64(len(n.treatments())))
	}
	analysed, all := n.listedCounts()
	parts := make([]string, len(all))
	lowest, highest := 1.0, 0.0
	for i, v := range n.Query.Variants {
		parts[i] = fmt.Sprintf("%s %s of %s", v, result.Count(analysed[i]), result.Count(all[i]))
		share := float64(analysed[i]) / max(float64(all[i]), 1)
		lowest, highest = min(lowest, share), max(highest, share)
	}
	c.Status, c.PValue, c.Statistic = statusOf(p), number(p), number(highest-lowest)
	seen := fmt.Sprintf("Of the %s that the design listed, these were analysed: %s", n.unit(), strings.Join(parts, ", "))
	switch c.Status {
	case result.Pass:
		c.Detail = seen + "; no variant lost more than chance would."
	case result.Warn:
		c.Detail = seen + ". One variant lost more than chance would: look for what keeps its " + n.unit() + " from being exposed or logged before you trust small effects."
	default:
		c.Detail = seen + ". One variant lost more, so the groups are not comparable any more: find the cause and run again."
	}
	return c
}

// listedCounts are the clusters on the design's list, analysed and all, by variant: that they met, of those not analysed that they were given.
func (n *inference) listedCounts() (analysed, all []int64) {
	analysed, all = make([]int64, len(n.Query.Variants)), make([]int64, len(n.Query.Variants))
	e := &n.evidence.Exposure
	for _, c := range e.Clusters {
		if c.Block >= 0 {
			analysed[c.Variant]++
			all[c.Variant]++
		}
	}
	for _, c := range e.Unexposed {
		all[c.Variant]++
	}
	return analysed, all
}

// losses are the clusters of two variants by block; those that are not on the list are left out.
func (n *inference) losses(treatment, control int) []blocked.Loss {
	var out []blocked.Loss
	place := map[int]int{}
	add := func(variant, block int, missing int64) {
		if block < 0 || variant != treatment && variant != control {
			return
		}
		at, ok := place[block]
		if !ok {
			at = len(out)
			place[block] = at
			out = append(out, blocked.Loss{})
		}
		arm := 0
		if variant == control {
			arm = 1
		}
		out[at].Listed[arm]++
		out[at].Missing[arm] += missing
	}
	for _, c := range n.evidence.Exposure.Clusters {
		add(c.Variant, c.Block, 0)
	}
	for _, c := range n.evidence.Exposure.Unexposed {
		add(c.Variant, c.Block, 1)
	}
	return out
}

// segmentP is the p-value of a segment's clusters against all that are analysed: they should lie in it whatever their variant. Weights say less,
// because the design fixed how many there are.
func (n *inference) segmentP(units []int64) (float64, error) {
	p := 1.0
	all := n.evidence.Exposure.Units
	for _, t := range n.treatments() {
		c := n.control()
		own, err := blocked.CompareLosses([]blocked.Loss{{
			Listed: [2]int64{all[t], all[c]}, Missing: [2]int64{min(units[t], all[t]), min(units[c], all[c])},
		}})
		if err != nil {
			return 0, err
		}
		p = min(p, own*float64(len(n.treatments())))
	}
	return p, nil
}
