package bootstrap_test

import (
	"fmt"

	"liftgate/stats/bootstrap"
)

// Order values of eight shoppers a side; real data need many more.
func ExampleCompare() {
	control := bootstrap.Mean{3, 0, 0, 12, 5, 0, 7, 1}
	treatment := bootstrap.Mean{4, 0, 9, 15, 0, 0, 8, 2}
	c, err := bootstrap.Compare(treatment, control, bootstrap.Options{Draws: 2000, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("difference %.2f, between %.2f and %.2f\n", c.Difference.Estimate, c.Difference.Lower, c.Difference.Upper)
	fmt.Println(c.Warnings[0])
	// Output:
	// difference 1.25, between -3.42 and 6.48
	// only 8 units in a variant: resampling them is too optimistic
}
