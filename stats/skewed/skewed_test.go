package skewed_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"liftgate/stats"
	"liftgate/stats/skewed"
)

// direct computes in 400 bits what moments are.
func direct(vectors [][]float64, parts int) skewed.Moments {
	if len(vectors) == 0 {
		return skewed.Moments{}
	}
	number := func(x float64) *big.Float { return new(big.Float).SetPrec(400).SetFloat64(x) }
	dim := len(vectors[0])
	m := skewed.Moments{N: int64(len(vectors))}
	means := make([]*big.Float, dim)
	for i := range means {
		sum := number(0)
		for _, x := range vectors {
			sum.Add(sum, number(x[i]))
		}
		means[i] = sum.Quo(sum, number(float64(len(vectors))))
		mean, _ := means[i].Float64()
		m.Means = append(m.Means, mean)
	}
	total := func(components ...int) float64 {
		sum := number(0)
		for _, x := range vectors {
			product := number(1)
			for _, i := range components {
				product.Mul(product, new(big.Float).Sub(number(x[i]), means[i]))
			}
			sum.Add(sum, product)
		}
		out, _ := sum.Float64()
		return out
	}
	for i := range dim {
		for j := i; j < dim; j++ {
			m.Cross = append(m.Cross, total(i, j))
		}
	}
	m.Third = []float64{total(0, 0, 0)}
	if parts == 2 {
		m.Third = append(m.Third, total(0, 0, 1), total(0, 1, 1), total(1, 1, 1))
	}
	return m
}

// summed adds the vectors up, and others that it takes out again.
func summed(p skewed.Powers, vectors, passing [][]float64) skewed.Moments {
	sums, powers := make([]skewed.Sum, p.Len()), make([]skewed.Sum, p.Len())
	for _, x := range passing {
		p.Of(powers, x)
		p.Merge(sums, powers)
	}
	for _, x := range vectors {
		p.Of(powers, x)
		p.Merge(sums, powers)
	}
	for _, x := range passing {
		p.Of(powers, x)
		p.Remove(sums, powers)
	}
	return p.Moments(int64(len(vectors)), sums)
}

// differ says how far two moments are apart, relative to the spread; the size of the numbers times slack is forgiven.
func differ(t interface {
	Helper()
	Errorf(string, ...any)
}, want, got skewed.Moments, tolerance, slack float64,
) {
	t.Helper()
	if want.N != got.N || len(want.Third) != len(got.Third) || len(want.Cross) != len(got.Cross) {
		t.Errorf("moments %+v, want %+v", got, want)
		return
	}
	if want.N == 0 {
		return
	}
	n, dim := float64(want.N), len(want.Means)
	spread, size := make([]float64, dim), make([]float64, dim)
	for i := range dim {
		spread[i] = math.Sqrt(want.Cross[i*dim-i*(i-1)/2] / n)
		size[i] = slack * (math.Abs(want.Means[i]) + spread[i])
		if d := math.Abs(got.Means[i] - want.Means[i]); d > tolerance*spread[i]+1e-15*math.Abs(want.Means[i])+size[i] {
			t.Errorf("mean %d is %v, want %v", i, got.Means[i], want.Means[i])
		}
	}
	within := func(what string, got, want float64, components ...int) {
		t.Helper()
		near, blurred := n, n
		for _, i := range components {
			near *= spread[i]
			blurred *= spread[i] + size[i]
		}
		if !(math.Abs(got-want) <= tolerance*near+blurred-near) {
			t.Errorf("%s %v is %v, want %v", what, components, got, want)
		}
	}
	k := 0
	for i := range dim {
		for j := i; j < dim; j++ {
			within("cross-product", got.Cross[k], want.Cross[k], i, j)
			k++
		}
	}
	for k, c := range [][]int{{0, 0, 0}, {0, 0, 1}, {0, 1, 1}, {1, 1, 1}}[:len(want.Third)] {
		within("third power", got.Third[k], want.Third[k], c...)
	}
}

// around draws skewed vectors around a level, where that is 1e9 with the smallest steps of a float64 still far below the spread.
func around(level float64, n, dim int) [][]float64 {
	random := rand.New(rand.NewPCG(1, uint64(n)))
	out := make([][]float64, n)
	for i := range out {
		for range dim {
			out[i] = append(out[i], level+random.ExpFloat64())
		}
		if dim > 1 {
			out[i][1] += out[i][0] - level
		}
	}
	return out
}

func TestPowersKeepDigits(t *testing.T) {
	levels := []float64{1e6, 1e9, 0, 1, -1e3}
	if testing.Short() {
		levels = levels[:2]
	}
	for _, level := range levels {
		for _, p := range []skewed.Powers{{Dim: 1, Parts: 1}, {Dim: 3, Parts: 1}, {Dim: 2, Parts: 2}, {Dim: 3, Parts: 2}} {
			vectors := around(level, 2000, p.Dim)
			want := direct(vectors, p.Parts)
			for _, got := range []skewed.Moments{summed(p, vectors, nil), summed(p, vectors, around(level/10, 500, p.Dim))} {
				if level == 1e9 { // see Powers
					differ(t, want, got, 3e-2, 0)
					want.Third, got.Third = nil, nil
				}
				differ(t, want, got, 1e-9, 0)
				want = direct(vectors, p.Parts)
			}
		}
	}
}

func TestMomentsMerge(t *testing.T) {
	for _, level := range []float64{0, 1e3, 1e9} {
		for _, p := range []skewed.Powers{{Dim: 1, Parts: 1}, {Dim: 3, Parts: 2}} {
			vectors := around(level, 3000, p.Dim)
			slices.SortFunc(vectors, slices.Compare) // so that parts have other means
			var merged skewed.Moments
			for _, cut := range [][2]int{{0, 1}, {1, 1}, {1, 700}, {700, 2999}, {2999, 3000}} {
				part := direct(vectors[cut[0]:cut[1]], p.Parts)
				merged.Merge(&part)
			}
			// the means of parts are rounded to 1e-16 of their size
			differ(t, direct(vectors, p.Parts), merged, 1e-12, 4e-16)
		}
	}
}

func TestMergeIsTheSameInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.IntRange(1, 2).Draw(t, "parts")
		p := skewed.Powers{Dim: rapid.IntRange(parts, 4).Draw(t, "dim"), Parts: parts}
		var pieces []skewed.Moments
		var all [][]float64
		for range rapid.IntRange(0, 5).Draw(t, "pieces") {
			vector := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) float64 {
				return float64(rapid.IntRange(-4000, 4000).Draw(t, "eighths")) / 8
			}), p.Dim, p.Dim)
			vectors := rapid.SliceOfN(vector, 0, 12).Draw(t, "vectors")
			pieces, all = append(pieces, summed(p, vectors, nil)), append(all, vectors...)
		}
		whole := summed(p, all, nil)
		differ(t, direct(all, p.Parts), whole, 1e-9, 1e-14)
		var left, right skewed.Moments
		for i := range pieces {
			left.Merge(&pieces[i])
			right.Merge(&pieces[len(pieces)-1-i])
		}
		differ(t, whole, left, 1e-9, 1e-14)
		differ(t, whole, right, 1e-9, 1e-14)
	})
}

func TestWholeSumsAreExact(t *testing.T) {
	vectors := make([][]float64, 500)
	for i := range vectors {
		vectors[i] = []float64{float64(i % 7), float64(i % 11)}
	}
	p := skewed.Powers{Dim: 2, Parts: 2}
	want := summed(p, vectors, vectors[:40])
	p.Whole = true
	differ(t, want, summed(p, vectors, vectors[:40]), 0, 0)
}

// skewness is what BlockEvidence.Skewness says, of x - R y.
func skewness(vectors [][]float64, parts int) float64 {
	m := direct(vectors, parts)
	d := make([]float64, len(vectors))
	squares, cubes := 0.0, 0.0
	for i, x := range vectors {
		d[i] = x[0] - m.Means[0]
		if parts == 2 {
			d[i] -= m.Means[0] / m.Means[1] * (x[1] - m.Means[1])
		}
		squares += d[i] * d[i]
		cubes += d[i] * d[i] * d[i]
	}
	n := float64(len(vectors))
	return cubes / n / math.Pow(squares/n, 1.5)
}

func TestSkewness(t *testing.T) {
	for _, level := range []float64{0, 5, 1e4} {
		for _, p := range []skewed.Powers{{Dim: 1, Parts: 1}, {Dim: 2, Parts: 2}} {
			vectors := around(level, 1000, p.Dim)
			m := summed(p, vectors, nil)
			if want, got := skewness(vectors, p.Parts), m.Skewness(); math.Abs(got-want) > 1e-6 {
				t.Errorf("level %v, %d parts: skewness %v, want %v", level, p.Parts, got, want)
			}
		}
	}
	large := summed(skewed.Powers{Dim: 1, Parts: 1}, [][]float64{{1e100}, {0}, {0}}, nil)
	if got := large.Skewness(); math.Abs(got-math.Sqrt(0.5)) > 1e-12 { // of one in three
		t.Errorf("skewness of numbers around 1e100 %v, want 0.7071", got)
	}
}

func TestSkewnessOfNothing(t *testing.T) {
	for name, c := range map[string]struct {
		vectors [][]float64
		parts   int
	}{
		"no unit":                         {nil, 1},
		"one unit":                        {[][]float64{{3}}, 1},
		"equal units":                     {[][]float64{{0.1}, {0.1}, {0.1}}, 1},
		"equal large units":               {[][]float64{{1e9 + 0.1}, {1e9 + 0.1}, {1e9 + 0.1}}, 1},
		"no denominator":                  {[][]float64{{1, 0}, {2, 0}, {5, 0}}, 2},
		"a denominator with a mean of 0":  {[][]float64{{1, -1}, {2, 0}, {5, 1}}, 2},
		"every unit has the same ratio":   {[][]float64{{0.3, 1}, {0.6, 2}, {2.1, 7}}, 2},
		"numerators equal denominators":   {[][]float64{{1, 1}, {2, 2}, {7, 7}}, 2},
		"a spread below the 12th decimal": {[][]float64{{1}, {1}, {1 + 1e-13}}, 1},
	} {
		p := skewed.Powers{Dim: c.parts, Parts: c.parts}
		m := summed(p, c.vectors, nil)
		if got := m.Skewness(); got != 0 {
			t.Errorf("%s: skewness %v, want 0", name, got)
		}
	}
}

func TestSecond(t *testing.T) {
	vectors := around(3, 100, 2)
	m := summed(skewed.Powers{Dim: 2, Parts: 1}, vectors, nil)
	var want stats.Moments
	for _, x := range vectors {
		want.Add(x...)
	}
	got := m.Second()
	for i := range 2 {
		for j := range 2 {
			if math.Abs(got.Cov(i, j)-want.Cov(i, j)) > 1e-12 {
				t.Errorf("covariance %d, %d is %v, want %v", i, j, got.Cov(i, j), want.Cov(i, j))
			}
		}
	}
}

func TestMergeRefusesOtherParts(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("moments with one part and with two were merged")
		}
	}()
	one := summed(skewed.Powers{Dim: 2, Parts: 1}, [][]float64{{1, 2}}, nil)
	two := summed(skewed.Powers{Dim: 2, Parts: 2}, [][]float64{{1, 2}}, nil)
	one.Merge(&two)
}
