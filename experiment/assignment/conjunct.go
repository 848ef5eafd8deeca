package assignment

import (
	"slices"
	"strings"

	"liftgate/datasets/expr"
	"liftgate/experiment"
)

// conjunct is a part of the eligibility condition with its text.
type conjunct struct {
	node *expr.Node
	text string
	// attribute is one of these texts: what most conditions ask. Empty when the part asks anything else.
	attribute string
	texts     []string
}

func newConjunct(node *expr.Node, text string) conjunct {
	c := conjunct{node: node, text: text}
	if node.Op != expr.In && node.Op != expr.Eq || node.Args[0].Op != expr.Column || node.Args[0].Type != expr.Text {
		return c
	}
	for _, a := range node.Args[1:] {
		if a.Op != expr.Literal || a.Type != expr.Text {
			return c
		}
		c.texts = append(c.texts, a.Value.Text)
	}
	c.attribute = node.Args[0].Name
	return c
}

func (c *conjunct) holds(attributes Attributes) bool {
	switch {
	case c.attribute == "":
		return c.node.Holds(reading(attributes))
	case attributes == nil:
		return false
	}
	v := attributes(c.attribute)
	if v.Type != expr.Text {
		v = Read(v, expr.Text)
	}
	return !v.Null() && slices.Contains(c.texts, v.Text)
}

// reading gives a unit's attributes as a condition asks for them.
func reading(attributes Attributes) expr.Row {
	return func(name string, t expr.Type) expr.Value {
		if attributes == nil {
			return expr.Value{}
		}
		return Read(attributes(name), t)
	}
}

// conjuncts splits the bound condition at its outermost && and finds each part's text in the definition's. A part whose text is not found
// is printed.
func conjuncts(bound *expr.Node, text string) []conjunct {
	nodes, texts := bound.Conjuncts(), split(text)
	if len(nodes) == 1 {
		return []conjunct{newConjunct(bound, strings.TrimSpace(text))}
	}
	out := make([]conjunct, len(nodes))
	for i, n := range nodes {
		out[i] = newConjunct(n, printed(n))
		if len(texts) != len(nodes) {
			continue
		}
		if tree, mistakes := experiment.ParseCondition(texts[i]); len(mistakes) == 0 && tree.String() == n.String() {
			out[i].text = texts[i]
		}
	}
	return out
}

// printed is a part in its canonical spelling, without the brackets around all of it.
func printed(n *expr.Node) string {
	text := n.String()
	if inner, ok := strings.CutPrefix(text, "("); ok {
		return strings.TrimSuffix(inner, ")")
	}
	return text
}

// split cuts a condition at each && that stands in no quotes, and in brackets only if they hold nothing but conjuncts. Where that is not
// what the condition means, the parts do not parse to its conjuncts.
func split(text string) []string {
	text = strings.TrimSpace(text)
	ands, closed := ands(text)
	if len(ands) == 0 && closed == len(text)-1 && strings.HasPrefix(text, "(") {
		return split(text[1:closed])
	}
	if len(ands) == 0 {
		return []string{text}
	}
	var parts []string
	from := 0
	for _, at := range append(ands, len(text)) {
		parts = append(parts, split(text[from:at])...)
		from = min(at+len("&&"), len(text))
	}
	return parts
}

// ands finds the && outside of brackets and quotes, and where the first bracket is closed.
func ands(text string) (at []int, closed int) {
	depth, quote := 0, byte(0)
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quote != 0 && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"', c == '\'':
			quote = c
		case c == '(', c == '[':
			depth++
		case c == ')', c == ']':
			depth--
			if depth == 0 && closed == 0 {
				closed = i
			}
		case depth == 0 && strings.HasPrefix(text[i:], "&&"):
			at = append(at, i)
			i++
		}
	}
	return at, closed
}
