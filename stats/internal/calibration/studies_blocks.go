package calibration

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"liftgate/stats"
	"liftgate/stats/blocked"
	"liftgate/stats/cluster"
	"liftgate/stats/randomisation"
)

// planned are merchants that a design assigned by something known of them.
type planned struct {
	treated, control []stats.Moments
	design           blocked.Design
	seed             uint64
}

// accepted is the squared distance in one standardised number that a tenth of all draws stay below: a quantile of chi-square with one degree
// of freedom.
const accepted = 0.01579077409343122

func blockStudies() []Runner {
	var out []Runner
	for _, design := range []string{"matched pairs", "4 strata", "redrawn until balanced (1 in 10)"} {
		for _, merchants := range []int{20, 60, 100, 200, 1000} {
			study := Study[planned]{
				Family: "Merchants assigned by a design", Experiments: closed, Lift: lift, Difference: lift * merchantMean,
				Regime: fmt.Sprintf("%d merchants, %s", merchants, design),
				Draw: func(r *rand.Rand, effect bool) planned {
					return drawPlanned(r, merchants, design, effect)
				},
				Methods: []Method[planned]{
					{"variance of the design", Nominal, func(d planned) (Reading, error) {
						return read(blocked.Compare(d.treated, d.control, 1, d.design))
					}},
					{"CR2, the design ignored", Shown, func(d planned) (Reading, error) {
						return read(cluster.Compare(d.treated, d.control, 1))
					}},
					{"shoppers as if randomised", Shown, func(d planned) (Reading, error) {
						return read(stats.CompareMeans(merged(d.treated), merged(d.control)))
					}},
				},
			}
			if merchants > 200 {
				study.Experiments = resampled
			}
			out = append(out, study)
			if merchants > 60 {
				continue
			}
			study.Experiments = resampled
			study.Regime += ", resampled"
			study.Methods = []Method[planned]{{"randomisation inference, the design repeated", Conservative, repeated}}
			out = append(out, study)
		}
	}
	return out
}

func repeated(d planned) (Reading, error) {
	design := randomisation.Design{TreatedStrata: d.design.Treated, ControlStrata: d.design.Control}
	if d.design.TreatedBalance != nil {
		design.Balance = &randomisation.Balance{Treated: d.design.TreatedBalance, Control: d.design.ControlBalance, Limit: accepted}
	}
	return read(randomisation.Compare(d.treated, d.control, 1, design, randomisation.Options{Draws: draws, Seed: d.seed}))
}

// known is a merchant and the number that was known of it.
type known struct {
	x float64
	m stats.Moments
}

// drawPlanned draws shoppers with mean 10, variance 100 and intra-cluster correlation 0.05, at merchants with lognormal sizes (sigma 0.5). What
// was known of a merchant has correlation 0.9 with the logarithm of its size and with its level, so that large ones have a higher level. The
// effect is a constant.
func drawPlanned(r *rand.Rand, merchants int, design string, effect bool) planned {
	list := make([]known, merchants)
	for i := range list {
		list[i] = drawKnown(r)
	}
	d := planned{seed: r.Uint64()}
	slices.SortFunc(list, func(a, b known) int {
		if a.x < b.x {
			return -1
		}
		return 1
	})
	in := []int{merchants, merchants / 4, 2}[slices.Index([]string{"redrawn until balanced (1 in 10)", "4 strata", "matched pairs"}, design)]
	treated := dealt(r, list, in)
	for in == merchants && apart(list, treated) > accepted {
		treated = dealt(r, list, in)
	}
	for i, k := range list {
		d.add(k, treated[i], i/in, effect, in == merchants)
	}
	return d
}

// dealt treats half of every so many merchants.
func dealt(r *rand.Rand, list []known, in int) []bool {
	treated := make([]bool, len(list))
	for from := 0; from < len(list); from += in {
		block := treated[from : from+in]
		half := odd(r, in)
		for i := range block {
			block[i] = i < half
		}
		r.Shuffle(in, func(i, j int) { block[i], block[j] = block[j], block[i] })
	}
	return treated
}

// apart is Mahalanobis' distance between the two halves' means of what is known.
func apart(list []known, treated []bool) float64 {
	var all, own stats.Moments
	for i, k := range list {
		all.Add(k.x)
		if treated[i] {
			own.Add(k.x)
		}
	}
	away := 2 * (own.Means[0] - all.Means[0])
	return float64(len(list)) / 4 * away * away / all.Cov(0, 0)
}

func drawKnown(r *rand.Rand) known {
	const between, within, correlation, spread = 5.0, 95.0, 0.9, 0.5
	x := r.NormFloat64()
	alike := func() float64 { return correlation*x + math.Sqrt(1-correlation*correlation)*r.NormFloat64() }
	n := math.Ceil(100 * math.Exp(spread*alike()))
	level := merchantMean - math.Sqrt(between)*correlation*correlation*spread // of an average merchant; shoppers are at larger ones
	mean := level + math.Sqrt(between)*alike() + math.Sqrt(within/n)*r.NormFloat64()
	m := stats.Moments{N: int64(n), Means: []float64{mean}, Cross: []float64{0}}
	if n > 1 {
		m.Cross[0] = within * chiSquare(r, n-1)
	}
	return known{x, m}
}

// odd is half a block, the half of a last one by chance.
func odd(r *rand.Rand, n int) int {
	if n%2 == 0 {
		return n / 2
	}
	return n/2 + r.IntN(2)
}

func (d *planned) add(k known, treated bool, block int, effect, balance bool) {
	m := stats.Moments{N: k.m.N, Means: slices.Clone(k.m.Means), Cross: k.m.Cross}
	clusters, blocks, numbers := &d.control, &d.design.Control, &d.design.ControlBalance
	if treated {
		clusters, blocks, numbers = &d.treated, &d.design.Treated, &d.design.TreatedBalance
		if effect {
			m.Means[0] += lift * merchantMean
		}
	}
	*clusters, *blocks = append(*clusters, m), append(*blocks, block)
	if balance {
		*numbers = append(*numbers, []float64{k.x})
	}
}
