package sequential_test

import (
	"fmt"

	"liftgate/stats/sequential"
)

// Looks after one, two and four weeks, the second of which is late.
func Example() {
	plan := sequential.Plan{Design: sequential.Design{Alpha: 0.05, Spending: sequential.Pocock}, Maximum: 40000}
	m, err := plan.Monitor([]sequential.Look{{Information: 10000, Z: 1.9}, {Information: 23000, Z: 2.9}}, false)
	if err != nil {
		panic(err)
	}
	fmt.Printf("bounds %.3f, %s at look %d\n", m.Bounds.Upper, m.State, m.Look)
	fmt.Printf("one-sided p %.4f; effect %.4f, not %.4f, from %.4f to %.4f\n",
		m.Final.PValue, m.Final.Estimate, m.Final.Naive, m.Final.Lower, m.Final.Upper)
	// Output:
	// bounds [2.368 2.309], upper at look 2
	// one-sided p 0.0101; effect 0.0180, not 0.0191, from 0.0032 to 0.0315
}
