package datasets_test

import (
	"testing"

	"liftgate/datasets"
)

func TestFloor(t *testing.T) {
	for _, c := range []struct{ at, want datasets.Instant }{
		{0, 0},
		{1, 0},
		{datasets.Instant(datasets.Hour) - 1, 0},
		{datasets.Instant(datasets.Hour), datasets.Instant(datasets.Hour)},
		{-1, -datasets.Instant(datasets.Hour)},
		{-datasets.Instant(datasets.Hour), -datasets.Instant(datasets.Hour)},
	} {
		if got := c.at.Floor(datasets.Hour); got != c.want {
			t.Errorf("%v: %v, want %v", c.at, got, c.want)
		}
	}
}
