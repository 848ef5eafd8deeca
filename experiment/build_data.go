package experiment

import (
	"slices"
	"strings"
	"time"

	"liftgate/datasets"
)

func (b *builder) data(n *node) {
	if n == nil || n.value == nil {
		return
	}
	exposures, units := n.child("exposures"), n.child("units")
	switch {
	case exposures != nil && units != nil:
		b.fail(units, "data has both exposures and units: an event log has exposures (and events), a unit table has units")
	case exposures == nil && units == nil && n.understood():
		b.suggest(n, "add exposures (event log: who met which variant, when) or units (one row an analysis unit)",
			"data says neither exposures nor units")
	}
	if e, ok := get[*node](n, "exposures"); ok {
		b.d.Data.Exposures = &ExposureSource{
			Source: b.source(e, "exposures"), Variant: or(e, "variant", ""), Attributes: texts(e, "attributes"),
			IgnoreVariants: b.ignored(e), Crossover: datasets.Crossover(or(e, "crossover", string(datasets.CrossoverFirst))),
		}
		b.needsCluster(e)
	}
	if u, ok := get[*node](n, "units"); ok {
		b.d.Data.Units = &UnitSource{
			Source: b.source(u, "units"), Variant: or(u, "variant", ""), Attributes: texts(u, "attributes"), IgnoreVariants: b.ignored(u),
		}
		b.needsCluster(u)
	}
	for _, f := range n.fields {
		if dataForm.key(f.key.text) == nil && f.value.value != nil {
			b.events(f.key, f.value, units != nil && exposures == nil)
		}
	}
}

// understood reports whether everything inside the node was right.
func (n *node) understood() bool {
	return !slices.ContainsFunc(n.fields, func(f field) bool { return f.value.value == nil })
}

func (b *builder) events(name, n *node, unitTable bool) {
	if unitTable {
		b.fail(name, "%s: a unit table has no sources of events; an event log needs exposures", name.text)
	}
	b.needsCluster(n)
	b.d.Data.Events = append(b.d.Data.Events, EventSource{
		Source: b.source(n, name.text), CompleteThrough: b.instant(n, "complete_through"),
	})
}

func (b *builder) source(n *node, name string) Source {
	return Source{
		Path: n.path, Name: name, Files: texts(n, "files"), Unit: or(n, "unit", ""), Cluster: or(n, "cluster", ""),
		Time: or(n, "time", ""), Location: or[*time.Location](n, "timezone", nil),
	}
}

func (b *builder) needsCluster(n *node) {
	if b.d.Unit == Merchant && n.child("cluster") == nil {
		b.suggest(n, "add cluster: merchant_id, the column of the merchant",
			"%s has no cluster, and merchants are the units: every source must say which column is the merchant", n.label())
	}
}

func (b *builder) ignored(n *node) []string {
	out := texts(n, "ignore_variants")
	if out == nil {
		return nil
	}
	for _, item := range n.child("ignore_variants").items {
		for _, v := range b.d.Variants {
			if item.value == v.Name {
				b.fail(item, "%q is a variant of this experiment: it cannot be ignored", v.Name)
			}
		}
	}
	return out
}

// from checks that a key names a source of events.
func (b *builder) from(n *node) string {
	name, ok := get[string](n, "from")
	if !ok || b.d.Data.Exposures == nil {
		return name
	}
	var names []string
	for _, e := range b.d.Data.Events {
		if e.Name == name {
			return name
		}
		names = append(names, e.Name)
	}
	suggestion := Suggest(name, names)
	if suggestion == "" {
		suggestion = "sources of events here: " + strings.Join(names, ", ")
	}
	if len(names) == 0 {
		suggestion = "add it under data, beside exposures"
	}
	b.suggest(n.child("from"), suggestion, "there is no source of events called %q", name)
	return name
}

func (b *builder) rows(n *node) Rows {
	out := Rows{Path: n.path, From: b.from(n)}
	out.Where, _ = get[*Condition](n, "where")
	return out
}

func (b *builder) trigger(n *node) *Rows {
	if n == nil || n.value == nil {
		return nil
	}
	if b.unitTable() {
		b.fail(n, "a trigger needs events: a unit table has none")
		return nil
	}
	out := b.rows(n)
	return &out
}

func (b *builder) unitTable() bool { return b.d.Data.Units != nil && b.d.Data.Exposures == nil }
