package columnar

import (
	"errors"
	"time"
	"unicode/utf8"

	"liftgate/datasets/expr"
)

var errNotUTF8 = errors.New("the text is not UTF-8")

// parseCells reads cells as their use asks for; an empty cell is null. On a mistake it tells the row.
func parseCells(cells []string, as use, zone *time.Location) (c *column, bad int, err error) {
	c = &column{valid: make([]bool, len(cells))}
	parse := parser(c, as, len(cells), zone)
	for i, s := range cells {
		if s == "" {
			continue
		}
		if !utf8.ValidString(s) {
			return nil, i, errNotUTF8
		}
		if err := parse(i, s); err != nil {
			return nil, i, err
		}
		c.valid[i] = true
	}
	if c.kind == text {
		c.texts = cells
	}
	return c, 0, nil
}

// parser prepares a column for n cells and gives the function that sets one.
func parser(c *column, as use, n int, zone *time.Location) func(i int, s string) error {
	switch as {
	case asNumber:
		c.kind, c.ints, c.floats, c.exact = number, make([]int64, n), make([]float64, n), make([]bool, n)
		return func(i int, s string) error {
			v, err := expr.ParseCell(s, expr.Number, zone)
			c.ints[i], c.floats[i], c.exact[i] = v.Int, v.Float, v.Exact
			return err
		}
	case asInstant:
		c.kind, c.ints = instant, make([]int64, n)
		return func(i int, s string) error {
			v, err := expr.ParseCell(s, expr.Time, zone)
			c.ints[i] = v.Int
			return err
		}
	case asBoolean:
		c.kind, c.ints = boolean, make([]int64, n)
		return func(i int, s string) error {
			v, err := expr.ParseCell(s, expr.Bool, zone)
			if v.Bool {
				c.ints[i] = 1
			}
			return err
		}
	default:
		c.kind = text
		return func(int, string) error { return nil }
	}
}
