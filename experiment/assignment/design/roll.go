package design

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"liftgate/datasets/bucket"
	"liftgate/experiment"
	"liftgate/experiment/assignment"
)

// roll is a list of merchants ready to be drawn.
type roll struct {
	definition *experiment.Definition
	design     *experiment.Design
	record     *assignment.Record

	weights []uint64
	total   uint64
	control int

	drawn   []int       // places in record.Merchants of those that get a variant by the design
	x       [][]float64 // balance variables of the drawn
	stratum []int       // of the drawn
	strata  []string    // their names, in the order of their members' values
	members [][]int     // of each stratum, places in drawn

	variant []int // of the drawn, once they are
	block   []int
}

// readList checks a list and finds out who on it takes part.
func readList(d *experiment.Definition, list []Merchant) (*roll, error) {
	if d.Assignment == nil || d.Assignment.Design == nil {
		return nil, fmt.Errorf("%s has no assignment.design, by which a list could be assigned", d.File)
	}
	r := &roll{definition: d, design: d.Assignment.Design, record: assignment.NewRecord(d)}
	for i, v := range r.record.Variants {
		r.weights = append(r.weights, v.Weight)
		r.total += v.Weight
		if v.Name == d.Control {
			r.control = i
		}
	}
	list, err := sorted(list)
	if err != nil {
		return nil, err
	}
	if err := r.known(list); err != nil {
		return nil, err
	}
	if err := r.enter(list); err != nil {
		return nil, err
	}
	r.variant, r.block = make([]int, len(r.drawn)), make([]int, len(r.drawn))
	return r, r.enough()
}

// sorted is a list in the order of its keys, each once.
func sorted(list []Merchant) ([]Merchant, error) {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b Merchant) int { return strings.Compare(a.Key, b.Key) })
	for i := range list {
		switch {
		case list[i].Key == "":
			return nil, fmt.Errorf("a merchant on the list has no key")
		case !utf8.ValidString(list[i].Key):
			return nil, fmt.Errorf("merchant %q: the key is not UTF-8", list[i].Key)
		case i > 0 && list[i].Key == list[i-1].Key:
			return nil, fmt.Errorf("merchant %q is on the list twice", list[i].Key)
		}
	}
	return list, nil
}

// known refuses a list on which nobody has an attribute that the design is about.
func (r *roll) known(list []Merchant) error {
	for _, name := range slices.Concat(r.design.Strata, r.design.Balance) {
		has := func(m Merchant) bool { _, ok := m.Attributes[name]; return ok }
		if len(list) > 0 && !slices.ContainsFunc(list, has) {
			return fmt.Errorf("no merchant on the list has the attribute %s that the design is about", name)
		}
	}
	return nil
}

// enter lists all merchants and picks those that are to be drawn.
func (r *roll) enter(list []Merchant) error {
	gate, err := assignment.NewGate(r.definition)
	if err != nil {
		return err
	}
	numbers := map[string]int{}
	var wrong []string
	for i, m := range list {
		key, name := stratumOf(r.design.Strata, m)
		listed := assignment.Listed{Unit: m.Key, Stratum: name}
		listed.Variant, listed.Reason = gate.Enter(m.Key, attributesOf(m))
		if listed.Reason == bucket.Assigned {
			values, err := valuesOf(r.design.Balance, m)
			if err != nil {
				wrong = append(wrong, err.Error())
			}
			if _, ok := numbers[key]; !ok {
				numbers[key] = len(r.strata)
				r.strata, r.members = append(r.strata, name), append(r.members, nil)
			}
			s := numbers[key]
			r.members[s] = append(r.members[s], len(r.drawn))
			r.drawn, r.x, r.stratum = append(r.drawn, i), append(r.x, values), append(r.stratum, s)
			listed.Balance = values
		}
		r.record.Merchants = append(r.record.Merchants, listed)
	}
	return firstOf(wrong)
}

const shown = 5 // mistakes of one kind, before they are only counted

func firstOf(wrong []string) error {
	if len(wrong) == 0 {
		return nil
	}
	more := ""
	if len(wrong) > shown {
		more = fmt.Sprintf("\nand %d more", len(wrong)-shown)
	}
	return fmt.Errorf("%s%s", strings.Join(wrong[:min(shown, len(wrong))], "\n"), more)
}

// enough refuses a list that is too short for two merchants a variant.
func (r *roll) enough() error {
	least := slices.Min(r.weights)
	if n := uint64(len(r.drawn)); n*least < 2*r.total {
		return fmt.Errorf("%d of %d merchants on the list take part, and two for each variant need %d",
			n, len(r.record.Merchants), (2*r.total+least-1)/least)
	}
	return nil
}

// fill writes what was drawn into the record.
func (r *roll) fill() {
	for i, at := range r.drawn {
		m := &r.record.Merchants[at]
		m.Variant = r.record.Variants[r.variant[i]].Name
		m.Block = r.block[i] + 1
		if r.design.Method == "paired" {
			m.Pair = m.Block
		}
	}
}
