package cluster_test

import (
	"fmt"
	"math/rand/v2"

	"liftgate/stats"
	"liftgate/stats/cluster"
)

// Thirty merchants a variant, a handful of shoppers each.
func Example() {
	rng := rand.New(rand.NewPCG(1, 1))
	merchants := func(level float64) []stats.Moments {
		out := make([]stats.Moments, 30)
		for i := range out {
			own := level + 0.3*rng.NormFloat64()
			for range 5 + rng.IntN(20) {
				out[i].Add(own + rng.NormFloat64())
			}
		}
		return out
	}
	c, err := cluster.Compare(merchants(5.4), merchants(5), 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	d := c.Difference(0.95)
	fmt.Printf("%s: %.2f [%.2f, %.2f], p %.4f\n", c.Method(), d.Estimate, d.Lower, d.Upper, c.PDifference(0))
	fmt.Printf("%d clusters, %.0f effective, ICC %.2f\n", c.Together.Clusters, c.Together.Effective, c.Together.ICC)
	// Output:
	// cluster-cr2: 0.30 [0.09, 0.52], p 0.0070
	// 60 clusters, 51 effective, ICC 0.07
}
