package anytime_test

import (
	"fmt"

	"liftgate/stats"
	"liftgate/stats/anytime"
)

// A comparison at one look becomes one that may be read at every look.
func Example() {
	look, err := stats.CompareProportions(stats.Binomial{Successes: 3300, N: 10000}, stats.Binomial{Successes: 3100, N: 10000})
	if err != nil {
		panic(err)
	}
	always, err := anytime.Contrast(look, 20000, anytime.Tuning{Target: 40000})
	if err != nil {
		panic(err)
	}
	for _, c := range []stats.Contrast{look, always} {
		d := c.Difference(0.95)
		fmt.Printf("%s: %.3f, from %.4f to %.4f, p %.4f\n", c.Method(), d.Estimate, d.Lower, d.Upper, c.PDifference(0))
	}
	// Output:
	// miettinen-nurminen: 0.020, from 0.0071 to 0.0329, p 0.0024
	// always-valid miettinen-nurminen: 0.020, from -0.0003 to 0.0403, p 0.0568
}
