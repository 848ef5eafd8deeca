package randomisation

import (
	"slices"
	"sync"
)

// Redraws keeps the assignments that were drawn last, some bits for each cluster and draw: drawing them takes as long as what a comparison
// does with them. The next comparison by the same design, of as many clusters, with the same seed and number of draws takes them over; any
// other draws its own. What comes out is the same with and without. The zero value is ready; it may be used from several goroutines.
type Redraws struct {
	mu    sync.Mutex
	plan  *plan
	limit int
	seed  uint64
	draws *draws
}

// repeat is what plan.repeat gives; r may be nil.
func (r *Redraws) repeat(p *plan, limit int, seed uint64) (*draws, error) {
	if r == nil {
		return p.repeat(limit, seed)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.draws != nil && r.limit == limit && r.seed == seed && r.plan.same(p) {
		return r.draws, nil
	}
	d, err := p.repeat(limit, seed)
	if err != nil {
		return nil, err
	}
	r.plan, r.limit, r.seed, r.draws = p, limit, seed, d
	return d, nil
}

// same says whether two designs allow the same assignments.
func (p *plan) same(q *plan) bool {
	return p.n == q.n && p.balance.same(q.balance) && slices.EqualFunc(p.strata, q.strata, func(a, b stratum) bool {
		return a.treated == b.treated && slices.Equal(a.members, b.members)
	})
}
