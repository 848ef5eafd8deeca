package sourcetest

import (
	"math"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"liftgate/datasets"
	"liftgate/stats"
)

// tolerance is how far moments may differ, relative to their size.
const tolerance = 1e-9

// rounding is how far a mean may be off, relative to the largest number of its computation, before a sum of squares around it
// counts as wrong: 2^-52 for each of a few thousand additions.
const rounding = 1e-12

// Diff describes how the evidence got differs from want, empty when it does not: counts exactly, moments to 1e-9. The text of
// BlockEvidence.Failed, Warnings, the order of a variant's clusters, and the difference between nil and empty lists do not count.
func Diff(want, got *datasets.Evidence) string {
	return cmp.Diff(want, inOrderOf(want, got), comparing())
}

func comparing() cmp.Options {
	return cmp.Options{
		cmp.Comparer(sameMoments),
		comparingViews(),
		cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Failed" },
			cmp.Comparer(func(a, b string) bool { return (a == "") == (b == "") })),
		cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Top" || p.Last().String() == "*" },
			cmp.Comparer(func(a, b float64) bool { return near(a, b, math.Abs(a), 0) })),
		cmp.FilterPath(func(p cmp.Path) bool { return len(p) > 1 && strings.HasSuffix(p.Index(-2).String(), "Skewness") },
			cmp.Comparer(func(a, b float64) bool { return near(a, b, 1+math.Abs(a), 0) })),
		cmpopts.IgnoreFields(datasets.Evidence{}, "Warnings"),
		cmpopts.EquateEmpty(),
	}
}

func sameMoments(want, got stats.Moments) bool {
	if want.N != got.N || want.N > 0 && (len(want.Means) != len(got.Means) || len(want.Cross) != len(got.Cross)) {
		return false
	}
	if want.N == 0 {
		return true
	}
	n := float64(want.N)
	size := func(i int) float64 { return math.Abs(want.Means[i]) + deviation(want, i) }
	k := 0
	for i := range want.Means {
		if !near(want.Means[i], got.Means[i], size(i), 0) {
			return false
		}
		for j := i; j < len(want.Means); j++ {
			si, sj := deviation(want, i), deviation(want, j)
			ei, ej := rounding*size(i), rounding*size(j)
			if !near(want.Cross[k], got.Cross[k], n*si*sj, n*(ei*sj+ej*si+ei*ej)) {
				return false
			}
			k++
		}
	}
	return true
}

// deviation is the standard deviation (divisor N) of component i.
func deviation(m stats.Moments, i int) float64 {
	return math.Sqrt(m.Cov(i, i) * float64(m.N-1) / float64(m.N))
}

func near(want, got, size, floor float64) bool {
	return want == got || math.Abs(want-got) <= tolerance*size+floor
}
