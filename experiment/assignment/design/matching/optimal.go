package matching

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// MaxOptimal is how many points [Optimal] takes: work grows with their square.
const MaxOptimal = 20_000

// Pairing is a division into pairs. Mate is -1 for the one point that an odd number leaves over; Total is the sum of squared distances.
type Pairing struct {
	Mate  []int
	Total float64
}

const (
	firstNeighbours = 8 // of each point, in the first graph
	acrossEach      = 4 // the same of points of odd strata, in other odd strata
	addedEach       = 4 // edges that pricing adds for each point, at most
)

// Optimal finds the pairing of least total among those with as few pairs across strata as can be. Strata are numbered from 0. Of an odd number of
// points, the one left over counts with its squared distance from the origin, where centred coordinates have their mean: whatever
// variant it gets, that is by how much it moves the difference.
//
// It is optimal in distances that are rounded to 2^60 / n² steps of the largest. Errors: more than MaxOptimal points, a
// context that ends.
func Optimal(ctx context.Context, x [][]float64, strata []int) (Pairing, error) {
	if len(x) > MaxOptimal {
		return Pairing{}, fmt.Errorf("matching: %d points, optimal pairs are found for up to %d: match greedily", len(x), MaxOptimal)
	}
	return newMatcher(newPoints(x, strata), firstNeighbours).pairs(ctx)
}

func (m *matcher) pairs(ctx context.Context) (Pairing, error) {
	s, err := m.solve(ctx)
	if err != nil {
		return Pairing{}, err
	}
	mate := make([]int, m.n)
	for v := range mate {
		if mate[v] = int(s.other(s.mate[v], int32(v))); mate[v] == m.n {
			mate[v] = -1
		}
	}
	return m.pairing(mate), nil
}

func (p *points) pairing(mate []int) Pairing {
	out := Pairing{Mate: mate}
	for i, j := range mate {
		if j > i {
			out.Total += p.distance(i, j)
		}
	}
	return out
}

// matcher is the complete problem in whole numbers. An odd number of points has one more, at the origin and in any odd stratum, that takes what
// is left over.
type matcher struct {
	*points
	vertices int
	scale    float64
	across   int64 // cost of leaving a stratum, more than any matching costs otherwise
	odd      []bool
	few      int // neighbours of each point in the first graph
}

func newMatcher(p *points, few int) *matcher {
	m := &matcher{points: p, vertices: p.n + p.n%2, odd: make([]bool, len(p.members)), few: few}
	for s, members := range p.members {
		m.odd[s] = len(members)%2 == 1
	}
	largest := 0.0
	for i := range p.n {
		largest = max(largest, p.norm(i))
	}
	largest *= 4 // no distance is longer than two from the origin
	n := max(float64(m.vertices), 2)
	steps := math.Floor(math.Exp2(58) / (n * n)) // duals are sums of up to n costs of leaving a stratum, each n of these
	if largest > 0 {
		m.scale = steps / largest
	}
	m.across = int64(steps * n)
	return m
}

// norm is the squared distance from the origin.
func (p *points) norm(i int) float64 {
	sum := 0.0
	for _, v := range p.x[i*p.dim : (i+1)*p.dim] {
		sum += v * v
	}
	return sum
}

// cost of a pair, even; ok says whether the best matching can have it.
func (m *matcher) cost(i, j int) (cost int64, ok bool) {
	if i == m.n || j == m.n {
		i = min(i, j)
		return 2 * int64(m.scale*m.norm(i)+0.5), m.odd[m.stratum[i]]
	}
	cost = 2 * int64(m.scale*m.distance(i, j)+0.5)
	if a, b := m.stratum[i], m.stratum[j]; a != b {
		return cost + 2*m.across, m.odd[a] && m.odd[b]
	}
	return cost, true
}

// solve matches on a graph that grows until the dual variables prove that no other pair would improve the matching.
func (m *matcher) solve(ctx context.Context) (*solver, error) {
	g, err := m.firstGraph(ctx)
	if err != nil {
		return nil, err
	}
	dual := make([]int64, m.vertices)
	for v := range dual {
		dual[v] = math.MaxInt64
		for _, e := range g.incident[v] {
			dual[v] = min(dual[v], g.edges[e].cost/2)
		}
	}
	s := newSolver(g, dual)
	for {
		if err := s.solve(ctx); err != nil {
			return nil, err
		}
		known := len(g.edges)
		if err := m.price(ctx, s); err != nil || len(g.edges) == known {
			return s, err
		}
		for e := known; e < len(g.edges); e++ {
			s.admit(int32(e))
		}
	}
}

// firstGraph has a perfect matching, the greedy one.
func (m *matcher) firstGraph(ctx context.Context) (*graph, error) {
	g := newGraph(m.vertices)
	add := func(i, j int) {
		if cost, ok := m.cost(i, j); ok {
			g.add(i, j, cost)
		}
	}
	var leftovers []int
	for s, members := range m.members {
		for a, list := range m.nearest(ctx, members, members, m.few) {
			for _, j := range list {
				add(members[a], int(j.point))
			}
		}
		if m.odd[s] {
			leftovers = append(leftovers, members...)
		}
	}
	slices.Sort(leftovers)
	m.joinStrata(ctx, leftovers, add)
	mate := m.greedy(ctx)
	for i, j := range mate {
		if j < 0 {
			j = m.n
		}
		add(i, j)
	}
	return g, ctx.Err()
}

// joinStrata adds the pairs with points of other odd strata.
func (m *matcher) joinStrata(ctx context.Context, leftovers []int, add func(i, j int)) {
	for s, members := range m.members {
		if !m.odd[s] {
			continue
		}
		var others []int
		for _, i := range leftovers {
			if m.stratum[i] != s {
				others = append(others, i)
			}
		}
		for a, list := range m.nearest(ctx, members, others, acrossEach) {
			for _, j := range list {
				add(members[a], int(j.point))
			}
			if m.vertices > m.n {
				add(members[a], m.n)
			}
		}
	}
}
