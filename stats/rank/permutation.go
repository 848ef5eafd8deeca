package rank

// affordable is the number of additions that an exact distribution may cost: about a tenth of a second.
const affordable = 2e8

// exactTails are the tails of U by its permutation distribution; doubled is 2U of x.
func exactTails(x, y []float64, doubled int64) (Tails, bool) {
	ranks := doubledMidranks(x, y)
	chosen, mirrored := len(x), false
	if len(y) < len(x) {
		chosen, mirrored = len(y), true
	}
	weights, step, ok := distribution(ranks, chosen)
	if !ok {
		return Tails{}, false
	}
	if mirrored {
		doubled = 2*int64(len(x))*int64(len(y)) - doubled
	}
	pairs := int64(len(x)) * int64(len(y))
	base := int64(0) // doubled U of the smallest ranks
	for j, r := range ranks[:chosen] {
		base += r - 2*int64(j+1)
	}
	var t Tails
	var total float64
	for i, w := range weights {
		u := base + int64(i)*step
		total += w
		if u <= doubled {
			t.Less += w
		}
		if u >= doubled {
			t.Greater += w
		}
		if magnitude(u-pairs) >= magnitude(doubled-pairs) {
			t.TwoSided += w
		}
	}
	t = Tails{t.TwoSided / total, t.Less / total, t.Greater / total}
	if mirrored {
		t.Less, t.Greater = t.Greater, t.Less
	}
	return t, true
}

func magnitude(v int64) int64 { return max(v, -v) }

// doubledMidranks are twice the ranks of the pooled values, in order; tied values share the mean of theirs.
func doubledMidranks(x, y []float64) []int64 {
	ranks := make([]int64, 0, len(x)+len(y))
	for inX, inY := range ties(x, y) {
		before, n := int64(len(ranks)), int64(inX+inY)
		for range n {
			ranks = append(ranks, 2*before+n+1)
		}
	}
	return ranks
}

// distribution counts the choices of so many of the ranks by their sum: weights[i] belongs to the smallest sum plus i steps. The
// j-th smallest chosen rank lies above the j-th smallest of all by a shift >= 0, and shifts add up. It is not ok when it would
// cost too much.
func distribution(ranks []int64, chosen int) (weights []float64, step int64, ok bool) {
	n := len(ranks)
	if float64(n)*float64(chosen)*float64(chosen)*float64(n-chosen) > affordable {
		return nil, 0, false
	}
	width := int64(0)
	for j := range chosen {
		width += ranks[n-chosen+j] - ranks[j]
	}
	for i := 1; i < n; i++ {
		step = divisor(step, ranks[i]-ranks[i-1])
	}
	if step == 0 { // all tied
		return []float64{1}, 1, true
	}
	width /= step
	sums := make([][]float64, chosen+1)
	for j := range sums {
		sums[j] = make([]float64, width+1)
	}
	sums[0][0] = 1
	for i, r := range ranks {
		for j := min(i+1, chosen); j >= 1; j-- {
			shift := (r - ranks[j-1]) / step
			if shift > width {
				continue
			}
			from, to := sums[j-1], sums[j][shift:]
			for s := range to {
				to[s] += from[s]
			}
		}
	}
	return sums[chosen], step, true
}

func divisor(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
