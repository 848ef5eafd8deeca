package bulk

import (
	"hash/maphash"

	"liftgate/datasets"
	"liftgate/datasets/bucket"
	"liftgate/datasets/expr"
)

const (
	// maxValues is how many values of an attribute are told apart; rows of further ones are counted together.
	maxValues = 10_000
	// maxUnits is how many units are told apart.
	maxUnits = 1 << 22
	// otherValues stands for the values of an attribute beyond maxValues.
	otherValues = "(other values)"
)

// findings counts what rows of a log say. Findings of successive batches merge.
type findings struct {
	rows, agree, forced, ignored, noUnit int64

	moved      map[[2]string]int64
	excluded   map[bucket.Reason]int64
	undeclared names
	units      unitSet
	seed       maphash.Seed // of the hashes of units; the same wherever findings merge
	attributes []*attribute
}

func newFindings(seed maphash.Seed) *findings {
	return &findings{moved: map[[2]string]int64{}, excluded: map[bucket.Reason]int64{}, units: unitSet{}, seed: seed}
}

// blame counts a row for the values of its attributes.
func (f *findings) blame(attributes []string, values []func(int) expr.Value, row int, disagrees bool) {
	if f.attributes == nil {
		for _, name := range attributes {
			f.attributes = append(f.attributes, newAttribute(name))
		}
	}
	for i, a := range f.attributes {
		v := values[i](row)
		text := v.Plain()
		if v.Null() {
			text = datasets.NoValue
		}
		a.add(text, 1, disagrees)
	}
}

func (f *findings) merge(o *findings) {
	f.rows, f.agree, f.forced = f.rows+o.rows, f.agree+o.agree, f.forced+o.forced
	f.ignored, f.noUnit = f.ignored+o.ignored, f.noUnit+o.noUnit
	for k, n := range o.moved {
		f.moved[k] += n
	}
	for k, n := range o.excluded {
		f.excluded[k] += n
	}
	for i, name := range o.undeclared.names {
		f.undeclared.addMany(name, o.undeclared.rows[i])
	}
	f.units.merge(o.units)
	for _, a := range o.attributes {
		f.attribute(a.name).merge(a)
	}
}

func (f *findings) attribute(name string) *attribute {
	for _, a := range f.attributes {
		if a.name == name {
			return a
		}
	}
	f.attributes = append(f.attributes, newAttribute(name))
	return f.attributes[len(f.attributes)-1]
}

// names counts rows by a text, in the order in which the texts were met.
type names struct {
	names []string
	rows  []int64
	at    map[string]int
}

func (n *names) add(name string) { n.addMany(name, 1) }

func (n *names) addMany(name string, rows int64) {
	n.rows[n.place(name)] += rows
}

// place is where a text is counted; the ones after maxValues share a place.
func (n *names) place(name string) int {
	if i, ok := n.at[name]; ok {
		return i
	}
	if n.at == nil {
		n.at = map[string]int{}
	}
	if len(n.names) >= maxValues && name != otherValues {
		return n.place(otherValues)
	}
	own := string([]byte(name)) // not the memory of a batch that is about to go
	n.at[own] = len(n.names)
	n.names, n.rows = append(n.names, own), append(n.rows, 0)
	return len(n.names) - 1
}

// attribute counts rows, and those that disagree, by the values of an attribute.
type attribute struct {
	name     string
	all      names
	disagree []int64
}

func newAttribute(name string) *attribute { return &attribute{name: name} }

func (a *attribute) add(value string, rows int64, disagrees bool) {
	bad := int64(0)
	if disagrees {
		bad = rows
	}
	a.count(value, rows, bad)
}

func (a *attribute) count(value string, rows, bad int64) {
	i := a.all.place(value)
	if i == len(a.disagree) {
		a.disagree = append(a.disagree, 0)
	}
	a.all.rows[i] += rows
	a.disagree[i] += bad
}

func (a *attribute) merge(o *attribute) {
	for i, value := range o.all.names {
		a.count(value, o.all.rows[i], o.disagree[i])
	}
}

// unitSet tells units apart by a hash of 64 bits, and whether one disagreed.
type unitSet map[uint64]bool

func (u unitSet) put(hash uint64, disagrees bool) {
	if was, known := u[hash]; known || len(u) <= maxUnits { // one more shows that there are more
		u[hash] = was || disagrees
	}
}

func (u unitSet) merge(o unitSet) {
	for hash, disagrees := range o {
		u.put(hash, disagrees)
	}
}

func (u unitSet) count() Units {
	out := Units{Compared: int64(len(u)), Partial: len(u) > maxUnits}
	for _, disagrees := range u {
		if disagrees {
			out.Disagree++
		}
	}
	return out
}
