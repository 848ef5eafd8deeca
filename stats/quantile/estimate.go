package quantile

import (
	"fmt"
	"math"

	"liftgate/stats"
)

// width is the number of standard errors of the share, to either side, at which the outer interval's order statistics are taken: the
// normal quantile of a 95 % interval. It is fixed, so that one standard error serves every level.
const width = 1.959963984540054

// Estimate is a quantile with the outer interval that gives its standard error.
type Estimate struct {
	Value         float64
	Least, Most   float64 // between which the quantile of the rows lies: it is Value unless the summary is that of a sketch
	Rows, Units   int64
	Effective     float64 // units: (sum of their rows)² / sum of their rows²
	Share         float64 // of rows <= Value; above Q where rows are tied
	ShareStdError float64 // over units
	// Lower and Upper are the order statistics around ranks Rows (Q -+ 1.96 ShareStdError), at LowerRank and UpperRank.
	Lower, Upper         float64
	LowerRank, UpperRank int64
	StdError             float64 // (Upper - Lower) / (2 * 1.96)
	// Rounding is what [Compare] adds to StdError where few different values lie between Lower and Upper: the step to the next
	// value, over 2 * 1.96. A quantile of values that come in steps is only known up to a step.
	Rounding float64
	DF       float64 // of StdError²
	Outside  string  // see stats.Contrast
	Warnings []string
}

// Estimate gives the quantile's standard error: A. Deng, U. Knoblich, J. Lu, "Applying the Delta Method in Metric Analytics",
// KDD 2018, section 4.2. The share p of rows at or below the quantile is a ratio of totals over units, so its standard error is
// that of the delta method; the order statistics at ranks ceil(N (q -+ z se(p))) then enclose the quantile, and their distance,
// over 2z, is its standard error without an estimate of the density.
//
// Ranks are those of the summary, or the next outer ones that it holds. An interval that ends at the first or last row is cut
// there, with a warning. Of a sketch, Lower and Upper are the bounds of the order statistics' buckets, and the share's error is the larger one
// of those at both ends of the quantile's: the interval holds that of the rows themselves, but where a bucket has a large part of them.
//
// Degrees of freedom: se(p)² is estimated from G effective units, which gives G-1. The distance of order statistics with m rows
// between them varies like that of m/deff independent spacings (deff being the design effect of the share), and so does its
// square, which would give m/(2 deff); simulated error rates are met with m/deff. Both errors add up, 1/df = 1/(G-1) + deff/m:
// Student's t with few clusters or rows, the normal with many.
//
// No rows and fewer than two units are [stats.ErrTooFew]; a summary that no data can produce is [stats.ErrInvalid].
func (s Summary) Estimate() (Estimate, error) {
	if err := s.check(); err != nil {
		return Estimate{}, err
	}
	e := Estimate{Value: s.Value, Least: s.Value, Most: s.Value, Rows: s.Rows, Units: s.Shares.N, Effective: s.effectiveUnits()}
	if at := float64(rank(s.Q, s.Rows)); s.Sketched != nil {
		_, e.Least, _, e.Most = s.around(at, at)
	}
	e.Share, e.ShareStdError = s.share()
	low, high := outerRanks(s.Q, s.Rows, e.ShareStdError)
	e.LowerRank, e.Lower, e.UpperRank, e.Upper = s.around(low, high)
	e.StdError = (e.Upper - e.Lower) / (2 * width)
	e.judge(s, low, high)
	return e, nil
}

// share is the part of rows that are <= Value, with its standard error.
func (s Summary) share() (p, se float64) {
	p, se = shareOf(&s.Shares)
	if s.Sketched != nil {
		_, before := shareOf(&s.Sketched.Before)
		se = max(se, before)
	}
	return p, se
}

// shareOf is a ratio of totals with its standard error by the delta method over units.
func shareOf(m *stats.Moments) (p, se float64) {
	p = m.Means[0] / m.Means[1]
	squares := m.Cov(0, 0) - 2*p*m.Cov(0, 1) + p*p*m.Cov(1, 1)
	return p, math.Sqrt(max(squares, 0)/float64(m.N)) / m.Means[1]
}

// upper is an upper bound of the order statistic at a held rank; Values is a lower one. Without a sketch both are it.
func (s Summary) upper(i int) float64 {
	if s.Sketched != nil {
		return s.Sketched.Upper[i]
	}
	return s.Values[i]
}

func (s Summary) effectiveUnits() float64 {
	rows, squares := s.Shares.Sum(1), s.Shares.Cross[2]+s.Shares.Means[1]*s.Shares.Sum(1)
	return rows * rows / squares
}

