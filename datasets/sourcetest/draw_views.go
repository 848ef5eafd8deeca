package sourcetest

import (
	"slices"
	"time"
	_ "time/tzdata" // the same days on every machine

	"liftgate/datasets"
)

// zones change their clocks while random cases run, but for UTC, where days end when much happens, and India.
var zones = []string{"UTC", "UTC", "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Gaza", "Australia/Lord_Howe"}

// views makes a query ask for views by some of its attributes.
func (d draw) views(q *datasets.Query) {
	table := q.Units
	if q.Exposures != nil {
		table = q.Exposures
	}
	q.Views = &datasets.Views{}
	for i := range table.Attributes {
		if !d.oneIn(4) {
			q.Views.Segments = append(q.Views.Segments, i)
		}
	}
	if d.oneIn(3) {
		slices.Reverse(q.Views.Segments)
	}
	if q.AsOf == nil && q.Exposures != nil { // an event may lie 30,000 days ahead
		q.AsOf = d.instant(5, 60)
	}
	zone, err := time.LoadLocation(pick(d, zones...))
	if err != nil {
		d.Fatal(err)
	}
	q.Location = zone
	if d.oneIn(8) {
		q.Location = nil
	}
}
