package bucket

// Step is one gate of a rule that a unit came to.
type Step struct {
	Gate   Reason // what the unit's reason is if it stops here; Assigned for the choice of a variant
	Passed bool
	// Hash is the key that was hashed with the unit, or GrowthBook's seed; empty when every unit has the same answer and no hash is taken.
	Hash   string
	Point  uint64
	Points uint64 // how many there are, 0 stands for 2^64
	// First and Last are the points, both included, that are held out, in the layer's slots, in the traffic or the chosen variant's. First is
	// after Last when there are none.
	First uint64
	Last  uint64
}

// Steps are the gates that a unit comes to, in their order; the last one decides. A plan without a holdout or a layer has no such gate,
// and GrowthBook's hashes have no gate for traffic: a unit outside it stops at the choice of a variant. A unit without a key comes to none.
func (r *Rule) Steps(unit string) []Step {
	var steps []Step
	if unit == "" {
		return nil
	}
	for _, gate := range []struct {
		reason Reason
		ask    *question
		pass   bool // the answer that lets a unit pass
	}{{Holdout, &r.holdout, false}, {Layer, &r.layer, true}, {Traffic, &r.traffic, true}} {
		if !gate.ask.posed {
			continue
		}
		steps = append(steps, gate.ask.step(gate.reason, unit, gate.pass))
		if !steps[len(steps)-1].Passed {
			return steps
		}
	}
	return append(steps, r.choice(unit))
}

func (q *question) step(reason Reason, unit string, pass bool) Step {
	s := Step{Gate: reason, Passed: q.of(unit) == pass, Points: q.hash.buckets(), First: q.in.first, Last: q.in.last}
	if !q.known {
		s.Hash, s.Point = q.name(), q.point(unit)
	}
	return s
}

func (r *Rule) choice(unit string) Step {
	s := Step{Gate: Assigned, Hash: r.variant.name(), Point: r.variant.point(unit), Points: r.variant.hash.buckets(), First: nowhere.first}
	if out := r.Assign(unit); out.Reason == Assigned {
		s.Passed, s.First, s.Last = true, r.ranges[out.Variant].first, r.ranges[out.Variant].last
	}
	return s
}
