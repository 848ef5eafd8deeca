package quantile

import "fmt"

// Limits of the region of validity, by simulation: see TestCalibration.
const (
	fewUnits  = 40
	fewRows   = 10
	fewValues = 10
)

// judge says how far the estimate can be trusted. Low and high are the ranks that the interval asked for.
func (e *Estimate) judge(s Summary, low, high float64) {
	rows := float64(e.Rows)
	effective := rows // number of independent rows whose share would be known as well
	if e.ShareStdError > 0 && e.Share < 1 {
		effective = min(rows, e.Share*(1-e.Share)/(e.ShareStdError*e.ShareStdError))
	}
	ranks := float64(e.UpperRank - e.LowerRank)
	if s.Sketched != nil { // whose ranks lie farther out than those that tell of the spacing
		ranks = min(high, rows) - max(low, 1)
	}
	between := max(ranks, 1) * effective / rows
	e.DF = 1 / (1/max(e.Effective-1, 1) + 1/between)

	switch beyond := effective * min(s.Q, 1-s.Q); {
	case e.Effective < fewUnits:
		e.Outside = fmt.Sprintf("only %.3g effective units, %d are needed", e.Effective, fewUnits)
	case beyond < fewRows:
		e.Outside = fmt.Sprintf("only %.3g effective rows lie beyond the quantile, %d are needed", beyond, fewRows)
	}
	if low < 1 || high > rows {
		e.warn("the interval of order statistics ends at the first or last row, its true end is not known: wait for more rows")
	}
	if s.distinct(e.Lower, e.Upper) < fewValues {
		step := s.step(e.Lower, e.Upper)
		e.Rounding = step / (2 * width)
		if e.Rounding > e.StdError/2 {
			e.warn(fmt.Sprintf("values around the quantile come in steps of up to %.4g, and the quantile can be no more precise", step))
		}
	}
}

func (e *Estimate) warn(text string) { e.Warnings = append(e.Warnings, text) }

// distinct counts the different values held from lower to upper, up to the number that is enough.
func (s Summary) distinct(lower, upper float64) int {
	n, last := 0, 0.0
	for _, v := range s.Values {
		if v < lower || v > upper || n > 0 && v == last {
			continue
		}
		last = v
		if n++; n >= fewValues {
			break
		}
	}
	return n
}

// step is the larger of the distances from the interval to the next values held outside it; 0 when there are none.
func (s Summary) step(lower, upper float64) float64 {
	var step float64
	for i, v := range s.Values {
		if v < lower && s.Values[i+1] >= lower {
			step = max(step, lower-s.upper(i))
		}
		if v > upper && s.Values[i-1] <= upper {
			step = max(step, v-upper)
		}
	}
	return step
}
