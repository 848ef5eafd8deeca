package survival

import (
	"fmt"
	"math"

	"liftgate/stats"
)

func checkLevel(level float64) error {
	if !(level > 0 && level < 1) {
		return fmt.Errorf("%w: the level %v does not lie between 0 and 1", stats.ErrInvalid, level)
	}
	return nil
}

func checkTime(time float64) error {
	if !(time >= 0) || math.IsInf(time, 0) {
		return fmt.Errorf("%w: the time %v is not a finite number from 0 on", stats.ErrInvalid, time)
	}
	return nil
}

func checkHorizon(treated, untreated Table, horizon float64) error {
	if err := checkTime(horizon); err != nil {
		return err
	}
	for name, t := range map[string]Table{treatment: treated, control: untreated} {
		if !t.known(horizon) {
			return fmt.Errorf("%w: no one in the %s is observed up to %v: wait, or choose an earlier horizon", stats.ErrTooFew, name, horizon)
		}
	}
	return nil
}

// known says whether the curve is known up to a time: someone is observed that long, or no one was left without an event.
func (t Table) known(time float64) bool {
	end := t[len(t)-1]
	return end.Time >= time || end.Censored == 0
}

// few is the number of events, and of observations past the horizon, from which the normal limit holds; with groups of unequal
// size its errors in the two tails no longer cancel, and more events are needed.
const (
	few        = 10
	fewUnequal = 80
	unequal    = 2
)

func neededEvents(treated, untreated int64) int64 {
	if max(treated, untreated) > unequal*min(treated, untreated) {
		return fewUnequal
	}
	return few
}

// outside says why a comparison at a horizon lies outside its region of validity.
func outside(treated, untreated Table, horizon float64) string {
	needed := neededEvents(treated[0].AtRisk, untreated[0].AtRisk)
	for _, g := range []struct {
		name  string
		table Table
	}{{treatment, treated}, {control, untreated}} {
		events := int64(0)
		for _, r := range g.table {
			if r.Time <= horizon {
				events += r.Events
			}
		}
		if events < needed {
			return fmt.Sprintf("only %d events in the %s, %d are needed", events, g.name, needed)
		}
		if n := g.table.atRisk(horizon); n < few {
			return fmt.Sprintf("only %d of the %s are observed up to the horizon, %d are needed", n, g.name, few)
		}
	}
	return ""
}
