package serve

import (
	"fmt"

	"liftgate/datasets/expr"
)

// Limits on what one context may hold, so that looking for a name in it stays cheap.
const (
	mostAttributes = 200
	longestID      = 1024 // bytes, of a unit's key
)

// targetingKey is the protocol's name for who is asked about.
const targetingKey = "targetingKey"

// attribute is one member of a context. A nested one (an object or a list) has a value that is not null and means nothing: no
// condition can compare it.
type attribute struct {
	name   string
	value  expr.Value
	nested bool
}

// evaluationContext is what a client says about one unit.
type evaluationContext struct{ attributes []attribute }

func (c *evaluationContext) find(name string) *attribute {
	for i := range c.attributes {
		if c.attributes[i].name == name {
			return &c.attributes[i]
		}
	}
	return nil
}

// readContext reads a context at the scanner's place; null is an empty one.
func (s *scanner) readContext(c *evaluationContext) error {
	c.attributes = c.attributes[:0]
	switch s.peek() {
	case '{':
		return s.object(func(name string) error { return s.readAttribute(c, name) })
	case 'n':
		return s.skip()
	}
	if err := s.skip(); err != nil {
		return err
	}
	return invalidContext("the context must be an object")
}

func (s *scanner) readAttribute(c *evaluationContext, name string) error {
	switch {
	case c.find(name) != nil:
		return s.fail("a name stands twice in the context")
	case len(c.attributes) == mostAttributes:
		return invalidContext(fmt.Sprintf("the context has more than %d attributes", mostAttributes))
	}
	a := attribute{name: name}
	var err error
	if next := s.peek(); next == '{' || next == '[' {
		a.nested, a.value = true, expr.BoolValue(true)
		err = s.skip()
	} else {
		a.value, err = s.scalar()
	}
	c.attributes = append(c.attributes, a)
	return err
}

// readRequest reads {"context": {...}}. Members that the protocol does not know (yet) are ignored.
func readRequest(body string, c *evaluationContext) error {
	s := scanner{text: body}
	c.attributes = c.attributes[:0]
	if s.peek() != '{' {
		if err := s.skip(); err != nil {
			return err
		}
		return s.fail("the request must be an object")
	}
	seen := false
	err := s.object(func(name string) error {
		if name != "context" {
			return s.skip()
		}
		if seen {
			return s.fail("a second context starts")
		}
		seen = true
		return s.readContext(c)
	})
	if err != nil {
		return err
	}
	return s.end()
}
