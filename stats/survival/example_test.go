package survival_test

import (
	"fmt"

	"liftgate/stats/survival"
)

// Days until a chargeback (cause 1) or a refund, after which none can come (2); the other orders are still open (0).
func ExampleCompareIncidences() {
	control, err := survival.NewTable(
		[]float64{3, 9, 14, 14, 21, 25, 30, 41, 45, 52, 60, 60},
		[]int{1, 2, 1, 1, 0, 1, 2, 0, 1, 0, 0, 0},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	treated, err := survival.NewTable(
		[]float64{8, 12, 20, 28, 31, 36, 44, 47, 50, 58, 60, 60},
		[]int{2, 1, 0, 0, 1, 0, 2, 0, 0, 0, 0, 0},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := survival.CompareIncidences(treated, control, 45)
	if err != nil {
		fmt.Println(err)
		return
	}
	d := c.Difference(0.95)
	fmt.Printf("chargebacks within 45 days: %.3f [%.3f, %.3f], p = %.2f\n", d.Estimate, d.Lower, d.Upper, c.PDifference(0))
	fmt.Println(c.Outside())
	// Output:
	// chargebacks within 45 days: -0.277 [-0.665, 0.111], p = 0.16
	// only 2 events in the treatment, 10 are needed
}
