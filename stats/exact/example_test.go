package exact_test

import (
	"fmt"

	"liftgate/stats"
	"liftgate/stats/exact"
)

func ExampleCompare() {
	c, err := exact.Compare(stats.Binomial{Successes: 1, N: 34}, stats.Binomial{Successes: 7, N: 34}, 0.95)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("decides:", c.Decides)
	fmt.Printf("p = %.3f, difference %.3f to %.3f; Fisher's p = %.3f\n", c.PValue, c.Difference.Lower, c.Difference.Upper, c.Fisher.PValue)
	// Output:
	// decides: unconditional
	// p = 0.028, difference -0.358 to -0.019; Fisher's p = 0.054
}
