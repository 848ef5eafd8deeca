package experiment

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"liftgate/datasets"
	"liftgate/datasets/bucket"
)

// errShape says that a text does not have its shape at all, so that there is nothing to add to "must be …".
var errShape = errors.New("")

var decimalPattern = regexp.MustCompile(`^\d+(\.\d+)?$`)

// millionths reads a decimal number exactly, times 10^6. It has no sign, and at most 6 decimal places once divided by 10^shift.
func millionths(text string, shift int) (uint64, error) {
	if !decimalPattern.MatchString(text) {
		return 0, errShape
	}
	whole, fraction, _ := strings.Cut(text, ".")
	places := 6 - shift
	if extra := strings.TrimRight(fraction, "0"); len(extra) > places {
		return 0, fmt.Errorf("it has %d decimal places, at most %d are possible", len(extra), places)
	}
	fraction = (fraction + "000000")[:places]
	v, err := strconv.ParseUint(whole+fraction, 10, 64)
	if err != nil || v > 1e15 {
		return 0, errors.New("it is too large")
	}
	return v, nil
}

// weightShape is a variant's weight, in millionths.
var weightShape = scalar{
	what: "a number that is not negative, with at most 6 decimal places, such as 50 or 33.3333",
	json: jsonSchema{"type": "number", "minimum": 0},
	bare: true,
	parse: func(text string) (any, error) {
		v, err := millionths(text, 0)
		if strings.HasPrefix(text, "-") {
			err = errors.New("a weight cannot be negative")
		}
		return v, err
	},
}

// shareShape is a share of units, in millionths.
var shareShape = scalar{
	what: "a percentage such as 5% (at most 4 decimal places) or a number from 0 to 1 (at most 6)",
	json: jsonSchema{"anyOf": []any{
		jsonSchema{"type": "string", "pattern": `^\d+(\.\d{1,4}0*)?%$`},
		jsonSchema{"type": "number", "minimum": 0, "maximum": 1},
	}},
	parse: func(text string) (any, error) {
		shift := 0
		number, percent := strings.CutSuffix(text, "%")
		if percent {
			shift = 2
		}
		v, err := millionths(number, shift)
		switch {
		case err != nil:
			return nil, err
		case v > bucket.Million && !percent && decimalPattern.MatchString(text):
			return nil, fmt.Errorf("did you mean %s%%?", text)
		case v > bucket.Million:
			return nil, errors.New("a share cannot be more than 100%")
		}
		return v, nil
	},
}

// number reads a finite decimal number.
func number(text string) (float64, error) {
	if !numberPattern.MatchString(text) {
		return 0, errShape
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(v, 0) {
		return 0, errors.New("it is too large")
	}
	return v, nil
}

// percentage reads "88%" as 0.88. It scales the decimal text, not the float, so that 0.1% is the float nearest to 0.001.
func percentage(text, unit string) (v float64, is bool, err error) {
	digits, is := strings.CutSuffix(text, unit)
	if !is {
		return 0, false, nil
	}
	if !numberPattern.MatchString(digits) || strings.ContainsAny(digits, "eE") {
		return 0, true, errShape
	}
	v, err = number(digits + "e-2")
	return v, true, err
}

// fraction is a shape for a number or percentage inside an interval.
func fraction(what string, inside func(v float64) bool, json jsonSchema) scalar {
	return scalar{
		what: what,
		json: jsonSchema{"anyOf": []any{jsonSchema{"type": "string", "pattern": `^\d+(\.\d+)?%$`}, json}},
		parse: func(text string) (any, error) {
			v, percent, err := percentage(text, "%")
			if !percent {
				v, err = number(text)
			}
			if err == nil && !inside(v) {
				err = errShape
			}
			return v, err
		},
	}
}

// shareBelow is a shape for a number strictly inside (0, high).
func shareBelow(high float64) scalar {
	return scalar{
		what: fmt.Sprintf("a number between 0 and %g", high),
		json: jsonSchema{"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": high},
		bare: true,
		parse: func(text string) (any, error) {
			if v, percent, err := percentage(text, "%"); percent && err == nil {
				return nil, fmt.Errorf("did you mean %g?", v)
			}
			v, err := number(text)
			if err == nil && (v <= 0 || v >= high) {
				err = errShape
			}
			return v, err
		},
	}
}

// positiveShape is a positive number.
var positiveShape = scalar{
	what: "a positive number", json: jsonSchema{"type": "number", "exclusiveMinimum": 0}, bare: true,
	parse: func(text string) (any, error) {
		v, err := number(text)
		if err == nil && v <= 0 {
			err = errShape
		}
		return v, err
	},
}

// integer is a shape for a whole number in [low, high].
func integer(low, high int64) scalar {
	what := fmt.Sprintf("a whole number from %d to %d", low, high)
	if high == math.MaxInt64 {
		what = fmt.Sprintf("a whole number, at least %d", low)
	}
	json := jsonSchema{"type": "integer", "minimum": low}
	if high != math.MaxInt64 {
		json["maximum"] = high
	}
	return scalar{what: what, json: json, bare: true, parse: func(text string) (any, error) {
		v, err := strconv.ParseInt(text, 10, 64)
		if err != nil || v < low || v > high {
			return nil, errShape
		}
		return v, nil
	}}
}

// limitShape is one end of a cap: a percentile or an absolute number.
var limitShape = scalar{
	what: "a percentile between 0% and 100% such as 99.9%, or a number in the metric's own scale",
	json: jsonSchema{"anyOf": []any{jsonSchema{"type": "string", "pattern": `^\d+(\.\d+)?%$`}, jsonSchema{"type": "number"}}},
	parse: func(text string) (any, error) {
		q, percent, err := percentage(text, "%")
		if percent {
			if err == nil && (q <= 0 || q >= 1) {
				err = errShape
			}
			return &datasets.Limit{Quantile: q}, err
		}
		v, err := number(text)
		return &datasets.Limit{Absolute: &v}, err
	},
}

// marginText is a margin as written: which of its three forms, and the number.
type marginText struct {
	Margin
	points bool
}

// marginShape is a margin in one of its three forms.
var marginShape = scalar{
	what: `a positive size: 0.5pp (percentage points), 1% (relative) or 0.25 (absolute, in the metric's own scale)`,
	json: jsonSchema{"anyOf": []any{
		jsonSchema{"type": "string", "pattern": `^\d+(\.\d+)?(pp|%)$`},
		jsonSchema{"type": "number", "exclusiveMinimum": 0},
	}},
	parse: func(text string) (any, error) {
		var m marginText
		var err error
		if m.Value, m.points, err = percentage(text, "pp"); !m.points {
			if m.Value, m.Relative, err = percentage(text, "%"); !m.Relative {
				m.Value, err = number(text)
			}
		}
		if err == nil && strings.HasPrefix(text, "-") {
			err = errors.New("write its size without a sign: the harmful side follows from better")
		} else if err == nil && m.Value <= 0 {
			err = errors.New("a margin of zero can never be proven")
		}
		return m, err
	},
}
