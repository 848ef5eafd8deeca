package randomisation

import (
	"math"
	"math/rand/v2"
	"testing"

	"liftgate/stats"
)

// The distance of moments is that of the clusters that they are of.
func TestDistance(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 7))
	b := Balance{}
	var treated, control stats.Moments
	for i := range 31 {
		x := []float64{rng.NormFloat64(), 0, 100 * rng.ExpFloat64()}
		x[1] = x[0] + rng.NormFloat64()
		if i%3 == 0 {
			b.Treated = append(b.Treated, x)
			treated.Add(x...)
		} else {
			b.Control = append(b.Control, x)
			control.Add(x...)
		}
	}
	want, err := b.Distance()
	noErrors(t, err)
	got, err := Distance(treated, control)
	noErrors(t, err)
	if math.Abs(got-want) > 1e-9*want {
		t.Errorf("distance %v, want %v", got, want)
	}
	if _, err := Distance(treated, stats.Moments{}); err == nil {
		t.Error("a variant without clusters has a distance")
	}
}
