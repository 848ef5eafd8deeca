package sourcetest

import (
	"slices"

	"liftgate/datasets"
	"liftgate/stats/quantile"
)

// fillQuantiles takes the order statistics of the block's values.
func (m measurement) fillQuantiles(out *datasets.BlockEvidence, members []member) {
	for v := range m.query.Variants {
		of := slices.DeleteFunc(slices.Clone(members), func(u member) bool { return u.variant != v })
		out.Quantiles = append(out.Quantiles, summary(m.block.Quantile.Q, of))
		if m.anyCrossover() {
			of = slices.DeleteFunc(of, func(u member) bool { return u.crossover })
			out.QuantilesWithoutCrossover = append(out.QuantilesWithoutCrossover, summary(m.block.Quantile.Q, of))
		}
	}
}

func summary(q float64, members []member) quantile.Summary {
	var values []float64
	for _, u := range members {
		values = append(values, u.x...)
	}
	out := quantile.Summary{Q: q, Rows: int64(len(values)), Ranks: quantile.RanksAround(q, int64(len(values)))}
	if at := smallestCovering(values, q); at != nil {
		out.Value = *at
	}
	for _, rank := range out.Ranks {
		out.Values = append(out.Values, values[rank-1])
	}
	var order []*randomised
	shares := map[*randomised][]float64{}
	for _, u := range members {
		share := shares[u.randomised]
		if share == nil {
			share = make([]float64, 2)
			order, shares[u.randomised] = append(order, u.randomised), share
		}
		for _, x := range u.x {
			if x <= out.Value {
				share[0]++
			}
			share[1]++
		}
	}
	var vectors [][]float64
	for _, r := range order {
		vectors = append(vectors, shares[r])
	}
	out.Shares = moments(vectors)
	return out
}
