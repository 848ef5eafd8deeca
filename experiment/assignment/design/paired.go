package design

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"liftgate/experiment"
	"liftgate/experiment/assignment"
	"liftgate/experiment/assignment/design/matching"
)

// maxBlock is how many merchants can still be alike.
const maxBlock = 20

// drawPaired matches merchants into blocks of the size that the weights need, and deals the variants in each. A last block that is smaller gets
// its share of the slots at random, so that every chance is still the weight.
func (r *roll) drawPaired(ctx context.Context, rng *rand.Rand) error {
	if r.total > maxBlock {
		return experiment.Problems{r.definition.ProblemAt("variants", 0, fmt.Sprintf(
			"these weights need blocks of %d like merchants, and %d is the most: use weights like 1 and 2, or method: stratified", r.total, maxBlock))}
	}
	z, err := coordinates(r.design.Balance, r.x)
	if err != nil {
		return err
	}
	blocks, err := r.match(ctx, z)
	if err != nil {
		return err
	}
	quota := make([]int, len(r.weights))
	for v, w := range r.weights {
		quota[v] = int(w)
	}
	for b, block := range blocks {
		r.give(b, block, slots(quota), rng)
	}
	return nil
}

// match finds the blocks, in the order of their first merchants, the smaller one last.
func (r *roll) match(ctx context.Context, z [][]float64) ([][]int, error) {
	size := int(r.total)
	optimal := r.design.Matching == "optimal"
	if size > 2 {
		groups, err := matching.Group(ctx, z, r.stratum, size, optimal)
		if err != nil {
			return nil, err
		}
		r.record.Matching = &assignment.Matching{Size: size, Total: groups.Total, Across: groups.Across}
		return inOrder(groups.Blocks), nil
	}
	pairs, err := r.pairs(ctx, z)
	if err != nil {
		return nil, err
	}
	m := &assignment.Matching{Size: size, Optimal: optimal, Total: pairs.Total}
	var blocks [][]int
	for i, j := range pairs.Mate {
		switch {
		case j < 0:
			blocks = append(blocks, []int{i})
		case i < j:
			blocks = append(blocks, []int{i, j})
			if r.stratum[i] != r.stratum[j] {
				m.Across++
			}
		}
	}
	r.record.Matching = m
	return inOrder(blocks), nil
}

func (r *roll) pairs(ctx context.Context, z [][]float64) (matching.Pairing, error) {
	switch {
	case r.design.Matching != "optimal":
		return matching.Greedy(ctx, z, r.stratum)
	case len(z) > matching.MaxOptimal:
		return matching.Pairing{}, experiment.Problems{r.definition.ProblemAt(r.design.Path+".matching", 0, fmt.Sprintf(
			"optimal pairs are found for up to %d merchants, and %d take part: use matching: greedy", matching.MaxOptimal, len(z)))}
	}
	return matching.Optimal(ctx, z, r.stratum)
}

func inOrder(blocks [][]int) [][]int {
	slices.SortFunc(blocks, func(a, b []int) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return a[0] - b[0]
	})
	return blocks
}
