package experiment

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// node is a piece of YAML with its path and place. Its value is filled in by the shape that reads it.
type node struct {
	path   string
	at     place
	kind   kind
	style  token.Type // of a scalar
	text   string     // of a scalar, after YAML's own escapes; of a foreign node, what YAML took for its property
	fields []field    // of a mapping
	items  []*node    // of a list
	lent   bool       // it comes from the catalogue: its place is that of the metric's use
	value  any        // what it means; nil when it is wrong
}

type field struct{ key, value *node }

type kind uint8

const (
	emptyKind kind = iota
	scalarKind
	mappingKind
	listKind
	tagKind
	aliasKind
)

var (
	numberPattern = regexp.MustCompile(`^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$`)
	boolPattern   = regexp.MustCompile(`^(true|True|TRUE|false|False|FALSE)$`)
)

// plain reports whether a scalar was written without quotes, so that YAML may read it as something other than text.
func (n *node) plain() bool {
	return n.style != token.SingleQuoteType && n.style != token.DoubleQuoteType && !n.block()
}

func (n *node) block() bool { return n.style == token.LiteralType || n.style == token.FoldedType }

// child is the value of a key, nil when the node has none.
func (n *node) child(key string) *node {
	if n == nil {
		return nil
	}
	for _, f := range n.fields {
		if f.key.text == key {
			return f.value
		}
	}
	return nil
}

// label is how messages call the node: its key, or the key and index of a list's item.
func (n *node) label() string {
	label := n.path[strings.LastIndexByte(n.path, '.')+1:]
	if label == "" {
		return "the definition"
	}
	return label
}

// describe says what stands at the node, for "…, not X".
func (n *node) describe() string {
	switch n.kind {
	case emptyKind:
		return "nothing"
	case mappingKind:
		return "a group of keys"
	case listKind:
		return "a list"
	case scalarKind:
		switch {
		case !n.plain():
			return fmt.Sprintf("the text %q", n.text)
		case numberLike(n), boolPattern.MatchString(n.text):
			return n.text
		}
		return fmt.Sprintf("%q", n.text)
	}
	return n.text
}

// document parses the source as one YAML document without tags, anchors, aliases or merge keys.
func (r *reader) document() *node {
	file := r.parse()
	if file == nil {
		return nil
	}
	var root *node
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		if d, ok := doc.Body.(*ast.DirectiveNode); ok {
			r.report(placeOf(d.GetToken()), "YAML directives are not part of this format", "")
			continue
		}
		n := r.convert(doc.Body, "")
		if root != nil {
			r.report(n.at, "a second YAML document starts here: a file holds one definition", "")
			break
		}
		root = n
	}
	if root == nil && len(r.problems) == 0 {
		r.report(place{}, "the file holds no definition", "write a commented one to start from with: liftgate init DIR")
	}
	return root
}

func placeOf(t *token.Token) place {
	if t == nil || t.Position == nil {
		return place{}
	}
	return place{line: t.Position.Line, column: t.Position.Column}
}

func (r *reader) convert(from ast.Node, path string) *node {
	if from == nil {
		return &node{path: path}
	}
	n := &node{path: path, at: placeOf(from.GetToken()), kind: scalarKind}
	switch y := from.(type) {
	case *ast.MappingNode:
		r.convertMapping(n, y)
	case *ast.SequenceNode:
		n.kind = listKind
		for i, item := range y.Values {
			n.items = append(n.items, r.convert(item, fmt.Sprintf("%s[%d]", path, i)))
		}
	case *ast.NullNode:
		n.kind = emptyKind
	case *ast.LiteralNode:
		n.style, n.text = y.Start.Type, y.Value.Value
	case *ast.TagNode:
		n.kind, n.text = tagKind, y.Start.Value
	case *ast.AnchorNode, *ast.AliasNode:
		n.kind, n.text = aliasKind, "an anchor or alias"
	default:
		t := from.GetToken()
		n.style, n.text = t.Type, t.Value
	}
	return n
}

func (r *reader) convertMapping(n *node, y *ast.MappingNode) {
	n.kind = mappingKind
	seen := map[string]place{}
	for i, pair := range y.Values {
		key := r.convertKey(pair.Key, n.path)
		if i == 0 && !y.IsFlowStyle {
			n.at = key.at
		}
		if pair.Key.IsMergeKey() {
			r.report(key.at, "merge keys (<<) are not part of this format", "write the keys out")
			continue
		}
		if first, twice := seen[key.text]; twice {
			r.report(key.at, fmt.Sprintf("%s stands here for the second time, after line %d", key.text, first.line), "")
			continue
		}
		seen[key.text] = key.at
		n.fields = append(n.fields, field{key: key, value: r.convert(pair.Value, key.path)})
	}
}

func (r *reader) convertKey(k ast.MapKeyNode, parent string) *node {
	var from ast.Node = k
	if explicit, ok := k.(*ast.MappingKeyNode); ok {
		from = explicit.Value
	}
	key := &node{kind: scalarKind, at: placeOf(from.GetToken())}
	if t := from.GetToken(); t != nil {
		key.style, key.text = t.Type, t.Value
	}
	key.path = key.text
	if parent != "" {
		key.path = parent + "." + key.text
	}
	return key
}
