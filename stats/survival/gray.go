package survival

import (
	"fmt"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
)

// GrayTest is the result of [Gray].
type GrayTest struct {
	Statistic float64 // chi-square with one degree of freedom
	PValue    float64
}

// Gray tests whether the cumulative incidence of the event is the same in both groups, competing events counted as what they
// are: Gray (1988) with rho = 0, in the form with his section 3's variance that R's cmprsk computes. Use [Table.Rivals] to test
// the competing events.
//
// Without an event while both groups are at risk it is [stats.ErrNoVariance].
func Gray(treated, control Table) (GrayTest, error) {
	if err := checkBoth(treated, control); err != nil {
		return GrayTest{}, err
	}
	g := grayState{group: [2]grayGroup{{survival: 1}, {survival: 1}}}
	for r, s := range control.beside(treated) {
		g.add([2]Row{r, s})
	}
	for _, k := range g.group {
		g.variance += k.c*k.c*k.v3 + 2*k.c*k.v2
	}
	if !(g.variance > 0) {
		return GrayTest{}, fmt.Errorf("%w: there is no event with both groups at risk", stats.ErrNoVariance)
	}
	statistic := g.score * g.score / g.variance
	return GrayTest{Statistic: statistic, PValue: dist.ChiSquareSF(statistic, 1)}, nil
}

// grayState is the score of the first group and what its variance is made of, up to a time.
type grayState struct {
	group           [2]grayGroup
	pooled          float64 // incidence under the null hypothesis
	score, variance float64
}

type grayGroup struct {
	survival, incidence float64
	c, v2, v3           float64 // of the first group's score with this group's martingales
}

func (g *grayState) add(rows [2]Row) {
	d1 := float64(rows[0].Events + rows[1].Events)
	d2 := float64(rows[0].Competing + rows[1].Competing)
	if d1+d2 == 0 {
		return
	}
	var weight [2]float64 // at risk over survival
	var total, scaled float64
	next := g.group
	for k, r := range rows {
		if r.AtRisk == 0 {
			continue
		}
		at, n := g.group[k], float64(r.AtRisk)
		weight[k] = n / at.survival
		next[k].survival = at.survival * float64(r.AtRisk-r.Events-r.Competing) / n
		next[k].incidence = at.incidence + at.survival*float64(r.Events)/n
		total += weight[k]
		scaled += weight[k] * (1 - at.incidence)
	}
	if rows[0].AtRisk > 0 {
		g.score += float64(rows[0].Events) - d1*weight[0]*(1-g.group[0].incidence)/scaled
	}
	share := weight[0] / total
	a := [2]float64{weight[0] * (1 - share), -share * weight[1]}
	incidence := g.pooled + d1/total
	for k, r := range rows {
		if r.AtRisk == 0 {
			continue
		}
		next[k].c += a[k] * d1 / (total * (1 - g.pooled))
		g.vary(&next[k], g.group[k].survival, a[k], total, d1, incidence, r)
	}
	g.pooled, g.group = incidence, next
}

// vary adds a group's part of the variance at one time; before is its survival until then.
func (g *grayState) vary(k *grayGroup, before, a, total, d1, incidence float64, r Row) {
	n := float64(r.AtRisk)
	add := func(weight, q, increment, direction float64) {
		k.v3 += weight * weight * increment
		k.v2 += direction * q * weight * increment
		g.variance += q * q * increment
	}
	if d1 > 0 {
		weight, tied := 1.0, 1.0
		if k.survival > 0 {
			weight = 1 - (1-incidence)/k.survival
		}
		if d1 > 1 {
			tied = 1 - (d1-1)/(total*before-1)
		}
		add(weight, a-weight*k.c, tied*before*d1/(total*n), 1)
	}
	if d2 := float64(r.Competing); d2 > 0 && k.survival > 0 {
		weight, tied := (1-incidence)/k.survival, 1.0
		if d2 > 1 {
			tied = 1 - (d2-1)/(n-1)
		}
		add(weight, weight*k.c, tied*before*before*d2/(n*n), -1)
	}
}
