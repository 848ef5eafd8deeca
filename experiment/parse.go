package experiment

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"liftgate/datasets"
)

// largestFile is the size above which a definition is not read: no person wrote it.
const largestFile = 1 << 20

// Parse reads a definition. Its error is Problems: everything that is wrong, in the order of the file. The file's name is only
// used in messages.
func Parse(file string, source []byte) (*Definition, error) {
	r := newReader(file, source)
	d := &Definition{File: file, Source: source}
	if r.readable(source) {
		if root := r.document(); root != nil {
			d.places = placesOf(root)
			r.useCatalogue(root)
			if r.read(definitionForm, root); root.value != nil {
				b := builder{reader: r, d: d}
				b.definition(root)
			}
		}
	}
	if len(r.problems) > 0 {
		return nil, r.problems.Sorted()
	}
	return d, nil
}

// lineBreaks makes every line end alike; the YAML parser miscounts lines that end in \r\n.
var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n")

func newReader(file string, source []byte) *reader {
	return &reader{file: file, source: lineBreaks.Replace(strings.TrimPrefix(string(source), "\ufeff"))}
}

// readable reports whether the source is text of a sensible size.
func (r *reader) readable(source []byte) bool {
	if len(source) > largestFile {
		r.report(place{}, fmt.Sprintf("the file has %d bytes, a definition at most %d", len(source), largestFile), "")
		return false
	}
	at := place{line: 1, column: 1}
	for rest := r.source; rest != ""; {
		c, size := utf8.DecodeRuneInString(rest)
		if c == utf8.RuneError && size == 1 {
			r.report(at, "this is not UTF-8 text", "save the file as UTF-8")
			return false
		}
		if at.column++; c == '\n' {
			at = place{line: at.line + 1, column: 1}
		}
		rest = rest[size:]
	}
	return true
}

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

func (b *builder) decision(n *node) {
	b.d.Decision = Decision{
		Alpha:     or(n, "alpha", 0.05),
		Power:     or(n, "power", 0.8),
		MinDays:   int(or(n, "min_days", int64(7))),
		HarmAlpha: or(n, "harm_alpha", 0.01),
	}
	if m, ok := get[*node](n, "risk_budget"); ok {
		b.d.Decision.RiskBudget = &Money{Amount: or(m, "amount", 0.0), Currency: or(m, "currency", "")}
	}
}

func (b *builder) monitoring(n *node) {
	m := &b.d.Monitoring
	m.Method = or(n, "method", "fixed")
	m.Spending = or(n, "spending", "")
	looks, _ := get[[]any](n, "looks")
	for i, v := range looks {
		look := v.(datasets.Span)
		if look <= 0 || i > 0 && look <= m.Looks[i-1] {
			b.fail(n.child("looks"), "looks must be after the start and in order, each later than the one before")
			break
		}
		m.Looks = append(m.Looks, look)
	}
	if m.Method == "group-sequential" {
		if m.Spending == "" {
			m.Spending = "obrien-fleming"
		}
		if n.child("looks") == nil {
			b.suggest(n, "add looks: [7d, 14d, 28d]", "group-sequential monitoring needs its looks")
		}
		return
	}
	for _, key := range []string{"spending", "looks"} {
		if c := n.child(key); c != nil {
			b.fail(c, "%s belongs to method: group-sequential, not %s", key, m.Method)
		}
	}
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
