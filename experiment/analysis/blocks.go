package analysis

import (
	"fmt"
	"slices"
	"strings"

	"liftgate/experiment/result"
	"liftgate/stats"
	"liftgate/stats/blocked"
	"liftgate/stats/randomisation"
)

// chooseBlocks compares variants that a design assigned to a list of clusters, by what the design made vary: blocks decide when they
// are enough, else the design is repeated.
func (n *inference) chooseBlocks(h hypothesis, s *sample, treatment int) (choice, error) {
	control := n.control()
	design := s.listed.design(treatment, control)
	over, err := blocked.Compare(s.listedArm(treatment), s.listedArm(control), s.parts(), design)
	if err != nil {
		return choice{}, err
	}
	d := over.Diagnostics
	few := n.tooFew(s, d.Clusters, d.Few(), treatment)
	clusters := describeBlocks(d)
	clusters.Blocks.Incomplete = s.listed.incomplete(treatment, control)
	if few == "" || n.quick() {
		c := chosen(over, s.used(over.Covariates()))
		c.why = n.whyBlocks(s, d, design) + c.regressed()
		c.clusters = clusters
		c.judgeClusters(h, s, treatment, control)
		c.unrepeated(few)
		return c, nil
	}
	again, err := n.repeat(s, treatment, design)
	if err != nil {
		return choice{}, err
	}
	c := chosen(again, s.used(again.Covariates()))
	c.why = n.whyRepeated(s, n.randomised(s)+" "+n.designed(d), few, again) + c.regressed()
	c.clusters = clusters
	c.judgeClusters(h, s, treatment, control)
	return c, nil
}

// used are the covariates among the places that a regression used; what the design balanced comes after them.
func (s *sample) used(places []int) []int {
	return slices.DeleteFunc(slices.Clone(places), func(i int) bool { return i >= s.covariates })
}

// repeat repeats the design. Metrics share its draws, because those that are rejected for balance take long.
func (n *inference) repeat(s *sample, treatment int, d blocked.Design) (*randomisation.Comparison, error) {
	control := n.control()
	design := randomisation.Design{TreatedStrata: d.Treated, ControlStrata: d.Control}
	treated, other := s.listedArm(treatment), s.listedArm(control)
	if d.TreatedBalance != nil {
		balance, err := n.balance(treatment, d)
		if err != nil {
			return nil, err
		}
		design.Balance = balance
		if n.affords(treated, other, d) {
			treated, other = withBalance(treated, d.TreatedBalance), withBalance(other, d.ControlBalance)
		}
	}
	if n.redrawn == nil {
		n.redrawn = map[int]*randomisation.Redraws{}
	}
	if n.redrawn[treatment] == nil {
		n.redrawn[treatment] = &randomisation.Redraws{}
	}
	options := randomisation.Options{Draws: n.repeats, Seed: n.seedOf(n.Query.Variants[treatment]), Redraws: n.redrawn[treatment]}
	return randomisation.Compare(treated, other, s.parts(), design, options)
}

// balance is what assignments had to satisfy. The variants as they are seen may satisfy it a little less than the list did, where merchants are in
// another variant than they were given.
func (n *inference) balance(treatment int, d blocked.Design) (*randomisation.Balance, error) {
	b := &randomisation.Balance{Treated: d.TreatedBalance, Control: d.ControlBalance, Limit: n.record.Limit}
	distance, err := b.Distance()
	if err != nil {
		return nil, err
	}
	if distance > b.Limit*(1+1e-6) {
		n.warn("%s and control are farther apart in %s (%.3g) than their design accepted (%.3g), so redraws may be as far: merchants are analysed in another variant than the list gives, or are not on it",
			n.Query.Variants[treatment], strings.Join(n.record.Design.Balance, ", "), distance, b.Limit)
	}
	b.Limit = max(b.Limit, distance)
	return b, nil
}

// clustersForSlope is how many clusters there must be for each number that the redraws' statistic is adjusted for: it need not be, to be exact
// for no effect at all.
const clustersForSlope = 5

