package quantile_test

import (
	"fmt"
	"math"
	"math/rand/v2"

	"liftgate/stats/quantile"
)

// pageLoads draws milliseconds of about five page loads a shopper, slower by a factor.
func pageLoads(seed uint64, shoppers int, factor float64) (millis []float64, shopper []int) {
	r := rand.New(rand.NewPCG(seed, 1))
	for id := range shoppers {
		own := 0.3 * r.NormFloat64()
		for range 1 + r.IntN(9) {
			millis = append(millis, math.Round(800*factor*math.Exp(own+0.4*r.NormFloat64())))
			shopper = append(shopper, id)
		}
	}
	return millis, shopper
}

func ExampleCompare() {
	slow, slowShoppers := pageLoads(1, 4000, 1.03)
	fast, fastShoppers := pageLoads(2, 4000, 1)
	treated, err := quantile.Summarise(0.95, slow, slowShoppers)
	if err != nil {
		fmt.Println(err)
		return
	}
	control, err := quantile.Summarise(0.95, fast, fastShoppers)
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := quantile.Compare(treated, control)
	if err != nil {
		fmt.Println(err)
		return
	}
	d, l := c.Difference(0.95), c.Lift(0.95)
	fmt.Printf("p95: %v ms instead of %v ms\n", treated.Value, control.Value)
	fmt.Printf("difference %.0f ms [%.0f, %.0f], lift %.1f %% [%.1f %%, %.1f %%]\n", d.Estimate, d.Lower, d.Upper, 100*l.Estimate, 100*l.Lower, 100*l.Upper)
	// Output:
	// p95: 1851 ms instead of 1839 ms
	// difference 12 ms [-33, 57], lift 0.7 % [-1.8 %, 3.2 %]
}
