package proportion_test

import (
	"fmt"

	"liftgate/stats"
	"liftgate/stats/proportion"
)

// Chargebacks: 3 in 1,200 orders with the new flow, 1 in 1,180 without.
func ExampleScore() {
	s, err := proportion.Score(stats.Binomial{Successes: 3, N: 1200}, stats.Binomial{Successes: 1, N: 1180}, 0.95, false)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("difference %.4f, 95 %% interval %.4f to %.4f, p = %.2f\n", s.Difference.Estimate, s.Difference.Lower, s.Difference.Upper, s.PValue)
	// Output: difference 0.0017, 95 % interval -0.0025 to 0.0066, p = 0.33
}
