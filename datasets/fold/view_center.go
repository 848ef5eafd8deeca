package fold

import (
	"math"

	"liftgate/datasets"
	"liftgate/stats"
)

// far is how many standard deviations from 0 components are centred: powers keep enough digits of nearer ones, and zeros cost nothing.
const far = 1000

func (w *viewBlock) findCenter() {
	var all stats.Moments
	for i := range w.block.out.Total {
		all.Merge(&w.block.out.Total[i])
	}
	for i, mean := range all.Means {
		if math.Abs(mean) > far*math.Sqrt(all.Cov(i, i)) {
			w.center[i] = mean
		}
	}
}

// takeFar takes rows with a mean that is far from the center, where numbers lose digits when it is taken off, from tables without one.
func (w *viewBlock) takeFar(to, from datasets.BlockViews) {
	for i := range to.Samples {
		t, f := &to.Samples[i], &from.Samples[i]
		w.takeFarRows(t.Units, f.Units)
		w.takeFarRows(t.ByDay, f.ByDay)
		w.takeFarRows(t.ByAge, f.ByAge)
	}
	w.takeFarRows(to.Running, from.Running)
	w.takeFarRows(to.Cohorts, from.Cohorts)
}

func (w *viewBlock) takeFarRows(to, from *datasets.MomentTable) {
	if to == nil {
		return
	}
	for i := range to.N {
		if w.nearCenter(to.Means[i*to.Dim : (i+1)*to.Dim]) {
			continue
		}
		for _, column := range [][2][]float64{{to.Means, from.Means}, {to.Cross, from.Cross}, {to.Third, from.Third}} {
			width := len(column[0]) / len(to.N)
			copy(column[0][i*width:(i+1)*width], column[1][i*width:])
		}
	}
}

// nearCenter reports whether means are half to three halves of what was taken off: of numbers of that size it takes no digit.
func (w *viewBlock) nearCenter(means []float64) bool {
	for i, c := range w.center {
		if c != 0 && !(math.Abs(means[i]-c) <= math.Abs(c)/2) {
			return false
		}
	}
	return true
}
