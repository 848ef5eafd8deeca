package sourcetest_test

import (
	"testing"

	"liftgate/datasets"
	"liftgate/datasets/sourcetest"
)

func TestReference(t *testing.T) {
	sourcetest.Run(t, inMemory)
	sourcetest.RunViews(t, inMemory)
}

func inMemory(_ testing.TB, d sourcetest.Data) datasets.Source { return sourcetest.NewSource(d) }
