package bench

import (
	"context"
	"fmt"
	"testing"

	growthbook "github.com/growthbook/growthbook-golang"
)

// units are a million keys of the kinds that services have, in ASCII: beyond it GrowthBook's SDKs differ among themselves. A definition's
// growthbook hashes take UTF-8 bytes; version 0.7.0 of this SDK takes the 16-bit units of JavaScript.
func units(yield func(string) bool) {
	kinds := []func(i int) string{
		func(i int) string { return fmt.Sprint(i) },
		func(i int) string { return fmt.Sprintf("s%012x", i) },
		func(i int) string { return fmt.Sprintf("%08x-e89b-42d3-a456-%012x", uint32(i)*2654435761, i) },
		func(i int) string { return fmt.Sprintf("anna.%d@example.com", i) },
	}
	for i := range 1_000_000 {
		if !yield(kinds[i%len(kinds)](i)) {
			return
		}
	}
}

func TestSameVariants(t *testing.T) {
	for _, c := range contests {
		for version, hash := range map[int]string{1: "growthbook-v1", 2: "growthbook-v2"} {
			t.Run(c.name+", "+hash, func(t *testing.T) {
				t.Parallel()
				testSameVariants(t, c, version, hash)
			})
		}
	}
}

func testSameVariants(t *testing.T, c contest, version int, hash string) {
	ours, theirs, sdk := c.assigner(t, hash), c.experiment(t, version), client(t)
	compared, inside := 0, 0
	for unit := range units {
		if testing.Short() && compared == 50_000 {
			break
		}
		compared++
		shopper, err := sdk.WithAttributes(growthbook.Attributes{"id": unit})
		if err != nil {
			t.Fatal(err)
		}
		want := ""
		if r := shopper.RunExperiment(context.Background(), theirs); r.InExperiment {
			want = fmt.Sprint(r.VariationId)
			inside++
		}
		if got := ours.Assign(unit, nil); got.Variant != want {
			t.Fatalf("%q: liftgate %q (%s), the SDK %q", unit, got.Variant, got.Reason, want)
		}
	}
	t.Logf("%d units, %d of them in the experiment", compared, inside)
}