// outerRanks are the ranks of the outer interval before they are cut at 1 and rows.
func outerRanks(q float64, rows int64, se float64) (low, high float64) {
	n := float64(rows)
	return math.Ceil(n * (q - width*se)), math.Ceil(n * (q + width*se))
}

// around gives the order statistics at the two ranks, or the nearest that are held outside them.
func (s Summary) around(low, high float64) (lowerRank int64, lower float64, upperRank int64, upper float64) {
	last := len(s.Ranks) - 1
	i, j := 0, last
	for i < last && float64(s.Ranks[i+1]) <= low {
		i++
	}
	for j > 0 && float64(s.Ranks[j-1]) >= high {
		j--
	}
	return s.Ranks[i], s.Values[i], s.Ranks[j], s.upper(j)
}

func (s Summary) check() error {
	switch {
	case !(s.Q > 0 && s.Q < 1):
		return fmt.Errorf("%w: the quantile %v does not lie between 0 and 1", stats.ErrInvalid, s.Q)
	case s.Rows < 0:
		return fmt.Errorf("%w: %d rows", stats.ErrInvalid, s.Rows)
	case s.Rows == 0 || s.Shares.N < 2:
		return fmt.Errorf("%w: %d rows of %d units, a quantile's error needs rows and two units: wait for more", stats.ErrTooFew, s.Rows, s.Shares.N)
	case s.Shares.Dim() != 2 || len(s.Shares.Cross) != 3:
		return fmt.Errorf("%w: the shares have dimension %d, not 2", stats.ErrInvalid, s.Shares.Dim())
	}
	const rounding = 1e-6
	below, total, rows := s.Shares.Sum(0), s.Shares.Sum(1), float64(s.Rows)
	switch {
	case !(math.Abs(total-rows) <= rounding*rows):
		return fmt.Errorf("%w: the units' numbers of rows add up to %v, not %d", stats.ErrInvalid, total, s.Rows)
	case !(below >= s.Q*rows*(1-rounding) && below <= rows*(1+rounding)):
		return fmt.Errorf("%w: %v of %d rows lie at or below the %v quantile", stats.ErrInvalid, below, s.Rows, s.Q)
	}
	for i, c := range s.Shares.Cross {
		if math.IsNaN(c) || math.IsInf(c, 0) || i != 1 && c < -rounding*rows {
			return fmt.Errorf("%w: a cross-product of the shares is %v", stats.ErrInvalid, c)
		}
	}
	if err := s.checkSketched(); err != nil {
		return err
	}
	return s.checkRanks()
}

func (s Summary) checkSketched() error {
	if s.Sketched == nil {
		return nil
	}
	if before := &s.Sketched.Before; before.N != s.Shares.N || before.Dim() != 2 || len(before.Cross) != 3 {
		return fmt.Errorf("%w: the shares before the quantile's bucket do not fit the others", stats.ErrInvalid)
	}
	if len(s.Sketched.Upper) != len(s.Values) {
		return fmt.Errorf("%w: %d order statistics with %d upper bounds", stats.ErrInvalid, len(s.Values), len(s.Sketched.Upper))
	}
	for i, v := range s.Values {
		if upper := s.Sketched.Upper[i]; !(upper >= v) || math.IsInf(upper, 0) || i > 0 && upper < s.Sketched.Upper[i-1] {
			return fmt.Errorf("%w: the order statistic at rank %d lies between %v and %v", stats.ErrInvalid, s.Ranks[i], v, upper)
		}
	}
	return nil
}

func (s Summary) checkRanks() error {
	if len(s.Ranks) == 0 || len(s.Ranks) != len(s.Values) {
		return fmt.Errorf("%w: %d ranks with %d order statistics", stats.ErrInvalid, len(s.Ranks), len(s.Values))
	}
	for i, r := range s.Ranks {
		v := s.Values[i]
		switch {
		case r < 1 || r > s.Rows || i > 0 && r <= s.Ranks[i-1]:
			return fmt.Errorf("%w: ranks must ascend from 1 to %d, rank %d does not", stats.ErrInvalid, s.Rows, r)
		case math.IsNaN(v) || math.IsInf(v, 0):
			return fmt.Errorf("%w: the value at rank %d is %v", stats.ErrInvalid, r, v)
		case i > 0 && v < s.Values[i-1]:
			return fmt.Errorf("%w: the values descend at rank %d", stats.ErrInvalid, r)
		}
	}
	if at := rank(s.Q, s.Rows); s.Ranks[0] > at || s.Ranks[len(s.Ranks)-1] < at || !(s.Values[0] <= s.Value && s.Value <= s.upper(len(s.Values)-1)) {
		return fmt.Errorf("%w: the order statistics lie to one side of the quantile", stats.ErrInvalid)
	}
	return nil
}
