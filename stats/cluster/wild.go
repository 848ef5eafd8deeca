package cluster

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/linear"
)

// WildOptions say how a wild cluster bootstrap draws.
type WildOptions struct {
	Draws int  // at most; 0: 9,999
	Webb  bool // six weights, ±sqrt(1/2), ±1, ±sqrt(3/2), instead of ±1: for fewer than about twelve clusters
	Seed  uint64
}

// WildTest is a restricted wild cluster bootstrap of one coefficient.
type WildTest struct {
	Estimate float64
	T        float64 // (estimate - null) / CR1S
	Draws    int
	Full     bool // every combination of weights, once
	Strict   int  // draws with |t*| > |t|
	Ties     int  // draws with |t*| >= |t|, to a relative 1e-9
	PStrict  float64
	PTies    float64
	// PValue is what to use: PTies of a full enumeration, else (1 + Ties) / (1 + Draws), so that chance in the draws never makes it too small.
	PValue float64
}

// Wild tests "coefficient j is null" by the restricted wild cluster bootstrap WCR11 (A. C. Cameron, J. Gelbach, D. Miller, Review of
// Economics and Statistics 90 (2008) 414-427; fast algorithm: D. Roodman et al., Stata Journal 19 (2019) 4-60): the residuals of the
// regression with the null imposed are multiplied by one random weight a cluster, and t with CR1S is computed again. When there are at
// most Draws combinations of weights (2^G, with Webb 6^G) they are all taken, once each. Of clusters only sums enter: a draw costs G
// times twice the rank.
//
// Valid with few clusters of similar size, a third or more of them in each variant; with fewer it tends not to reject, with very unequal
// ones to reject too often (J. MacKinnon, M. Webb, Econometrics Journal 21 (2018) 114-135).
func (r *Regression) Wild(j int, null float64, o WildOptions) (WildTest, error) {
	if o.Draws == 0 {
		o.Draws = 9999
	}
	if o.Draws < 1 || o.Draws > 1<<26 || math.IsNaN(null) || math.IsInf(null, 0) {
		return WildTest{}, fmt.Errorf("%w: %d draws against %v", stats.ErrInvalid, o.Draws, null)
	}
	c, err := r.coordinates(j)
	if err != nil {
		return WildTest{}, err
	}
	w := r.restricted(c, r.Coefficients[j]-null)
	g, n, k := float64(r.Clusters), float64(r.Rows), float64(r.Rank)
	w.factor = g * (n - 1) / ((g - 1) * (n - k))
	variance := w.factor * r.squares(c)
	out := WildTest{Estimate: r.Coefficients[j], T: (r.Coefficients[j] - null) / math.Sqrt(variance)}
	if !(variance > r.rounding(c)) {
		return WildTest{}, fmt.Errorf("%w: the residuals say nothing about coefficient %d", stats.ErrNoVariance, j)
	}
	points := []float64{-1, 1}
	if o.Webb {
		points = []float64{-math.Sqrt(1.5), -1, -math.Sqrt(0.5), math.Sqrt(0.5), 1, math.Sqrt(1.5)}
	}
	out.Draws = o.Draws
	if all := math.Pow(float64(len(points)), g); all <= float64(o.Draws) {
		out.Draws, out.Full = int(all), true
	}
	w.count(&out, points, o.Seed)
	out.PStrict, out.PTies = float64(out.Strict)/float64(out.Draws), float64(out.Ties)/float64(out.Draws)
	out.PValue = out.PTies
	if !out.Full {
		out.PValue = float64(out.Ties+1) / float64(out.Draws+1)
	}
	return out, nil
}

// wild is what a draw of weights v_g needs of the clusters. With p_g = c'X_g'u_g, u_g being the restricted residuals in whitened
// coordinates, b_g = X_g'u_g and w_g = X_g'X_g c, the deviation of the coefficient and the cluster's score are
//
//	beta* - null = sum p_g v_g,   s_g = p_g v_g - w_g' sum b_h v_h.
type wild struct {
	p      []float64
	b, w   [][]float64
	outer  []float64 // sum of w w'
	factor float64
}

func (r *Regression) restricted(c []float64, deviation float64) *wild {
	k := r.Rank
	w := &wild{outer: make([]float64, k*k)}
	// Imposing the null moves the coefficients by c deviation / c'c.
	gamma := append([]float64{}, r.gamma...)
	for i := range gamma {
		gamma[i] -= c[i] * deviation / linear.Dot(c, c)
	}
	moved := *r
	moved.gamma = gamma
	for _, s := range r.clusters {
		white := r.whitened(s.weighted())
		b := moved.residual(s.weightedY(), white)
		along := make([]float64, k)
		for i := range along {
			along[i] = linear.Dot(white[i*k:(i+1)*k], c)
		}
		w.p, w.b, w.w = append(w.p, linear.Dot(c, b)), append(w.b, b), append(w.w, along)
		for i := range along {
			for j := range along {
				w.outer[i*k+j] += along[i] * along[j]
			}
		}
	}
	return w
}

// squares are those of the clusters' scores, CR0's variance.
func (r *Regression) squares(c []float64) float64 {
	total := 0.0
	for _, s := range r.clusters {
		score := linear.Dot(c, r.residual(s.weightedY(), r.whitened(s.weighted())))
		total += score * score
	}
	return total
}
