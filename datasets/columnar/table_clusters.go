package columnar

import (
	"strings"

	"liftgate/datasets/internal/reuse"
	"liftgate/datasets/tabular"
)

// clusterIndex numbers the clusters that a worker meets in a unit table.
type clusterIndex struct {
	byKey map[key]uint32
	byInt map[int64]uint32
	near  []nearCluster // of integers: those met lately

	dict  *tabular.Dictionary
	known []uint32 // by position in dict: place + 1, 0 when not asked for yet

	numbers *tabular.Column // a dictionary of integers
	coded   []codedCluster

	keys     []key
	texts    []string // as far as somebody needs them
	variant  []uint16
	group    []uint16 // partition; dropped for a forced cluster
	eligible []bool
	labels   [][]uint32 // by attribute: the smallest text so far
	units    []int32    // rows

	// Once all is read:
	records []int32  // their places in the partition
	ranks   []int32  // their places among the members
	within  []uint32 // partition by partition, the clusters in it
	bounds  [partitions + 1]int32
}

// codedCluster is what a row needs of its cluster, by the code of that.
type codedCluster struct {
	salt    uint64 // of units' hashes
	place   uint32 // + 1; 0 when not asked for yet
	variant uint16
	group   uint16
}

type nearCluster struct {
	value int64
	place uint32 // + 1
}

func newClusterIndex(attributes int) *clusterIndex {
	return &clusterIndex{byKey: map[key]uint32{}, byInt: map[int64]uint32{}, near: make([]nearCluster, 1<<10), labels: make([][]uint32, attributes)}
}

// of makes sure that what is known by code is of a dictionary.
func (x *clusterIndex) of(numbers *tabular.Column) []codedCluster {
	if x.numbers != numbers {
		x.numbers, x.coded = numbers, reuse.Slice(x.coded, max(len(numbers.Ints), len(numbers.Floats)))
		clear(x.coded)
	}
	return x.coded
}

// at gives the place of a row's cluster. A fresh one has only its key yet, and is the last.
func (x *clusterIndex) at(c *tabular.Column, row int, buf []byte) (place uint32, fresh bool, err error) {
	switch {
	case c.Null(row):
		return 0, false, errNoCluster
	case c.Kind == tabular.Integer:
		return x.ofInteger(c, row, buf)
	case c.Kind == tabular.Text && c.Codes != nil:
		return x.ofCode(c, row, buf)
	default:
		return x.ofText(c, row, buf)
	}
}

// lately gives the place of a row's cluster where it is an integer that was met lately.
func (x *clusterIndex) lately(c *tabular.Column, row int) (place uint32, known bool) {
	if c.Kind != tabular.Integer || c.Valid != nil {
		return 0, false
	}
	near := &x.near[uint64(c.Ints[row])&uint64(len(x.near)-1)]
	return near.place - 1, near.place > 0 && near.value == c.Ints[row]
}

func (x *clusterIndex) ofInteger(c *tabular.Column, row int, buf []byte) (place uint32, fresh bool, err error) {
	v := c.Ints[row]
	place, known := x.byInt[v]
	if !known {
		if place, fresh, err = x.ofText(c, row, buf); err != nil {
			return 0, false, err
		}
		if x.byInt[v] = place; len(x.byInt) > len(x.near)/2 {
			x.near = make([]nearCluster, 2*len(x.near))
		}
	}
	x.near[uint64(v)&uint64(len(x.near)-1)] = nearCluster{v, place + 1}
	return place, fresh, nil
}

func (x *clusterIndex) ofCode(c *tabular.Column, row int, buf []byte) (place uint32, fresh bool, err error) {
	if x.dict != c.Dict {
		x.dict, x.known = c.Dict, make([]uint32, len(c.Dict.Texts))
	}
	known := &x.known[c.Codes[row]]
	if *known > 0 {
		return *known - 1, false, nil
	}
	if place, fresh, err = x.ofText(c, row, buf); err == nil {
		*known = place + 1
	}
	return place, fresh, err
}

func (x *clusterIndex) ofText(c *tabular.Column, row int, buf []byte) (place uint32, fresh bool, err error) {
	name, err := keyText(c, row, buf)
	if err == nil && name == "" {
		err = errNoCluster
	}
	if err != nil {
		return 0, false, err
	}
	k := hashText(name)
	place, known := x.byKey[k]
	if !known {
		place = uint32(len(x.keys))
		x.byKey[k] = place
		x.keys, x.texts = append(x.keys, k), append(x.texts, strings.Clone(name))
	}
	return place, !known, nil
}

// salt makes hashes of units those of pairs.
func (x *clusterIndex) salt(place uint32) uint64 { return x.keys[place].lo ^ odd1 }

// deal lists the clusters of each partition that have units.
func (x *clusterIndex) deal() {
	for _, g := range x.group {
		if g != dropped {
			x.bounds[g+1]++
		}
	}
	added(x.bounds[:])
	next := x.bounds
	x.within, x.ranks = make([]uint32, next[partitions]), make([]int32, len(x.keys))
	for c, g := range x.group {
		if g != dropped {
			x.within[next[g]] = uint32(c)
			next[g]++
		}
	}
}

// enter describes a fresh cluster by its first row.
func (x *clusterIndex) enter(variant uint16, forced, eligible bool) {
	group := uint16(x.keys[len(x.keys)-1].partition())
	if forced {
		group = dropped
	}
	x.variant, x.group, x.eligible = append(x.variant, variant), append(x.group, group), append(x.eligible, eligible)
	x.units = append(x.units, 0)
}

// label notes an attribute of a row.
func (x *clusterIndex) label(attribute int, place, code uint32, l *labels) {
	known := x.labels[attribute]
	if n := uint32(len(known)); place >= n {
		known = append(known, make([]uint32, place-n+1)...) // null, which any text is smaller than
		x.labels[attribute] = known
	}
	if known[place] != code {
		known[place] = l.smaller(known[place], code)
	}
}

// packet is the clusters as rows that expose them.
func (x *clusterIndex) packet() *packet {
	p := &packet{origin: &origin{}, keys: x.keys, cluster: x.keys, variant: x.variant, texts: x.texts, labels: x.labels}
	for _, ok := range x.eligible {
		p.barred = append(p.barred, !ok)
	}
	for a, codes := range p.labels {
		p.labels[a] = append(codes, make([]uint32, len(x.keys)-len(codes))...)
	}
	return p
}
