package experiment

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed catalogue/amazon-pay.yaml
var amazonPay []byte

const catalogueName = "amazon-pay"

// catalogueSource is the source of events that the catalogue's metrics read unless a definition says otherwise.
const catalogueSource = "events"

// builtIn are the catalogue's metrics as YAML, in its order. The file is part of the program: a mistake in it is a bug.
var builtIn = sync.OnceValue(func() []*node {
	r := newReader("catalogue/"+catalogueName+".yaml", amazonPay)
	root := r.document()
	if len(r.problems) > 0 {
		panic(r.problems)
	}
	return root.child("metrics").items
})

// useCatalogue fills in what metrics take over from the catalogue, each key as a whole.
func (r *reader) useCatalogue(root *node) {
	metrics := root.child("metrics")
	if metrics == nil {
		return
	}
	for _, m := range metrics.items {
		use := m.child("use")
		if use == nil || use.kind != scalarKind {
			continue
		}
		if entry := r.entry(use); entry != nil {
			r.takeOver(m, entry, use, root.child("data"))
		}
	}
}

// takeOver lends a metric the keys of an entry that it does not have itself.
func (r *reader) takeOver(metric, entry, use, data *node) {
	var lent []field
	reads := false
	for _, f := range entry.fields {
		if metric.child(f.key.text) == nil {
			lent = append(lent, f)
			reads = reads || readsEvents(f.value)
		}
	}
	var from *node
	if reads {
		if data.child("units") != nil && data.child("exposures") == nil {
			r.suggest(use, "write a metric of your own over columns: value: {column: NAME}", "%s reads events, and a unit table has none", use.text)
			return
		}
		from = r.eventSource(data, metric, use)
	}
	for _, f := range lent {
		metric.fields = append(metric.fields, lend(f, metric.path, use.at, from))
	}
}

// readsEvents reports whether a part of an entry names a source of events.
func readsEvents(n *node) bool {
	return n.child("from") != nil || slices.ContainsFunc(n.items, readsEvents)
}

func (r *reader) entry(use *node) *node {
	var names []string
	for _, e := range builtIn() {
		name := catalogueName + "/" + e.child("name").text
		if name == use.text {
			return e
		}
		names = append(names, name)
	}
	suggestion := Suggest(use.text, names)
	if suggestion == "" {
		suggestion = "liftgate catalogue lists what there is"
	}
	r.suggest(use, suggestion, "the catalogue has no metric %q", use.text)
	return nil
}

// eventSource is the node that names the source of events for a metric of the catalogue: its own from, or the only source
// that there is. It is nil where the catalogue's name stands.
func (r *reader) eventSource(data, metric, use *node) *node {
	if from := metric.child("from"); from != nil {
		return from
	}
	if data == nil || data.child(catalogueSource) != nil {
		return nil
	}
	var sources []*node
	var names []string
	for _, f := range data.fields {
		if dataForm.key(f.key.text) == nil {
			sources, names = append(sources, f.key), append(names, f.key.text)
		}
	}
	if len(sources) == 0 {
		return nil
	}
	if len(sources) > 1 {
		r.suggest(use, "add from: "+names[0], "%s reads the source %s, and this definition has %s: say which with from",
			use.text, catalogueSource, strings.Join(names, " and "))
	}
	return sources[0]
}

// lend copies a key of the catalogue into a metric. Its place is that of the metric's use, or of the from that it was given.
func lend(f field, parent string, at place, from *node) field {
	key := *f.key
	key.at, key.lent = at, true
	key.path = parent + "." + key.text
	return field{key: &key, value: lendNode(f.value, key.path, at, from)}
}

func lendNode(n *node, path string, at place, from *node) *node {
	out := *n
	out.path, out.at, out.lent, out.fields, out.items = path, at, true, nil, nil
	for _, f := range n.fields {
		lent := lend(f, path, at, from)
		if f.key.text == "from" && from != nil {
			lent.value.text, lent.value.at = from.text, from.at
		}
		out.fields = append(out.fields, lent)
	}
	for i, item := range n.items {
		out.items = append(out.items, lendNode(item, fmt.Sprintf("%s[%d]", path, i), at, from))
	}
	return &out
}

// Entry is a metric of the built-in catalogue.
type Entry struct {
	Use    string // what a definition writes after use:, such as amazon-pay/refund_rate
	Metric Metric
}

// Catalogue lists the built-in metrics: core, supporting, risk, and by stage within each.
func Catalogue() []Entry {
	b := builder{reader: newReader("catalogue/"+catalogueName+".yaml", amazonPay), d: &Definition{Unit: Merchant}}
	var out []Entry
	for _, n := range builtIn() {
		own := lendNode(n, n.path, n.at, nil)
		b.read(metricForm, own)
		out = append(out, Entry{Use: catalogueName + "/" + own.child("name").text, Metric: b.metric(own)})
	}
	if len(b.problems) > 0 {
		panic(b.problems)
	}
	slices.SortStableFunc(out, func(a, b Entry) int {
		if c := tierRank(a.Metric.Tier) - tierRank(b.Metric.Tier); c != 0 {
			return c
		}
		return slices.Index(Stages, a.Metric.Stage) - slices.Index(Stages, b.Metric.Stage)
	})
	return out
}

func tierRank(t Tier) int { return slices.Index([]Tier{TierCore, TierSupporting, TierRisk}, t) }
