package cluster

import (
	"runtime"
	"testing"
)

// TestWildProcessors: the number of processors changes nothing, whole batches or not.
func TestWildProcessors(t *testing.T) {
	r, err := Regress(rowsInClusters(5, 41))
	noErrors(t, err)
	processors := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(processors)
	for _, o := range []WildOptions{{Draws: 3*batch + block + 7, Seed: 1}, {Draws: 2 * batch, Seed: 2, Webb: true}, {Draws: 5, Seed: 3}} {
		runtime.GOMAXPROCS(1)
		want, err := r.Wild(1, 0, o)
		noErrors(t, err)
		runtime.GOMAXPROCS(max(processors, 4))
		got, err := r.Wild(1, 0, o)
		noErrors(t, err)
		if got != want {
			t.Errorf("%+v: got %+v, want %+v", o, got, want)
		}
	}
}
