package design

import "math/rand/v2"

// quotas says how many merchants of each stratum get each variant: sizes[s] * weights[v] / total, rounded at random so that rows keep their
// sums, the sum over strata is within one of each variant's part of all, and every cell's mean is what was rounded. That is the
// controlled rounding of Cox (1987), in whole numbers: a cycle of cells that are no whole numbers, along which one can add and take
// in turn, is changed in one direction or the other until a cell is whole, with the chances that leave the mean as it is.
func quotas(sizes []int, weights []uint64, total uint64, rng *rand.Rand) [][]int {
	t := newRounding(sizes, weights, total)
	for row := range t.part {
		for cycle := t.cycle(row); cycle != nil; cycle = t.cycle(row) {
			t.shift(cycle, rng)
		}
	}
	return t.whole[:len(sizes)]
}

// rounding is a table of whole parts and, in units of 1/total, what is missing to the exact share. A last row makes the columns whole.
type rounding struct {
	total uint64
	whole [][]int
	part  [][]uint64
}

type cell struct{ row, column int }

func newRounding(sizes []int, weights []uint64, total uint64) *rounding {
	t := &rounding{total: total}
	rest := make([]uint64, len(weights))
	for _, size := range sizes {
		whole, part := make([]int, len(weights)), make([]uint64, len(weights))
		for v, w := range weights {
			exact := uint64(size) * w
			whole[v], part[v] = int(exact/total), exact%total
			rest[v] = (rest[v] + total - part[v]) % total
		}
		t.whole, t.part = append(t.whole, whole), append(t.part, part)
	}
	t.whole, t.part = append(t.whole, make([]int, len(weights))), append(t.part, rest)
	return t
}

// cycle goes along a row, then along a column, and so on through parts until it comes back; nil when the row is whole. Rows and columns
// have whole sums, so a part is never alone in one. The rows before are whole.
func (t *rounding) cycle(row int) []cell {
	var path []cell
	rows, columns := map[int]int{row: 0}, map[int]int{}
	at := cell{row, -1}
	for {
		at.column = t.along(at)
		if at.column < 0 {
			return nil
		}
		path = append(path, at)
		if start, ok := columns[at.column]; ok {
			return path[start:]
		}
		columns[at.column] = len(path)
		at.row = t.down(at, row)
		path = append(path, at)
		if start, ok := rows[at.row]; ok {
			return path[start:]
		}
		rows[at.row] = len(path)
	}
}

// along is another part in the row.
func (t *rounding) along(at cell) int {
	for column, part := range t.part[at.row] {
		if part > 0 && column != at.column {
			return column
		}
	}
	return -1
}

// down is another part in the column.
func (t *rounding) down(at cell, from int) int {
	for row := from; ; row++ {
		if row != at.row && t.part[row][at.column] > 0 {
			return row
		}
	}
}

// shift adds to the cells at even places and takes from the others, or the other way round, as much as keeps them parts.
func (t *rounding) shift(cycle []cell, rng *rand.Rand) {
	up, down := t.total, t.total
	for i, c := range cycle {
		part := t.part[c.row][c.column]
		room := t.total - part
		if i%2 == 1 {
			part, room = room, part
		}
		up, down = min(up, room), min(down, part)
	}
	step := up
	if rng.Uint64N(up+down) < up {
		step = -down // wraps around, and back below
	}
	for i, c := range cycle {
		part := &t.part[c.row][c.column]
		if i%2 == 0 {
			*part += step
		} else {
			*part -= step
		}
		if *part == t.total {
			*part = 0
			t.whole[c.row][c.column]++
		}
	}
}
