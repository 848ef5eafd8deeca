package assignment

import (
	"errors"
	"fmt"

	"liftgate/datasets/bucket"
	"liftgate/experiment"
)

// ErrNotSupported is wrapped by the error for a kind of assignment that a definition may ask for but that is not built.
var ErrNotSupported = errors.New("not supported yet")

// Plan lowers a definition to the gates that depend on the unit's key alone. Weights are in the order of d.Variants. Without
// an assignment section everybody takes part and the salt is the experiment's name.
//
// Forced units and eligibility are not part of a plan.
func Plan(d *experiment.Definition) (*bucket.Plan, error) {
	plan := &bucket.Plan{Salt: d.Name, Traffic: bucket.Million}
	if a := d.Assignment; a != nil {
		if err := supported(a); err != nil {
			return nil, err
		}
		plan.Salt, plan.Traffic = a.Salt, a.Traffic
		plan.Layer, plan.Slots = a.Layer, a.Slots
		plan.Holdout, plan.HoldoutShare = a.Holdout, a.HoldoutShare
	}
	for _, v := range d.Variants {
		plan.Weights = append(plan.Weights, v.Weight)
	}
	return plan, nil
}

func supported(a *experiment.Assignment) error {
	switch {
	case a.Hash != "" && a.Hash != "sha256":
		return fmt.Errorf("assignment.hash: %s is %w: use sha256", a.Hash, ErrNotSupported)
	case a.Design != nil:
		return fmt.Errorf("assignment.design: assigning merchants by a %s design is %w: leave the design out to assign them by hash",
			a.Design.Method, ErrNotSupported)
	}
	return nil
}
