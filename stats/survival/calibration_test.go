package survival

import (
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"liftgate/stats"
)

// regime is a population of late outcomes, the same in both variants.
type regime struct {
	name               string
	orders             [2]int // treatment, control
	event, competing   float64
	perCluster, spread float64 // orders a cluster on average; standard deviation of the log odds between clusters
	horizon            float64
}

func (r regime) draw(g *rand.Rand, orders int) (s Sample) {
	for cluster := 0; len(s.Times) < orders; cluster++ {
		odds := r.event / (1 - r.event) * math.Exp(r.spread*g.NormFloat64())
		p := odds / (1 + odds)
		for range 1 + int(g.ExpFloat64()*(r.perCluster-1)) {
			time, cause := 30*g.ExpFloat64(), Event
			switch u := g.Float64(); {
			case u < p:
			case u < p+(1-p)*r.competing:
				cause = Competing
			default:
				time = math.Inf(1)
			}
			if end := 20 + 80*g.Float64(); end < time {
				time, cause = end, Censored
			}
			s.Times, s.Causes, s.Clusters = append(s.Times, time), append(s.Causes, cause), append(s.Clusters, cluster)
		}
	}
	return s
}

// TestCalibration draws the same population twice; inside its region a procedure must not reject more than 5 % of such pairs,
// within 4 standard errors of the simulation.
func TestCalibration(t *testing.T) {
	if os.Getenv("LIFTGATE_SLOW") == "" {
		t.Skip("slow simulation: set LIFTGATE_SLOW=1")
	}
	const times = 2000
	for _, r := range []regime{
		{"1,000 orders, 5 %", [2]int{1000, 1000}, 0.05, 0.1, 1, 0, 60},
		{"200 orders, 10 %", [2]int{200, 200}, 0.1, 0.1, 1, 0, 60},
		{"100 orders, 40 %", [2]int{100, 100}, 0.4, 0.2, 1, 0, 60},
		{"5,000 and 2,000 orders, 8 %", [2]int{5000, 2000}, 0.08, 0.1, 1, 0, 60},
		{"5,000 and 1,000 orders, 16 %", [2]int{5000, 1000}, 0.16, 0.1, 1, 0, 60},
		{"400 orders of 100 shoppers", [2]int{400, 400}, 0.2, 0.1, 4, 1, 60},
		{"1,000 orders of 50 merchants", [2]int{1000, 1000}, 0.1, 0.1, 20, 0.7, 60},
		{"5,000 orders of 100 merchants", [2]int{5000, 5000}, 0.1, 0.1, 50, 0.5, 60},
	} {
		g := rand.New(rand.NewPCG(uint64(len(r.name)), uint64(r.orders[0])))
		counts := map[string]tally{}
		for range times {
			r.judge(t, r.draw(g, r.orders[0]), r.draw(g, r.orders[1]), counts)
		}
		for name, n := range counts {
			rate := float64(n.rejected) / math.Max(float64(n.inside), 1)
			t.Logf("%s, %s: %.4f of %d", r.name, name, rate, n.inside)
			if n.inside > times/2 && rate > 0.05+4*math.Sqrt(0.05*0.95/float64(n.inside)) {
				t.Errorf("%s, %s: rejects %.4f of %d", r.name, name, rate, n.inside)
			}
		}
	}
}

type tally struct{ inside, rejected int }

// judge counts what each procedure says of two groups; those for independent orders only where they are.
func (r regime) judge(t *testing.T, a, b Sample, counts map[string]tally) {
	count := func(name string, p float64) {
		n := counts[name]
		n.inside++
		if p < 0.05 {
			n.rejected++
		}
		counts[name] = n
	}
	contrast := func(name string, c stats.Contrast, err error) {
		if err == nil && c.Outside() == "" {
			count(name, c.PDifference(0))
		}
	}
	c, err := CompareClusteredIncidences(a, b, r.horizon)
	contrast("clustered incidences", c, err)
	if r.perCluster > 1 {
		return
	}
	x, y := table(t, a), table(t, b)
	c, err = CompareIncidences(x, y, r.horizon)
	contrast("incidences", c, err)
	c, err = CompareRestrictedMeans(x, y, r.horizon)
	contrast("restricted means", c, err)
	c, err = CompareSurvival(x, y, r.horizon)
	contrast("survival", c, err)
	if l, err := LogRank(x, y); err == nil {
		count("log-rank", l.PValue)
	}
	if g, err := Gray(x, y); err == nil {
		count("Gray", g.PValue)
	}
}
