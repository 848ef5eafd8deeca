package blocked

import (
	"cmp"
	"fmt"
	"slices"

	"liftgate/stats"
	"liftgate/stats/internal/magnitude"
)

// Design is how clusters were assigned. Its lists follow the clusters of the two variants, those without units among them: these took part in
// the draw and tell how large blocks are.
type Design struct {
	Treated, Control []int // the block that each cluster's variant was drawn in; nil: one block
	// The numbers of each cluster that assignments had to be balanced in to be accepted; nil: the first draw was taken.
	TreatedBalance, ControlBalance [][]float64
}

func (d Design) check(n1, n0 int) error {
	if (d.Treated != nil || d.Control != nil) && (len(d.Treated) != n1 || len(d.Control) != n0) {
		return fmt.Errorf("%w: %d and %d blocks for %d and %d clusters", stats.ErrInvalid, len(d.Treated), len(d.Control), n1, n0)
	}
	if d.TreatedBalance == nil && d.ControlBalance == nil {
		return nil
	}
	if len(d.TreatedBalance) != n1 || len(d.ControlBalance) != n0 {
		return fmt.Errorf("%w: the balance of %d and %d clusters of %d and %d", stats.ErrInvalid, len(d.TreatedBalance), len(d.ControlBalance), n1, n0)
	}
	k := d.balanced()
	for _, row := range slices.Concat(d.TreatedBalance, d.ControlBalance) {
		if len(row) != k {
			return fmt.Errorf("%w: clusters with %d and %d numbers to balance", stats.ErrInvalid, k, len(row))
		}
		if err := magnitude.Check(row, magnitude.Largest); err != nil {
			return fmt.Errorf("%w: a number to balance %w", stats.ErrInvalid, err)
		}
	}
	return nil
}

// balanced is how many numbers of a cluster the design balanced.
func (d Design) balanced() int {
	if len(d.TreatedBalance) > 0 {
		return len(d.TreatedBalance[0])
	}
	return 0
}

// group is units that noise is told from: the clusters of one variant in one block, each on its own, or whole blocks.
type group [][]int

// block is its clusters by variant: treatment, control.
type block struct {
	members [2][]int
	share   float64 // of the variants' sizes
}

// small blocks have a single cluster, or none, in a variant.
func (b *block) small() bool { return min(len(b.members[0]), len(b.members[1])) < 2 }

func (b *block) all() []int { return slices.Concat(b.members[0], b.members[1]) }

func (b *block) size() int { return len(b.members[0]) + len(b.members[1]) }

// layout is a design sorted out. Clusters are numbered, the treated ones first.
type layout struct {
	blocks int
	large  []block
	small  []block
}

// layout sorts out the clusters, whose shares of their variants tell blocks of as many clusters apart.
func (d Design) layout(treated, control *side) layout {
	n1, n0 := len(treated.share), len(control.share)
	shares := slices.Concat(treated.share, control.share)
	labels := make([]int, n1+n0)
	if d.Treated != nil || d.Control != nil {
		labels = slices.Concat(d.Treated, d.Control)
	}
	place := map[int]int{}
	var blocks []block
	for i, label := range labels {
		at, ok := place[label]
		if !ok {
			at = len(blocks)
			place[label] = at
			blocks = append(blocks, block{})
		}
		arm := 0
		if i >= n1 {
			arm = 1
		}
		blocks[at].members[arm] = append(blocks[at].members[arm], i)
		blocks[at].share += shares[i]
	}
	out := layout{blocks: len(blocks)}
	for _, b := range blocks {
		if b.small() {
			out.small = append(out.small, b)
		} else {
			out.large = append(out.large, b)
		}
	}
	out.collapse()
	return out
}

// collapse puts a lone small block together with the smallest of the others.
func (l *layout) collapse() {
	if len(l.small) != 1 || len(l.large) == 0 {
		return
	}
	smallest := &l.large[0]
	for i := range l.large {
		b := &l.large[i]
		if c := cmp.Compare(b.size(), smallest.size()); c < 0 || c == 0 && b.share < smallest.share {
			smallest = b
		}
	}
	for arm := range smallest.members {
		smallest.members[arm] = append(smallest.members[arm], l.small[0].members[arm]...)
	}
	l.small = nil
}

// groups are what variances are taken in.
func (l *layout) groups() []group {
	var out []group
	for i := range l.large {
		for _, members := range l.large[i].members {
			g := make(group, len(members))
			for j := range members {
				g[j] = members[j : j+1]
			}
			out = append(out, g)
		}
	}
	if len(l.small) > 0 {
		g := make(group, len(l.small))
		for i := range l.small {
			g[i] = l.small[i].all()
		}
		out = append(out, g)
	}
	return out
}

// odd is by how many clusters a large block has more treated ones than its share: what is left of a share that is not whole went to a
// variant by chance.
func (l *layout) odd(b *block) float64 {
	treated, all := 0.0, 0.0
	for i := range l.large {
		treated += float64(len(l.large[i].members[0]))
		all += float64(l.large[i].size())
	}
	return float64(len(b.members[0])) - float64(b.size())*treated/all
}
