package sequential

import (
	"fmt"
	"math"
	"slices"

	"liftgate/stats"
)

// Look is one analysis of a running experiment.
type Look struct {
	Information float64 // 1 / standard error²
	Z           float64 // estimate / standard error, positive for the treatment
}

// Plan is a design with the information that it is to end with.
type Plan struct {
	Design  Design
	Maximum float64 // planned information
	// Futility is optional; it needs the planned effect, as Drift = effect sqrt(Maximum): see [Inflation].
	Futility *Futility
	Drift    float64
}

// State of an experiment that is looked at.
type State string

const (
	Continue State = "continue" // no bound was crossed and looks are left
	Upper    State = "upper"    // the upper bound was crossed: the treatment is better
	Lower    State = "lower"    // the lower bound was crossed: worse, or futile in a one-sided design
	Finished State = "finished" // no bound was crossed and no looks are left
)

// Monitoring says where an experiment stands.
type Monitoring struct {
	State  State
	Look   int     // at which it ended, from 1; 0 while it continues
	Bounds Bounds  // of the looks up to there, or of all so far
	Left   float64 // error that one side may still spend
	// Overrun is the number of looks after the end: they enter Final, not State.
	Overrun int
	// Final is the analysis at the end, nil before.
	Final    *Final
	Warnings []string
}

// Monitor says which bound applies to each look so far, whether one was crossed, and, at the end, what follows. A last look is final: it
// spends whatever is left, also when it comes before the planned maximum. A look at or beyond that maximum is final too.
//
// Looks after the end overrun it. They replace the look at which it ended, as if that had not been taken (deletion method, Whitehead 1992),
// so that the p-value may no longer be below alpha; the warnings then say so.
func (p Plan) Monitor(looks []Look, last bool) (Monitoring, error) {
	fractions, err := p.fractions(looks)
	if err != nil {
		return Monitoring{}, err
	}
	// Looks after the first final one cannot decide.
	n := 1 + slices.IndexFunc(fractions, func(t float64) bool { return t >= 1 })
	final := n > 0 || last
	if n == 0 {
		n = len(looks)
	}
	out := Monitoring{State: Continue}
	if out.Bounds, err = p.bounds(fractions[:n], final); err != nil {
		return Monitoring{}, err
	}
	for k, upper := range out.Bounds.Upper {
		switch z := looks[k].Z; {
		case z >= upper:
			out.State = Upper
		case z <= out.Bounds.Lower[k]:
			out.State = Lower
		case final && k == n-1:
			out.State = Finished
		}
		if out.State != Continue {
			out.Look = k + 1
			out.Bounds = out.Bounds.until(out.Look)
			break
		}
	}
	out.Left = p.Design.side() - out.Bounds.CumAlpha[len(out.Bounds.CumAlpha)-1]
	if out.State == Continue {
		return out, nil
	}
	out.Overrun = len(looks) - out.Look
	return out, p.conclude(&out, looks, fractions)
}

// conclude analyses the end.
func (p Plan) conclude(m *Monitoring, looks []Look, fractions []float64) error {
	end := looks[len(looks)-1]
	b := m.Bounds
	if m.Overrun > 0 {
		b = b.until(m.Look - 1)
		b.Fractions = append(b.Fractions, fractions[len(fractions)-1])
		b.Upper = append(b.Upper, m.Bounds.Upper[m.Look-1])
		b.Lower = append(b.Lower, m.Bounds.Lower[m.Look-1])
	}
	final, err := b.Final(p.Design.side(), end.Z, end.Information)
	if err != nil {
		return err
	}
	final.Look = m.Look
	m.Final = &final
	if m.Overrun > 0 && m.State == Upper && final.PValue >= p.Design.side() {
		m.Warnings = append(m.Warnings, fmt.Sprintf("with the data that arrived after the decision the p-value is %.3g, above %.3g: the effect is less certain than it was", final.PValue, p.Design.side()))
	}
	return nil
}

// until are the bounds of the first k looks, in slices of their own.
func (b Bounds) until(k int) Bounds {
	return Bounds{
		Fractions: slices.Clone(b.Fractions[:k]), Upper: slices.Clone(b.Upper[:k]), Lower: slices.Clone(b.Lower[:k]),
		CumAlpha: slices.Clone(b.CumAlpha[:k]), StageLevel: slices.Clone(b.StageLevel[:k]),
	}
}

// bounds at some looks, the last of which may be final.
func (p Plan) bounds(fractions []float64, final bool) (Bounds, error) {
	b, err := p.Design.bounds(fractions, final)
	if err != nil || p.Futility == nil {
		return b, err
	}
	b, _ = p.Design.futile(b, *p.Futility, p.Drift)
	if end := len(b.Upper) - 1; final && end == len(fractions)-1 {
		b.Lower[end] = b.Upper[end]
	}
	return b, nil
}

func (p Plan) fractions(looks []Look) ([]float64, error) {
	if !(p.Maximum > 0) || math.IsInf(p.Maximum, 0) {
		return nil, fmt.Errorf("%w: a maximum of %v information", stats.ErrInvalid, p.Maximum)
	}
	if p.Futility != nil {
		if err := p.Design.checkFutility([]float64{1}, *p.Futility); err != nil {
			return nil, err
		}
		if !(p.Drift > 0 && p.Drift <= largestDrift) {
			return nil, fmt.Errorf("%w: futility needs the planned effect, not a drift of %v", stats.ErrInvalid, p.Drift)
		}
	}
	out := make([]float64, len(looks))
	for k, l := range looks {
		if !(math.Abs(l.Z) <= largestDrift) {
			return nil, fmt.Errorf("%w: look %d has a statistic of %v", stats.ErrInvalid, k+1, l.Z)
		}
		out[k] = l.Information / p.Maximum
	}
	if err := p.Design.check(); err != nil {
		return nil, err
	}
	return out, checkFractions(out)
}
