package blocked

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Diagnostics say how far a number of clusters in blocks can be trusted.
type Diagnostics struct {
	Clusters int // with units
	Units    int64
	Blocks   int // of the design, those without units among them
	Small    int // blocks with a single cluster in a variant, or none: pairs, triples
	// Effective is the number of equally large clusters outside of blocks that would leave as many degrees of freedom: these, before covariates,
	// plus two. A hundred clusters in pairs of one size count 51: they are no worse,
	// but the noise of their difference is known from 50 pairs only.
	Effective float64
	// LargestShare is the share of the largest cluster in the size of its variant, the larger of the two.
	LargestShare float64
}

// Where randomisation inference takes over, as in package cluster.
const (
	minEffective = 40
	maxShare     = 0.1
)

// Few says why there are too few or too unequal clusters for Student's t to decide, so that randomisation inference by the same design should:
// below 40 effective clusters, or one above a tenth of its variant. It is empty otherwise.
func (d Diagnostics) Few() string {
	const rounding = 1e-9
	switch {
	case !(d.Effective >= minEffective*(1-rounding)):
		return fmt.Sprintf("%.3g effective clusters, fewer than %d", d.Effective, minEffective)
	case d.LargestShare > maxShare:
		return fmt.Sprintf("one cluster holds %.4g %% of its variant, more than %.0f %%", 100*d.LargestShare, 100*maxShare)
	}
	return ""
}

// Evenness is what sizes alone, those of clusters without units being zero, say of a design. With no units in a variant nothing is effective.
func Evenness(treated, control []int64, d Design) Diagnostics {
	c := &comparing{}
	for arm, sizes := range [][]int64{treated, control} {
		s := &side{own: make([]float64, len(sizes)), share: make([]float64, len(sizes))}
		for _, m := range sizes {
			s.units += max(m, 0)
		}
		for i, m := range sizes {
			if m > 0 {
				s.covered++
				s.share[i] = float64(m) / float64(s.units)
			}
		}
		c.sides[arm] = s
	}
	c.layout = d.layout(c.sides[0], c.sides[1])
	c.groups = c.layout.groups()
	if c.sides[0].units == 0 || c.sides[1].units == 0 {
		return Diagnostics{Blocks: c.layout.blocks, Small: len(c.layout.small), LargestShare: 1}
	}
	return c.diagnose(c.freedom())
}

func (c *comparing) diagnose(df float64) Diagnostics {
	d := Diagnostics{Blocks: c.layout.blocks, Small: len(c.layout.small), Effective: df + 2}
	if math.IsNaN(df) {
		d.Effective = 0
	}
	for _, s := range c.sides {
		d.Clusters += s.covered
		d.Units += s.units
		d.LargestShare = max(d.LargestShare, slices.Max(s.share))
	}
	return d
}

func (a adjustment) warnings() []string {
	if len(a.dropped) == 0 {
		return nil
	}
	list := strings.Trim(strings.Join(strings.Fields(fmt.Sprint(a.dropped)), ", "), "[]")
	return []string{fmt.Sprintf("covariate %s dropped: the same in all clusters of a block, a combination of the others, or one too many for the blocks", list)}
}

func (c *comparing) warnings() []string {
	if c.sides[1].level < 0 {
		return []string{"the control's level is negative: a positive lift means farther below zero; read the difference"}
	}
	return nil
}
