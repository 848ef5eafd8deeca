package power_test

import (
	"fmt"

	"liftgate/stats/power"
)

// One success metric and two guardrails, which must all come out: how many shoppers a variant.
func Example() {
	errors, err := power.Roles{Success: 1, Guardrails: 2, Treatments: 1}.Split(0.05, 0.2)
	if err != nil {
		panic(err)
	}
	design := power.Design{Alpha: 0.05, Power: 1 - errors.Beta}
	for _, row := range []struct {
		name       string
		metric     power.Metric
		hypothesis power.Hypothesis
	}{
		{"conversion", power.Proportion(0.31, power.Score), power.Hypothesis{Effect: 0.02, Relative: true}},
		{"authorization", power.Proportion(0.88, power.Score), power.Hypothesis{Margin: 0.005}},
		{"chargebacks", power.Proportion(0.001, power.Score), power.Hypothesis{Margin: 0.0005, LowerIsBetter: true}},
	} {
		size, err := design.Size(row.metric, row.hypothesis)
		if err != nil {
			panic(err)
		}
		fmt.Printf("%s: %.0f\n", row.name, size.Control)
	}
	// Output:
	// conversion: 134039
	// authorization: 101213
	// chargebacks: 98905
}
