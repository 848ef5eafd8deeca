package quantile

import "math"

// nth rearranges a so that a[k] is what it would be if a were sorted, with nothing larger before it and nothing smaller after
// it. Values must not be NaN.
//
// R. W. Floyd, R. L. Rivest, "Expected time bounds for selection", CACM 18 (1975) 165-172 (Algorithm 489): a sample chooses the
// pivots, so about n + min(k, n-k) comparisons are enough.
func nth(a []float64, k int) {
	left, right := 0, len(a)-1
	for right > left {
		if right-left > 600 {
			// 600 and one half are the algorithm's own constants.
			n, i := float64(right-left+1), float64(k-left+1)
			z := math.Log(n)
			s := 0.5 * math.Exp(2*z/3)
			sd := 0.5 * math.Sqrt(z*s*(n-s)/n)
			if i < n/2 {
				sd = -sd
			}
			from := max(left, int(float64(k)-i*s/n+sd))
			to := min(right, int(float64(k)+(n-i)*s/n+sd))
			nth(a[from:to+1], k-from)
		}
		left, right = partition(a, left, right, k)
	}
}

// partition splits a[left:right+1] around the value at k and gives the side that still has to be searched.
func partition(a []float64, left, right, k int) (newLeft, newRight int) {
	t := a[k]
	i, j := left, right
	a[left], a[k] = a[k], a[left]
	if a[right] > t {
		a[right], a[left] = a[left], a[right]
	}
	for i < j {
		a[i], a[j] = a[j], a[i]
		i++
		j--
		for a[i] < t {
			i++
		}
		for a[j] > t {
			j--
		}
	}
	if a[left] == t {
		a[left], a[j] = a[j], a[left]
	} else {
		j++
		a[j], a[right] = a[right], a[j]
	}
	if j <= k {
		left = j + 1
	}
	if k <= j {
		right = j - 1
	}
	return left, right
}
