package tabular

import "liftgate/datasets/expr"

// Kind is what a column holds, as far as the files of one table must agree on it.
type Kind uint8

// Kinds.
const (
	Untyped Kind = iota // a CSV column, or one that holds nothing but nulls: goes with any kind
	Text
	Integer
	Number
	Instant
	Boolean
	Unsupported
)

func (k Kind) String() string {
	return [...]string{"untyped", "text", "integer", "number", "time", "boolean", "unsupported"}[k]
}

// exprType is the type that expressions see.
func (k Kind) exprType() expr.Type {
	switch k {
	case Text:
		return expr.Text
	case Integer, Number:
		return expr.Number
	case Instant:
		return expr.Time
	case Boolean:
		return expr.Bool
	default:
		return expr.Untyped
	}
}
