package simulate

import (
	"math"

	"liftgate/datasets"
)

// row is one row of the log: an event, or an exposure, which uses the first four fields only.
type row struct {
	shopper int32 // index into the crowd that the row belongs to
	visit   uint16
	event   uint8
	at      datasets.Instant
	arrived datasets.Instant // when the log received it: its place in the file

	method, reason, kind, outcome uint8
	ordered                       bool    // whether the row carries the visit's order_id
	value                         float64 // NaN is null
	latency                       int32   // in ms, negative is null
}

// crowd is a number of shoppers in one market, and what they did.
type crowd struct {
	market    *market
	shoppers  []shopper
	exposures []row
	events    []row
}

// log appends events of one visit.
type log struct {
	crowd *crowd
	visit uint16
	index int32 // of the shopper
	fate  fate
	rows  draw // rows so far
}

// add appends an event without a value; callers fill in what else it has.
func (l *log) add(at datasets.Instant, event uint8) *row {
	lag := datasets.Span(2e6 * l.fate.uniform(arrivalLag+l.rows))
	if l.fate.happens(arrivesLate, 0.02) {
		lag *= 600 // a device that was offline for up to 20 minutes
	}
	l.rows++
	l.crowd.events = append(l.crowd.events, row{
		shopper: l.index, visit: l.visit, event: event, at: at, arrived: at.Add(lag), value: math.NaN(), latency: -1,
	})
	return &l.crowd.events[len(l.crowd.events)-1]
}

// addOrder appends an event about the visit's order.
func (l *log) addOrder(at datasets.Instant, event, method uint8, value float64) *row {
	r := l.add(at, event)
	r.ordered, r.method, r.value = true, method, value
	return r
}

func seconds(s float64) datasets.Span { return datasets.Span(s * 1e6) }

func days(d float64) datasets.Span { return datasets.Span(d * float64(datasets.Day)) }

// cents rounds an amount of money.
func cents(x float64) float64 { return math.Round(x*100) / 100 }

// sameRow reports whether two rows are equal, null values included.
func sameRow(a, b row) bool {
	if math.IsNaN(a.value) && math.IsNaN(b.value) {
		a.value, b.value = 0, 0
	}
	return a == b
}
