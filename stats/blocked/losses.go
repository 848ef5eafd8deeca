package blocked

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
)

// Loss is how many clusters of a block there were, and how many of them are missing, in the treatment and in the control.
type Loss struct{ Listed, Missing [2]int64 }

// largestExact is the number of missing clusters up to which their distribution takes no time.
const largestExact = 4000

// CompareLosses is the two-sided p-value of "a cluster is missing or not, whatever its variant": the exact conditional test of blocks, given how
// many of each are missing (D. Cox, Analysis of Binary Data, 1970, section 5.2; for one block Fisher's test, for pairs McNemar's). All numbers of
// missing treated clusters that are at most as likely as the one that was seen count against it. With more than 4,000 missing in blocks that can
// tell, by the normal law with a continuity correction. Where no block can tell, p is 1. Errors: stats.ErrInvalid.
func CompareLosses(blocks []Loss) (float64, error) {
	var telling []Loss
	var missing int64
	for i, b := range blocks {
		for arm := range b.Listed {
			if b.Missing[arm] < 0 || b.Missing[arm] > b.Listed[arm] {
				return 0, fmt.Errorf("%w: block %d has %d missing of %d", stats.ErrInvalid, i+1, b.Missing[arm], b.Listed[arm])
			}
		}
		lost, all := b.Missing[0]+b.Missing[1], b.Listed[0]+b.Listed[1]
		if lost > 0 && lost < all && b.Listed[0] > 0 && b.Listed[1] > 0 {
			telling = append(telling, b)
			missing += min(lost, all-lost)
		}
	}
	if len(telling) == 0 {
		return 1, nil
	}
	if missing > largestExact {
		return normalLosses(telling), nil
	}
	return exactLosses(telling), nil
}

func exactLosses(blocks []Loss) float64 {
	all, seen := []float64{1}, int64(0)
	for _, b := range blocks {
		lost, n := b.Missing[0]+b.Missing[1], b.Listed[0]+b.Listed[1]
		least := max(0, lost-b.Listed[1])
		seen += b.Missing[0] - least
		own := make([]float64, min(lost, b.Listed[0])-least+1)
		for k := range own {
			own[k] = math.Exp(logChoose(b.Listed[0], least+int64(k)) + logChoose(b.Listed[1], lost-least-int64(k)) - logChoose(n, lost))
		}
		all = convolve(all, own)
	}
	const tie = 1e-7 // as R's fisher.test
	p := 0.0
	for _, mass := range all {
		if mass <= all[seen]*(1+tie) {
			p += mass
		}
	}
	return min(p, 1)
}

func logChoose(n, k int64) float64 {
	gamma := func(x int64) float64 {
		v, _ := math.Lgamma(float64(x) + 1)
		return v
	}
	return gamma(n) - gamma(k) - gamma(n-k)
}

func convolve(a, b []float64) []float64 {
	out := make([]float64, len(a)+len(b)-1)
	for i, x := range a {
		for j, y := range b {
			out[i+j] += x * y
		}
	}
	return out
}

func normalLosses(blocks []Loss) float64 {
	away, variance := 0.0, 0.0
	for _, b := range blocks {
		lost, treated, n := float64(b.Missing[0]+b.Missing[1]), float64(b.Listed[0]), float64(b.Listed[0]+b.Listed[1])
		away += float64(b.Missing[0]) - lost*treated/n
		variance += lost * (n - lost) * treated * (n - treated) / (n * n * (n - 1))
	}
	z := max(math.Abs(away)-0.5, 0) / math.Sqrt(variance)
	return min(1, 2*dist.NormalSF(z))
}
