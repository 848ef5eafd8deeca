package fold

import (
	"cmp"
	"slices"

	"liftgate/datasets"
	"liftgate/datasets/internal/depot"
)

// segmentOf keeps the values of an attribute that most units have.
func segmentOf(a *datasets.Attribute) datasets.Segment {
	kept := make([]int, len(a.Values))
	units := make([]int64, len(a.Values))
	for i := range kept {
		kept[i] = i
		for _, of := range a.Units {
			units[i] += of[i]
		}
	}
	out := datasets.Segment{Name: a.Name, Values: slices.Clone(a.Values)}
	if len(kept) <= datasets.MaxSegmentValues {
		return out
	}
	slices.SortFunc(kept, func(i, j int) int { return cmp.Or(cmp.Compare(units[j], units[i]), cmp.Compare(i, j)) })
	kept = kept[:datasets.MaxSegmentValues]
	slices.Sort(kept)
	out.Values = out.Values[:0]
	for _, i := range kept {
		out.Values = append(out.Values, a.Values[i])
	}
	out.Values = append(out.Values, datasets.OtherValues)
	return out
}

// positionsOf are those of the codes of labels, given their texts, among the values of a segment.
func positionsOf(texts []string, s *datasets.Segment) []uint8 {
	kept := make(map[string]uint8, len(s.Values))
	for i, text := range s.Values[:min(len(s.Values), datasets.MaxSegmentValues)] {
		kept[text] = uint8(i)
	}
	out := make([]uint8, len(texts))
	for code, text := range texts {
		if code == 0 {
			text = datasets.NoValue
		}
		at, known := kept[text]
		if !known {
			at = uint8(len(s.Values) - 1)
		}
		out[code] = at
	}
	return out
}

// segmented is the segments of what was randomised and is in one partition, as members or as clusters: by segment, the position of the
// value of each.
type segmented [][]uint8

// crossing finds the cells that occur.
type crossing struct {
	*fold
	segments []datasets.Segment
	things   []segmented // by partition
	sizes    []int
	rooms    []*depot.Arena
}

// cells gives the cells in order, and of each thing in a part its cells: one, or one for each segment.
func (c *crossing) cells() (cells [][]int, crossed bool, of [][][]int32) {
	if cells, of, crossed = c.cross(); !crossed {
		cells, of = c.apart()
	}
	return cells, crossed, of
}

// cross gives each thing one cell, adding segment after segment; ok is false when there are too many cells.
func (c *crossing) cross() (cells [][]int, of [][][]int32, ok bool) {
	cells = [][]int{{}}
	own := make([][]int32, len(c.things))
	for p, n := range c.sizes {
		own[p] = depot.Slice[int32](c.rooms[p], n)
	}
	for s := range c.segments {
		size := len(c.segments[s].Values)
		seen := make([][]bool, c.workers)
		c.eachBy(func(worker, p int) {
			if seen[worker] == nil {
				seen[worker] = make([]bool, len(cells)*size)
			}
			for i, value := range c.things[p][s] {
				own[p][i] = own[p][i]*int32(size) + int32(value)
				seen[worker][own[p][i]] = true
			}
		})
		place := make([]int32, len(cells)*size)
		var finer [][]int
		for at := range place {
			if slices.ContainsFunc(seen, func(by []bool) bool { return by != nil && by[at] }) {
				place[at] = int32(len(finer))
				finer = append(finer, append(slices.Clone(cells[at/size]), at%size))
			}
		}
		if cells = finer; len(cells) > datasets.MaxCells {
			return nil, nil, false
		}
		c.each(func(p int) {
			for i, at := range own[p] {
				own[p][i] = place[at]
			}
		})
	}
	for _, cell := range own {
		of = append(of, [][]int32{cell})
	}
	return cells, of, true
}

// apart gives each thing a cell for each segment.
func (c *crossing) apart() (cells [][]int, of [][][]int32) {
	first := make([]int32, len(c.segments))
	next := int32(0)
	for s := len(c.segments) - 1; s >= 0; s-- { // a later segment comes first: any value of the earlier ones is smallest
		first[s] = next
		for value := range c.segments[s].Values {
			cell := slices.Repeat([]int{-1}, len(c.segments))
			cell[s] = value
			cells = append(cells, cell)
			next++
		}
	}
	of = make([][][]int32, len(c.things))
	for p, part := range c.things {
		for s, values := range part {
			own := depot.Slice[int32](c.rooms[p], len(values))
			for i, value := range values {
				own[i] = first[s] + int32(value)
			}
			of[p] = append(of[p], own)
		}
	}
	return cells, of
}
