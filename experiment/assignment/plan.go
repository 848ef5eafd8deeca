package assignment

import (
	"fmt"

	"liftgate/datasets/bucket"
	"liftgate/experiment"
)

// hashes are the kinds of hash that a definition can name.
var hashes = map[string]bucket.Hash{
	"": bucket.SHA256, "sha256": bucket.SHA256, "growthbook-v1": bucket.GrowthBookV1, "growthbook-v2": bucket.GrowthBookV2,
}

// Plan lowers a definition to the gates that depend on the unit's key alone. Weights are in the order of d.Variants. Without
// an assignment section everybody takes part and the salt is the experiment's name.
//
// Forced units and eligibility are not part of a plan, and of a design over a list of merchants it holds all but the choice of
// a variant.
func Plan(d *experiment.Definition) (*bucket.Plan, error) {
	plan := &bucket.Plan{Salt: d.Name, Traffic: bucket.Million}
	if a := d.Assignment; a != nil {
		hash, ok := hashes[a.Hash]
		if !ok {
			return nil, fmt.Errorf("assignment.hash: there is no hash %q", a.Hash)
		}
		plan.Hash = hash
		plan.Salt, plan.Traffic = a.Salt, a.Traffic
		plan.Layer, plan.Slots = a.Layer, a.Slots
		plan.Holdout, plan.HoldoutShare = a.Holdout, a.HoldoutShare
	}
	for _, v := range d.Variants {
		plan.Weights = append(plan.Weights, v.Weight)
	}
	return plan, nil
}
