package columnar

import (
	"fmt"

	"liftgate/datasets"
	"liftgate/datasets/bucket"
	"liftgate/datasets/expr"
)

// assigned says which variant each unit, or cluster, should have; the zero value says nothing.
//
// A record remembers what was found out once in the half of its state word from assignedShift on: the variant by the rule, or the place on
// the roster; -1 for none.
type assigned struct {
	rule     *bucket.Rule
	roster   *datasets.Roster
	places   map[key]int32 // on the roster
	analysed []bool        // by place on the roster
	eligible *expr.Node    // nil: everything is
}

func newAssigned(q *datasets.Query) assigned {
	var a assigned
	if q.Plan != nil {
		a.rule = q.Plan.Rule()
	}
	if r := q.Roster; r != nil {
		a.roster, a.places, a.analysed = r, make(map[key]int32, len(r.Keys)), make([]bool, len(r.Keys))
		for i, name := range r.Keys {
			a.places[hashText(name)] = int32(i)
		}
	}
	if a.known() {
		a.eligible = q.Eligible
	}
	return a
}

// known reports whether there is anything to compare logged variants with.
func (a *assigned) known() bool { return a.rule != nil || a.roster != nil }

// find looks a unit or cluster up, given its hash and, for a rule, its text or what was found by that before.
func (a *assigned) find(k key, p *packet, row int32) int32 {
	switch {
	case a.rule == nil:
		return a.lookup(k, "")
	case len(p.found) > 0:
		return p.found[row]
	default:
		return a.lookup(k, p.texts[row])
	}
}

// foresee finds what a rule says of the units of a packet, which can do without their texts then.
func (a *assigned) foresee(p *packet) {
	if a.rule == nil {
		return
	}
	for _, name := range p.texts {
		p.found = append(p.found, a.lookup(key{}, name))
	}
	clear(p.texts)
	p.texts = p.texts[:0]
}

func (a *assigned) lookup(k key, name string) int32 {
	if a.rule != nil {
		return int32(a.rule.Assign(name).Variant)
	}
	if at, listed := a.places[k]; listed {
		return at
	}
	return -1
}

// variant is what the unit should have, given what find found.
func (a *assigned) variant(found int32) int {
	if a.roster != nil && found >= 0 {
		return a.roster.Variants[found]
	}
	return int(found)
}

// compare counts a unit whose variant is known twice.
func (a *assigned) compare(c *datasets.Recomputed, found int32, eligible bool, logged int) {
	c.Compared++
	switch v := a.variant(found); {
	case v < 0 || !eligible:
		c.Excluded++
	case v != logged:
		c.Moved++
	}
}

// cluster is what the roster, if any, says of a cluster, given what find found.
func (a *assigned) cluster(found int32) datasets.Cluster {
	out := datasets.Cluster{Block: -1}
	if a.roster == nil || found < 0 {
		return out
	}
	out.Variant, out.Block = a.roster.Variants[found], a.roster.Blocks[found]
	if a.roster.Balance != nil {
		out.Balance = append(out.Balance, a.roster.Balance[found]...)
	}
	return out
}

// unexposed are the clusters that have a variant on the roster and were not analysed.
func (a *assigned) unexposed(variants int) []datasets.Cluster {
	if a.roster == nil {
		return nil
	}
	out := []datasets.Cluster{}
	for v := range variants {
		for at, assigned := range a.roster.Variants {
			if assigned == v && !a.analysed[at] {
				out = append(out, a.cluster(int32(at)))
			}
		}
	}
	return out
}

// checkRoster finds what makes a roster none.
func checkRoster(q *datasets.Query) error {
	r := q.Roster
	if r == nil {
		return nil
	}
	n := len(r.Keys)
	if q.Plan != nil {
		return fmt.Errorf("variants are to be compared with a plan and a roster: one of them can be right")
	}
	if len(r.Variants) != n || len(r.Blocks) != n || r.Balance != nil && len(r.Balance) != n {
		return fmt.Errorf("a roster of %d keys has %d variants, %d blocks and %d balances", n, len(r.Variants), len(r.Blocks), len(r.Balance))
	}
	seen, balanced := make(map[string]bool, n), -1
	for i, name := range r.Keys {
		if name == "" || seen[name] {
			return fmt.Errorf("key %q is empty, or twice on the roster", name)
		}
		v, block := r.Variants[i], r.Blocks[i]
		if v < -1 || v >= len(q.Variants) || block < -1 || v >= 0 && block < 0 {
			return fmt.Errorf("the roster gives %q variant %d of %d in block %d", name, v, len(q.Variants), block)
		}
		if r.Balance != nil && v >= 0 {
			if balanced < 0 {
				balanced = len(r.Balance[i])
			}
			if n := len(r.Balance[i]); n == 0 || n != balanced {
				return fmt.Errorf("the roster has %d balanced numbers of %q, want %d", n, name, max(balanced, 1))
			}
		}
		seen[name] = true
	}
	return nil
}