func (n *inference) affords(treated, control []stats.Moments, d blocked.Design) bool {
	seen := map[int]bool{}
	clusters := 0
	for arm, list := range [][]stats.Moments{treated, control} {
		for i := range list {
			if list[i].N > 0 {
				clusters++
				seen[[][]int{d.Treated, d.Control}[arm][i]] = true
			}
		}
	}
	return clusters-len(seen) >= clustersForSlope*len(n.record.Design.Balance)
}

// withBalance adds what the design balanced as covariates, which are the same for all units of a cluster.
func withBalance(clusters []stats.Moments, balance [][]float64) []stats.Moments {
	out := make([]stats.Moments, len(clusters))
	for i := range clusters {
		m := &clusters[i]
		if m.N == 0 {
			continue
		}
		out[i] = stats.Moments{N: m.N, Means: slices.Concat(m.Means, balance[i])}
		dim, at := m.Dim(), 0
		for a := range dim {
			out[i].Cross = append(out[i].Cross, m.Cross[at:at+dim-a]...)
			out[i].Cross = append(out[i].Cross, make([]float64, len(balance[i]))...)
			at += dim - a
		}
		k := len(balance[i])
		out[i].Cross = append(out[i].Cross, make([]float64, k*(k+1)/2)...)
	}
	return out
}

// designed says how merchants were randomised.
func (n *inference) designed(d blocked.Diagnostics) string {
	switch design := n.Definition.Assignment.Design; {
	case paired(n.Definition) && n.record.Matching != nil && n.record.Matching.Size > 2:
		return fmt.Sprintf("in %s of %d", many(int64(d.Blocks), "matched block"), n.record.Matching.Size)
	case paired(n.Definition):
		return "in " + many(int64(d.Blocks), "matched pair")
	case n.Query.Roster.Balance != nil:
		again := "again until balanced in " + strings.Join(design.Balance, ", ")
		if d.Blocks > 1 {
			again += fmt.Sprintf(", in %d strata", d.Blocks)
		}
		return again
	case d.Blocks > 1:
		return fmt.Sprintf("in %d strata", d.Blocks)
	default:
		return "as a list"
	}
}

func (n *inference) whyBlocks(s *sample, d blocked.Diagnostics, design blocked.Design) string {
	varies := "between " + n.unit() + " within blocks"
	switch {
	case d.Small == d.Blocks:
		varies = "between blocks' differences"
	case d.Small > 0:
		varies += ", and between blocks with a single one in a variant"
	case d.Blocks == 1:
		varies = "between " + n.unit()
	}
	if design.TreatedBalance != nil {
		varies += " after a regression on what was balanced"
	}
	as := ""
	if !s.equal {
		as = fmt.Sprintf(" (as good as %s equal ones)", rounded(d.Effective))
	}
	return fmt.Sprintf("%s %s: the variance of %s%s is that %s",
		n.randomised(s), n.designed(d), many(int64(d.Clusters), n.counted()), as, varies)
}

func describeBlocks(d blocked.Diagnostics) *result.Clusters {
	return &result.Clusters{
		Number: int64(d.Clusters), Effective: d.Effective, LargestShare: d.LargestShare,
		Blocks: &result.Blocks{Number: int64(d.Blocks), Small: int64(d.Small)},
	}
}

// incomplete counts the blocks in which a variant lost all of its clusters, and another did not: as a pair with one member left.
func (l *listed) incomplete(variants ...int) int64 {
	type cell struct{ block, variant int }
	units := map[cell]int64{}
	for _, v := range variants {
		for i, block := range l.blocks[v] {
			units[cell{block, v}] += l.clusters[v][i].N
		}
	}
	with, without := map[int]bool{}, map[int]bool{}
	for c, n := range units {
		if n > 0 {
			with[c.block] = true
		} else {
			without[c.block] = true
		}
	}
	var count int64
	for block := range without {
		if with[block] {
			count++
		}
	}
	return count
}
