package sourcetest

import (
	"slices"

	"liftgate/datasets"
	"liftgate/datasets/expr"
)

// value is the unit's number; nil is null.
func (e entry) value(v *datasets.Value) *float64 {
	var x float64
	switch {
	case e.spared:
	case len(e.rows) > 0:
		x = e.take(v)
	case v.Nulls != datasets.NullsZero:
		return nil
	}
	return &x
}

// take puts the cells of the rows, at least one, together.
func (e entry) take(v *datasets.Value) float64 {
	switch v.Take {
	case datasets.Any:
		if len(e.rows) >= max(v.AtLeast, 1) {
			return 1
		}
		return 0
	case datasets.Count:
		return float64(len(e.rows))
	case datasets.Distinct:
		return float64(e.distinct())
	}
	numbers := e.numbers()
	switch v.Take {
	case datasets.Sum:
		return sum(numbers)
	case datasets.Mean:
		return sum(numbers) / float64(len(numbers))
	case datasets.Max:
		return slices.Max(numbers)
	case datasets.Min:
		return slices.Min(numbers)
	case datasets.First:
		return slices.Min(numbersAt(slices.Min(times(e.rows)), e.rows, numbers))
	default: // datasets.Last
		return slices.Max(numbersAt(slices.Max(times(e.rows)), e.rows, numbers))
	}
}

// numbers are the cells of the rows, none where a row spares the unit.
func (e entry) numbers() []float64 {
	var out []float64
	for _, c := range e.cells {
		if !e.spared {
			out = append(out, c.Number())
		}
	}
	return out
}

// distinct counts the cells that differ.
func (e entry) distinct() int {
	cells := slices.SortedFunc(slices.Values(e.cells), expr.Compare)
	return len(slices.CompactFunc(cells, func(a, b expr.Value) bool { return expr.Compare(a, b) == 0 }))
}

func sum(numbers []float64) float64 {
	var s float64
	for _, x := range numbers {
		s += x
	}
	return s
}

func times(rows []row) []datasets.Instant {
	out := make([]datasets.Instant, len(rows))
	for i, r := range rows {
		out[i] = *r.time()
	}
	return out
}

// numbersAt lists the numbers of the rows at one time.
func numbersAt(when datasets.Instant, rows []row, numbers []float64) []float64 {
	var out []float64
	for i, r := range rows {
		if *r.time() == when {
			out = append(out, numbers[i])
		}
	}
	return out
}
