package blocked

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/magnitude"
)

// side is one variant: what its clusters contribute to its level and to the means of what adjusts it.
type side struct {
	name    string
	units   int64
	covered int       // clusters with units
	size    float64   // units, or sum of the denominators
	level   float64   // mean, or ratio of sums
	own     []float64 // by cluster: (y_g - R m_g) / M
	share   []float64 // by cluster: |m_g| / sum |m|
	means   []float64 // of the covariates over units, then of the balance over clusters
	counts  []float64 // what each of means is over: units, or clusters
	away    [][]float64
}

func newSide(name string, clusters []stats.Moments, parts int, balance [][]float64) (*side, error) {
	s := &side{name: name}
	var total stats.Moments
	for i := range clusters {
		m := &clusters[i]
		if m.N == 0 {
			continue
		}
		if err := checkCluster(m, parts); err != nil {
			return nil, fmt.Errorf("cluster %d of the %s: %w", i+1, name, err)
		}
		if total.N > 0 && m.Dim() != total.Dim() {
			return nil, fmt.Errorf("%w: cluster %d of the %s has %d components, those before it %d", stats.ErrInvalid, i+1, name, m.Dim(), total.Dim())
		}
		total.Merge(m)
		s.covered++
	}
	if s.covered < 2 {
		return nil, fmt.Errorf("%w: the %s has %d clusters with units, a variance needs 2: wait for more", stats.ErrTooFew, name, s.covered)
	}
	s.units, s.size = total.N, total.Sum(parts-1)
	if parts == 1 {
		s.size = float64(total.N)
	}
	if math.Abs(s.size) < magnitude.Smallest {
		return nil, fmt.Errorf("%w: the %s has no denominator at all, so the ratio does not exist; wait for events or check the denominator", stats.ErrZeroDenominator, name)
	}
	if s.level = total.Sum(0) / s.size; !magnitude.Fits(s.level) {
		return nil, fmt.Errorf("%w: the level of the %s is %v: look for a denominator next to zero", stats.ErrInvalid, name, s.level)
	}
	s.contribute(clusters, parts)
	s.covariates(clusters, &total, parts)
	s.balance(balance)
	return s, s.whole()
}

func checkCluster(m *stats.Moments, parts int) error {
	if m.N < 0 || m.Dim() < parts || len(m.Cross) != m.Dim()*(m.Dim()+1)/2 {
		return fmt.Errorf("%w: %d units with %d components (%d cross-products) for a metric of %d parts", stats.ErrInvalid, m.N, m.Dim(), len(m.Cross), parts)
	}
	if err := magnitude.Check(m.Means, magnitude.Largest); err != nil {
		return fmt.Errorf("%w: a mean %w", stats.ErrInvalid, err)
	}
	return nil
}

// contribute linearises the level.
func (s *side) contribute(clusters []stats.Moments, parts int) {
	s.own, s.share = make([]float64, len(clusters)), make([]float64, len(clusters))
	all := 0.0
	for i := range clusters {
		m := &clusters[i]
		if m.N == 0 {
			continue
		}
		size, deviation := float64(m.N), m.Means[0]-s.level
		if parts == 2 {
			size, deviation = m.Sum(1), m.Means[0]-s.level*m.Means[1]
		}
		s.own[i], s.share[i] = float64(m.N)*deviation/s.size, math.Abs(size)
		all += math.Abs(size)
	}
	for i := range s.share {
		s.share[i] /= all
	}
}

func (s *side) covariates(clusters []stats.Moments, total *stats.Moments, parts int) {
	s.means = append(s.means, total.Means[parts:]...)
	s.away = make([][]float64, len(clusters))
	n := float64(total.N)
	for range s.means {
		s.counts = append(s.counts, n)
	}
	for i := range clusters {
		s.away[i] = make([]float64, len(s.means))
		if m := &clusters[i]; m.N > 0 {
			for j := range s.away[i] {
				s.away[i][j] = float64(m.N) / n * (m.Means[parts+j] - s.means[j])
			}
		}
	}
}

// balance takes clusters as they were drawn, each counting the same.
func (s *side) balance(rows [][]float64) {
	if len(rows) == 0 {
		return
	}
	var m stats.Moments
	for _, row := range rows {
		m.Add(row...)
	}
	s.means = append(s.means, m.Means...)
	for range m.Means {
		s.counts = append(s.counts, float64(m.N))
	}
	for i, row := range rows {
		for j, v := range row {
			s.away[i] = append(s.away[i], (v-m.Means[j])/float64(m.N))
		}
	}
}

// whole refuses a variant that is one cluster.
func (s *side) whole() error {
	const all = 1 - 1e-9
	for _, share := range s.share {
		if share >= all {
			return fmt.Errorf("%w: one cluster of the %s has all its units, so there is nothing to compare it with", stats.ErrTooFew, s.name)
		}
	}
	return nil
}
