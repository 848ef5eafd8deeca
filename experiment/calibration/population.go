package calibration

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"liftgate/datasets"
	"liftgate/experiment/analysis"
	"liftgate/stats/quantile"
)

// population is who is dealt out: all analysed units, or those of the control.
type population struct {
	study  *analysis.Study
	values *datasets.UnitValues
	trial  *analysis.Trial // of the data as they are

	units      []int32 // of values, those dealt out
	clusters   []int32 // of Exposure.Clusters, those dealt out; nil unless the query is clustered
	treatments []int   // variants
	control    int
	wanted     []bool // by block: something can be said about it
}

var (
	errNoBlocks   = errors.New("no metric of the definition is supported yet, so there is nothing to calibrate")
	errFewUnits   = errors.New("fewer than two units were analysed, so there is nothing to deal out")
	errListedOnly = errors.New("a design assigned the list as a whole, so the control by itself cannot be dealt out again; leave out the option")
)

func newPopulation(study *analysis.Study, values *datasets.UnitValues, who Population) (*population, error) {
	if len(study.Query.Blocks) == 0 {
		return nil, errNoBlocks
	}
	trial, err := study.NewTrial(values.Evidence)
	if err != nil {
		return nil, err
	}
	p := &population{study: study, values: values, trial: trial, treatments: trial.Treatments(), control: trial.Control()}
	if who == Control && study.Query.Roster != nil {
		return nil, errListedOnly
	}
	p.wanted = make([]bool, len(study.Query.Blocks))
	if n := max(len(values.Variants), len(values.Evidence.Exposure.Clusters)); n > maxUnits {
		return nil, fmt.Errorf("%d units are more than the %d that can be dealt out at once", n, maxUnits)
	}
	for i, v := range values.Variants {
		if who != Control || int(v) == p.control {
			p.units = append(p.units, int32(i))
		}
	}
	randomised := len(p.units)
	if study.Query.Clustered {
		for i, c := range values.Evidence.Exposure.Clusters {
			if who != Control || c.Variant == p.control {
				p.clusters = append(p.clusters, int32(i))
			}
		}
		randomised = len(p.clusters)
	}
	if randomised < 2 {
		return nil, errFewUnits
	}
	return p, nil
}

const maxUnits = 1<<31 - 1

func (p *population) query() *datasets.Query { return &p.study.Query }

// chances are those of the treatments by the definition's weights.
func (p *population) chances() chances {
	var treatments []uint64
	for _, t := range p.treatments {
		treatments = append(treatments, p.study.Definition.Variants[t].Weight)
	}
	return newChances(treatments, p.study.Definition.Variants[p.control].Weight)
}

// order puts units with nothing but zeros in the same blocks together, so that they are skipped by the word.
func (p *population) order() []int32 {
	marks := make([]uint64, len(p.units))
	for b := range p.values.Blocks {
		if !p.wanted[b] {
			continue
		}
		values := &p.values.Blocks[b]
		for _, column := range values.Columns {
			for i, unit := range p.units {
				if column[unit] != 0 {
					marks[i] |= 1 << (b % wordUnits)
				}
			}
		}
	}
	at := map[uint64]int{}
	for _, m := range marks {
		at[m]++
	}
	next := 0
	for _, m := range slices.Sorted(maps.Keys(at)) {
		next, at[m] = next+at[m], next
	}
	out := make([]int32, len(p.units))
	for i, m := range marks {
		out[at[m]] = p.units[i]
		at[m]++
	}
	return out
}

// blank is evidence without numbers.
func (p *population) blank() *datasets.Evidence {
	q, real := p.query(), p.values.Evidence
	ev := &datasets.Evidence{Variants: q.Variants, AsOf: real.AsOf, Values: real.Values, Blocks: make([]datasets.BlockEvidence, len(q.Blocks))}
	for b := range ev.Blocks {
		from := &real.Blocks[b]
		ev.Blocks[b] = datasets.BlockEvidence{Metric: from.Metric, Components: from.Components, Failed: from.Failed, Top: from.Top}
		if !p.wanted[b] {
			ev.Blocks[b].Failed = "not dealt out"
		}
	}
	return ev
}

// size is how many units of those dealt out a block has.
func (p *population) size(b int) (n int64) {
	values := &p.values.Blocks[b]
	for _, unit := range p.units {
		if values.Has(int(unit)) {
			n++
		}
	}
	return n
}

// level is a block's over all that is dealt out, of its first part or of the ratio of its two; 0 where there is none.
func (p *population) level(b int) float64 {
	values := &p.values.Blocks[b]
	if q := p.query().Blocks[b].Quantile; q != nil {
		return p.quantile(values, q.Q)
	}
	var sums [2]float64
	parts := len(p.query().Blocks[b].Parts)
	var n float64
	for _, unit := range p.units {
		if values.Has(int(unit)) {
			n++
			for i := range parts {
				sums[i] += values.Columns[i][unit]
			}
		}
	}
	if parts == 2 {
		n = sums[1]
	}
	if n == 0 {
		return 0
	}
	return sums[0] / n
}

func (p *population) quantile(values *datasets.BlockUnits, q float64) float64 {
	counts := make([]bool, len(p.values.Variants))
	var all []float64
	for _, unit := range p.units {
		if counts[unit] = values.Has(int(unit)); counts[unit] && values.Columns != nil {
			all = append(all, values.Columns[0][unit])
		}
	}
	for i, x := range values.Rows {
		if counts[values.RowUnits[i]] {
			all = append(all, x)
		}
	}
	level, err := quantile.Of(all, q)
	if err != nil { // without rows
		return 0
	}
	return level
}
