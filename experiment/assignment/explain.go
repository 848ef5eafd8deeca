package assignment

import "liftgate/datasets/bucket"

// Explanation is an outcome and how it came about.
type Explanation struct {
	Unit    string  `json:"unit"`
	Outcome Outcome `json:"outcome"`
	Steps   []Step  `json:"steps"` // the gates that the unit came to, in their order; never empty, and the last one decided
}

// Step is one gate that a unit came to. Gates that a definition does not have are left out.
type Step struct {
	Gate       string      `json:"gate"`                 // forced, eligible, key, holdout, layer, traffic, list, variant
	Passed     bool        `json:"passed"`               // false: the unit stopped here
	Text       string      `json:"text"`                 // one sentence, with numbers
	Conditions []Condition `json:"conditions,omitempty"` // of the gate eligible
	Hash       *Draw       `json:"hash,omitempty"`       // where a hash decides
}

// Draw is where a unit's point lies, and where the points do that the gate is about: those held out, in the layer's slots, in the traffic, or
// of the variant.
type Draw struct {
	Key     string `json:"key"` // what is hashed with the unit; GrowthBook's seed
	Point   uint64 `json:"point,string"`
	Buckets uint64 `json:"buckets,omitempty"` // how many points GrowthBook's hash has; 0 for SHA-256, which has 2^64
	First   uint64 `json:"first,string"`      // first and last point; first is after last when there are none
	Last    uint64 `json:"last,string"`
}

func draw(h *bucket.Step) *Draw {
	if h.Hash == "" {
		return nil
	}
	return &Draw{Key: h.Hash, Point: h.Point, Buckets: h.Points, First: h.First, Last: h.Last}
}

// String is one sentence that says why the unit has the variant that it has, or none.
func (e Explanation) String() string { return e.Steps[len(e.Steps)-1].Text }

// Explain decides as Assign does and says why.
func (a *Assigner) Explain(unit string, attributes Attributes) Explanation {
	e := Explanation{Unit: unit, Outcome: a.Assign(unit, attributes)}
	w := walk{Assigner: a, unit: unit, attributes: attributes, outcome: e.Outcome}
	for _, gates := range []func() []Step{w.force, w.eligibility, w.key, w.hashes, w.list} {
		for _, step := range gates() {
			e.Steps = append(e.Steps, step)
			if !step.Passed {
				return e
			}
		}
	}
	return e
}

// walk is one unit's way through the gates.
type walk struct {
	*Assigner
	unit       string
	attributes Attributes
	outcome    Outcome
}

func (w *walk) force() []Step {
	if len(w.forced) == 0 {
		return nil
	}
	s := Step{Gate: "forced", Passed: true, Text: shown(w.unit) + " is not forced."}
	if variant, ok := w.forced[w.unit]; ok {
		s.Passed = false
		s.Text = shown(w.unit) + " gets " + variant + " because the definition forces it; forced units are left out of every analysis."
	}
	return []Step{s}
}

func (w *walk) eligibility() []Step {
	if w.eligible == nil {
		return nil
	}
	s := Step{Gate: "eligible", Passed: true, Conditions: w.conditionsOf(w.attributes)}
	for _, c := range s.Conditions {
		s.Passed = s.Passed && c.Holds
	}
	s.Text = eligibleText(w.unit, s.Conditions)
	return []Step{s}
}

func (w *walk) key() []Step {
	if w.unit != "" {
		return nil
	}
	return []Step{{Gate: "key", Text: "Without a key there is no variant: the unit's key is empty."}}
}

func (w *walk) hashes() []Step {
	var out []Step
	for _, h := range w.rule.Steps(w.unit) {
		s := Step{Gate: string(h.Gate), Passed: h.Passed, Hash: draw(&h), Text: w.hashText(&h)}
		if h.Gate == bucket.Assigned {
			s.Gate = "variant"
			if !h.Passed { // outside the coverage of a GrowthBook hash
				s.Gate = string(bucket.Traffic)
			} else if w.listed != nil {
				continue // the list chooses
			}
		}
		out = append(out, s)
	}
	return out
}

func (w *walk) list() []Step {
	if w.listed == nil {
		return nil
	}
	m, ok := w.listed[w.unit]
	if !ok {
		return []Step{{Gate: "list", Text: shown(w.unit) + " is not on the list of merchants that the design was drawn for."}}
	}
	return []Step{{Gate: "list", Passed: m.Variant != "", Text: listedText(m)}}
}
