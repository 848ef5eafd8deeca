package cluster

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
	"liftgate/stats/internal/linear"
)

// Coefficient is a coefficient with its cluster-robust standard errors.
type Coefficient struct {
	Estimate float64
	CR0      float64 // standard error from the residuals as they are (Liang and Zeger 1986)
	CR1      float64 // times sqrt(G / (G-1))
	CR1S     float64 // times sqrt(G (n-1) / ((G-1)(n-k))), Stata's
	CR2      float64 // Bell and McCaffrey 2002
	CR3      float64 // leave one cluster out, without a factor: (I - H_gg)⁻¹
	DF       float64 // Satterthwaite's, of CR2 under independent rows of one variance
	PValue   float64 // two-sided, of CR2 with DF, against a coefficient of zero
	// DFRandom is of CR2 under a random effect of each cluster, estimated from the residuals (G. Imbens, M. Kolesar, Review of
	// Economics and Statistics 98 (2016) 701-712); NaN with weights.
	DFRandom float64
}

// Coefficient computes the standard errors of coefficient j (from 0). CR2 is that of Pustejovsky and Tipton 2018 under a working model of
// independent rows with one variance, with weights too, as clubSandwich has it for lm: A_g = ((I-H)(I-H)')_gg^(-1/2), H = X (X'WX)⁻¹ X'W,
// generalised where a cluster fits itself.
func (r *Regression) Coefficient(j int) (Coefficient, error) {
	c, err := r.coordinates(j)
	if err != nil {
		return Coefficient{}, err
	}
	t := &tally{r: r, c: c, solver: newEigen(r.Rank)}
	for _, s := range r.clusters {
		if r.total.XWX == nil {
			err = t.plain(s)
		} else {
			err = t.weighted(s)
		}
		if err != nil {
			return Coefficient{}, err
		}
	}
	g, n, k := float64(r.Clusters), float64(r.Rows), float64(r.Rank)
	out := Coefficient{
		Estimate: r.Coefficients[j], CR0: math.Sqrt(t.cr0), CR1: math.Sqrt(t.cr0 * g / (g - 1)),
		CR1S: math.Sqrt(t.cr0 * g * (n - 1) / ((g - 1) * (n - k))), CR2: math.Sqrt(t.cr2), CR3: math.Sqrt(t.cr3),
		DFRandom: math.NaN(),
	}
	if !(t.cr2 > r.rounding(c)) {
		return Coefficient{}, fmt.Errorf("%w: the residuals say nothing about coefficient %d", stats.ErrNoVariance, j)
	}
	out.DF = t.model.freedom()
	if r.total.XWX == nil {
		out.DFRandom = t.random().freedom()
	}
	out.PValue = 2 * dist.StudentSF(math.Abs(out.Estimate)/out.CR2, out.DF)
	return out, nil
}

// rounding is the variance of a coefficient that residuals have by their last bits alone.
func (r *Regression) rounding(c []float64) float64 {
	const noise = 1e-13
	return noise * noise * linear.Dot(c, c) * r.total.YY
}

// tally adds up clusters for one coefficient.
type tally struct {
	r             *Regression
	c             []float64
	solver        *eigen
	cr0, cr2, cr3 float64
	model         working

	ones   [][]float64 // X_g'1, whitened
	inside []float64   // 1'q
}

// plain takes in a cluster without weights.
func (t *tally) plain(s *Sums) error {
	gram := t.r.whitened(s.XX)
	g := whitened{gram, t.r.residual(s.XY, gram)}
	out, ok := t.solver.correct(g, t.c)
	if !ok {
		return fmt.Errorf("%w: %w", stats.ErrInvalid, errDecomposition)
	}
	if t.model.c == nil {
		t.model.c = negatedIdentity(t.r.Rank)
	}
	t.add(g.score, out)
	ones := t.r.l.solve(func(j int) float64 { return s.X[j] })
	t.ones = append(t.ones, ones)
	t.inside = append(t.inside, t.solver.function(ones, t.c, -0.5))
	return nil
}

// add takes in what was made of a cluster; the solver still holds the eigenvalues of X_g'WX_g.
func (t *tally) add(score []float64, out corrected) {
	plain := linear.Dot(t.c, score)
	t.cr0 += plain * plain
	t.cr2 += out.score * out.score
	left := t.solver.function(score, t.c, -1)
	t.cr3 += left * left
	t.model.own, t.model.z = append(t.model.own, out.norm), append(t.model.z, out.with)
}

// function is a'(I - S)^power b for the matrix S that was decomposed last, generalised where its eigenvalues are 1.
func (w *eigen) function(a, b []float64, power float64) float64 {
	total := 0.0
	for j, value := range w.values {
		if 1-value <= determined {
			continue
		}
		left, right := 0.0, 0.0
		for i := range a {
			v := w.vectors.At(i, j)
			left += v * a[i]
			right += v * b[i]
		}
		total += left * right * math.Pow(1-value, power)
	}
	return total
}

// random is the working model of a random effect: sigma² I + rho 1 1' in each cluster.
func (t *tally) random() working {
	sigma, rho := t.r.components()
	return t.model.withEffects(sigma, rho, t.ones, t.inside)
}

// components are the variances of rows and of clusters that the residuals show: Imbens and Kolesar 2016, section 4, whose rho may be
// negative.
func (r *Regression) components() (sigma, rho float64) {
	var squares, sums, pairs float64
	for i := range r.gamma {
		squares -= r.gamma[i] * r.gamma[i]
	}
	squares += r.total.YY
	beta := make([]float64, len(r.Coefficients))
	for _, j := range r.l.kept {
		beta[j] = r.Coefficients[j]
	}
	for _, s := range r.clusters {
		e := s.Y - linear.Dot(s.X, beta)
		sums += e * e
		pairs += float64(s.N) * float64(s.N-1)
	}
	if pairs > 0 {
		rho = (sums - squares) / pairs
	}
	return math.Max(squares/float64(r.Rows)-rho, 0), rho
}
