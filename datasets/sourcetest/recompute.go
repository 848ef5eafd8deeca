package sourcetest

import (
	"slices"

	"liftgate/datasets"
)

// recompute compares logged variants with those that there should be.
func recompute(q *datasets.Query, all []*randomised) datasets.Recomputed {
	var out datasets.Recomputed
	if q.Plan == nil && q.Roster == nil {
		return out
	}
	for _, r := range all {
		if r.crossover {
			continue
		}
		out.Compared++
		switch assigned(q, r) {
		case r.variant:
		case -1:
			out.Excluded++
		default:
			out.Moved++
		}
	}
	return out
}

// assigned is the variant that something should have, -1 for none.
func assigned(q *datasets.Query, r *randomised) int {
	switch {
	case q.Eligible != nil && !slices.ContainsFunc(r.start, func(s row) bool { return q.Eligible.Holds(s.read) }):
		return -1
	case q.Plan != nil:
		return q.Plan.Assign(r.key).Variant
	}
	return listed(q.Roster, r.key).Variant
}

// listed is what a roster, nil for none, says of a cluster. One that is not on it has the variant -1.
func listed(r *datasets.Roster, key string) datasets.Cluster {
	out := datasets.Cluster{Variant: -1, Block: -1}
	if r == nil {
		return out
	}
	if at := slices.Index(r.Keys, key); at >= 0 {
		out.Variant, out.Block = r.Variants[at], r.Blocks[at]
		if r.Balance != nil {
			out.Balance = slices.Clone(r.Balance[at])
		}
	}
	return out
}

// unexposed are the clusters of a roster that are not among those analysed.
func unexposed(q *datasets.Query, analysed []*randomised) []datasets.Cluster {
	if !q.Clustered || q.Roster == nil {
		return nil
	}
	out := []datasets.Cluster{}
	for v := range q.Variants {
		for _, key := range q.Roster.Keys {
			c := listed(q.Roster, key)
			if c.Variant == v && !slices.ContainsFunc(analysed, func(r *randomised) bool { return r.key == key }) {
				out = append(out, c)
			}
		}
	}
	return out
}
