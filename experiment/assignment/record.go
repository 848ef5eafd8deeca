package assignment

import (
	"fmt"
	"slices"
	"strings"

	"liftgate/datasets"
	"liftgate/datasets/bucket"
	"liftgate/experiment"
)

// recordSchema names the format of a record's file.
const recordSchema = "liftgate.design/v1"

// Record is what a design decided about a list of merchants, with all that is needed to draw it again in an analysis. Package design
// makes it; it is written beside the assignment.
type Record struct {
	Schema     string  `json:"schema"`
	Experiment string  `json:"experiment"`
	Design     Asked   `json:"design"`
	Variants   []Share `json:"variants"` // in the order of the definition
	Control    string  `json:"control"`
	// Tries is how many assignments were drawn until one was balanced enough, Distance how far apart its variants are (see
	// stats/randomisation.Balance; with several treatments, of the one farthest from the control) and Limit what was accepted. All are
	// zero but for re-randomised designs.
	Tries    int       `json:"tries,omitempty"`
	Limit    float64   `json:"limit,omitempty"`
	Distance float64   `json:"distance,omitempty"`
	Matching *Matching `json:"matching,omitempty"` // of pairs only
	Report   Report    `json:"report"`
	// Digest is the SHA-256 in hexadecimal of the record's own text with an empty digest, so that a later change is seen. Write sets it.
	Digest string `json:"digest"`
	// Merchants are in the bytewise order of their keys.
	Merchants []Listed `json:"merchants"`
}

// Asked is what the definition asked of a design, as in [experiment.Design].
type Asked struct {
	Method    string   `json:"method"`
	Matching  string   `json:"matching,omitempty"`
	Strata    []string `json:"strata,omitempty"`
	Balance   []string `json:"balance,omitempty"`
	Seed      int64    `json:"seed"`
	Threshold float64  `json:"threshold,omitempty"` // 0: the default
}

// Share is a variant's part of the merchants; weights are whole numbers in lowest terms.
type Share struct {
	Name   string `json:"name"`
	Weight uint64 `json:"weight"`
}

// Matching says how good the blocks of a paired design are. Distances are squared Mahalanobis distances between the merchants of a block,
// summed over its pairs.
type Matching struct {
	Size int `json:"size"` // merchants in a block
	// Optimal: no blocks with as few across strata have a smaller total, to which a merchant without a partner adds its distance from the mean.
	Optimal bool    `json:"optimal"`
	Total   float64 `json:"total"`
	Across  int     `json:"across"` // blocks of merchants of several strata
}

// Listed is one merchant on the list. Without a variant it has only a unit, a reason, and a stratum.
type Listed struct {
	Unit    string        `json:"unit"`
	Variant string        `json:"variant,omitempty"` // empty unless Reason is assigned or forced
	Reason  bucket.Reason `json:"reason"`
	Stratum string        `json:"stratum,omitempty"` // the values of its strata attributes; empty without strata
	Pair    int           `json:"pair,omitempty"`    // block of a paired design, from 1; 0: none
	// Block is what the merchant had its variant drawn in, from 1; 0: it was not drawn. Given how many of a block got each variant, all ways
	// to deal them are equally likely, but for what Limit rejects.
	Block   int       `json:"block,omitempty"`
	Balance []float64 `json:"balance,omitempty"` // values of Asked.Balance, of merchants that were drawn
}

// NewRecord is the record of a definition's design before any merchant is listed. Weights are in lowest terms.
func NewRecord(d *experiment.Definition) *Record {
	design := d.Assignment.Design
	r := &Record{
		Schema: recordSchema, Experiment: d.Name, Control: d.Control,
		Design: Asked{Method: design.Method, Strata: design.Strata, Balance: design.Balance, Seed: design.Seed, Threshold: design.Threshold},
	}
	if design.Method == "paired" {
		r.Design.Matching = design.Matching
	}
	divisor := uint64(0)
	for _, v := range d.Variants {
		divisor = gcd(divisor, v.Weight)
	}
	for _, v := range d.Variants {
		r.Variants = append(r.Variants, Share{Name: v.Name, Weight: v.Weight / max(divisor, 1)})
	}
	return r
}

func gcd(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// Fits says what keeps the record from being that of a definition's design. The error is an [experiment.Problems] at the key that differs.
func (r *Record) Fits(d *experiment.Definition) error {
	if d.Assignment == nil || d.Assignment.Design == nil {
		return fmt.Errorf("%s has no assignment.design, but there is a record of one", d.File)
	}
	design, want := d.Assignment.Design, NewRecord(d)
	keys := []struct{ path, recorded, said string }{
		{"name", r.Experiment, want.Experiment},
		{"variants", shares(r.Variants), shares(want.Variants)},
		{"control", r.Control, want.Control},
		{design.Path + ".method", r.Design.Method, want.Design.Method},
		{design.Path + ".matching", r.Design.Matching, want.Design.Matching},
		{design.Path + ".strata", fmt.Sprintf("%q", r.Design.Strata), fmt.Sprintf("%q", want.Design.Strata)},
		{design.Path + ".balance", fmt.Sprintf("%q", r.Design.Balance), fmt.Sprintf("%q", want.Design.Balance)},
		{design.Path + ".seed", fmt.Sprint(r.Design.Seed), fmt.Sprint(want.Design.Seed)},
		{design.Path + ".threshold", fmt.Sprint(r.Design.Threshold), fmt.Sprint(want.Design.Threshold)},
	}
	var problems experiment.Problems
	for _, k := range keys {
		if k.recorded == k.said {
			continue
		}
		message := fmt.Sprintf("%s is %s here and %s in the record %s, by which merchants were assigned: restore it, or draw a new design under another name",
			k.path, k.said, k.recorded, design.Record)
		problems = append(problems, d.ProblemAt(k.path, 0, message))
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

func shares(list []Share) string {
	words := make([]string, len(list))
	for i, s := range list {
		words[i] = fmt.Sprintf("%s %d", s.Name, s.Weight)
	}
	return strings.Join(words, " : ")
}

// Roster is the record as a source reads it. Variants are the query's; one that the record has and they have not counts as none.
func (r *Record) Roster(variants []string) *datasets.Roster {
	n := len(r.Merchants)
	roster := &datasets.Roster{Keys: make([]string, n), Variants: make([]int, n), Blocks: make([]int, n)}
	if r.Design.Method == "rerandomized" {
		roster.Balance = make([][]float64, n)
	}
	for i := range r.Merchants {
		m := &r.Merchants[i]
		roster.Keys[i], roster.Variants[i], roster.Blocks[i] = m.Unit, -1, -1
		if m.Reason != bucket.Assigned {
			continue
		}
		roster.Variants[i], roster.Blocks[i] = slices.Index(variants, m.Variant), m.Block-1
		if roster.Balance != nil {
			roster.Balance[i] = m.Balance
		}
	}
	return roster
}
