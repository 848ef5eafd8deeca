package stats_test

import (
	"errors"
	"fmt"

	"liftgate/stats"
)

func show(c stats.Contrast) {
	d, l := c.Difference(0.95), c.Lift(0.95)
	fmt.Printf("%s: difference %.4f [%.4f, %.4f], lift %.1f %% [%.1f %%, %.1f %%], p = %.2g\n",
		c.Method(), d.Estimate, d.Lower, d.Upper, 100*l.Estimate, 100*l.Lower, 100*l.Upper, c.PDifference(0))
}

// Retention after seven days in the Cookie Cats experiment.
func ExampleCompareProportions() {
	c, err := stats.CompareProportions(stats.Binomial{Successes: 8279, N: 45489}, stats.Binomial{Successes: 8502, N: 44700})
	if err != nil {
		fmt.Println(err)
		return
	}
	show(c)
	// Output: miettinen-nurminen: difference -0.0082 [-0.0133, -0.0031], lift -4.3 % [-6.9 %, -1.7 %], p = 0.0016
}

func ExampleCompareMeans() {
	var treated, control stats.Moments
	for _, spent := range []float64{13, 19, 9, 21, 16, 14, 22, 18} {
		treated.Add(spent)
	}
	for _, spent := range []float64{11, 12, 15, 9, 10, 14} {
		control.Add(spent)
	}
	c, err := stats.CompareMeans(treated, control)
	if err != nil {
		fmt.Println(err)
		return
	}
	show(c)
	fmt.Println(c.Outside())
	// Output:
	// welch: difference 4.6667 [0.6783, 8.6551], lift 39.4 % [5.2 %, 82.5 %], p = 0.026
	// only 11 degrees of freedom: the interval trusts that the values are about normal; wait for more units
}

// A metric that nobody counted cannot be compared, and says so.
func ExampleCompareMeans_noVariance() {
	var treated, control stats.Moments
	for range 100 {
		treated.Add(0)
		control.Add(0)
	}
	_, err := stats.CompareMeans(treated, control)
	fmt.Println(errors.Is(err, stats.ErrNoVariance))
	// Output: true
}

// Authorised charges per attempted charge, with the shopper as the unit.
func ExampleCompareRatios() {
	var treated, control stats.Moments
	for i := range 400 {
		attempts := float64(1 + i%5)
		treated.Add(attempts-float64(i%8/7), attempts)
		control.Add(attempts-float64(i%4/3), attempts)
	}
	c, err := stats.CompareRatios(treated, control)
	if err != nil {
		fmt.Println(err)
		return
	}
	show(c)
	// Output: delta: difference 0.0417 [0.0233, 0.0600], lift 4.5 % [2.5 %, 6.6 %], p = 9.7e-06
}

// Spend, adjusted for spend before the exposure.
func ExampleCompareAdjusted() {
	var treated, control stats.Moments
	for i := range 400 {
		before := float64(i % 20)
		treated.Add(before+float64(i%7)+1, before)
		control.Add(before+float64(i%6), before)
	}
	c, err := stats.CompareAdjusted(treated, control, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	show(c)
	fmt.Printf("variance removed: %.0f %%\n", 100*c.VarianceRemoved())
	// Output:
	// regression-adjusted: difference 1.5025 [1.2436, 1.7614], lift 12.5 % [10.2 %, 14.9 %], p = 6.5e-28
	// variance removed: 91 %
}

func ExampleSampleRatio() {
	c, err := stats.SampleRatio([]int64{44700, 45489}, []float64{50, 50})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("chi-square %.4f, %d degree of freedom, p = %.4f\n", c.Statistic, c.DF, c.PValue)
	// Output: chi-square 6.9024, 1 degree of freedom, p = 0.0086
}

// First exposures by day: the treatment started late.
func ExampleHomogeneity() {
	c, err := stats.Homogeneity([][]int64{{500, 480, 510}, {300, 490, 505}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d degrees of freedom, p = %.2g\n", c.DF, c.PValue)
	// Output: 2 degrees of freedom, p = 1.1e-08
}

// A source that delivered 100 events a day and now, all at once, 40.
func ExamplePoissonCDF() {
	fmt.Printf("%.2g\n", stats.PoissonCDF(40, 100))
	// Output: 7.5e-12
}

// Of 30 units that met both variants 24 met the treatment first, where half were expected.
func ExampleBinomialSF() {
	fmt.Printf("%.2g\n", stats.BinomialSF(23, 30, 0.5))
	// Output: 0.00072
}
