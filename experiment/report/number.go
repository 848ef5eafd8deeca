package report

import (
	"math"
	"strconv"

	"liftgate/experiment/result"
)

// absent stands for a number that does not exist.
const absent = "–"

// scale is how a metric's numbers are written: as a percentage or as they are, with as many decimals as show two significant
// digits of the standard error.
type scale struct {
	percent  bool
	decimals int
}

// The most decimals worth reading; smaller numbers are written with an exponent.
const (
	percentDecimals = 4
	plainDecimals   = 6
)

// scaleOf chooses how to write a metric's values and differences.
func scaleOf(m *result.Metric) scale {
	s := scale{percent: m.IsShare()}
	factor, most := 1.0, plainDecimals
	if s.percent {
		factor, most = 100, percentDecimals
	}
	s.decimals = decimals(precision(m)*factor, most)
	return s
}

// precision is the smallest standard error of a metric's differences, else of its values, else a thousandth of its largest value.
func precision(m *result.Metric) float64 {
	best := math.Inf(1)
	for _, c := range m.Comparisons {
		best = smaller(best, difference(c.Difference).StdError)
	}
	if !math.IsInf(best, 1) {
		return best
	}
	largest := 0.0
	for i := range m.Variants {
		best = smaller(best, m.Variants[i].StdError)
		largest = math.Max(largest, math.Abs(orZero(m.Variants[i].Value)))
	}
	if !math.IsInf(best, 1) {
		return best
	}
	return largest / 1000
}

func smaller(best float64, x *float64) float64 {
	if x != nil && *x > 0 && *x < best {
		return *x
	}
	return best
}

// decimals is how many decimals show two significant digits of a standard error.
func decimals(stdError float64, most int) int {
	if !(stdError > 0) || math.IsInf(stdError, 1) {
		return 2
	}
	return min(max(1-int(math.Floor(math.Log10(stdError))), 0), most)
}

// longestValue is how many characters a level may have: more do not fit a column.
const longestValue = 10

// value writes a level of the metric: 31.21%, 1,234.5. One that is too long loses its decimals, then its digits: 5.122e+11.
func (s scale) value(x *float64) string {
	if s.percent {
		return percent(x, s.decimals)
	}
	text := plain(x, s.decimals)
	if len(text) > longestValue {
		text = plain(x, 0)
	}
	if len(text) > longestValue {
		return strconv.FormatFloat(*x, 'g', 4, 64)
	}
	return text
}

// change writes a difference with its sign and unit: +1.01 pp, -12.3.
func (s scale) change(x *float64) string {
	if text := s.end(x); !s.percent || text == absent {
		return text
	}
	return s.end(x) + " pp"
}

// end writes an end of a difference's interval: signed, without unit.
func (s scale) end(x *float64) string {
	if x == nil {
		return absent
	}
	y := *x
	if s.percent {
		y *= 100
	}
	return signed(&y, s.decimals)
}

// liftDecimals is how many decimals a lift's percentage deserves, by the width of its interval.
func liftDecimals(l *result.Lift) int {
	if l == nil || l.Lower == nil || l.Upper == nil {
		return 1
	}
	return max(decimals(math.Abs(*l.Upper-*l.Lower)/4*100, percentDecimals), 1)
}

// plain writes a number with thousands separators; a very small or large one with an exponent.
func plain(x *float64, decimals int) string {
	if x == nil || math.IsNaN(*x) || math.IsInf(*x, 0) {
		return absent
	}
	size := math.Abs(*x)
	if size >= 1e12 || (size > 0 && size < 0.5*math.Pow10(-plainDecimals)) {
		return strconv.FormatFloat(*x, 'g', 3, 64)
	}
	return result.Grouped(strconv.FormatFloat(*x, 'f', decimals, 64))
}

// percent writes a share as a percentage.
func percent(x *float64, decimals int) string {
	if x == nil {
		return absent
	}
	y := *x * 100
	if text := plain(&y, decimals); text != absent {
		return text + "%"
	}
	return absent
}

// signed is plain with a sign. The sign stays when the number rounds to zero, because the side of zero matters.
func signed(x *float64, decimals int) string {
	text := plain(x, decimals)
	if text != absent && *x > 0 {
		return "+" + text
	}
	return text
}

// signedPercent is percent with a sign, for lifts.
func signedPercent(x *float64, decimals int) string {
	text := percent(x, decimals)
	if text != absent && *x > 0 {
		return "+" + text
	}
	return text
}

// count writes a whole number with thousands separators.
func count(n int64) string { return result.Count(n) }

// probability writes a p-value: four decimals where they can matter, three elsewhere.
func probability(p *float64) string {
	switch {
	case p == nil || math.IsNaN(*p):
		return absent
	case *p < 0.0001:
		return "<0.0001"
	case *p < 0.1:
		return strconv.FormatFloat(*p, 'f', 4, 64)
	case *p > 0.999:
		return ">0.999"
	}
	return strconv.FormatFloat(*p, 'f', 3, 64)
}

// short writes a positive number such as a level, a margin or an alpha without trailing zeros.
func short(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return absent
	}
	return strconv.FormatFloat(x, 'g', 4, 64)
}

// shortPercent is short for a share.
func shortPercent(x float64) string {
	if text := short(x * 100); text != absent {
		return text + "%"
	}
	return absent
}

// roundedUp writes an error as a percentage of few digits that is not smaller.
func roundedUp(x float64) string { return short(math.Ceil(x*1000)/10) + "%" }

// moment writes a time of the result for people.
func moment(s *string) string {
	if s == nil || *s == "" {
		return absent
	}
	return result.Moment(*s)
}

// size writes a number of bytes: 812 B, 1.4 MB.
func size(n int64) string {
	units := []string{"B", "kB", "MB", "GB", "TB"}
	x, i := float64(n), 0
	for x >= 1000 && i < len(units)-1 {
		x, i = x/1000, i+1
	}
	if i == 0 {
		return count(n) + " B"
	}
	return strconv.FormatFloat(x, 'f', 1, 64) + " " + units[i]
}
