package randomisation_test

import (
	"fmt"

	"liftgate/stats"
	"liftgate/stats/randomisation"
)

// Twelve merchants in pairs of about one size, one of each treated.
func Example() {
	merchants := func(rows ...[]float64) []stats.Moments {
		out := make([]stats.Moments, len(rows))
		for i, row := range rows {
			for _, v := range row {
				out[i].Add(v)
			}
		}
		return out
	}
	treated := merchants([]float64{5, 6, 7}, []float64{8, 9}, []float64{6, 6, 7, 8}, []float64{7, 9, 8}, []float64{9, 9}, []float64{5, 7, 7})
	control := merchants([]float64{4, 5, 6}, []float64{7, 6}, []float64{6, 5, 7, 6}, []float64{5, 6, 6}, []float64{7, 7, 8}, []float64{5, 6})
	pairs := []int{1, 2, 3, 4, 5, 6}
	c, err := randomisation.Compare(treated, control, 1,
		randomisation.Design{TreatedStrata: pairs, ControlStrata: pairs}, randomisation.Options{Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	d := c.Difference(0.9)
	fmt.Printf("%.2f [%.2f, %.2f], p %.4f of %d assignments\n", d.Estimate, d.Lower, d.Upper, c.PDifference(0), c.Draws)
	// Output:
	// 1.37 [0.83, 2.05], p 0.0312 of 64 assignments
}
