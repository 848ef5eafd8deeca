package sourcetest

import (
	"slices"
	"testing"

	"liftgate/datasets"
)

func allCases() []rule {
	return slices.Concat(exposureRules())
}

func exposureRules() []rule {
	return []rule{
		{
			name: "schedule is half-open and cut at as of",
			exposures: `
				unit:text variant:text time:time
				a         control      -1us
				b         control      0h
				c         treatment    9d
				d         treatment    10d
				e         treatment    9d+23h`,
			query: func(q *datasets.Query) {
				start, end, asOf := Origin, Origin.Add(10*datasets.Day), Origin.Add(9*datasets.Day+23*datasets.Hour)
				q.Start, q.End, q.AsOf = &start, &end, &asOf
			},
			check: func(t *testing.T, ev *datasets.Evidence) {
				equal(t, "units", ev.Exposure.Units, []int64{1, 1})
				equal(t, "outside schedule", ev.Exposure.Dropped.OutsideSchedule, int64(3))
			},
		},
	}
}
