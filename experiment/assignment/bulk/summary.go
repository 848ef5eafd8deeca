package bulk

import (
	"slices"

	"liftgate/datasets/bucket"
	"liftgate/experiment"
	"liftgate/experiment/assignment"
)

// Summary counts what became of the rows of a file.
type Summary struct {
	Rows   int64   `json:"rows"`
	Counts []Count `json:"counts"` // by variant in the definition's order, then those without one; those that are zero left out
}

// Count is how many rows have a variant for a reason.
type Count struct {
	Variant string        `json:"variant"` // empty: none
	Reason  bucket.Reason `json:"reason"`
	Rows    int64         `json:"rows"`
}

// tally counts by codes of variant and reason.
type tally struct {
	variants []string // "" first
	counts   []int64
}

func newTally(d *experiment.Definition) *tally {
	t := &tally{variants: []string{""}}
	for _, v := range d.Variants {
		t.variants = append(t.variants, v.Name)
	}
	t.counts = make([]int64, len(t.variants)*len(reasons))
	return t
}

// code gives the codes of an outcome.
func (t *tally) code(out assignment.Outcome) (variant, reason int) {
	return slices.Index(t.variants, out.Variant), slices.Index(reasons, out.Reason)
}

func (t *tally) add(variant, reason int) { t.counts[variant*len(reasons)+reason]++ }

func (t *tally) merge(o *tally) {
	for i, n := range o.counts {
		t.counts[i] += n
	}
}

func (t *tally) empty() *tally {
	return &tally{variants: t.variants, counts: make([]int64, len(t.counts))}
}

func (t *tally) summary() *Summary {
	s := &Summary{}
	for i := range t.variants {
		v := (i + 1) % len(t.variants) // those without a variant come last
		for r, reason := range reasons {
			if n := t.counts[v*len(reasons)+r]; n > 0 {
				s.Rows += n
				s.Counts = append(s.Counts, Count{Variant: t.variants[v], Reason: reason, Rows: n})
			}
		}
	}
	return s
}
