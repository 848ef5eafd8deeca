package randomisation

import (
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"

	"liftgate/stats"
)

// Design is how clusters were assigned. The zero value is complete randomisation: every set of as many clusters was as likely to be
// treated. The lists follow the clusters of the two variants.
type Design struct {
	// Strata name the block of each cluster; in each, as many were treated as are now. Pairs are blocks of two. Nil: one block.
	TreatedStrata, ControlStrata []int
	// Balance is what an assignment had to satisfy to be used; nil: nothing.
	Balance *Balance
}

// plan is a design ready to be repeated. Clusters are numbered, the treated ones first.
type plan struct {
	n       int
	strata  []stratum
	balance *criterion
}

// stratum is a block of which some are treated.
type stratum struct {
	members []int
	treated int
	mask    assignment // of the members; only where there is a balance
}

func newPlan(n1, n0 int, d Design) (*plan, error) {
	p := &plan{n: n1 + n0}
	if n1 == 0 || n0 == 0 {
		return nil, fmt.Errorf("%w: %d in the treatment and %d in the control", stats.ErrTooFew, n1, n0)
	}
	labels := make([]int, p.n)
	if d.TreatedStrata != nil || d.ControlStrata != nil {
		if len(d.TreatedStrata) != n1 || len(d.ControlStrata) != n0 {
			return nil, fmt.Errorf("%w: %d and %d strata for %d and %d clusters", stats.ErrInvalid, len(d.TreatedStrata), len(d.ControlStrata), n1, n0)
		}
		labels = slices.Concat(d.TreatedStrata, d.ControlStrata)
	}
	place := map[int]int{}
	for i, label := range labels {
		at, ok := place[label]
		if !ok {
			at = len(p.strata)
			place[label] = at
			p.strata = append(p.strata, stratum{})
		}
		p.strata[at].members = append(p.strata[at].members, i)
		if i < n1 {
			p.strata[at].treated++
		}
	}
	var err error
	if p.balance, err = newCriterion(n1, n0, d.Balance); err != nil {
		return nil, err
	}
	if p.balance != nil {
		p.mask()
	}
	if p.balance != nil && !p.balance.accepts(p.observed()) {
		return nil, fmt.Errorf("%w: the assignment itself is not balanced enough for its design", stats.ErrInvalid)
	}
	return p, nil
}

// assignments is how many there are before any is rejected; +Inf beyond a double.
func (p *plan) assignments() float64 {
	total := 1.0
	for _, s := range p.strata {
		total *= choose(len(s.members), s.treated)
	}
	return total
}

func choose(n, k int) float64 {
	total := 1.0
	for i := range min(k, n-k) {
		total = math.Round(total * float64(n-i) / float64(i+1))
	}
	return total
}

func (p *plan) mask() {
	for s := range p.strata {
		p.strata[s].mask = make(assignment, p.words())
		for _, i := range p.strata[s].members {
			p.strata[s].mask.add(i)
		}
	}
}

// lost is by what factor centring takes from the square of each cluster's deviation, against centring in one stratum of all.
func (p *plan) lost() []float64 {
	out := make([]float64, p.n)
	n := float64(p.n)
	for _, s := range p.strata {
		factor := 1.0
		if m := float64(len(s.members)); m > 1 && len(p.strata) > 1 {
			factor = m / (m - 1) * (n - 1) / n
		}
		for _, i := range s.members {
			out[i] = factor
		}
	}
	return out
}

// assignment is a set of treated clusters, 64 a word.
type assignment []uint64

func (p *plan) words() int { return (p.n + 63) / 64 }

func (a assignment) add(i int) { a[i/64] |= 1 << (i % 64) }

func (a assignment) remove(i int) { a[i/64] &^= 1 << (i % 64) }

// observed is the assignment that was made.
func (p *plan) observed() assignment {
	a := make(assignment, p.words())
	treated := 0
	for _, s := range p.strata {
		treated += s.treated
	}
	for i := range treated {
		a.add(i)
	}
	return a
}

