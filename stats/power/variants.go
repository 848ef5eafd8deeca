package power

import (
	"fmt"
	"math"

	"liftgate/stats"
)

// Allocation is the number of units of an experiment with several treatments.
type Allocation struct {
	Control    float64
	Treatments []float64
	Total      float64
}

// Variants is the number of units when each of several treatments is compared with the control, by a test at alpha divided by their number,
// and traffic is split by weights, the control's first. The treatment with the least weight decides.
func (d Design) Variants(m Metric, h Hypothesis, weights []float64) (Allocation, error) {
	if len(weights) < 2 {
		return Allocation{}, fmt.Errorf("%w: %d variants", stats.ErrTooFew, len(weights))
	}
	for _, w := range weights {
		if !(w > 0) || math.IsInf(w, 0) {
			return Allocation{}, fmt.Errorf("%w: a weight of %v", stats.ErrInvalid, w)
		}
	}
	d.Alpha /= float64(len(weights) - 1)
	var control float64
	for _, w := range weights[1:] {
		d.Ratio = w / weights[0]
		size, err := d.Size(m, h)
		if err != nil {
			return Allocation{}, err
		}
		control = math.Max(control, size.Control)
	}
	out := Allocation{Control: control, Total: control}
	for _, w := range weights[1:] {
		n := control * w / weights[0]
		out.Treatments = append(out.Treatments, n)
		out.Total += n
	}
	return out, nil
}
