package assignment

import (
	"testing"

	"pgregory.net/rapid"

	"liftgate/datasets/bucket"
	"liftgate/experiment"
)

// TestExperimentsShareHoldoutsAndNeverSlots: of experiments in disjoint slots of a layer a unit is in one at most, whoever is held out of
// one is in none of those that name the holdout, and a forced unit is marked as forced wherever it stands.
func TestExperimentsShareHoldoutsAndNeverSlots(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		hash := rapid.SampledFrom([]string{"sha256", "growthbook-v1", "growthbook-v2"}).Draw(rt, "hash of the layer")
		held := rapid.Uint64Range(0, bucket.Million).Draw(rt, "held out")
		var running []*Assigner
		for first := 0; first < bucket.LayerSlots && len(running) < 5; {
			last := rapid.IntRange(first, bucket.LayerSlots-1).Draw(rt, "last slot")
			running = append(running, assigner(t, definition(&experiment.Assignment{
				Salt: rapid.StringMatching(`[a-z]{1,8}`).Draw(rt, "salt"), Hash: hash, Traffic: rapid.Uint64Range(0, bucket.Million).Draw(rt, "traffic"),
				Layer: "checkout", Slots: [2]int{first, last}, Holdout: "payments-2026", HoldoutShare: held,
				Force: []experiment.Forced{{Unit: "tester", Variant: "control"}},
			}), nil))
			first = last + 1
		}
		for range 30 {
			unit := rapid.String().Draw(rt, "unit")
			outcomes := map[bucket.Reason]int{}
			for _, a := range running {
				outcomes[a.Assign(unit, nil).Reason]++
			}
			if outcomes[bucket.Assigned] > 1 {
				rt.Fatalf("%q is in %d experiments of one layer", unit, outcomes[bucket.Assigned])
			}
			if n := outcomes[bucket.Holdout]; n != 0 && n != len(running) {
				rt.Fatalf("%q is held out of %d of %d experiments", unit, n, len(running))
			}
		}
		for _, a := range running {
			if got := a.Assign("tester", nil); got != (Outcome{Variant: "control", Reason: Forced}) {
				rt.Fatalf("a forced unit: %+v", got)
			}
		}
	})
}
