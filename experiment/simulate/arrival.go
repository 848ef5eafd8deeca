package simulate

import "liftgate/datasets"

// byArrival orders rows by the second in which they arrived; within a second they keep their order. A radix sort: logs are
// millions of rows and the range of seconds is small.
func byArrival(rows []row) []row {
	if len(rows) == 0 {
		return rows
	}
	first, last := rows[0].arrived, rows[0].arrived
	for i := range rows {
		first, last = min(first, rows[i].arrived), max(last, rows[i].arrived)
	}
	keys, order := make([]uint32, len(rows)), make([]int32, len(rows))
	for i := range rows {
		keys[i] = uint32(rows[i].arrived.Sub(first) / second)
		order[i] = int32(i)
	}
	const digit = 12
	for shift := 0; uint64(last.Sub(first)/second)>>shift > 0; shift += digit {
		order = countingSort(keys, order, shift, 1<<digit)
	}
	sorted := make([]row, len(rows))
	for i, from := range order {
		sorted[i] = rows[from]
	}
	return sorted
}

const second datasets.Span = 1_000_000

// countingSort orders stably by one digit of the keys.
func countingSort(keys []uint32, order []int32, shift, size int) []int32 {
	starts := make([]int32, size+1)
	for _, k := range keys {
		starts[int(k>>shift)&(size-1)+1]++
	}
	for i := range size {
		starts[i+1] += starts[i]
	}
	out := make([]int32, len(order))
	for _, o := range order {
		d := int(keys[o]>>shift) & (size - 1)
		out[starts[d]] = o
		starts[d]++
	}
	return out
}