// enumerate lists every assignment that the design allows.
func (p *plan) enumerate() []assignment {
	words := p.words()
	var all []uint64
	current := make(assignment, words)
	var next func(s int)
	next = func(s int) {
		if s < len(p.strata) {
			p.strata[s].combinations(current, 0, p.strata[s].treated, func() { next(s + 1) })
			return
		}
		if p.balance == nil || p.balance.accepts(current) {
			all = append(all, current...)
		}
	}
	next(0)
	return cut(all, words)
}

// cut splits words into assignments.
func cut(all []uint64, words int) []assignment {
	out := make([]assignment, len(all)/words)
	for i := range out {
		out[i] = all[i*words : (i+1)*words]
	}
	return out
}

// combinations visits every way of treating k of the members from the given one on.
func (s *stratum) combinations(a assignment, from, k int, visit func()) {
	if k == 0 {
		visit()
		return
	}
	for i := from; i <= len(s.members)-k; i++ {
		a.add(s.members[i])
		s.combinations(a, i+1, k-1, visit)
		a.remove(s.members[i])
	}
}

// chunk is how many draws share a generator.
const chunk = 512

// rarest is how many assignments may be rejected for each that is used.
const rarest = 10000

// draw fills assignments with random ones.
func (p *plan) draw(into []assignment, rng *rand.PCG) error {
	order := make([][]uint32, len(p.strata))
	for s := range p.strata {
		for _, i := range p.strata[s].members {
			order[s] = append(order[s], uint32(i))
		}
	}
	tries := 0
	for _, a := range into {
		for {
			clear(a)
			if p.balance != nil && len(p.strata) <= fewStrata {
				p.scatter(a, rng)
			} else {
				for s := range p.strata {
					p.strata[s].shuffle(a, order[s], rng)
				}
			}
			if p.balance == nil || p.balance.accepts(a) {
				break
			}
			if tries++; tries > rarest*len(into) {
				return fmt.Errorf("%w: fewer than one assignment in %d is balanced enough for the design", stats.ErrInvalid, rarest)
			}
		}
	}
	return nil
}

// fewStrata is how many strata scatter goes through a draw for.
const fewStrata = 16

// scatter treats a random set of each stratum: every cluster by a coin of its own, then as many at random the other way as there are too many or
// too few. All sets of one size are as likely, as coins do not tell clusters apart. It takes a few numbers for each 64 clusters, for draws
// of which most are rejected.
func (p *plan) scatter(a assignment, rng *rand.PCG) {
	for w := range a {
		a[w] = rng.Uint64()
		if rest := p.n - 64*w; rest < 64 {
			a[w] &= 1<<rest - 1
		}
	}
	for s := range p.strata {
		p.strata[s].settle(a, rng)
	}
}

// settle brings the number of treated to what it must be.
func (s *stratum) settle(a assignment, rng *rand.PCG) {
	count := 0
	for w, mask := range s.mask {
		count += bits.OnesCount64(a[w] & mask)
	}
	for count != s.treated {
		i := s.members[below(rng, uint64(len(s.members)))]
		switch set := a[i/64]>>(i%64)&1 == 1; {
		case set && count > s.treated:
			a.remove(i)
			count--
		case !set && count < s.treated:
			a.add(i)
			count++
		}
	}
}

// shuffle treats a random set of members: Fisher and Yates, stopped as soon as the smaller of the two groups is known.
func (s *stratum) shuffle(a assignment, order []uint32, rng *rand.PCG) {
	k, n := s.treated, len(order)
	fewer := min(k, n-k)
	for i := range fewer {
		rest := order[i:]
		j := below(rng, uint64(len(rest)))
		rest[0], rest[j] = rest[j], rest[0]
	}
	chosen := order[:fewer]
	if k > n-k {
		chosen = order[fewer:]
	}
	for _, i := range chosen {
		a[i/64] |= 1 << (i % 64)
	}
}

// below is rand.Rand's Uint64N, number for number, without the calls through its interface (D. Lemire, ACM Transactions on Modeling and
// Computer Simulation 29 (2019) 3).
func below(rng *rand.PCG, n uint64) uint64 {
	if n&(n-1) == 0 {
		return rng.Uint64() & (n - 1)
	}
	high, low := bits.Mul64(rng.Uint64(), n)
	if low < n {
		for biased := -n % n; low < biased; {
			high, low = bits.Mul64(rng.Uint64(), n)
		}
	}
	return high
}
