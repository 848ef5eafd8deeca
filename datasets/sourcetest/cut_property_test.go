package sourcetest

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"liftgate/datasets"
	"liftgate/stats"
	"liftgate/stats/quantile"
)

// A cut is the evidence of a query made by hand: of the run's own units that have the values, with the rows before the end of the day,
// windows cut off by the age, and the limits of the run as numbers.
func TestCutsAreTheEvidenceOfRestrictedData(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := randomViews.Draw(rt, "case")
		ev, err := Reference(c.query, c.data)
		if err != nil || ev.Views == nil || c.query.Units == nil && len(ev.Views.Days) == 0 {
			return
		}
		k := drawCut(rt, c, ev)
		got, err := ev.Cut(k.cut)
		if err != nil {
			rt.Fatalf("%+v: %v", k.cut, err)
		}
		k.check(got)
	})
}

// cutting is a cut of a case.
type cutting struct {
	restriction
	cut datasets.Cut
}

func drawCut(t *rapid.T, c drawn, ev *datasets.Evidence) cutting {
	d := draw{T: t}
	k := cutting{restriction: restriction{T: t, drawn: c, whole: ev, views: ev.Views, units: analysed(t, c)}}
	k.cut.Segments = map[string]string{}
	for _, s := range ev.Views.Segments {
		if len(s.Values) > 0 && d.oneIn(2) {
			k.cut.Segments[s.Name] = pick(d, s.Values...)
		}
	}
	if c.query.Units != nil {
		return k
	}
	k.day = len(ev.Views.Days) - 1
	if d.oneIn(2) {
		k.age = d.below(12)
		k.cut.Age = k.age
	}
	if d.oneIn(2) && (k.age == 0 || !c.query.Clustered) {
		k.day = d.below(len(ev.Views.Days))
		k.cut.Day = &k.day
	}
	return k
}

// keeps reports whether a unit is in the cut.
func (k cutting) keeps(u *unit) bool { return k.has(u.randomised) }

func (k cutting) has(r *randomised) bool {
	for name, value := range k.cut.Segments {
		if attributeAtStart(r, name) != value {
			return false
		}
	}
	return true
}

func (k cutting) check(got *datasets.Evidence) {
	all := k.by(k.keeps, nil)
	if !slices.Equal(got.Exposure.Units, all.Exposure.Units) {
		k.Fatalf("%+v: units %v, want %v", k.cut, got.Exposure.Units, all.Exposure.Units)
	}
	if crossover := k.crossover(); !slices.Equal(got.Exposure.Crossover, crossover) {
		k.Fatalf("%+v: crossover %v, want %v", k.cut, got.Exposure.Crossover, crossover)
	}
	if !cmp.Equal(got.AsOf, all.AsOf) && k.query.Units == nil {
		k.Fatalf("%+v: as of %v, want %v", k.cut, got.AsOf, all.AsOf)
	}
	k.checkAttributes(got, all)
	k.checkTimes(got, all)
	for i := range got.Blocks {
		switch whole := &k.whole.Blocks[i]; {
		case whole.Failed != "":
			if got.Blocks[i].Failed == "" {
				k.Fatalf("block %d failed in the whole", i)
			}
		case whole.Quantiles != nil:
			k.checkQuantiles(i, &got.Blocks[i], all)
		default:
			k.checkBlock(i, got, all)
		}
	}
}

// crossover counts those of the whole, by the day of their first exposure.
func (k cutting) crossover() []int64 {
	out := make([]int64, len(k.query.Variants))
	seen := map[*randomised]bool{}
	for _, u := range k.units {
		r := u.randomised
		if r.crossover && !seen[r] && k.has(r) && (k.query.Units != nil || r.first < k.views.Days[k.day]) {
			out[r.variant]++
		}
		seen[r] = true
	}
	return out
}

func (k cutting) checkAttributes(got, all *datasets.Evidence) {
	for _, a := range got.Exposure.Attributes {
		at := slices.IndexFunc(all.Exposure.Attributes, func(b datasets.Attribute) bool { return a.Name == b.Name })
		if diff := cmp.Diff(all.Exposure.Attributes[at], a); diff != "" {
			k.Fatalf("%+v: (-want +got)\n%s", k.cut, diff)
		}
	}
}

