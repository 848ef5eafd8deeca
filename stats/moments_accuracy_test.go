package stats

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

const unitRoundoff = 0x1p-53

// TestMergeAssociates: two ways to put three parts together, and two orders, agree within a few units of the last place.
func TestMergeAssociates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		centre := rapid.SampledFrom([]float64{0, 1, 1e9, -3e12}).Draw(t, "centre")
		part := func(name string) Moments {
			return Moments{
				N:     rapid.Int64Range(1, 1e12).Draw(t, name+" units"),
				Means: []float64{centre + rapid.Float64Range(-10, 10).Draw(t, name+" mean")},
				Cross: []float64{rapid.Float64Range(0, 1e12).Draw(t, name+" squares")},
			}
		}
		a, b, c := part("a"), part("b"), part("c")
		left := mergeAll(&a, &b, &c)
		bc := mergeAll(&b, &c)
		right := mergeAll(&a, &bc)
		reversed := mergeAll(&c, &b, &a)
		apart := math.Max(math.Abs(a.Means[0]-b.Means[0]), math.Max(math.Abs(b.Means[0]-c.Means[0]), math.Abs(a.Means[0]-c.Means[0])))
		bound := 4 * (unitRoundoff*math.Abs(centre) + 4*unitRoundoff*(10+apart))
		for _, other := range []Moments{right, reversed} {
			near(t, "mean", other.Means[0], left.Means[0], bound)
			// A mean that is rounded moves each square of a distance between means by twice their product.
			moved := 2 * float64(left.N) * apart * bound
			near(t, "squares", other.Cross[0], left.Cross[0], 32*unitRoundoff*left.Cross[0]+moved)
		}
		ab, ba := mergeAll(&a, &b), mergeAll(&b, &a)
		if ab.Means[0] != ba.Means[0] {
			t.Fatalf("merging a into b gives the mean %v, b into a %v", ab.Means[0], ba.Means[0])
		}
	})
}

func mergeAll(parts ...*Moments) (m Moments) {
	for _, p := range parts {
		m.Merge(p)
	}
	return m
}

// TestMomentsAgainstExactArithmetic: 100,000 values around 1e9 with variance 1, in parts of any size.
func TestMomentsAgainstExactArithmetic(t *testing.T) {
	const units = 100_000
	rng := rand.New(rand.NewPCG(4, 9))
	sum, squares := new(big.Float).SetPrec(200), new(big.Float).SetPrec(200)
	var whole, part Moments
	for range units {
		x := 1e9 + rng.NormFloat64()
		exact := new(big.Float).SetPrec(200).SetFloat64(x)
		sum.Add(sum, exact)
		squares.Add(squares, new(big.Float).SetPrec(200).Mul(exact, exact))
		part.Add(x)
		if rng.IntN(300) == 0 {
			whole.Merge(&part)
			part = Moments{}
		}
	}
	whole.Merge(&part)
	mean := new(big.Float).Quo(sum, big.NewFloat(units))
	centred := new(big.Float).SetPrec(200).Sub(squares, new(big.Float).SetPrec(200).Mul(mean, sum))
	wantMean, _ := mean.Float64()
	wantCross, _ := centred.Float64()
	near(t, "mean", whole.Means[0], wantMean, 4e-6)
	near(t, "squares", whole.Cross[0], wantCross, 1e-8*wantCross)
}

// TestMomentsOfTwo: the variance of two units is half their squared distance, to the last digit.
func TestMomentsOfTwo(t *testing.T) {
	for _, c := range [][2]float64{{1e9, 1e9 + 1}, {3, 3}, {-1e300, -1e300}, {0.25, 0.75}} {
		var added Moments
		added.Add(c[0])
		added.Add(c[1])
		merged := mergeAll(&Moments{N: 1, Means: []float64{c[0]}, Cross: []float64{0}}, &Moments{N: 1, Means: []float64{c[1]}, Cross: []float64{0}})
		want := (c[1] - c[0]) * (c[1] - c[0]) / 2
		if added.Cov(0, 0) != want || merged.Cov(0, 0) != want {
			t.Errorf("%v: variances %v and %v, want %v", c, added.Cov(0, 0), merged.Cov(0, 0), want)
		}
	}
}
