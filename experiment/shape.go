package experiment

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/token"
)

// shape is what may stand at one place of a definition. The parser and the JSON Schema are both made of shapes, so they
// cannot drift apart.
type shape interface {
	// read returns what the node means, or nil after reporting what is wrong with it.
	read(r *reader, n *node) any
	// schema describes the shape; named shapes are put into defs and referred to.
	schema(defs jsonSchema) jsonSchema
}

type jsonSchema = map[string]any

// scalar is a shape that is written as one scalar.
type scalar struct {
	what  string // for "… must be WHAT"
	parse func(text string) (any, error)
	json  jsonSchema
	bare  bool // a number or boolean: quotes would make it a text
}

func (s scalar) read(r *reader, n *node) any {
	if n.kind != scalarKind {
		r.fail(n, "%s must be %s, not %s", n.label(), s.what, n.describe())
		return nil
	}
	if s.bare && !n.plain() {
		r.suggest(n, "leave the quotes out", "%s must be %s, not %s", n.label(), s.what, n.describe())
		return nil
	}
	v, err := s.parse(n.text)
	if err != nil {
		r.suggest(n, err.Error(), "%s must be %s, not %s", n.label(), s.what, n.describe())
		return nil
	}
	return v
}

func (s scalar) schema(jsonSchema) jsonSchema { return s.json }

// textShape is free text, or text of a given form.
type textShape struct {
	what    string
	check   func(text string) string // what is wrong, or empty
	json    jsonSchema
	numbers bool // whether whole numbers may stand without quotes
}

func (s textShape) read(r *reader, n *node) any {
	what := s.what
	if what == "" {
		what = "a text"
	}
	switch {
	case n.kind != scalarKind:
		r.fail(n, "%s must be %s, not %s", n.label(), what, n.describe())
		return nil
	case s.numbers && n.plain() && n.style == token.IntegerType:
	case n.plain() && (numberLike(n) || boolPattern.MatchString(n.text)):
		r.suggest(n, fmt.Sprintf("quote it to make it a text: '%s'", n.text), "%s must be %s, and YAML reads %s as a %s",
			n.label(), what, n.text, map[bool]string{true: "boolean", false: "number"}[boolPattern.MatchString(n.text)])
		return nil
	case strings.TrimSpace(n.text) == "":
		r.fail(n, "%s must not be empty", n.label())
		return nil
	}
	if s.check != nil {
		if wrong := s.check(n.text); wrong != "" {
			r.fail(n, "%s %s", n.label(), wrong)
			return nil
		}
	}
	return n.text
}

func (s textShape) schema(jsonSchema) jsonSchema {
	out := jsonSchema{"type": "string", "minLength": 1}
	for k, v := range s.json {
		out[k] = v
	}
	return out
}

// numberLike reports whether YAML makes a number of an unquoted scalar.
func numberLike(n *node) bool {
	switch n.style {
	case token.IntegerType, token.BinaryIntegerType, token.OctetIntegerType, token.HexIntegerType, token.FloatType,
		token.InfinityType, token.NanType:
		return true
	}
	return numberPattern.MatchString(n.text)
}

// enum is one of a few words.
type enum []string

func (s enum) read(r *reader, n *node) any {
	for _, v := range s {
		if n.kind == scalarKind && n.text == v {
			return v
		}
	}
	suggestion := ""
	if n.kind == scalarKind {
		suggestion = Suggest(n.text, s)
	}
	r.suggest(n, suggestion, "%s must be %s, not %s", n.label(), list(s), n.describe())
	return nil
}

func (s enum) schema(jsonSchema) jsonSchema { return jsonSchema{"enum": []string(s)} }

// listShape is a list of items of one shape. Its meaning is a []any of the items that are right.
type listShape struct {
	of       shape
	minItems int
	maxItems int    // 0: any number
	orOne    bool   // a single item may stand without a list
	unique   bool   // of texts
	noun     string // of an item, for messages about their number
}

func (s listShape) read(r *reader, n *node) any {
	if n.kind != listKind && s.orOne {
		if r.read(s.of, n); n.value == nil {
			return nil
		}
		return []any{n.value}
	}
	if n.kind != listKind {
		r.fail(n, "%s must be a list, not %s", n.label(), n.describe())
		return nil
	}
	if len(n.items) < s.minItems || s.maxItems > 0 && len(n.items) > s.maxItems {
		r.fail(n, "%s must have %s, not %d", n.label(), s.count(), len(n.items))
		return nil
	}
	out := []any{}
	seen := map[any]bool{}
	for _, item := range n.items {
		r.read(s.of, item)
		switch {
		case item.value == nil:
		case s.unique && seen[item.value]:
			r.fail(item, "%s: %v stands in the list twice", item.label(), item.value)
		default:
			if s.unique {
				seen[item.value] = true
			}
			out = append(out, item.value)
		}
	}
	return out
}

func (s listShape) count() string {
	what := s.noun
	if what == "" {
		what = "item"
	}
	switch {
	case s.minItems == s.maxItems:
		return fmt.Sprintf("%d %ss", s.minItems, what)
	case s.minItems == 1 && s.maxItems == 0:
		return "at least one " + what
	case s.maxItems == 0:
		return fmt.Sprintf("at least %d %ss", s.minItems, what)
	}
	return fmt.Sprintf("%d to %d %ss", s.minItems, s.maxItems, what)
}

func (s listShape) schema(defs jsonSchema) jsonSchema {
	item := s.of.schema(defs)
	out := jsonSchema{"type": "array", "items": item}
	if s.minItems > 0 {
		out["minItems"] = s.minItems
	}
	if s.maxItems > 0 {
		out["maxItems"] = s.maxItems
	}
	if s.unique {
		out["uniqueItems"] = true
	}
	if s.orOne {
		return jsonSchema{"anyOf": []any{item, out}}
	}
	return out
}

// anything is whatever YAML can hold, such as a variant's payload.
type anything struct{}

func (anything) read(r *reader, n *node) any {
	switch n.kind {
	case mappingKind:
		out := map[string]any{}
		for _, f := range n.fields {
			r.read(anything{}, f.value)
			out[f.key.text] = f.value.value
		}
		return out
	case listKind:
		out := []any{}
		for _, item := range n.items {
			r.read(anything{}, item)
			out = append(out, item.value)
		}
		return out
	case scalarKind:
		return scalarValue(n)
	}
	return nil
}

func (anything) schema(jsonSchema) jsonSchema { return jsonSchema{} }
