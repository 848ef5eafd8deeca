package sourcetest

import "math"

// skewness is BlockEvidence.Skewness of these members, UncappedSkewness of those before the cap.
func (m measurement) skewness(members []member) []float64 {
	out := make([]float64, len(m.query.Variants))
	if m.block.Binary {
		return out
	}
	for v := range out {
		var x, y []float64
		for _, u := range members {
			if u.variant != v {
				continue
			}
			x = append(x, u.x[0])
			if len(m.block.Parts) == 2 {
				y = append(y, u.x[1])
			}
		}
		out[v] = skewness(x, y)
	}
	return out
}

// spreadless is the standard deviation, relative to the size of the numbers, up to which they do not spread.
const spreadless = 1e-12

// skewness is that of x, or of x less the ratio of the means times y.
func skewness(x, y []float64) float64 {
	if len(x) == 0 {
		return 0
	}
	size := math.Sqrt(mean(x, square))
	d := minus(x, mean(x, identity))
	if len(y) > 0 {
		if mean(y, identity) == 0 {
			return 0
		}
		ratio := mean(x, identity) / mean(y, identity)
		size += math.Abs(ratio) * math.Sqrt(mean(y, square))
		for i, dy := range minus(y, mean(y, identity)) {
			d[i] -= ratio * dy
		}
	}
	spread := math.Sqrt(mean(d, square))
	s := mean(d, func(d float64) float64 { return math.Pow(d/spread, 3) })
	if spread <= spreadless*size || !finite(s) {
		return 0
	}
	return s
}

func identity(x float64) float64 { return x }
func square(x float64) float64   { return x * x }

func mean(x []float64, of func(float64) float64) float64 {
	var sum float64
	for _, v := range x {
		sum += of(v)
	}
	return sum / float64(len(x))
}

func minus(x []float64, center float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = v - center
	}
	return out
}
