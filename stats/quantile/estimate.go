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
// there, with a warning.
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
	e := Estimate{Value: s.Value, Rows: s.Rows, Units: s.Shares.N, Effective: s.effectiveUnits()}
	e.Share, e.ShareStdError = s.share()
	low, high := outerRanks(s.Q, s.Rows, e.ShareStdError)
	e.LowerRank, e.Lower, e.UpperRank, e.Upper = s.around(low, high)
	e.StdError = (e.Upper - e.Lower) / (2 * width)
	e.judge(s, low, high)
	return e, nil
}

// share is the part of rows that are <= Value, with its standard error by the delta method over units.
func (s Summary) share() (p, se float64) {
	m := &s.Shares
	p = m.Means[0] / m.Means[1]
	squares := m.Cov(0, 0) - 2*p*m.Cov(0, 1) + p*p*m.Cov(1, 1)
	return p, math.Sqrt(max(squares, 0)/float64(m.N)) / m.Means[1]
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
	return s.Ranks[i], s.Values[i], s.Ranks[j], s.Values[j]
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
	return s.checkRanks()
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
	if at := rank(s.Q, s.Rows); s.Ranks[0] > at || s.Ranks[len(s.Ranks)-1] < at || !(s.Values[0] <= s.Value && s.Value <= s.Values[len(s.Values)-1]) {
		return fmt.Errorf("%w: the order statistics lie to one side of the quantile", stats.ErrInvalid)
	}
	return nil
}
