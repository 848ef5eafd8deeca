package design

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"liftgate/datasets"
	"liftgate/datasets/expr"
	"liftgate/experiment/assignment"
)

func attributesOf(m Merchant) assignment.Attributes {
	return func(name string) expr.Value { return m.Attributes[name] }
}

// stratumOf is the stratum of a merchant and its name; a null is a value of its own.
func stratumOf(strata []string, m Merchant) (key, name string) {
	values := make([]string, len(strata))
	for i, s := range strata {
		v := m.Attributes[s]
		if values[i] = v.Plain(); v.Null() {
			values[i] = datasets.NoValue
		}
	}
	return strings.Join(values, "\x00"), strings.Join(values, " / ")
}

// largest keeps squares and their sums finite.
const largest = 1e100

// valuesOf are a merchant's balance variables.
func valuesOf(balance []string, m Merchant) ([]float64, error) {
	if len(balance) == 0 {
		return nil, nil
	}
	out := make([]float64, len(balance))
	for i, name := range balance {
		v := m.Attributes[name]
		if v.Null() {
			return nil, fmt.Errorf("merchant %q: %s is null, and merchants are balanced on it: fill it in, or leave the merchant out by a condition (assignment.eligible)", m.Key, name)
		}
		x, ok := number(v)
		if !ok || math.IsNaN(x) || math.Abs(x) > largest {
			return nil, fmt.Errorf("merchant %q: %s is %s, and balance needs a finite number", m.Key, name, v)
		}
		out[i] = x
	}
	return out, nil
}

// number reads a value as a number; lists often hold numbers as texts.
func number(v expr.Value) (x float64, ok bool) {
	switch v.Type {
	case expr.Number:
		return v.Number(), true
	case expr.Text:
		x, err := strconv.ParseFloat(strings.TrimSpace(v.Text), 64)
		return x, err == nil
	}
	return 0, false
}
