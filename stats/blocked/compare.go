package blocked

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"liftgate/stats"
	"liftgate/stats/internal/linear"
)

// Comparison compares a treatment with the control where clusters were randomised in blocks. It is a stats.Adjusted.
type Comparison struct {
	stats.Contrast
	Diagnostics
	LevelTreated float64 // the two levels, adjusted where there are covariates or a balance
	LevelControl float64
	DF           float64 // Satterthwaite's degrees of freedom

	removed float64
	kept    []int
}

// VarianceRemoved is the share of the variance of the difference that covariates and balance take away, against the same comparison without
// them; negative where they explain less than they cost.
func (c *Comparison) VarianceRemoved() float64 { return c.removed }

// Covariates are the places, from 0, of the covariates that were used, then of the numbers that the design balanced.
func (c *Comparison) Covariates() []int { return c.kept }

// comparing is a comparison that is being made.
type comparing struct {
	sides  [2]*side // treatment, control
	layout layout
	groups []group
}

// place gives a cluster's variant, 0 for the treatment, and its place there.
func (c *comparing) place(i int) (arm, at int) {
	if n := len(c.sides[0].own); i >= n {
		return 1, i - n
	}
	return 0, i
}

// Compare compares means (parts = 1) or ratios of sums (parts = 2: numerator, denominator) of units in clusters that a design assigned, from
// the moments of each cluster: parts, then covariates measured before the exposure. Clusters without units belong to the design and stay in.
//
// The level of a variant is its Hajek ratio R_a = sum y / sum m: every unit counts the same, whatever its cluster and block. As a variant's
// probability is the same in every block, so is it right. Clusters contribute e_g = (y_g - R_a m_g) / M_a, and V, the covariance of the two
// levels, adds up
//
//	large blocks (two clusters or more in each variant)   n_ab / (n_ab - 1) sum (e_g - mean e)²  for each variant a
//	small blocks, B of them                               B / (B - 1) sum (u_b - mean u)(u_b - mean u)',  u_b = (sum of treated e, of other e)
//
// where V of the small ones has the covariance of clusters that share a block (Imai, King and Nall 2009, eq. 10; de Chaisemartin and
// Ramirez-Cuellar 2024, eq. 3), and that of large ones none. A large block whose share of treated clusters is not exactly that of all adds
// d² (mean e_1, -mean e_0)(...)', d being by how many clusters it is off: rounding was chance too. All is divided by what the working model of
// alike cluster means expects of it, which matters when sizes are unequal, and the degrees of freedom are Satterthwaite's under that model.
//
// Covariates, and the numbers that the design balanced (means over clusters, each counting the same), enter by one slope for both
// variants: the regression, over clusters within large blocks and over small blocks, of what they contribute to the difference on what
// they contribute to the imbalance. V is that of its residuals, for as many degrees of freedom less, with what the slopes' noise
// adds. The residuals of the balance are uncorrelated with what decided which draw was accepted, hence about normal. The lift is by
// Fieller's theorem.
//
// For pairs of clusters of one size this is the paired t test, with covariates the regression of the pairs' differences; for one block Welch's
// linearised test up to its small-sample factors.
//
// Valid from 40 effective clusters on (see Diagnostics), with none above a tenth of its variant. Errors: stats.ErrTooFew below two clusters with
// units in a variant, for a single block with one cluster in a variant, or when one cluster is all of its variant; stats.ErrNoVariance,
// stats.ErrZeroDenominator, stats.ErrInvalid.
func Compare(treated, control []stats.Moments, parts int, d Design) (*Comparison, error) {
	c, err := newComparing(treated, control, parts, d)
	if err != nil {
		return nil, err
	}
	df := c.freedom()
	if !(df > 0) {
		return nil, fmt.Errorf("%w: there is one block with one cluster in a variant, a variance needs 2 blocks or 2 clusters", stats.ErrTooFew)
	}
	pieces := c.pieces()
	plain, err := c.variance(pieces, adjustment{}, 1)
	if err != nil {
		return nil, err
	}
	a := c.adjust(pieces, df)
	left, freedom := plain, df
	if len(a.kept) > 0 {
		freedom = df - float64(len(a.kept))
		if left, err = c.variance(pieces, a, df/freedom); err != nil {
			return nil, err
		}
		left = left.plus(c.uncertain(a, left.difference(), df))
	}
	out := &Comparison{
		Diagnostics: c.diagnose(df), DF: freedom, removed: 1 - left.difference()/plain.difference(), kept: a.kept,
		LevelTreated: c.sides[0].level - linear.Dot(a.slopes, c.towards(0, a)),
		LevelControl: c.sides[1].level - linear.Dot(a.slopes, c.towards(1, a)),
	}
	out.Contrast, err = out.levels(left, slices.Concat(a.warnings(), c.warnings())).Contrast()
	return out, err
}

// variance is V after an adjustment, times a factor for what that has used up.
func (c *comparing) variance(pieces []piece, a adjustment, factor float64) (covariance, error) {
	k1, k0 := c.correction(0), c.correction(1)
	v := c.spread(pieces, a.kept, a.slopes).times(factor*k1, factor*k0, factor*math.Sqrt(k1*k0))
	if noise := 1e-13 * (math.Abs(c.sides[0].level) + math.Abs(c.sides[1].level)); !(v.difference() > noise*noise) {
		return v, fmt.Errorf("%w: no cluster differs from another of its variant and block, nor one block's difference from another's, so no test exists; check that the metric's events arrive", stats.ErrNoVariance)
	}
	return v, nil
}

func newComparing(treated, control []stats.Moments, parts int, d Design) (*comparing, error) {
	if parts < 1 || parts > 2 {
		return nil, fmt.Errorf("%w: %d parts of a metric", stats.ErrInvalid, parts)
	}
	if err := d.check(len(treated), len(control)); err != nil {
		return nil, err
	}
	s1, err1 := newSide("treatment", treated, parts, d.TreatedBalance)
	s0, err0 := newSide("control", control, parts, d.ControlBalance)
	if err := errors.Join(err1, err0); err != nil {
		return nil, err
	}
	if len(s1.means) != len(s0.means) {
		return nil, fmt.Errorf("%w: %d covariates in the treatment, %d in the control", stats.ErrInvalid, len(s1.means), len(s0.means))
	}
	c := &comparing{sides: [2]*side{s1, s0}, layout: d.layout(s1, s0)}
	c.groups = c.layout.groups()
	return c, nil
}

// levels are what difference and lift are read off.
func (c *Comparison) levels(v covariance, warnings []string) stats.Levels {
	method := "cluster-blocks"
	if len(c.kept) > 0 {
		method = "cluster-blocks-adjusted"
	}
	outside := c.Few()
	if outside != "" {
		outside += ": the interval over blocks is an indication only; use randomisation inference"
	}
	return stats.Levels{
		Method: method, Treated: c.LevelTreated, Control: c.LevelControl, VarTreated: v.v11, VarControl: v.v00, Cov: v.v10, DF: c.DF,
		Outside: outside, Warnings: warnings,
	}
}
