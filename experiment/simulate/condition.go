package simulate

import (
	"fmt"

	"liftgate/datasets/expr"
	"liftgate/experiment"
)

// condition is a condition or computed column of the definition, bound to a table. The verdict of a condition that reads codes
// of the event only is remembered by those codes, because Truth asks millions of times. It is not safe for concurrent use.
type condition struct {
	table *table
	node  *expr.Node // nil holds for every row
	known []verdict  // nil: not remembered
}

type verdict uint8

const (
	unknown verdict = iota
	fails
	holds
)

// bind types a condition by the columns that simulated rows have.
func (t *table) bind(c *experiment.Condition, want expr.Type) (*condition, error) {
	if c == nil {
		return &condition{table: t}, nil
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
	out := &condition{table: t, node: node}
	if want == expr.Bool && t.ofEvent(node) {
		out.known = make([]verdict, len(events)*len(methods)*len(reasons)*len(kinds)*len(outcomes))
	}
	return out, nil
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
	if c.known == nil {
		return c.node.Holds(c.reader(of, r))
	}
	i := (((int(r.event)*len(methods)+int(r.method))*len(reasons)+int(r.reason))*len(kinds)+int(r.kind))*len(outcomes) + int(r.outcome)
	if c.known[i] == unknown {
		c.known[i] = fails
		if c.node.Holds(c.reader(of, r)) {
			c.known[i] = holds
		}
	}
	return c.known[i] == holds
}

// value computes a column for a row.
func (c *condition) value(of *crowd, r *row) expr.Value { return c.node.Eval(c.reader(of, r)) }

func (c *condition) reader(of *crowd, r *row) expr.Row {
	return func(name string, _ expr.Type) expr.Value { return c.table.column(name).cell(of, r) }
}
