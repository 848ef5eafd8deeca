package causal

import (
	"fmt"
	"math"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
	"liftgate/stats/internal/fieller"
	"liftgate/stats/internal/linear"
)

// Rows are units: outcome, treatment taken up (any number; 0 or 1 for take-up), instrument (0 or 1 for what was randomised), exogenous
// covariates, each as long as the outcomes, and clusters, nil when units were randomised.
type Rows struct {
	Y, D, Z []float64
	X       [][]float64
	Cluster []int64
}

// Result is an instrumental-variable estimate, with one instrument.
type Result struct {
	Effect      stats.Estimate // of one more of the treatment taken up, on compliers; HC1 (with clusters CR1S) and normal quantiles
	ITT         float64        `json:"itt"` // effect of the instrument on the outcome
	FirstStage  float64        // effect of the instrument on the treatment taken up
	FirstStageF float64        // homoskedastic, with 1 and DF degrees of freedom
	StdErrors   StdErrors
	DF          float64 // n less the columns
	Clusters    int     // 0 without
	// Anderson-Rubin sets: all effects at which the instrument has no effect left on outcome - effect * treatment, judged by the
	// homoskedastic F test, by its chi-square limit, and robustly (HC1, chi-square).
	AndersonRubin       Set
	AndersonRubinChi2   Set `json:"anderson_rubin_chi2"`
	AndersonRubinRobust Set
	Dropped             []int // places of covariates from 0: constant, or a combination of the others
	Warnings            []string
}

// StdErrors of the estimate: homoskedastic (divisor n-k), robust without and with n/(n-k), and by clusters without and with G (n-1) /
// ((G-1) (n-k)); the last two are NaN without clusters.
type StdErrors struct {
	Classic, HC0, HC1, CR0 float64
	CR1S                   float64 `json:"cr1s"`
}

// weakF is the first-stage F below which an estimate is close to its bias: Staiger and Stock (1997).
const weakF = 10

// Instrument is two-stage least squares with one instrument, which is Wald's ratio ITT / first stage after partialling out the
// covariates: with t~ for what an intercept and the covariates leave of t,
//
//	effect = (z~'y~) / (z~'d~),  se² = sum z~² u² / (z~'d~)²,  u = y~ - effect d~.
//
// Read the Anderson-Rubin sets, whose errors are right however weak the instrument is; the standard errors are good for a first-stage F
// well above 10.
//
// Errors: [stats.ErrInvalid] for columns that differ in length and numbers that are not finite, [stats.ErrTooFew] without units or
// clusters enough, [stats.ErrNoVariance] when the instrument or the outcome does not vary beyond the covariates,
// [stats.ErrZeroDenominator] when the instrument moves nobody.
func Instrument(r Rows, level float64) (Result, error) {
	if err := r.check(level); err != nil {
		return Result{}, err
	}
	f, err := r.partialOut()
	if err != nil {
		return Result{}, err
	}
	effect := f.zy / f.zd
	out := Result{
		ITT: f.zy / f.zz, FirstStage: f.zd / f.zz, DF: f.df, Dropped: f.dropped,
		FirstStageF: f.zd * f.zd / f.zz / (linear.Dot(f.restD, f.restD) / f.df),
	}
	if out.StdErrors, out.Clusters, err = f.stdErrors(effect, r.Cluster); err != nil {
		return Result{}, err
	}
	se := out.StdErrors.HC1
	if r.Cluster != nil {
		se = out.StdErrors.CR1S
	}
	half := dist.NormalISF((1-level)/2) * se
	out.Effect = stats.Estimate{Estimate: effect, StdError: se, Lower: effect - half, Upper: effect + half}
	out.AndersonRubin = setOf(f.reduced(false), dist.StudentISF((1-level)/2, f.df))
	out.AndersonRubinChi2 = setOf(f.reduced(false), dist.NormalISF((1-level)/2))
	out.AndersonRubinRobust = setOf(f.reduced(true), dist.NormalISF((1-level)/2))
	out.warn()
	return out, nil
}

func (r *Result) warn() {
	if r.FirstStageF < weakF {
		r.Warnings = append(r.Warnings, fmt.Sprintf("a weak instrument (F = %.3g): the estimate leans towards the plain difference; read the Anderson-Rubin set", r.FirstStageF))
	}
	for _, j := range r.Dropped {
		r.Warnings = append(r.Warnings, fmt.Sprintf("covariate %d dropped: constant, or a combination of the others", j+1))
	}
}

