package anytime

import (
	"fmt"
	"math"

	"liftgate/stats"
)

// Snapshot is what is known of two variants' means at one moment: units, means and variances of a unit (divisor n - 1).
type Snapshot struct {
	ControlUnits, ControlMean, ControlVariance       float64
	TreatmentUnits, TreatmentMean, TreatmentVariance float64
}

// Path is a difference of means over several looks.
type Path struct {
	Z         []float64 // difference / standard error (Welch)
	Half      []float64 // half the width of the confidence sequence
	Sequences []Sequence
	PValue    []float64 // of each look
	Running   []float64 // the smallest so far
}

// Differences follows a difference of means over snapshots in order of time, at level 1 - alpha against no difference. Without a target
// or rho the sequence is tuned to half of the last snapshot's units; that is for looking back only, since the end of a running
// experiment is not known.
func Differences(snapshots []Snapshot, t Tuning, alpha float64) (Path, error) {
	if len(snapshots) == 0 {
		return Path{}, fmt.Errorf("%w: no snapshots", stats.ErrTooFew)
	}
	if last := snapshots[len(snapshots)-1]; t.Target == 0 && t.Rho == 0 {
		t.Target = (last.ControlUnits + last.TreatmentUnits) / 2
	}
	if t.Alpha == 0 {
		t.Alpha = alpha
	}
	var out Path
	for i, s := range snapshots {
		look, err := s.look()
		if err != nil {
			return Path{}, fmt.Errorf("snapshot %d: %w", i+1, err)
		}
		sequence, err := Asymptotic(look, t, alpha, 0)
		if err != nil {
			return Path{}, fmt.Errorf("snapshot %d: %w", i+1, err)
		}
		out.Z = append(out.Z, look.Estimate/look.StdError)
		out.Half = append(out.Half, sequence.Half)
		out.Sequences = append(out.Sequences, sequence)
		out.PValue = append(out.PValue, sequence.PValue)
	}
	out.Running = Running(out.PValue)
	return out, nil
}

func (s Snapshot) look() (Look, error) {
	if !(s.ControlUnits >= 1 && s.TreatmentUnits >= 1) {
		return Look{}, fmt.Errorf("%w: %v units in the control and %v in the treatment", stats.ErrTooFew, s.ControlUnits, s.TreatmentUnits)
	}
	if !(s.ControlVariance >= 0 && s.TreatmentVariance >= 0) {
		return Look{}, fmt.Errorf("%w: variances %v and %v", stats.ErrInvalid, s.ControlVariance, s.TreatmentVariance)
	}
	return Look{
		Estimate: s.TreatmentMean - s.ControlMean,
		StdError: math.Sqrt(s.ControlVariance/s.ControlUnits + s.TreatmentVariance/s.TreatmentUnits),
		Units:    s.ControlUnits + s.TreatmentUnits,
	}, nil
}
