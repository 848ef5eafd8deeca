package fold

import (
	"math"

	"liftgate/datasets"
	"liftgate/datasets/internal/depot"
)

// topShare is the share of units that are not above BlockEvidence.Top.
const topShare = 0.999

// limit settles the limits of the block's cap.
func (b *block) limit() {
	b.out.CapLower, b.out.CapUpper = b.limitOf(b.spec.Cap.Lower), b.limitOf(b.spec.Cap.Upper)
}

// limitOf is a limit as a number, nil when there is none.
func (b *block) limitOf(l *datasets.Limit) *float64 {
	switch {
	case l == nil:
		return nil
	case l.Absolute != nil:
		x := *l.Absolute
		return &x
	case b.out.Positive == 0:
		return nil
	}
	x := b.quantile(l.Quantile, positiveFrom)
	return &x
}

// cap limits the first parts.
func (b *block) cap() {
	b.capParts()
	for i := range b.parts {
		b.out.Capped += b.parts[i].capped
	}
}

func (b *block) capParts() {
	lower, upper := math.Inf(-1), math.Inf(1)
	if b.out.CapLower != nil {
		lower = *b.out.CapLower
	}
	if b.out.CapUpper != nil {
		upper = *b.out.CapUpper
	}
	b.each(func(i int) {
		p := &b.parts[i]
		first := depot.Clone(b.fold.parts[i].Scratch, p.Columns[0])
		p.uncapped, p.Columns[0] = p.Columns[0], first
		p.capOthers(lower, upper, len(b.query.Variants))
		for _, units := range p.Units {
			for _, r := range units {
				for j := r.From; j < r.To; j++ {
					if x := min(max(first[j], lower), upper); x != first[j] {
						first[j] = x
						p.capped++
					}
				}
			}
		}
	})
}

// capOthers limits the first part that the others have in common.
func (p *blockPart) capOthers(lower, upper float64, variants int) {
	if p.Row == nil {
		return
	}
	x := min(max(p.Row[0], lower), upper)
	if x == p.Row[0] {
		return
	}
	p.Row[0] = x
	for v := range variants {
		p.capped += p.othersOf(v)
	}
}

func (b *block) top() float64 { return b.quantile(topShare, math.Inf(-1)) }