// checkTimes: what is known of hours is the day.
func (k cutting) checkTimes(got, all *datasets.Evidence) {
	x, want := &got.Exposure, &all.Exposure
	if (x.First == nil) != (want.First == nil) {
		k.Fatalf("%+v: first %v, want %v", k.cut, x.First, want.First)
	}
	if x.First == nil {
		return
	}
	if *x.First > *want.First || *x.Last < *want.Last || *x.Last >= *got.AsOf || k.dayOf(*x.First) != k.dayOf(*want.First) || k.dayOf(*x.Last) != k.dayOf(*want.Last) {
		k.Fatalf("%+v: exposed from %v to %v, want about %v to %v", k.cut, *x.First, *x.Last, *want.First, *want.Last)
	}
	if a, b := k.byDay(x, x.Hours), k.byDay(want, want.Hours); !cmp.Equal(a, b) {
		k.Fatalf("%+v: exposed by day %v, want %v", k.cut, a, b)
	}
	if a, b := k.byDay(x, x.UnitHours), k.byDay(want, want.UnitHours); !cmp.Equal(a, b) {
		k.Fatalf("%+v: analysis units exposed by day %v, want %v", k.cut, a, b)
	}
}

func (k cutting) dayOf(i datasets.Instant) int {
	return slices.IndexFunc(k.views.Days, func(end datasets.Instant) bool { return i < end })
}

// byDay adds up hours, cut at the first and last exposure, as whoever reads them must where days do not start with an hour.
func (k cutting) byDay(x *datasets.Exposure, hours [][]int64) [][]int64 {
	out := make([][]int64, len(hours))
	for v := range hours {
		out[v] = make([]int64, len(k.views.Days))
		for h, n := range hours[v] {
			at := min(max(x.FirstHour.Add(datasets.Span(h)*datasets.Hour), *x.First), *x.Last)
			out[v][k.dayOf(at)] += n
		}
	}
	return out
}

func (k cutting) checkQuantiles(i int, got *datasets.BlockEvidence, all *datasets.Evidence) {
	if got.Failed != "" {
		k.Fatalf("%+v, block %d: %s", k.cut, i, got.Failed)
	}
	want := &all.Blocks[i]
	if !slices.Equal(got.Incomplete, want.Incomplete) || !slices.Equal(got.Null, want.Null) {
		k.Fatalf("%+v, block %d: %v incomplete and %v null, want %v and %v", k.cut, i, got.Incomplete, got.Null, want.Incomplete, want.Null)
	}
	exact := len(k.cut.Segments) <= 1 && (k.cut.Day == nil || *k.cut.Day == len(k.views.Days)-1) && k.ageOf(i) == 0
	k.checkSummaries(i, exact, want.Quantiles, got.Quantiles)
	if crossed := slices.ContainsFunc(k.crossover(), func(n int64) bool { return n > 0 }); crossed != (got.QuantilesWithoutCrossover != nil) {
		k.Fatalf("%+v, block %d: quantiles without crossover units: %v, of %v of them", k.cut, i, got.QuantilesWithoutCrossover, k.crossover())
	}
	if got.QuantilesWithoutCrossover != nil {
		without := k.by(func(u *unit) bool { return k.keeps(u) && !u.crossover }, nil).Blocks[i].Quantiles
		k.checkSummaries(i, exact, without, got.QuantilesWithoutCrossover)
	}
}

// checkSummaries compares summaries; those of sketches hold the exact ones between their bounds.
func (k cutting) checkSummaries(i int, exact bool, want, got []quantile.Summary) {
	if exact {
		if diff := cmp.Diff(want, got, comparing()); diff != "" {
			k.Fatalf("%+v, block %d (-want +got):\n%s", k.cut, i, diff)
		}
		return
	}
	for v := range want {
		w, g := &want[v], &got[v]
		if g.Sketched == nil && w.Rows > 0 || g.Q != w.Q || g.Rows != w.Rows || g.Shares.N != w.Shares.N {
			k.Fatalf("%+v, block %d, variant %d: %+v, want a sketch of %+v", k.cut, i, v, g, w)
		}
		if g.Sketched != nil && math.Abs(g.Value-w.Value) > g.Sketched.Error*math.Abs(w.Value) {
			k.Fatalf("%+v, block %d, variant %d: quantile %v, want about %v", k.cut, i, v, g.Value, w.Value)
		}
		for j, rank := range w.Ranks {
			at := slices.IndexFunc(g.Ranks, func(r int64) bool { return r >= rank })
			if x := w.Values[j]; x < g.Values[at] || x > g.Sketched.Upper[at] {
				k.Fatalf("%+v, block %d, variant %d: the value at rank %d is %v, not between %v and %v", k.cut, i, v, rank, x, g.Values[at], g.Sketched.Upper[at])
			}
		}
		k.checkShares(i, v, w, g)
	}
}

// checkShares: a share that grows with the value lies between those at both ends of the quantile's bucket.
func (k cutting) checkShares(i, variant int, want, got *quantile.Summary) {
	if want.Shares.N == 0 {
		return
	}
	before, until := &got.Sketched.Before, &got.Shares
	const rounding = 1e-9
	if w := want.Shares.Sum(0); w < before.Sum(0)-rounding || w > until.Sum(0)+rounding || math.Abs(until.Sum(1)-float64(want.Rows)) > rounding {
		k.Fatalf("%+v, block %d, variant %d: shares %+v to %+v, want %+v", k.cut, i, variant, before, until, want.Shares)
	}
	if want.Rows > 0 && until.Sum(0) == want.Shares.Sum(0) && !sameMoments(want.Shares, *until) {
		k.Fatalf("%+v, block %d, variant %d: shares %+v, want %+v", k.cut, i, variant, until, want.Shares)
	}
}

