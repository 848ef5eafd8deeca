package assignment

import (
	"errors"
	"fmt"
	"slices"

	"liftgate/datasets/bucket"
)

// check says what a record cannot be.
func (r *Record) check() error {
	if r.Schema != recordSchema {
		return fmt.Errorf("schema is %q, not %q", r.Schema, recordSchema)
	}
	if !slices.Contains([]string{"stratified", "paired", "rerandomized"}, r.Design.Method) {
		return fmt.Errorf("design.method: there is no %q", r.Design.Method)
	}
	if err := r.checkVariants(); err != nil {
		return err
	}
	if r.Design.Method == "rerandomized" && !(r.Limit > 0) {
		return fmt.Errorf("limit is %v: what a re-randomised design accepts is a positive distance", r.Limit)
	}
	if len(r.Merchants) == 0 {
		return errors.New("merchants: none is listed")
	}
	for i := range r.Merchants {
		m := &r.Merchants[i]
		if i > 0 && m.Unit <= r.Merchants[i-1].Unit {
			return fmt.Errorf("merchants: %q stands after %q; each is listed once, in the order of their keys", m.Unit, r.Merchants[i-1].Unit)
		}
		if err := r.checkMerchant(m); err != nil {
			return fmt.Errorf("merchant %q: %w", m.Unit, err)
		}
	}
	return r.checkDealt()
}

func (r *Record) checkVariants() error {
	if len(r.Variants) < 2 {
		return fmt.Errorf("variants: %d are no comparison", len(r.Variants))
	}
	for i, v := range r.Variants {
		if v.Name == "" || v.Weight == 0 || slices.ContainsFunc(r.Variants[:i], func(w Share) bool { return w.Name == v.Name }) {
			return fmt.Errorf("variants: %q with weight %d: names differ and weights are positive", v.Name, v.Weight)
		}
	}
	if !r.has(r.Control) {
		return fmt.Errorf("control: there is no variant %q", r.Control)
	}
	return nil
}

func (r *Record) has(variant string) bool {
	return slices.ContainsFunc(r.Variants, func(v Share) bool { return v.Name == variant })
}

var undrawn = []bucket.Reason{NotEligible, bucket.Holdout, bucket.Layer, bucket.Traffic}

func (r *Record) checkMerchant(m *Listed) error {
	drawn := m.Reason == bucket.Assigned
	given := drawn || m.Reason == Forced
	switch {
	case m.Unit == "":
		return errors.New("an empty key")
	case !given && !slices.Contains(undrawn, m.Reason):
		return fmt.Errorf("there is no reason %q", m.Reason)
	case given && !r.has(m.Variant):
		return fmt.Errorf("there is no variant %q", m.Variant)
	case !given && m.Variant != "":
		return fmt.Errorf("variant %q with reason %s, which gives none", m.Variant, m.Reason)
	case !drawn && (m.Block != 0 || m.Pair != 0 || len(m.Balance) > 0):
		return fmt.Errorf("a block, a pair or balance variables with reason %s", m.Reason)
	}
	if drawn {
		return r.checkDrawn(m)
	}
	return nil
}

func (r *Record) checkDrawn(m *Listed) error {
	pair := 0
	if r.Design.Method == "paired" {
		pair = m.Block
	}
	switch {
	case m.Block < 1 || m.Block > len(r.Merchants):
		return fmt.Errorf("block %d of %d merchants", m.Block, len(r.Merchants))
	case m.Pair != pair:
		return fmt.Errorf("pair %d in block %d of a %s design", m.Pair, m.Block, r.Design.Method)
	case len(m.Balance) != len(r.Design.Balance):
		return fmt.Errorf("%d values of %d balance variables", len(m.Balance), len(r.Design.Balance))
	}
	return nil
}
