package experiment

import (
	"time"

	"liftgate/datasets"
)

// builder makes a definition of what the shapes have read, and checks the rules that look at more than one key.
type builder struct {
	*reader
	d *Definition
}

func (b *builder) definition(n *node) {
	d := b.d
	d.Name = or(n, "name", "")
	d.Title = or(n, "title", d.Name)
	d.Hypothesis = or(n, "hypothesis", "")
	d.Owner = or(n, "owner", "")
	d.Unit = Unit(or(n, "unit", ""))
	b.variants(n)
	b.assignment(n.child("assignment"))
	b.schedule(n.child("schedule"))
	b.data(n.child("data"))
	d.Trigger = b.trigger(n.child("trigger"))
	b.metrics(n.child("metrics"))
	b.segments(n.child("segments"))
	b.decision(n.child("decision"))
	b.monitoring(n.child("monitoring"))
}

func (b *builder) variants(n *node) {
	list, _ := get[[]any](n, "variants")
	var total uint64
	weighed := true
	seen := map[string]bool{}
	for _, item := range list {
		v := item.(*node)
		name := or(v, "name", "")
		weight, ok := get[uint64](v, "weight")
		weighed = weighed && ok
		total += weight
		if name != "" && seen[name] {
			b.fail(v.child("name"), "there is already a variant %q", name)
		}
		seen[name] = true
		variant := Variant{Name: name, Weight: weight}
		if p := v.child("payload"); p != nil {
			variant.Payload = p.value
		}
		b.d.Variants = append(b.d.Variants, variant)
	}
	if len(list) > 0 && weighed && total == 0 {
		b.fail(n.child("variants"), "all weights are zero: no unit would get a variant")
	}
	control, ok := get[string](n, "control")
	b.d.Control = control
	if ok && len(list) > 0 {
		b.declaredVariant(n.child("control"), "control")
	}
}

// declaredVariant checks that the text of a node is the name of a variant.
func (b *builder) declaredVariant(n *node, what string) {
	var names []string
	for _, v := range b.d.Variants {
		if v.Name == n.text {
			return
		}
		names = append(names, v.Name)
	}
	suggestion := Suggest(n.text, names)
	if suggestion == "" {
		suggestion = "the variants are " + list(names)
	}
	b.suggest(n, suggestion, "%s %q is not a variant", what, n.text)
}

func (b *builder) schedule(n *node) {
	s := &b.d.Schedule
	s.Location = or(n, "timezone", time.UTC)
	s.Start = b.instant(n, "start")
	s.End = b.instant(n, "end")
	if s.Start != nil && s.End != nil && *s.Start >= *s.End {
		b.fail(n.child("end"), "the schedule ends (%s) before it has started (%s)", n.child("end").text, n.child("start").text)
	}
}

// instant settles a moment in the schedule's timezone.
func (b *builder) instant(n *node, key string) *datasets.Instant {
	m, ok := get[moment](n, key)
	if !ok {
		return nil
	}
	at, err := m.instant(b.d.Schedule.Location)
	if err != nil {
		b.fail(n.child(key), "%s: %v", key, err)
		return nil
	}
	return &at
}

func (b *builder) segments(n *node) {
	if n == nil {
		return
	}
	var attributes []string
	switch {
	case b.d.Data.Exposures != nil:
		attributes = b.d.Data.Exposures.Attributes
	case b.d.Data.Units != nil:
		attributes = b.d.Data.Units.Attributes
	}
	for _, item := range n.items {
		name, ok := item.value.(string)
		if !ok {
			continue
		}
		b.d.Segments = append(b.d.Segments, name)
		b.declaredAttribute(item, name, attributes)
	}
}

func (b *builder) declaredAttribute(n *node, name string, attributes []string) {
	for _, a := range attributes {
		if a == name {
			return
		}
	}
	suggestion := Suggest(name, attributes)
	if suggestion == "" {
		suggestion = "list it under attributes of the exposures (or units)"
	}
	b.suggest(n, suggestion, "segment %q is not a declared attribute", name)
}
