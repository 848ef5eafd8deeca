package simulate

import (
	"fmt"

	"liftgate/datasets/expr"
	"liftgate/experiment"
)

// condition is a condition of the definition, bound to a table. The verdict of the parts that read codes of the event only is
// remembered by those codes, because Truth asks millions of times. It is not safe for concurrent use.
type condition struct {
	table    *table
	ofEvents []*expr.Node // all parts must hold
	others   []*expr.Node
	known    []verdict // of ofEvents
}

type verdict uint8

const (
	unknown verdict = iota
	fails
	holds
)

// condition binds a condition; nil holds for every row.
func (t *table) condition(c *experiment.Condition) (*condition, error) {
	node, err := t.bind(c, expr.Bool)
	if err != nil {
		return nil, err
	}
	out := &condition{table: t, known: make([]verdict, len(events)*len(methods)*len(reasons)*len(kinds)*len(outcomes))}
	for _, part := range node.Conjuncts() {
		if t.ofEvent(part) {
			out.ofEvents = append(out.ofEvents, part)
		} else {
			out.others = append(out.others, part)
		}
	}
	return out, nil
}

// bind types a condition or computed column by the columns that simulated rows have.
func (t *table) bind(c *experiment.Condition, want expr.Type) (*expr.Node, error) {
	if c == nil {
		return nil, nil
	}
	node, mistakes := c.Tree.Bind(func(name string) (expr.Type, bool) {
		column := t.column(name)
		if column == nil {
			return expr.Untyped, false
		}
		return column.kind(), true
	}, want)
	if len(mistakes) > 0 {
		return nil, fmt.Errorf("%s: %w", c.Text, mistakes[0])
	}
	return node, nil
}

func (t *table) ofEvent(node *expr.Node) bool {
	for _, used := range node.Columns() {
		if !t.column(used.Name).ofEvent {
			return false
		}
	}
	return true
}

// holds reports whether a row satisfies the condition.
func (c *condition) holds(of *crowd, r *row) bool {
	i := (((int(r.event)*len(methods)+int(r.method))*len(reasons)+int(r.reason))*len(kinds)+int(r.kind))*len(outcomes) + int(r.outcome)
	if c.known[i] == unknown {
		c.known[i] = fails
		if allHold(c.ofEvents, c.table.reader(of, r)) {
			c.known[i] = holds
		}
	}
	return c.known[i] == holds && (c.others == nil || allHold(c.others, c.table.reader(of, r)))
}

func allHold(parts []*expr.Node, r expr.Row) bool {
	for _, p := range parts {
		if !p.Holds(r) {
			return false
		}
	}
	return true
}

func (t *table) reader(of *crowd, r *row) expr.Row {
	return func(name string, _ expr.Type) expr.Value { return t.column(name).cell(of, r) }
}
