package bench

import (
	"context"
	"fmt"
	"testing"
	"time"

	growthbook "github.com/growthbook/growthbook-golang"
)

const block = 2000 // units that one side evaluates before the other's turn

type side struct {
	name    string
	run     func(units []string) (treated int)
	took    time.Duration
	treated int // of one block
}

// BenchmarkEvaluations reports, for each side, evaluations a second on one thread, without targeting and with it. One operation is a
// block of units for every side.
func BenchmarkEvaluations(b *testing.B) {
	for _, c := range []contest{contests[0], targeted} {
		b.Run(c.name, func(b *testing.B) { compete(b, c) })
	}
}

func compete(b *testing.B, c contest) {
	keys := make([]string, block)
	shoppers := make([]*growthbook.Client, block)
	base := client(b)
	for i := range keys {
		keys[i] = fmt.Sprintf("s%012x", i)
		shoppers[i] = shopper(b, base, keys[i])
	}
	sides := []*side{
		{name: "liftgate-sha256", run: ours(b, c, "sha256")},
		{name: "liftgate-growthbook-v1", run: ours(b, c, "growthbook-v1")},
		{name: "liftgate-growthbook-v2", run: ours(b, c, "growthbook-v2")},
		{name: "sdk-client-a-shopper", run: clientAShopper(b, c, base)},
		{name: "sdk-clients-made-before", run: clientsMadeBefore(b, c, shoppers)},
	}
	for b.Loop() {
		for _, s := range sides {
			began := time.Now()
			s.treated = s.run(keys)
			s.took += time.Since(began)
		}
	}
	if v1 := sides[1].treated; v1 != sides[3].treated || v1 != sides[4].treated {
		b.Errorf("liftgate gives the treatment to %d units, the SDK to %d and %d", v1, sides[3].treated, sides[4].treated)
	}
	b.ReportMetric(0, "ns/op") // of no use: the sum over all sides
	for _, s := range sides {
		b.ReportMetric(float64(b.N*block)/s.took.Seconds(), s.name+"/s")
	}
}

func shopper(b *testing.B, base *growthbook.Client, unit string) *growthbook.Client {
	c, err := base.WithAttributes(growthbook.Attributes{"id": unit, "country": "DE"})
	if err != nil {
		b.Fatal(err)
	}
	return c
}

func ours(b *testing.B, c contest, hash string) func([]string) int {
	a := c.assigner(b, hash)
	return func(units []string) (treated int) {
		for _, unit := range units {
			if a.Assign(unit, german).Variant == "1" {
				treated++
			}
		}
		return treated
	}
}

// clientAShopper makes a client for each evaluation, as a service does for each request.
func clientAShopper(b *testing.B, c contest, base *growthbook.Client) func([]string) int {
	e := c.experiment(b, 1)
	return func(units []string) (treated int) {
		for _, unit := range units {
			treated += shopper(b, base, unit).RunExperiment(context.Background(), e).VariationId
		}
		return treated
	}
}

// clientsMadeBefore is the SDK at its best: only the evaluation counts.
func clientsMadeBefore(b *testing.B, c contest, shoppers []*growthbook.Client) func([]string) int {
	e := c.experiment(b, 1)
	return func([]string) (treated int) {
		for _, shopper := range shoppers {
			treated += shopper.RunExperiment(context.Background(), e).VariationId
		}
		return treated
	}
}
