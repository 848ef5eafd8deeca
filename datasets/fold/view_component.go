package fold

import "liftgate/datasets"

// component is the number that a value gives a unit, as far as it is known.
type component struct {
	value *datasets.Value
	// column and absent are those of the members, of a value that is settled when its unit is exposed; else column is nil.
	column []float64
	absent []bool

	n      int64
	x      float64
	spared bool
}

// reset turns to another unit.
func (c *component) reset() { c.n, c.x, c.spared = 0, 0, false }

// take takes in the next row, in the order of time and then of numbers.
func (c *component) take(x float64) {
	switch c.value.Take {
	case datasets.Sum, datasets.Mean:
		c.x += x
	case datasets.Min:
		if c.n == 0 || x < c.x {
			c.x = x
		}
	case datasets.Max:
		if c.n == 0 || x > c.x {
			c.x = x
		}
	case datasets.First:
		if c.n == 0 {
			c.x = x
		}
	case datasets.Last:
		c.x = x
	}
	c.n++
}

// number is the number of a unit, as valuePlan.number.
func (c *component) number(unit int32) (x float64, ok bool) {
	switch {
	case c.column != nil:
		return c.column[unit], c.absent == nil || !c.absent[unit]
	case c.spared:
		return 0, true
	case c.n == 0:
		return 0, c.zeroWithoutRows()
	}
	switch c.value.Take {
	case datasets.Any:
		if c.n >= int64(max(1, c.value.AtLeast)) {
			return 1, true
		}
		return 0, true
	case datasets.Count, datasets.Distinct:
		return float64(c.n), true
	case datasets.Mean:
		return c.x / float64(c.n), true
	}
	return c.x, true
}

func (c *component) zeroWithoutRows() bool {
	return c.value.Nulls != datasets.NullsDrop && c.value.Nulls != datasets.NullsError
}
