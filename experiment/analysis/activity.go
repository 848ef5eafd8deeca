package analysis

import (
	"math"

	"liftgate/datasets"
)

// tail is the stretch without rows at the end of a variant's feed.
type tail struct {
	silent datasets.Span // from the last row to the end of the last window, or as of
	rows   int64         // before it
	logP   float64       // logarithm of the chance of so long a silence while the feed is alive
}

// tailOf tests the end of a variant's feed. A row of a unit at some age could have come at any time that units spent at that age;
// given the ages of the rows, which thin out as units grow older, each came before time t with the probability of the share of that
// time which lies before t. The product over all rows is the chance that none comes after the last one seen. Time after it counts
// for less, because frequent visitors are exposed first: see fading.
func (n *inference) tailOf(variant int, a *datasets.Activity, window [2]datasets.Span) tail {
	e := &n.evidence.Exposure
	if a.Last == nil || e.Last == nil {
		return tail{}
	}
	end := n.lastLook(window)
	before, after := make([]float64, len(a.Ages)), make([]float64, len(a.Ages))
	for h, count := range n.hours(variant) {
		if count == 0 {
			continue
		}
		// A unit is taken to be exposed in the middle of its hour.
		exposed := e.FirstHour.Add(datasets.Span(h)*datasets.Hour + datasets.Hour/2)
		for i := range a.Ages {
			age := datasets.Span(a.FirstAge+i) * datasets.Day
			from := exposed.Add(max(age, window[0]))
			to := min(exposed.Add(min(age+datasets.Day, window[1])), end)
			before[i] += float64(count) * overlap(from, min(to, *a.Last))
			after[i] += float64(count) * overlap(max(from, *a.Last), to)
		}
	}
	t := tail{silent: end.Sub(*a.Last), rows: a.Rows()}
	for i, rows := range a.Ages {
		if before[i] > 0 {
			t.logP += float64(rows) * math.Log(before[i]/(before[i]+after[i]/fading))
		}
	}
	return t
}

// hours are first exposures of analysis units by hour.
func (n *inference) hours(variant int) []int64 {
	if n.Query.Clustered {
		return n.evidence.Exposure.UnitHours[variant]
	}
	return n.evidence.Exposure.Hours[variant]
}

// lastLook is when the last window of an analysed unit closes, or as of. There must be such a unit.
func (n *inference) lastLook(window [2]datasets.Span) datasets.Instant {
	end := n.evidence.Exposure.Last.Add(window[1])
	if n.evidence.AsOf != nil {
		end = min(end, *n.evidence.AsOf)
	}
	return end
}

// fading is how many times fewer rows a unit exposed late may have, at the same age, than one exposed early, while the feed is alive.
const fading = 2

// shortestSilent is how long a feed must be silent at least before it is called dead: traffic may rest for hours.
const shortestSilent = datasets.Day

// dead reports whether a silence is too long to be chance at level alpha, and how probable it was. Rows of one unit come together: with a
// dispersion above one they tell less than as many that come alone.
func (t tail) dead(alpha, dispersion float64) (p float64, dead bool) {
	p = math.Exp(t.logP / dispersion)
	return p, t.silent >= shortestSilent && p < alpha
}

// unitTime is how long a variant's units were inside a window before as of, in unit-microseconds.
func (n *inference) unitTime(variant int, window [2]datasets.Span) float64 {
	e := &n.evidence.Exposure
	var sum float64
	for h, count := range n.hours(variant) {
		if count == 0 {
			continue
		}
		exposed := e.FirstHour.Add(datasets.Span(h)*datasets.Hour + datasets.Hour/2)
		to := exposed.Add(window[1])
		if n.evidence.AsOf != nil {
			to = min(to, *n.evidence.AsOf)
		}
		sum += float64(count) * overlap(exposed.Add(window[0]), to)
	}
	return sum
}

func overlap(from, to datasets.Instant) float64 {
	if to <= from {
		return 0
	}
	return float64(to.Sub(from))
}

// spanned is the window from the earliest to the latest moment, relative to exposure, that the chosen values of the query look at.
func (n *inference) spanned(chosen func(value int) bool) [2]datasets.Span {
	var w [2]datasets.Span
	first := true
	for i := range n.Query.Values {
		if v := n.Query.Values[i].Window; chosen(i) {
			if first {
				w, first = v, false
			}
			w = [2]datasets.Span{min(w[0], v[0]), max(w[1], v[1])}
		}
	}
	return w
}
