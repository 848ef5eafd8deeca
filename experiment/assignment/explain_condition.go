package assignment

import "liftgate/datasets/expr"

// Condition is one part of an eligibility condition that has to hold, as seen by one unit.
type Condition struct {
	Text  string `json:"text"` // as written in the definition
	Holds bool   `json:"holds"`
	Saw   []Seen `json:"saw"` // what it reads
}

// Seen is an attribute as a condition saw it.
type Seen struct {
	Attribute string `json:"attribute"`
	Value     string `json:"value"`            // as a literal, long texts cut; null when the attribute is missing
	Wanted    string `json:"wanted,omitempty"` // the type that it is read as; empty when it only matters whether there is one
	Readable  bool   `json:"readable"`         // false: it cannot be read as that type and counted as null
}

// conditionsOf asks every part of the condition, also after one that does not hold.
func (g *Gate) conditionsOf(attributes Attributes) []Condition {
	out := make([]Condition, len(g.conjuncts))
	for i, c := range g.conjuncts {
		out[i] = Condition{Text: c.text, Holds: c.holds(attributes)}
		for _, u := range c.node.Columns() {
			out[i].Saw = append(out[i].Saw, see(u, attributes))
		}
	}
	return out
}

func see(u expr.Used, attributes Attributes) Seen {
	var v expr.Value
	if attributes != nil {
		v = attributes(u.Name)
	}
	s := Seen{Attribute: u.Name, Readable: Readable(v, u.Type)}
	v.Text = cut(v.Text)
	s.Value = v.String()
	if u.Type != expr.Untyped {
		s.Wanted = u.Type.String()
	}
	return s
}
