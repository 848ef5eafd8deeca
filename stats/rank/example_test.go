package rank_test

import (
	"fmt"

	"liftgate/stats/rank"
)

// Minutes to checkout in a pilot of seven shoppers.
func ExampleCompareOrder() {
	treatment := []float64{1.1, 2.2, 3.3}
	control := []float64{2.9, 3.7, 4.4, 4.8}
	order, err := rank.CompareOrder(treatment, control)
	if err != nil {
		fmt.Println(err)
		return
	}
	shift, err := rank.Shift(treatment, control, 0.9)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("U = %v, %s p = %.3f\n", order.U, order.Method, order.PValue)
	fmt.Printf("shift %.2f [%.2f, %.2f], %s\n", shift.Estimate, shift.Lower, shift.Upper, shift.Method)
	// Output:
	// U = 1, exact p = 0.114
	// shift -1.65 [-3.70, 0.40], exact
}
