package experiment

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
)

// form is a group of keys. Its meaning is the node itself, whose children hold theirs.
type form struct {
	name   string // in messages and in the JSON Schema
	keys   []key
	rest   *rest  // further keys, nil when there are none
	waiver string // a key that stands in for all required keys but name
}

// key is one key of a form.
type key struct {
	name     string
	shape    shape
	required bool
	doc      string // for the JSON Schema, and so for editors
}

// rest is what further keys of a form may be.
type rest struct {
	shape shape
	check func(name string) string // what is wrong with a key's name, or empty
	doc   string
}

func (f *form) read(r *reader, n *node) any {
	if n.kind != mappingKind {
		r.fail(n, "%s must be a group of keys (%s), not %s", n.label(), strings.Join(f.names(), ", "), n.describe())
		return nil
	}
	for i, pair := range n.fields {
		if k := f.key(pair.key.text); k != nil {
			r.read(k.shape, pair.value)
		} else {
			f.readRest(r, n, i)
		}
	}
	for _, k := range f.keys {
		if k.required && n.child(k.name) == nil && !f.waived(n, k.name) {
			r.fail(n, "%s has no %s: %s", f.called(n), k.name, k.doc)
		}
	}
	return n
}

func (f *form) waived(n *node, key string) bool {
	return f.waiver != "" && key != "name" && n.child(f.waiver) != nil
}

// called is how messages name a node of the form.
func (f *form) called(n *node) string {
	if name := n.child("name"); name != nil && name.kind == scalarKind && f.name != "definition" {
		return f.name + " " + name.text
	}
	if f.name == "definition" || strings.HasSuffix(n.path, "]") {
		return "the " + f.name
	}
	return n.label()
}

func (f *form) readRest(r *reader, n *node, i int) {
	pair := n.fields[i]
	name := pair.key.text
	if f.rest != nil {
		if wrong := f.rest.check(name); wrong != "" {
			r.suggest(pair.key, Suggest(name, f.names()), "%s: %s", name, wrong)
			return
		}
		r.read(f.rest.shape, pair.value)
		return
	}
	if i > 0 && pair.value.kind == emptyKind && f.isCondition(n.fields[i-1].key.text) && r.cutShort(n.fields[i-1].value) {
		return
	}
	r.suggest(pair.key, f.suggestion(name), "unknown key %q in %s", name, f.called(n))
}

func (f *form) isCondition(name string) bool {
	k := f.key(name)
	if k == nil {
		return false
	}
	_, ok := k.shape.(conditionShape)
	return ok
}

func (f *form) suggestion(name string) string {
	if s := Suggest(name, f.names()); s != "" {
		return s
	}
	return "its keys are " + strings.Join(f.names(), ", ")
}

func (f *form) key(name string) *key {
	for i := range f.keys {
		if f.keys[i].name == name {
			return &f.keys[i]
		}
	}
	return nil
}

func (f *form) names() []string {
	names := make([]string, len(f.keys))
	for i, k := range f.keys {
		names[i] = k.name
	}
	return names
}

func (f *form) schema(defs jsonSchema) jsonSchema {
	id := strings.ReplaceAll(f.name, " ", "_")
	ref := jsonSchema{"$ref": "#/$defs/" + id}
	if _, known := defs[id]; known {
		return ref
	}
	properties := jsonSchema{}
	out := jsonSchema{"type": "object", "properties": properties, "additionalProperties": false}
	defs[id] = out
	var required []string
	for _, k := range f.keys {
		properties[k.name] = described(k.shape.schema(defs), k.doc)
		if k.required {
			required = append(required, k.name)
		}
	}
	f.require(out, required)
	if f.rest != nil {
		out["additionalProperties"] = described(f.rest.shape.schema(defs), f.rest.doc)
	}
	return ref
}

// described is a copy of a schema with a description.
func described(s jsonSchema, doc string) jsonSchema {
	out := maps.Clone(s)
	out["description"] = doc
	return out
}

// require demands the required keys; where the form has a waiver, the waiver or all of them.
func (f *form) require(out jsonSchema, required []string) {
	switch {
	case required == nil:
	case f.waiver == "":
		out["required"] = required
	default:
		out["required"] = []string{"name"}
		out["anyOf"] = []any{jsonSchema{"required": []string{f.waiver}}, jsonSchema{"required": required}}
	}
}

// scalarValue is what YAML makes of a scalar where any value may stand.
func scalarValue(n *node) any {
	if n.plain() {
		switch {
		case boolPattern.MatchString(n.text):
			return strings.EqualFold(n.text, "true")
		case numberPattern.MatchString(n.text):
			if i, err := strconv.ParseInt(n.text, 10, 64); err == nil {
				return i
			}
			var f float64
			if _, err := fmt.Sscan(n.text, &f); err == nil {
				return f
			}
		}
	}
	return n.text
}
