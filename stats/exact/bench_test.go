package exact

import (
	"testing"

	"liftgate/stats"
)

// A thousand units a side.
var (
	manyTreated = stats.Binomial{Successes: 130, N: 1000}
	manyControl = stats.Binomial{Successes: 100, N: 1000}
)

func BenchmarkFisher(b *testing.B) {
	for b.Loop() {
		if _, err := Fisher(manyTreated, manyControl, 0.95); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBarnard(b *testing.B) {
	for b.Loop() {
		if _, err := Barnard(manyTreated, manyControl); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBoschloo(b *testing.B) {
	for b.Loop() {
		if _, err := Boschloo(manyTreated, manyControl); err != nil {
			b.Fatal(err)
		}
	}
}
