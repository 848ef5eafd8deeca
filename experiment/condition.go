package experiment

import (
	"fmt"
	"strings"

	"cel.dev/cel-go/common"
	"cel.dev/cel-go/parser"

	"liftgate/datasets/expr"
)

// conditionShape is a CEL condition or computed column. Its meaning is a *Condition.
type conditionShape struct {
	want expr.Type
	what string
}

func (s conditionShape) read(r *reader, n *node) any {
	switch {
	case n.kind == emptyKind, n.kind == scalarKind && strings.TrimSpace(n.text) == "":
		r.fail(n, "%s must be %s, not nothing", n.label(), s.what)
		return nil
	case n.kind != scalarKind:
		r.suggest(n, r.quoteHint(n.label(), n.at), "%s must be %s, and YAML reads this one as %s", n.label(), s.what, n.describe())
		return nil
	case n.plain() && (numberLike(n) || boolPattern.MatchString(n.text)):
		r.suggest(n, "quote it: "+n.label()+": '"+n.text+"'", "%s must be %s, not %s", n.label(), s.what, n.describe())
		return nil
	}
	c := &Condition{Path: n.path, Text: n.text}
	var mistakes []*expr.Error
	if s.want == expr.Untyped && identifier.MatchString(n.text) {
		c.Tree = &expr.Node{Op: expr.Column, Name: n.text}
	} else {
		c.Tree, mistakes = ParseCondition(n.text)
	}
	if len(mistakes) == 0 {
		_, mistakes = c.Tree.Bind(anyColumn, s.want)
	}
	r.mistakes(n, mistakes)
	if len(mistakes) > 0 {
		return nil
	}
	return c
}

// mistakes reports what is wrong inside a condition. Where YAML cut it short, that is the one thing to say.
func (r *reader) mistakes(n *node, mistakes []*expr.Error) {
	if len(mistakes) > 0 && r.cutShort(n) {
		return
	}
	for _, m := range mistakes {
		r.report(r.inside(n, m.Pos), n.label()+": "+m.Message, "")
	}
}

// cutShort reports a condition of which YAML has read only a part, because it is not quoted.
func (r *reader) cutShort(n *node) bool {
	if n.kind != scalarKind || !n.plain() || n.lent {
		return false
	}
	line, _, _ := strings.Cut(r.from(n.at), "\n")
	c := unquoted{key: n.label(), text: conditionExtent(line)}
	if !c.mangled() || c.text == n.text || !strings.HasPrefix(c.text, n.text) {
		return false
	}
	r.suggest(n, c.hint(), "YAML cuts this condition short: it reads %s", n.text)
	return true
}

func (s conditionShape) schema(jsonSchema) jsonSchema {
	return jsonSchema{"type": "string", "minLength": 1}
}

// anyColumn stands for data that nobody has looked at yet: every column may exist, with any type.
func anyColumn(string) (expr.Type, bool) { return expr.Untyped, true }

// maxDepth is how deep the brackets of a condition may nest.
const maxDepth = 100

// ParseCondition parses a CEL condition, or a computed column, and lowers it to the language of package expr. The tree is not
// bound yet. Offsets of mistakes count bytes of the text.
func ParseCondition(text string) (*expr.Node, []*expr.Error) {
	p, err := parser.NewParser(parser.Macros(), parser.EnablePrattParser(true), parser.MaxRecursionDepth(maxDepth))
	if err != nil {
		return nil, []*expr.Error{{Message: err.Error()}}
	}
	source := common.NewTextSource(text)
	tree, errs := p.Parse(source)
	if found := errs.GetErrors(); len(found) > 0 {
		first := found[0] // what follows it is mostly its consequence
		characters, _ := source.LocationOffset(first.Location)
		return nil, []*expr.Error{syntaxMistake(text, byteOffset(text, int(characters)), first.Message)}
	}
	l := lowering{text: text, info: tree.SourceInfo()}
	out := l.lower(tree.Expr())
	if len(l.mistakes) > 0 {
		return nil, l.mistakes
	}
	return out, nil
}

func byteOffset(text string, characters int) int {
	for i := range text {
		if characters <= 0 {
			return i
		}
		characters--
	}
	return len(text)
}

// foreignWords are what people write who think of another language, and what CEL says instead.
var foreignWords = []struct{ word, instead string }{
	{"==", ""},
	{"=", "write == to compare"},
	{"<>", "write != for not equal"},
	{"><", ""},
	{">", "write != for not equal"},
	{"and", "write && for and"},
	{"or", "write || for or"},
	{"not", "write ! for not"},
	{"&", "write && for and"},
	{"|", "write || for or"},
	{"is", "write has(c) for not null, !has(c) for null"},
	{"like", "write c.contains(\"x\"), c.startsWith(\"x\") or c.matches(\"regex\")"},
	{"between", "write c >= 1 && c <= 2"},
	{"(", ""},
}

func syntaxMistake(text string, at int, message string) *expr.Error {
	message = strings.TrimPrefix(message, "Syntax error: ")
	if reserved, ok := strings.CutPrefix(message, "reserved identifier: "); ok {
		return &expr.Error{Pos: at, Message: fmt.Sprintf("%s is a reserved word of CEL and cannot name a column here", reserved)}
	}
	if strings.Contains(message, "<EOF>") {
		return &expr.Error{Pos: len(text), Message: "the condition ends where something is still missing"}
	}
	rest := strings.ToLower(text[at:])
	for _, f := range foreignWords {
		if after, ok := strings.CutPrefix(rest, f.word); ok && f.instead != "" && !startsIdentifier(f.word, after) {
			return &expr.Error{Pos: at, Message: f.instead}
		}
	}
	return &expr.Error{Pos: at, Message: "not a valid condition: " + message}
}

func startsIdentifier(word, after string) bool {
	return identifier.MatchString(word) && after != "" && identifier.MatchString("_"+after[:1])
}
