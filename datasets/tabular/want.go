package tabular

import "liftgate/datasets/expr"

// Use is how a column is read. Typed formats ignore it; in CSV it settles the type.
type Use uint8

// Uses. Expressions know their own; see [UseOf].
const (
	asAny   Use = iota // only whether it is null
	AsKey              // a text or an integer
	AsLabel            // anything that can be printed
	asText
	asNumber
	AsInstant
	asBoolean
)

// UseOf is how an expression reads a column that it takes to be of type t.
func UseOf(t expr.Type) Use {
	return [...]Use{expr.Untyped: asAny, expr.Bool: asBoolean, expr.Number: asNumber, expr.Text: asText, expr.Time: AsInstant}[t]
}

// accepts reports whether a column of kind k can be read so.
func (u Use) accepts(k Kind) bool {
	switch u {
	case AsKey:
		return k == Untyped || k == Text || k == Integer
	case asText:
		return k == Untyped || k == Text
	case asNumber:
		return k == Untyped || k == Integer || k == Number
	case AsInstant:
		return k == Untyped || k == Instant
	case asBoolean:
		return k == Untyped || k == Boolean
	default:
		return k != Unsupported
	}
}

func (u Use) String() string {
	return [...]string{"any value", "a text or an integer", "a printable value", "a text", "a number", "a time", "a boolean"}[u]
}

// Want is a column that is wanted of a table.
type Want struct {
	Name string
	As   Use
}

// Wanted collects the columns that a pass over a table reads. The zero value wants none.
type Wanted struct {
	List []Want
}

// Add gives the position of a column among the wanted ones.
func (w *Wanted) Add(name string, as Use) int {
	for i, have := range w.List {
		if have == (Want{name, as}) {
			return i
		}
	}
	w.List = append(w.List, Want{name, as})
	return len(w.List) - 1
}
