package power

import (
	"fmt"
	"math"

	"liftgate/stats"
)

// Clusters are what is randomised when it is not the analysis unit: merchants, when shoppers are compared. The zero value means none.
type Clusters struct {
	Size float64 // mean number of units in a cluster
	CV   float64 // coefficient of variation of that number over clusters: standard deviation / mean
	ICC  float64 // intra-cluster correlation of the metric
}

// DesignEffect is how many times more units are needed than with independent ones: 1 + ((1 + CV²) Size - 1) ICC (Eldridge, Ashby, Kerry
// 2006, eq. 3). It is 1 for the zero value.
func (c Clusters) DesignEffect() float64 {
	if c.Size == 0 {
		return 1
	}
	return 1 + ((1+c.CV*c.CV)*c.Size-1)*c.ICC
}

func (c Clusters) check() error {
	switch {
	case c == Clusters{}:
		return nil
	case !(c.Size >= 1) || math.IsInf(c.Size, 0):
		return fmt.Errorf("%w: clusters of %v units", stats.ErrInvalid, c.Size)
	case !(c.CV >= 0) || math.IsInf(c.CV, 0):
		return fmt.Errorf("%w: a coefficient of variation of %v", stats.ErrInvalid, c.CV)
	case !(c.ICC >= 0 && c.ICC <= 1):
		return fmt.Errorf("%w: an intra-cluster correlation of %v", stats.ErrInvalid, c.ICC)
	}
	return nil
}

// randomised is the number of things randomised that hold n units.
func (c Clusters) randomised(n float64) float64 {
	if c.Size == 0 {
		return n
	}
	return n / c.Size
}
