package cluster

import (
	"errors"
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/linear"
	"liftgate/stats/internal/magnitude"
)

// side is one variant: its clusters, and the regression of a unit's (linearised) value on the covariates around its means.
type side struct {
	name     string
	parts    int
	clusters []*stats.Moments // those with units
	total    stats.Moments
	units    float64
	level    float64 // mean, or ratio of sums
	scale    float64 // mean denominator; 1 without
	l        triangle
	gamma    []float64 // slopes in whitened coordinates
}

func newSide(name string, clusters []stats.Moments, parts int) (*side, error) {
	s := &side{name: name, parts: parts, scale: 1}
	for i := range clusters {
		m := &clusters[i]
		if m.N == 0 {
			continue
		}
		if err := checkCluster(m, parts); err != nil {
			return nil, fmt.Errorf("cluster %d of the %s: %w", i+1, name, err)
		}
		if s.total.N > 0 && m.Dim() != s.total.Dim() {
			return nil, fmt.Errorf("%w: cluster %d of the %s has %d components, those before it %d", stats.ErrInvalid, i+1, name, m.Dim(), s.total.Dim())
		}
		s.total.Merge(m)
		s.clusters = append(s.clusters, m)
	}
	if len(s.clusters) < 2 {
		return nil, fmt.Errorf("%w: the %s has %d clusters with units, a variance needs 2: wait for more", stats.ErrTooFew, name, len(s.clusters))
	}
	s.units = float64(s.total.N)
	s.level = s.total.Means[0]
	if parts == 2 {
		return s, s.linearise()
	}
	return s, nil
}

func checkCluster(m *stats.Moments, parts int) error {
	if m.N < 0 || m.Dim() < parts || len(m.Cross) != m.Dim()*(m.Dim()+1)/2 {
		return fmt.Errorf("%w: %d units with %d components (%d cross-products) for a metric of %d parts", stats.ErrInvalid, m.N, m.Dim(), len(m.Cross), parts)
	}
	if err := magnitude.Check(m.Means, magnitude.Largest); err != nil {
		return fmt.Errorf("%w: a mean %w", stats.ErrInvalid, err)
	}
	for i, v := range m.Means {
		if m.Cov(i, i) < -1e-9*v*v {
			return fmt.Errorf("%w: component %d has a negative sum of squares", stats.ErrInvalid, i)
		}
	}
	if err := magnitude.Check(m.Cross, magnitude.LargestSquare); err != nil {
		return fmt.Errorf("%w: a cross-product %w", stats.ErrInvalid, err)
	}
	return nil
}

// linearise turns the level into the ratio of sums.
func (s *side) linearise() error {
	s.scale = s.total.Means[1]
	if math.Abs(s.scale) < magnitude.Smallest {
		return fmt.Errorf("%w: the %s has no denominator at all, so the ratio does not exist; wait for events or check the denominator", stats.ErrZeroDenominator, s.name)
	}
	s.level = s.total.Means[0] / s.scale
	if !magnitude.Fits(s.level) {
		return fmt.Errorf("%w: the level of the %s is %v: look for a denominator next to zero", stats.ErrInvalid, s.name, s.level)
	}
	return nil
}

// deviation is how far a cluster's mean (linearised) value lies from the level.
func (s *side) deviation(m *stats.Moments) float64 {
	if s.parts == 2 {
		return (m.Means[0] - s.level*m.Means[1]) / s.scale
	}
	return m.Means[0] - s.level
}

// crossed is the centred cross-product of the (linearised) value with covariate j.
func (s *side) crossed(m *stats.Moments, j int) float64 {
	c := cross(m, 0, s.parts+j)
	if s.parts == 2 {
		c = (c - s.level*cross(m, 1, s.parts+j)) / s.scale
	}
	return c
}

func cross(m *stats.Moments, i, j int) float64 { return m.Cov(i, j) * float64(m.N-1) }

func (s *side) covariates() int { return s.total.Dim() - s.parts }

// among is the cross-product of two covariates over the whole variant.
func (s *side) among(i, j int) float64 { return cross(&s.total, s.parts+i, s.parts+j) }

// varies says whether a covariate has more than rounding in it.
func (s *side) varies(j int) bool {
	const noise = 1e-13
	return math.Sqrt(math.Max(s.total.Cov(s.parts+j, s.parts+j), 0)) > noise*math.Abs(s.total.Means[s.parts+j])
}

// selectCovariates keeps those that both variants can be regressed on, and names the others (from 1).
func selectCovariates(s1, s0 *side) (dropped []int) {
	for j := range s1.covariates() {
		a, b := s1.l, s0.l
		if s1.varies(j) && s0.varies(j) && a.extend(s1.among, j) && b.extend(s0.among, j) {
			s1.l, s0.l = a, b
			continue
		}
		dropped = append(dropped, j+1)
	}
	return dropped
}

var errDecomposition = errors.New("an eigenvalue did not converge")

// fit regresses the value on the kept covariates.
func (s *side) fit() error {
	if k := len(s.l.kept); len(s.clusters) < k+2 {
		return fmt.Errorf("%w: the %s has %d clusters for a regression on %d covariates: wait for more, or use fewer covariates", stats.ErrTooFew, s.name, len(s.clusters), k)
	}
	s.gamma = s.l.solve(func(j int) float64 { return s.crossed(&s.total, j) })
	return nil
}

// towards is L⁻¹ of the way from the covariates' means here to given ones.
func (s *side) towards(means []float64) []float64 {
	return s.l.solve(func(j int) float64 { return means[j] - s.total.Means[s.parts+j] })
}

// whitened gives a cluster in the coordinates of the variant's regression: the intercept, then the covariates.
func (s *side) whitened(m *stats.Moments) whitened {
	k := len(s.l.kept)
	n, deviation, root := float64(m.N), s.deviation(m), math.Sqrt(s.units)
	away := s.towards(m.Means[s.parts:])
	g := whitened{gram: make([]float64, (k+1)*(k+1)), score: make([]float64, k+1)}
	g.gram[0] = n / s.units
	g.score[0] = n * (deviation - linear.Dot(away, s.gamma)) / root
	if k == 0 {
		return g
	}
	among := s.l.whiten(func(i, j int) float64 { return cross(m, s.parts+i, s.parts+j) })
	with := s.l.solve(func(j int) float64 { return s.crossed(m, j) })
	for i := range k {
		g.gram[i+1] = n * away[i] / root
		g.gram[(i+1)*(k+1)] = g.gram[i+1]
		g.score[i+1] = with[i] + n*away[i]*deviation
		for j := range k {
			v := among[i*k+j] + n*away[i]*away[j]
			g.gram[(i+1)*(k+1)+j+1] = v
			g.score[i+1] -= v * s.gamma[j]
		}
	}
	return g
}
