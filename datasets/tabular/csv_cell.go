package tabular

import (
	"errors"
	"time"
	"unicode/utf8"

	"liftgate/datasets/expr"
)

// ErrNotUTF8 is what a text is refused for. Readers of CSV check each; those of other formats leave it to whoever uses the text.
var ErrNotUTF8 = errors.New("the text is not UTF-8")

// parseCells reads cells as their use asks for; an empty cell is null. On a mistake it tells the row.
func parseCells(cells []string, as Use, zone *time.Location) (c *Column, bad int, err error) {
	c = &Column{Valid: make([]bool, len(cells))}
	parse := parser(c, as, len(cells), zone)
	for i, s := range cells {
		if s == "" {
			continue
		}
		if !utf8.ValidString(s) {
			return nil, i, ErrNotUTF8
		}
		if err := parse(i, s); err != nil {
			return nil, i, err
		}
		c.Valid[i] = true
	}
	if c.Kind == Text {
		c.Texts = cells
	}
	return c, 0, nil
}

// parser prepares a column for n cells and gives the function that sets one.
func parser(c *Column, as Use, n int, zone *time.Location) func(i int, s string) error {
	switch as {
	case asNumber:
		c.Kind, c.Ints, c.Floats, c.Exact = Number, make([]int64, n), make([]float64, n), make([]bool, n)
		return func(i int, s string) error {
			v, err := expr.ParseCell(s, expr.Number, zone)
			c.Ints[i], c.Floats[i], c.Exact[i] = v.Int, v.Float, v.Exact
			return err
		}
	case AsInstant:
		c.Kind, c.Ints = Instant, make([]int64, n)
		return func(i int, s string) error {
			v, err := expr.ParseCell(s, expr.Time, zone)
			c.Ints[i] = v.Int
			return err
		}
	case asBoolean:
		c.Kind, c.Ints = Boolean, make([]int64, n)
		return func(i int, s string) error {
			v, err := expr.ParseCell(s, expr.Bool, zone)
			if v.Bool {
				c.Ints[i] = 1
			}
			return err
		}
	default:
		c.Kind = Text
		return func(int, string) error { return nil }
	}
}
