package columnar

import "strings"

// clusterIndex numbers the clusters that a worker meets in a unit table.
type clusterIndex struct {
	byKey map[key]uint32
	byInt map[int64]uint32
	near  []nearCluster // of integers: those met lately

	dict  *dictionary
	known []uint32 // by position in dict: place + 1, 0 when not asked for yet

	keys     []key
	texts    []string // as far as somebody needs them
	variant  []uint16
	group    []uint16 // partition; dropped for a forced cluster
	eligible []bool
	labels   [][]uint32 // by attribute: the smallest text so far
	records  []int32    // their places in the partition, once all is read
}

type nearCluster struct {
	value int64
	place uint32 // + 1
}

func newClusterIndex(attributes int) *clusterIndex {
	return &clusterIndex{byKey: map[key]uint32{}, byInt: map[int64]uint32{}, near: make([]nearCluster, 1<<10), labels: make([][]uint32, attributes)}
}

// at gives the place of a row's cluster. A fresh one has only its key yet, and is the last.
func (x *clusterIndex) at(c *column, row int, buf []byte) (place uint32, fresh bool, err error) {
	switch {
	case c.null(row):
		return 0, false, errNoCluster
	case c.kind == integer:
		return x.ofInteger(c, row, buf)
	case c.kind == text && c.codes != nil:
		return x.ofCode(c, row, buf)
	default:
		return x.ofText(c, row, buf)
	}
}

// lately gives the place of a row's cluster where it is an integer that was met lately.
func (x *clusterIndex) lately(c *column, row int) (place uint32, known bool) {
	if c.kind != integer || c.valid != nil {
		return 0, false
	}
	near := &x.near[uint64(c.ints[row])&uint64(len(x.near)-1)]
	return near.place - 1, near.place > 0 && near.value == c.ints[row]
}

func (x *clusterIndex) ofInteger(c *column, row int, buf []byte) (place uint32, fresh bool, err error) {
	v := c.ints[row]
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

func (x *clusterIndex) ofCode(c *column, row int, buf []byte) (place uint32, fresh bool, err error) {
	if x.dict != c.dict {
		x.dict, x.known = c.dict, make([]uint32, len(c.dict.texts))
	}
	known := &x.known[c.codes[row]]
	if *known > 0 {
		return *known - 1, false, nil
	}
	if place, fresh, err = x.ofText(c, row, buf); err == nil {
		*known = place + 1
	}
	return place, fresh, err
}

func (x *clusterIndex) ofText(c *column, row int, buf []byte) (place uint32, fresh bool, err error) {
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

// enter describes a fresh cluster by its first row.
func (x *clusterIndex) enter(variant uint16, forced, eligible bool) {
	group := uint16(x.keys[len(x.keys)-1].partition())
	if forced {
		group = dropped
	}
	x.variant, x.group, x.eligible = append(x.variant, variant), append(x.group, group), append(x.eligible, eligible)
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
