package experiment

import (
	"liftgate/datasets/bucket"
)

func (b *builder) assignment(n *node) {
	if n == nil || n.value == nil {
		return
	}
	a := &Assignment{
		Salt:    or(n, "salt", b.d.Name),
		Hash:    or(n, "hash", "sha256"),
		Traffic: or[uint64](n, "traffic", bucket.Million),
	}
	a.Eligible, _ = get[*Condition](n, "eligible")
	if layer, ok := get[*node](n, "layer"); ok {
		a.Layer = or(layer, "name", "")
		a.Slots = b.slots(layer)
	}
	if holdout, ok := get[*node](n, "holdout"); ok {
		a.Holdout = or(holdout, "name", "")
		a.HoldoutShare = or[uint64](holdout, "share", 0)
	}
	a.Force = b.forced(n)
	if design, ok := get[*node](n, "design"); ok {
		a.Design = b.design(design)
	}
	b.d.Assignment = a
}

func (b *builder) slots(layer *node) [2]int {
	pair, _ := get[[]any](layer, "slots")
	if len(pair) != 2 {
		return [2]int{}
	}
	out := [2]int{int(pair[0].(int64)), int(pair[1].(int64))}
	if out[0] > out[1] {
		b.fail(layer.child("slots"), "slots must be the first and the last slot: %d is after %d", out[0], out[1])
	}
	return out
}

func (b *builder) forced(n *node) []Forced {
	list, _ := get[[]any](n, "force")
	var out []Forced
	seen := map[string]bool{}
	for _, item := range list {
		f := item.(*node)
		unit, variant := or(f, "unit", ""), or(f, "variant", "")
		if unit != "" && seen[unit] {
			b.fail(f.child("unit"), "unit %q is forced twice", unit)
		}
		seen[unit] = true
		if variant != "" && len(b.d.Variants) > 0 {
			b.declaredVariant(f.child("variant"), "forced variant")
		}
		out = append(out, Forced{Unit: unit, Variant: variant})
	}
	return out
}

// defaultTries are enough for the best of a hundred thousand draws, and few enough for a second of work.
const defaultTries = 100_000

func (b *builder) design(n *node) *Design {
	d := &Design{
		Path:   "assignment.design",
		Method: or(n, "method", ""), Strata: texts(n, "strata"), Balance: texts(n, "balance"), Seed: or(n, "seed", int64(0)),
		MaxTries: int(or(n, "max_tries", int64(defaultTries))), Threshold: or(n, "threshold", 0.0),
		Matching: or(n, "matching", "optimal"), Record: or(n, "record", b.d.Name+".design.json"),
	}
	if b.d.Unit == Shopper {
		b.fail(n, "a design assigns a list of merchants: it needs unit: merchant")
	}
	switch {
	case d.Method == "stratified" && n.child("strata") == nil:
		b.fail(n, "a stratified design needs strata: the attributes that form its strata")
	case (d.Method == "paired" || d.Method == "rerandomized") && n.child("balance") == nil:
		b.fail(n, "a %s design needs balance: the numbers that variants are balanced on", d.Method)
	}
	if d.Method != "rerandomized" {
		b.onlyWith(n, "method: rerandomized", "max_tries", "threshold")
	}
	if d.Method != "paired" {
		b.onlyWith(n, "method: paired", "matching")
	}
	return d
}

// onlyWith refuses keys that mean something only beside another.
func (b *builder) onlyWith(n *node, other string, keys ...string) {
	for _, key := range keys {
		if c := n.child(key); c != nil {
			b.fail(c, "%s means something only with %s", key, other)
		}
	}
}
