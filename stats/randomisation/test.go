package randomisation

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/magnitude"
)

// Result is a randomisation test of no effect at all.
type Result struct {
	Statistic   float64 // sum over strata of N_h/N times the difference in means
	Assignments float64 // that the design allows, before any is rejected for balance
	Draws       int     // that were looked at
	Exact       bool    // they are all
	TwoSided    int     // draws with |T*| >= |T|
	Greater     int     // draws with T* >= T
	// PTwoSided and PGreater are the shares of assignments, the one that was made among them.
	PTwoSided, PGreater float64
}

// defaultEnumerated is how many assignments Test looks at before it draws them.
const defaultEnumerated = 1 << 20

// Test is Fisher's randomisation test of the sharp null that no unit was affected (The Design of Experiments, 1935), by the difference in
// means, in blocks weighted by their size: exact when the design has at most Options.Draws assignments (0: 1,048,576), else from so many
// draws, (1 + count) / (1 + draws). Ties, to a relative 1e-9, count. To test that every treated value gained delta, take delta from the
// treated.
//
// Errors: stats.ErrTooFew without a unit in each variant of every block, stats.ErrInvalid.
func Test(treated, control []float64, design Design, options Options) (Result, error) {
	if options.Draws < 0 || options.Draws > maxDraws {
		return Result{}, fmt.Errorf("%w: %d draws", stats.ErrInvalid, options.Draws)
	}
	if options.Draws == 0 {
		options.Draws = defaultEnumerated
	}
	p, err := newPlan(len(treated), len(control), design)
	if err != nil {
		return Result{}, err
	}
	contribution, err := p.differences(append(append([]float64{}, treated...), control...))
	if err != nil {
		return Result{}, err
	}
	d, err := p.repeat(options.Draws, options.Seed)
	if err != nil {
		return Result{}, err
	}
	features := [][]float64{contribution}
	made := &draws{list: []assignment{p.observed()}}
	out := Result{
		Statistic: made.sums(features)[0][0], Assignments: p.assignments(), Draws: len(d.list), Exact: d.exact,
	}
	out.count(d.sums(features), spread(contribution))
	return out, nil
}

// count compares the draws with the statistic.
func (r *Result) count(sums [][]float64, spread float64) {
	slack := tie * math.Max(math.Abs(r.Statistic), spread)
	for _, s := range sums {
		if s[0] >= r.Statistic-slack {
			r.Greater++
		}
		if math.Abs(s[0]) >= math.Abs(r.Statistic)-slack {
			r.TwoSided++
		}
	}
	extra := 1
	if r.Exact {
		extra = 0
	}
	total := float64(r.Draws + extra)
	r.PTwoSided, r.PGreater = float64(r.TwoSided+extra)/total, float64(r.Greater+extra)/total
}

// spread is the size of a typical difference.
func spread(contribution []float64) float64 {
	squares := 0.0
	for _, v := range contribution {
		squares += v * v
	}
	return math.Sqrt(squares)
}

// differences writes the statistic as a sum over the treated, y being centred in each block.
func (p *plan) differences(y []float64) ([]float64, error) {
	contribution := make([]float64, p.n)
	for _, s := range p.strata {
		n, m := float64(len(s.members)), float64(s.treated)
		if m == 0 || m == n {
			return nil, fmt.Errorf("%w: a block of %v units has %v treated, both variants are needed", stats.ErrTooFew, n, m)
		}
		mean := 0.0
		for _, i := range s.members {
			if !magnitude.Fits(y[i]) {
				return nil, fmt.Errorf("%w: a value is %v", stats.ErrInvalid, y[i])
			}
			mean += y[i] / n
		}
		weight := n / float64(p.n) * n / (m * (n - m))
		for _, i := range s.members {
			contribution[i] = weight * (y[i] - mean)
		}
	}
	return contribution, nil
}