// fit is what covariates leave of the columns, and what the instrument then leaves of outcome and treatment.
type fit struct {
	y, d, z      []float64
	restY, restD []float64
	zz, zy, zd   float64
	n, df        float64
	dropped      []int
}

func (r Rows) partialOut() (*fit, error) {
	var basis linear.Basis
	ones := make([]float64, len(r.Y))
	for i := range ones {
		ones[i] = 1
	}
	basis.Add(ones)
	f := &fit{n: float64(len(r.Y))}
	for j, x := range r.X {
		if !basis.Add(centred(x)) {
			f.dropped = append(f.dropped, j)
		}
	}
	f.df = f.n - float64(basis.Rank()) - 1
	if f.df < 1 {
		return nil, fmt.Errorf("%w: %d for %d columns: wait for more", stats.ErrTooFew, len(r.Y), basis.Rank()+1)
	}
	z := centred(r.Z)
	f.y, f.d, f.z = basis.Residual(centred(r.Y)), basis.Residual(centred(r.D)), basis.Residual(z)
	if !basis.Add(z) {
		return nil, fmt.Errorf("%w: the instrument is constant, or a combination of the covariates", stats.ErrNoVariance)
	}
	f.zz, f.zy, f.zd = linear.Dot(f.z, f.z), linear.Dot(f.z, f.y), linear.Dot(f.z, f.d)
	if f.zd*f.zd <= rounding*f.zz*linear.Dot(f.d, f.d) {
		return nil, fmt.Errorf("%w: the instrument moves nobody to or from the treatment", stats.ErrZeroDenominator)
	}
	f.restY, f.restD = less(f.y, f.zy/f.zz, f.z), less(f.d, f.zd/f.zz, f.z)
	if linear.Dot(f.restY, f.restY)+linear.Dot(f.restD, f.restD) <= rounding*(linear.Dot(f.y, f.y)+linear.Dot(f.d, f.d)) {
		return nil, fmt.Errorf("%w: instrument and covariates explain outcome and treatment exactly", stats.ErrNoVariance)
	}
	return f, nil
}

// rounding is the share of a sum of squares that is not told from zero.
const rounding = 1e-24

func (f *fit) stdErrors(effect float64, cluster []int64) (StdErrors, int, error) {
	u := less(f.y, effect, f.d)
	squares, robust := 0.0, 0.0
	sums := map[int64]float64{}
	for i := range u {
		squares += u[i] * u[i]
		robust += f.z[i] * u[i] * f.z[i] * u[i]
		if cluster != nil {
			sums[cluster[i]] += f.z[i] * u[i]
		}
	}
	scale := math.Abs(f.zd)
	s := StdErrors{
		Classic: math.Sqrt(squares/f.df*f.zz) / scale,
		HC0:     math.Sqrt(robust) / scale, HC1: math.Sqrt(robust*f.n/f.df) / scale,
		CR0: math.NaN(), CR1S: math.NaN(),
	}
	if cluster == nil {
		return s, 0, nil
	}
	if len(sums) < 2 {
		return s, len(sums), fmt.Errorf("%w: one cluster shows no variance between clusters", stats.ErrTooFew)
	}
	g, between := float64(len(sums)), 0.0
	for _, v := range sortedValues(sums) {
		between += v * v
	}
	s.CR0 = math.Sqrt(between) / scale
	s.CR1S = s.CR0 * math.Sqrt(g/(g-1)*(f.n-1)/f.df)
	return s, len(sums), nil
}

// reduced is the reduced form: the instrument's effects on outcome and treatment with their covariance matrix, homoskedastic or HC1. Its
// ratio is the effect, and its Fieller set that of Anderson and Rubin.
func (f *fit) reduced(robust bool) fieller.Pair {
	p := fieller.Pair{M1: f.zy / f.zz, M0: f.zd / f.zz}
	for i := range f.z {
		w := 1 / f.zz
		if robust {
			w = f.n * f.z[i] * f.z[i] / f.zz / f.zz
		}
		p.V11 += w * f.restY[i] * f.restY[i] / f.df
		p.V10 += w * f.restY[i] * f.restD[i] / f.df
		p.V00 += w * f.restD[i] * f.restD[i] / f.df
	}
	return p
}
