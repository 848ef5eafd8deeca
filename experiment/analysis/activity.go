package analysis

import (
	"liftgate/datasets"
)

// tail is the stretch without rows at the end of a feed.
type tail struct {
	silent   datasets.Span // from the last row to the end of the last window, or as of
	expected float64       // rows that the earlier rate predicts in it
}

// tailOf predicts what the end of a variant's feed should have held. Rates are taken by age, because rows thin out as units grow older and
// the last days of an experiment see old units only: the rate at an age is the rows seen at it over the time that units spent at it
// before the last row. With rows that arrive independently, exp(-expected) is then the chance of so long a silence.
func (n *inference) tailOf(variant int, a *datasets.Activity, window [2]datasets.Span) tail {
	e := &n.evidence.Exposure
	if a.Last == nil || e.Last == nil {
		return tail{}
	}
	end := e.Last.Add(window[1])
	if n.evidence.AsOf != nil {
		end = min(end, *n.evidence.AsOf)
	}
	before, after := make([]float64, len(a.Ages)), make([]float64, len(a.Ages))
	for h, count := range e.Hours[variant] {
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
	t := tail{silent: end.Sub(*a.Last)}
	for i, rows := range a.Ages {
		if before[i] > 0 {
			t.expected += float64(rows) / before[i] * after[i]
		}
	}
	return t
}

// unitTime is how long a variant's units were inside a window before as of, in unit-microseconds.
func (n *inference) unitTime(variant int, window [2]datasets.Span) float64 {
	e := &n.evidence.Exposure
	var sum float64
	for h, count := range e.Hours[variant] {
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

// pooled adds up the activity of all variants.
func pooled(by []datasets.Activity) datasets.Activity {
	var out datasets.Activity
	for _, a := range by {
		if a.Last == nil {
			continue
		}
		if out.Last == nil || *a.Last > *out.Last {
			last := *a.Last
			out.Last = &last
		}
		if out.Ages == nil {
			out.FirstAge = a.FirstAge
		}
		for len(out.Ages) > 0 && a.FirstAge < out.FirstAge {
			out.FirstAge--
			out.Ages = append([]int64{0}, out.Ages...)
		}
		for i, rows := range a.Ages {
			at := a.FirstAge + i - out.FirstAge
			for at >= len(out.Ages) {
				out.Ages = append(out.Ages, 0)
			}
			out.Ages[at] += rows
		}
	}
	return out
}
