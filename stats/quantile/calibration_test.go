package quantile

import (
	"math"
	"math/rand/v2"
	"os"
	"testing"
)

// regime is a population of rows in units, the same in both variants.
type regime struct {
	name  string
	q     float64
	units int
	rows  float64 // a unit, on average
	share float64 // of the log variance between units
	step  float64 // values are rounded down to multiples
}

func (c regime) draw(r *rand.Rand) (values []float64, units []int) {
	for u := range c.units {
		own := math.Sqrt(c.share) * r.NormFloat64()
		for range 1 + int(r.ExpFloat64()*(c.rows-1)) {
			v := math.Exp(own + math.Sqrt(1-c.share)*r.NormFloat64())
			if c.step > 0 {
				v = math.Floor(v/c.step) * c.step
			}
			values, units = append(values, v), append(units, u)
		}
	}
	return values, units
}

// TestCalibration draws one population twice: inside its region Compare must not reject more than 5 % of such pairs, within 4
// standard errors of the simulation.
func TestCalibration(t *testing.T) {
	if os.Getenv("LIFTGATE_SLOW") == "" {
		t.Skip("slow simulation: set LIFTGATE_SLOW=1")
	}
	const times = 3000
	for _, c := range []regime{
		{"median of 100 rows", 0.5, 100, 1, 0, 0},
		{"median of 400 rows", 0.5, 400, 1, 0, 0},
		{"p75 of 400 rows", 0.75, 400, 1, 0, 0},
		{"p90 of 150 rows", 0.9, 150, 1, 0, 0},
		{"p95 of 2,000 rows", 0.95, 2000, 1, 0, 0},
		{"p99 of 2,000 rows", 0.99, 2000, 1, 0, 0},
		{"median over 100 merchants", 0.5, 100, 20, 0.05, 0},
		{"p90 over 100 merchants", 0.9, 100, 20, 0.05, 0},
		{"p90 over 200 merchants, much alike inside", 0.9, 200, 20, 0.5, 0},
		{"p95 of 500 shoppers", 0.95, 500, 5, 0.3, 0},
		{"median in small steps", 0.5, 1000, 1, 0, 0.02},
		{"median in steps, on a step", 0.5, 1000, 1, 0, 0.2},
		{"median in steps, inside one", 0.5, 1000, 1, 0, 0.15},
		{"p90 in steps", 0.9, 2000, 1, 0, 0.1},
	} {
		r := rand.New(rand.NewPCG(uint64(c.units), uint64(len(c.name))))
		rejected, inside := 0, 0
		for range times {
			x, outside := c.reject(t, r)
			if outside {
				continue
			}
			inside++
			if x {
				rejected++
			}
		}
		rate := float64(rejected) / math.Max(float64(inside), 1)
		t.Logf("%s: %.4f of %d", c.name, rate, inside)
		if inside > times/2 && rate > 0.05+4*math.Sqrt(0.05*0.95/float64(inside)) {
			t.Errorf("%s: rejects %.4f of %d", c.name, rate, inside)
		}
	}
}

func (c regime) reject(t *testing.T, r *rand.Rand) (rejected, outside bool) {
	var s [2]Summary
	for i := range s {
		values, units := c.draw(r)
		var err error
		if s[i], err = Summarise(c.q, values, units); err != nil {
			t.Fatal(err)
		}
	}
	x, err := Compare(s[1], s[0])
	if err != nil || x.Outside() != "" {
		return false, true
	}
	return x.PDifference(0) < 0.05, false
}
