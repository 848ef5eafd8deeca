package design

import "math/rand/v2"

// deal gives every stratum its quotas and shuffles its members, so that each has every variant with the chance that is its weight. Blocks are
// strata.
func (r *roll) deal(rng *rand.Rand) {
	sizes := make([]int, len(r.members))
	for s, members := range r.members {
		sizes[s] = len(members)
	}
	for s, quota := range quotas(sizes, r.weights, r.total, rng) {
		r.give(s, r.members[s], slots(quota), rng)
	}
}

// slots are variants, each as often as its quota.
func slots(quota []int) []int {
	var out []int
	for v, n := range quota {
		for range n {
			out = append(out, v)
		}
	}
	return out
}

// give deals slots, shuffled, to the members of a block; slots may be more than members.
func (r *roll) give(block int, members, slots []int, rng *rand.Rand) {
	for k, i := range members {
		j := k + rng.IntN(len(slots)-k)
		slots[k], slots[j] = slots[j], slots[k]
		r.variant[i], r.block[i] = slots[k], block
	}
}
