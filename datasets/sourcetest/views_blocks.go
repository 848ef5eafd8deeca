package sourcetest

import (
	"slices"

	"liftgate/datasets"
)

// block is the views of one block.
func (v *viewing) block(i int) (datasets.BlockViews, error) {
	b := blockViewing{
		viewing: v, block: &v.query.Blocks[i], whole: &v.whole.Blocks[i],
		indexes: slices.Concat(v.query.Blocks[i].Parts, v.query.Blocks[i].Covariates),
	}
	var out datasets.BlockViews
	var err error
	switch {
	case b.whole.Failed != "":
	case b.block.Quantile != nil:
		if out.Quantiles, err = b.quantiles(); err == nil {
			out.Sketches, err = b.sketches()
		}
	default:
		if out.Samples, err = b.samples(); err == nil {
			out.Running, err = b.running()
		}
		if err == nil {
			out.Cohorts, err = b.cohorts()
		}
	}
	return out, err
}

// blockViewing takes the views of one block.
type blockViewing struct {
	*viewing
	block   *datasets.Block
	whole   *datasets.BlockEvidence
	indexes []int // of its values
}

// ages are the ages that are kept, after the whole windows.
func (b blockViewing) ages() []int {
	ages := []int{0}
	if b.asOf == nil {
		return ages
	}
	longest := b.query.Values[b.indexes[0]].Window[1]
	for _, i := range b.indexes {
		longest = max(longest, b.query.Values[i].Window[1])
	}
	for a := 1; datasets.Span(a)*datasets.Day < longest; a++ {
		ages = append(ages, a)
	}
	return ages
}

// completeOn is the day on which a unit became complete; -1 when as of came first.
func (b blockViewing) completeOn(age int, u *unit) int {
	if b.asOf == nil {
		return 0
	}
	closed := closes(b.cutOff(age), b.indexes, u)
	return slices.IndexFunc(b.out.Days, func(end datasets.Instant) bool { return u.first < end && closed <= end })
}

// complete are the block's units that became complete, by where they count.
func (b blockViewing) complete() ([]seen, error) {
	var all []seen
	for _, age := range b.ages() {
		units := b.units
		if b.asOf != nil {
			var err error
			if units, err = b.take(taking{age, *b.asOf}); err != nil {
				return nil, err
			}
		}
		for _, u := range units {
			if day := b.completeOn(age, u); day >= 0 {
				all = append(all, seen{u, age, day})
			}
		}
	}
	return all, nil
}

func (b blockViewing) samples() ([]datasets.SampleViews, error) {
	complete, err := b.complete()
	if err != nil {
		return nil, err
	}
	out := []datasets.SampleViews{b.sample(datasets.Total, complete)}
	if b.whole.WithoutCrossover != nil && !b.query.Clustered {
		out = append(out, b.sample(datasets.WithoutCrossover, ofAgeZero(complete)))
	}
	if b.whole.Uncapped != nil {
		out = append(out, b.sample(datasets.Uncapped, complete))
	}
	if b.whole.WithoutTop != nil {
		out = append(out, b.sample(datasets.WithoutTop, ofAgeZero(complete)))
	}
	return out, nil
}

func ofAgeZero(units []seen) []seen {
	return slices.DeleteFunc(slices.Clone(units), func(s seen) bool { return s.age > 0 })
}

func (b blockViewing) sample(name datasets.Sample, units []seen) datasets.SampleViews {
	out := datasets.SampleViews{Sample: name}
	if !b.query.Clustered {
		out.Units = b.table(name, units, b.byCell)
		return out
	}
	out.ByDay = b.table(name, ofAgeZero(units), b.byCluster)
	if name == datasets.Total || name == datasets.Uncapped {
		older := slices.DeleteFunc(slices.Clone(units), func(s seen) bool { return s.age == 0 })
		for i := range older {
			older[i].day = max(len(b.out.Days)-1, 0)
		}
		out.ByAge = b.table(name, older, b.byCluster)
	}
	return out
}

// running is nil where days are not known of units.
func (b blockViewing) running() (*datasets.MomentTable, error) {
	if b.query.Clustered || b.asOf == nil {
		return nil, nil
	}
	var exposed []seen
	for day, end := range b.out.Days {
		units, err := b.take(taking{0, end})
		if err != nil {
			return nil, err
		}
		for _, u := range units {
			if u.first < end {
				exposed = append(exposed, seen{u, 0, day})
			}
		}
	}
	return b.table(datasets.Total, exposed, b.byCell), nil
}

// cohorts is nil where running is.
func (b blockViewing) cohorts() (*datasets.MomentTable, error) {
	if b.query.Clustered || b.asOf == nil {
		return nil, nil
	}
	units, err := b.take(taking{0, *b.asOf})
	if err != nil {
		return nil, err
	}
	var complete []seen
	for _, u := range units {
		if b.completeOn(0, u) >= 0 {
			complete = append(complete, seen{u, 0, b.dayOf(u.first)})
		}
	}
	return b.table(datasets.Total, complete, b.byCell), nil
}

func (b blockViewing) quantiles() ([]datasets.QuantileView, error) {
	var out []datasets.QuantileView
	for s, segment := range b.out.Segments {
		for value := range segment.Values {
			part := *b.enrolment
			part.units = slices.DeleteFunc(slices.Clone(b.units), func(u *unit) bool { return b.valuesOf(u.randomised)[s] != value })
			own := datasets.BlockEvidence{Incomplete: make([]int64, len(b.query.Variants)), Null: make([]int64, len(b.query.Variants))}
			m := measurement{enrolment: &part, block: b.block}
			members, err := m.gather(&own)
			if err != nil {
				return nil, err
			}
			m.fillQuantiles(&own, members)
			out = append(out, datasets.QuantileView{
				Segment: s, Value: value, Incomplete: own.Incomplete, Null: own.Null, Quantiles: own.Quantiles, WithoutCrossover: own.QuantilesWithoutCrossover,
			})
		}
	}
	return out, nil
}
