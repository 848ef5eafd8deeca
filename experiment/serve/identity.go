package serve

import (
	"fmt"
	"net/http"

	"liftgate/datasets/expr"
	"liftgate/experiment/assignment"
)

// identify finds who is asked about. The targeting key is the shopper; the merchant is the attribute that the definition's data name as
// the cluster, which must be there when merchants are randomised.
func (f *flag) identify(c *evaluationContext, e *evaluation) (failed *failure) {
	if e.shopper, failed = c.shopper(); failed != nil || f.cluster == "" {
		return failed
	}
	if e.merchant, failed = c.merchant(f.cluster); failed != nil {
		return failed
	}
	if f.merchants && e.merchant == "" {
		return invalidContext(fmt.Sprintf("%s randomises merchants: the context needs the attribute %q", f.name, f.cluster))
	}
	return nil
}

// shopper is the targeting key.
func (c *evaluationContext) shopper() (string, *failure) {
	a := c.find(targetingKey)
	switch {
	case a.empty():
		return "", &failure{
			status: http.StatusBadRequest, code: targetingKeyMissing,
			details: "the context has no targetingKey: who is asked about?",
		}
	case a.value.Type != expr.Text:
		return "", invalidContext("targetingKey is " + a.describe() + ": it must be a text")
	}
	return checkLength(targetingKey, a.value.Text)
}

// merchant is the key of a merchant, empty when there is none.
func (c *evaluationContext) merchant(name string) (string, *failure) {
	a := c.find(name)
	switch {
	case a.empty():
		return "", nil
	case a.value.Type == expr.Number && a.value.Exact: // keys of merchants are often integers
		return a.value.String(), nil
	case a.value.Type != expr.Text:
		return "", invalidContext(fmt.Sprintf("the attribute %q is %s: a merchant's key is a text or an integer", name, a.describe()))
	}
	return checkLength(name, a.value.Text)
}

func checkLength(name, id string) (string, *failure) {
	if len(id) > longestID {
		return "", invalidContext(fmt.Sprintf("%s has %d bytes; a key has at most %d", name, len(id), longestID))
	}
	return id, nil
}

// check refuses attributes that the definition uses and cannot read. Attributes that it does not use may be anything: contexts are
// shared by many flags.
func (f *flag) check(c *evaluationContext) *failure {
	for _, used := range f.reads {
		a := c.find(used.Name)
		if a == nil || used.Type == expr.Untyped {
			continue
		}
		if a.nested || !assignment.Readable(a.value, used.Type) {
			return invalidContext(fmt.Sprintf("the attribute %q is %s; the condition of %s compares it as a %s",
				used.Name, a.describe(), f.name, used.Type))
		}
	}
	for i := range f.columns.Attributes {
		name := f.columns.Attributes[i].Name
		if a := c.find(name); a != nil && a.nested {
			return invalidContext(fmt.Sprintf("the attribute %q is %s; %s logs it as one value", name, a.describe(), f.name))
		}
	}
	return nil
}

// describe says what an attribute is, without its value.
func (a *attribute) describe() string {
	switch {
	case a.nested:
		return "an object or a list"
	case a.value.Null():
		return "null"
	case a.value.Type == expr.Text:
		return "a text that has no such reading"
	}
	return "a " + a.value.Type.String()
}

// empty reports whether a key is absent; null and a text without characters are.
func (a *attribute) empty() bool {
	return a == nil || a.value.Null() || a.value.Type == expr.Text && a.value.Text == ""
}
