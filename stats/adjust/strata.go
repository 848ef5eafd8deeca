package adjust

import (
	"cmp"
	"fmt"
	"slices"

	"liftgate/stats"
	"liftgate/stats/internal/degrees"
	"liftgate/stats/mean"
)

// Stratum is the units of both variants that share what was known before the exposure: moments of one value.
type Stratum struct{ Treated, Control stats.Moments }

func (s Stratum) n() int64 { return s.Treated.N + s.Control.N }

// full says whether both variants have the two units that a variance takes.
func (s Stratum) full() bool { return s.Treated.N >= 2 && s.Control.N >= 2 }

// Stratified is a post-stratified comparison.
type Stratified struct {
	mean.Result
	Strata         int     // that were compared
	Collapsed      int     // strata given, less those compared
	CollapsedShare float64 // of all units, in strata that were put together with others
}

// PostStratify compares means within strata and weighs them by all units, N_h/N:
//
//	sum of N_h/N (mean_1h - mean_0h),  variance  sum of (N_h/N)² (s²_1h/n_1h + s²_0h/n_0h),
//
// given the strata's sizes: L. Miratrix, J. Sekhon, B. Yu, "Adjusting treatment effect estimates by post-stratification in randomized
// experiments", J. R. Statist. Soc. B 75 (2013) 369-396, section 2. Degrees of freedom are Satterthwaite's of all cells, or by =
// [mean.ByNormal].
//
// A stratum with fewer than two units in a variant shows no variance there. Such strata are put together, and with the smallest of the
// others where that is not enough, which keeps the estimate unbiased (units were randomised across strata) and is said in a warning;
// dropping them would answer for other units.
//
// Valid as [stats.CompareMeans] is, and with about ten units a cell, below which weights that depend on chance cost more than they bring.
// Errors: [stats.ErrTooFew] when all strata together have fewer than two units in a variant, [stats.ErrNoVariance] without variance in
// any, [stats.ErrInvalid] for moments of other dimensions.
func PostStratify(strata []Stratum, by mean.Reference, o mean.Options) (Stratified, error) {
	compared, share, err := collapse(strata)
	if err != nil {
		return Stratified{}, err
	}
	l, err := stratifiedLevels(compared)
	if err != nil {
		return Stratified{}, err
	}
	if l, err = by.Of(l); err != nil {
		return Stratified{}, err
	}
	tested, err := mean.Of(l, o)
	if err != nil {
		return Stratified{}, err
	}
	s := Stratified{Result: tested, Strata: len(compared), Collapsed: len(strata) - len(compared), CollapsedShare: share}
	if share > 0 {
		s.Warnings = append(s.Warnings, fmt.Sprintf("strata with fewer than two units in a variant were put together with others: %.2g %% of all units", 100*share))
	}
	return s, nil
}

// collapse puts strata together until every one can be compared, and gives the share of the units that this moved.
func collapse(strata []Stratum) (compared []Stratum, share float64, err error) {
	var rest Stratum
	total, mixed := int64(0), 0
	for _, s := range strata {
		if err := s.check(); err != nil {
			return nil, 0, err
		}
		total += s.n()
		if s.full() {
			compared = append(compared, s)
			continue
		}
		rest.merge(s)
		mixed++
	}
	slices.SortStableFunc(compared, func(a, b Stratum) int { return cmp.Compare(a.n(), b.n()) })
	for rest.n() > 0 && !rest.full() {
		if len(compared) == 0 {
			return nil, 0, fmt.Errorf("%w: %d in the treatment and %d in the control, over all strata; a variance needs 2", stats.ErrTooFew, rest.Treated.N, rest.Control.N)
		}
		rest.merge(compared[0])
		compared = compared[1:]
		mixed++
	}
	if rest.n() > 0 {
		compared = append(compared, rest)
	}
	if len(compared) == 0 {
		return nil, 0, fmt.Errorf("%w: no stratum has any", stats.ErrTooFew)
	}
	if mixed > 1 {
		share = float64(rest.n()) / float64(total)
	}
	return compared, share, nil
}

func (s *Stratum) merge(o Stratum) {
	s.Treated.Merge(&o.Treated)
	s.Control.Merge(&o.Control)
}

func (s Stratum) check() error {
	for _, m := range []stats.Moments{s.Treated, s.Control} {
		if m.N < 0 || m.N > 0 && (m.Dim() != 1 || len(m.Cross) != 1) {
			return fmt.Errorf("%w: a stratum with %d units and moments of dimension %d", stats.ErrInvalid, m.N, m.Dim())
		}
	}
	return nil
}

func stratifiedLevels(strata []Stratum) (stats.Levels, error) {
	total := 0.0
	for _, s := range strata {
		total += float64(s.n())
	}
	l := stats.Levels{Method: "post-stratified"}
	var variances, df []float64
	for _, s := range strata {
		weight := float64(s.n()) / total
		for _, cell := range []struct {
			stats.Moments
			level, variance *float64
		}{{s.Treated, &l.Treated, &l.VarTreated}, {s.Control, &l.Control, &l.VarControl}} {
			n := float64(cell.N)
			v := weight * weight * max(cell.Cov(0, 0), 0) / n
			*cell.level += weight * cell.Means[0]
			*cell.variance += v
			variances, df = append(variances, v), append(df, n-1)
		}
	}
	if l.VarTreated+l.VarControl == 0 {
		return l, fmt.Errorf("%w: no unit differs from another of its stratum and variant", stats.ErrNoVariance)
	}
	l.DF = degrees.Satterthwaite(variances, df)
	return l, nil
}
