package randomisation

import (
	"slices"
	"testing"
)

// TestCovariatesUsed: what does not vary, and copies, are not among them; what varies in one variant only is.
func TestCovariatesUsed(t *testing.T) {
	treated, control := drawClusters(1, 6, 0.5), drawClusters(2, 6, 0)
	flat := pick(control, 0, 2) // covariate at zero in the control
	for i := range flat {
		flat[i].Means[1] = 0
		flat[i].Cross[1], flat[i].Cross[2] = 0, 0
	}
	for name, c := range map[string]struct {
		components []int
		flat       bool
		want       []int
	}{
		"none":           {[]int{0}, false, nil},
		"two":            {[]int{0, 1, 2}, false, []int{0, 1}},
		"a copy":         {[]int{0, 2, 2, 1}, false, []int{0, 2}},
		"in one variant": {[]int{0, 2}, true, []int{0}},
	} {
		other := pick(control, c.components...)
		if c.flat {
			other = flat
		}
		got, err := Compare(pick(treated, c.components...), other, 1, Design{}, Options{Draws: 100})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !slices.Equal(got.Covariates(), c.want) {
			t.Errorf("%s: used %v, want %v", name, got.Covariates(), c.want)
		}
	}
}
