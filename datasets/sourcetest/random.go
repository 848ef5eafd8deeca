package sourcetest

import (
	"testing"

	"pgregory.net/rapid"
)

// runRandom compares the source with the reference on random data. A failure prints the case, its tables as Parse reads them.
func runRandom(t *testing.T, make Make) {
	rapid.Check(t, func(rt *rapid.T) {
		d, q := drawCase(rt)
		rt.Cleanup(func() {
			if rt.Failed() {
				rt.Log(describe(d, q))
			}
		})
		compare(rt, t, make(t, d), q, d)
	})
}
