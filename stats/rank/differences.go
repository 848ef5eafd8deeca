package rank

import (
	"cmp"
	"math"
	"slices"
)

// counted are distinct values in order, with how many are at or below each.
type counted struct {
	values []float64
	upTo   []int64
}

func count(sorted []float64) (c counted) {
	for i, v := range sorted {
		if i == 0 || v != sorted[i-1] {
			c.values, c.upTo = append(c.values, v), append(c.upTo, 0)
		}
		c.upTo[len(c.upTo)-1] = int64(i + 1)
	}
	return c
}

func (c counted) before(i int) int64 {
	if i == 0 {
		return 0
	}
	return c.upTo[i-1]
}

func (c counted) weight(i int) int64 { return c.upTo[i] - c.before(i) }

func (c counted) total() int64 { return c.upTo[len(c.upTo)-1] }

// differences are all x - y, never formed. Rounded ones grow with x and fall with y as exact ones do.
type differences struct{ x, y counted }

// upTo counts the differences at or below v, in one pass.
func (d differences) upTo(v float64) (sum int64) {
	j, last := 0, len(d.y.values)
	for i, a := range d.x.values {
		for j < last && a-d.y.values[j] > v {
			j++
		}
		if j == last {
			break
		}
		sum += d.x.weight(i) * (d.y.total() - d.y.before(j))
	}
	return sum
}

// at is the difference of a rank. A bracket around it is narrowed until it holds so few differences that they can be sorted: by
// interpolation, aimed a little to either side of the rank in turn, and every third time by bisection of the bits, which ends
// where many differences are the same.
func (d differences) at(rank int64) float64 {
	x, y := d.x.values, d.y.values
	enough := max(1000, int64(len(x)+len(y))/8)
	low, high := keyOf(math.Nextafter(x[0]-y[len(y)-1], math.Inf(-1))), keyOf(x[len(x)-1]-y[0])
	below, upTo := int64(0), d.x.total()*d.y.total()
	for turn := 0; upTo-below > enough && high-low > 1; turn++ {
		key := low + (high-low)/2
		if turn%3 < 2 {
			aim := float64(rank-below) + float64(enough)/3*float64(1-2*(turn%3))
			from, to := valueOf(low), valueOf(high)
			guess := keyOf(from + (to-from)*(aim/float64(upTo-below)))
			key = min(max(guess, low+1), high-1)
		}
		if n := d.upTo(valueOf(key)); n >= rank {
			high, upTo = key, n
		} else {
			low, below = key, n
		}
	}
	if high-low <= 1 {
		return valueOf(high)
	}
	return d.sorted(valueOf(low), valueOf(high), rank-below)
}

// sorted is the difference of a rank among those above low, up to high.
func (d differences) sorted(low, high float64, rank int64) float64 {
	type difference struct {
		value  float64
		weight int64
	}
	var all []difference
	from, last := 0, len(d.y.values)
	for i, a := range d.x.values {
		for from < last && a-d.y.values[from] > high {
			from++
		}
		for j := from; j < last && a-d.y.values[j] > low; j++ {
			all = append(all, difference{a - d.y.values[j], d.x.weight(i) * d.y.weight(j)})
		}
	}
	slices.SortFunc(all, func(a, b difference) int { return cmp.Compare(a.value, b.value) })
	for _, v := range all {
		if rank -= v.weight; rank <= 0 {
			return v.value
		}
	}
	return high
}
