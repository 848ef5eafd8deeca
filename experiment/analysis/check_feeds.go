package analysis

import (
	"fmt"

	"liftgate/datasets"
	"liftgate/experiment/result"
	"liftgate/stats"
)

// freshness looks for sources that stopped before the end, for all variants or for one.
func (n *inference) freshness() result.Check {
	w := worst{check: result.Check{Check: "data_freshness", Blocks: true}}
	for i := range n.evidence.Events {
		ev := &n.evidence.Events[i]
		window := n.spanned(func(i int) bool { return n.Query.Values[i].Table == ev.Table })
		if through := n.Query.Events[i].CompleteThrough; through != nil && *through < n.lastLook(window) {
			w.note(result.Fail, nil, nil, fmt.Sprintf("%s is declared complete through %s only, and windows reach to %s",
				ev.Table, moment(*through), moment(n.lastLook(window))))
		}
		dispersion := n.bursts(ev)
		for v, name := range n.Query.Variants {
			t := n.tailOf(v, &ev.Activity[v], window)
			p, dead := t.dead(checkFails, dispersion)
			if !dead {
				w.note(result.Pass, nil, nil, "")
				continue
			}
			w.note(result.Fail, number(p), number(float64(t.silent)/float64(datasets.Day)), fmt.Sprintf("%s has no row for %s in its last %s, after %d before",
				ev.Table, name, days(t.silent), t.rows))
		}
	}
	return w.done("Every source of events is alive up to the end, in every variant.", "Reload the source, then analyse again: until then silence would look like safety.")
}

// joinRate looks for events that do not find their units: wrong keys, or a feed that one variant lacks.
func (n *inference) joinRate() result.Check {
	w := worst{check: result.Check{Check: "join_rate", Blocks: true}}
	for i := range n.evidence.Events {
		ev := &n.evidence.Events[i]
		found := ev.Matched + ev.OutsideWindow
		all := found + ev.UnmatchedUnit
		share := float64(found) / float64(all)
		switch {
		case all == 0:
			w.note(result.Warn, nil, nil, fmt.Sprintf("%s has no row that any metric counts", ev.Table))
		case found == 0:
			w.note(result.Fail, nil, number(0), fmt.Sprintf("none of the %d rows of %s belongs to an analysed unit: compare its unit key with that of the exposures", all, ev.Table))
		case share < 0.5:
			w.note(result.Warn, nil, number(share), fmt.Sprintf("only %s of the rows of %s belong to an analysed unit", percent(share), ev.Table))
		default:
			w.note(result.Pass, nil, number(share), "")
		}
		n.rowsBetweenVariants(ev, &w)
	}
	return w.done("Events find their units, equally in all variants.", "Check the unit key and the logging of every variant.")
}

// rowsBetweenVariants fails a source whose rows a unit differ between variants by more than any treatment would explain.
func (n *inference) rowsBetweenVariants(ev *datasets.EventEvidence, w *worst) {
	control := n.control()
	c := &ev.PerUnit[control]
	for _, t := range n.treatments() {
		m := &ev.PerUnit[t]
		if c.N < 2 || m.N < 2 {
			continue
		}
		low, high := min(c.Means[0], m.Means[0]), max(c.Means[0], m.Means[0])
		if high < 2*low || high == 0 {
			continue
		}
		test, err := stats.CompareMeans(*m, *c)
		if err != nil {
			continue
		}
		if p := test.PDifference(0); p < checkFails {
			w.note(result.Fail, number(p), number(high/low), fmt.Sprintf("%s has %.3g rows a %s in %s and %.3g in %s",
				ev.Table, m.Means[0], n.counted(), n.Query.Variants[t], c.Means[0], n.Query.Variants[control]))
		}
	}
}