func (k cutting) checkBlock(i int, ev, all *datasets.Evidence) {
	got, want, whole := &ev.Blocks[i], &all.Blocks[i], &k.whole.Blocks[i]
	if got.Failed != "" {
		k.Fatalf("%+v, block %d: %s", k.cut, i, got.Failed)
	}
	if !slices.Equal(got.Incomplete, want.Incomplete) || !slices.Equal(got.Null, want.Null) {
		k.Fatalf("%+v, block %d: %v incomplete and %v null, want %v and %v", k.cut, i, got.Incomplete, got.Null, want.Incomplete, want.Null)
	}
	k.checkMoments(i, datasets.Total, got.Total, want.Total)
	if whole.WithoutTop != nil {
		k.checkSkewness(i, got.Skewness, want.Skewness)
	}
	if (got.Uncapped == nil) != (whole.Uncapped == nil) {
		k.Fatalf("%+v, block %d: uncapped %v", k.cut, i, got.Uncapped)
	}
	if got.Uncapped != nil {
		k.checkMoments(i, datasets.Uncapped, got.Uncapped, want.Uncapped)
		k.checkSkewness(i, got.UncappedSkewness, want.UncappedSkewness)
	}
	if ev.Exposure.Clusters != nil {
		k.checkClusters(i, ev, all)
	}
	k.age = k.ageOf(i)
	crossed := slices.ContainsFunc(ev.Exposure.Crossover, func(n int64) bool { return n > 0 })
	if held := got.WithoutCrossover != nil; held != (crossed && (k.age == 0 || k.query.Clustered || len(got.Total) == 0)) && !k.early(i) {
		k.Fatalf("%+v, block %d: without crossover %v, of %v", k.cut, i, got.WithoutCrossover, ev.Exposure.Crossover)
	}
	if got.WithoutCrossover != nil {
		k.checkMoments(i, datasets.WithoutCrossover, got.WithoutCrossover, k.by(func(u *unit) bool { return k.keeps(u) && !u.crossover }, nil).Blocks[i].Total)
	}
	if got.WithoutTop != nil {
		b := blockViewing{indexes: slices.Concat(k.query.Blocks[i].Parts, k.query.Blocks[i].Covariates)}
		k.checkMoments(i, datasets.WithoutTop, got.WithoutTop, k.by(func(u *unit) bool {
			x := b.vector(u)
			return k.keeps(u) && (x == nil || inside(whole, x)[0] <= whole.Top)
		}, nil).Blocks[i].Total)
	}
}

// early reports whether nobody was complete at any age, so that a table has none.
func (k cutting) early(i int) bool {
	for _, s := range k.views.Blocks[i].Samples {
		if t := tableOf(s, k.age); s.Sample == datasets.Total && slices.Contains(t.Age, int32(k.age)) {
			return false
		}
	}
	return true
}

func (k cutting) checkMoments(i int, s datasets.Sample, got, want []stats.Moments) {
	for v := range want {
		if !sameMoments(want[v], got[v]) {
			k.Fatalf("%+v, block %d, %s, variant %d: %+v, want %+v", k.cut, i, s, v, got[v], want[v])
		}
	}
}

func (k cutting) checkSkewness(i int, got, want []float64) {
	for v := range want {
		if want[v] != 0 && got[v] != 0 && !near(want[v], got[v], 1+math.Abs(want[v]), 1e-6) {
			k.Fatalf("%+v, block %d, variant %d: skewness %v, want %v", k.cut, i, v, got[v], want[v])
		}
	}
}

// checkClusters compares those that have units: others need not be exposed yet.
func (k cutting) checkClusters(i int, got, all *datasets.Evidence) {
	type cluster struct {
		Variant, Units int
		Moments        stats.Moments
	}
	filled := func(ev *datasets.Evidence) []cluster {
		var out []cluster
		for c, m := range ev.Blocks[i].Clusters.Total {
			own := ev.Exposure.Clusters[c]
			if k.cut.Day != nil && k.day < len(k.views.Days)-1 {
				own.Units = -1
			}
			if m.N > 0 {
				out = append(out, cluster{own.Variant, int(own.Units), m})
			}
		}
		return out
	}
	if diff := cmp.Diff(filled(all), filled(got), comparing()); diff != "" {
		k.Fatalf("%+v, block %d (-want +got):\n%s", k.cut, i, diff)
	}
}
