package stats

import (
	"errors"
	"math"
	"strings"
	"testing"
)

func units(values ...float64) Moments {
	var m Moments
	for _, v := range values {
		m.Add(v)
	}
	return m
}

func vectors(rows ...[]float64) Moments {
	var m Moments
	for _, row := range rows {
		m.Add(row...)
	}
	return m
}

// Input without an answer.
var (
	good     = units(1, 2, 3)
	nan      = Moments{N: 3, Means: []float64{math.NaN()}, Cross: []float64{1}}
	infinite = Moments{N: 3, Means: []float64{1}, Cross: []float64{math.Inf(1)}}
	negative = Moments{N: 3, Means: []float64{1}, Cross: []float64{-1}}
	short    = Moments{N: 3, Means: []float64{1, 1}, Cross: []float64{1}}
	zero     = vectors([]float64{0, 0}, []float64{1, 0}, []float64{2, 0})
	ratio    = vectors([]float64{0, 1}, []float64{1, 2}, []float64{2, 2})
	constant = vectors([]float64{0.1, 0.3}, []float64{0.2, 0.6}, []float64{0.7, 2.1}, []float64{0.4, 1.2})
	leak     = vectors([]float64{1, 1}, []float64{2, 2}, []float64{4, 4}, []float64{6, 6})

	noAnswers = map[string]struct {
		err  error
		want error
		says string
	}{
		"no units":                 {second(CompareMeans(Moments{}, good)), ErrTooFew, "treatment"},
		"one unit":                 {second(CompareMeans(good, units(1))), ErrTooFew, "control"},
		"no variance":              {second(CompareMeans(units(2, 2, 2), units(3, 3))), ErrNoVariance, "no test"},
		"rounding variance":        {second(CompareMeans(units(0.1, 0.1), units(0.1, math.Nextafter(0.1, 1)))), ErrNoVariance, "no test"},
		"NaN":                      {second(CompareMeans(nan, good)), ErrInvalid, "NaN"},
		"infinite":                 {second(CompareMeans(good, infinite)), ErrInvalid, "cross-product"},
		"negative squares":         {second(CompareMeans(good, negative)), ErrInvalid, "negative"},
		"short cross":              {second(CompareRatios(short, ratio)), ErrInvalid, "dimension"},
		"impossible covariance":    {second(CompareRatios(ratio, Moments{N: 3, Means: []float64{0, 1}, Cross: []float64{1, 2, 1}})), ErrInvalid, "cross-product"},
		"denominator next to none": {second(CompareRatios(ratio, vectors([]float64{1, 1e-74}, []float64{1e3, 1e-74}))), ErrInvalid, "next to zero"},
		"dimension":                {second(CompareMeans(ratio, good)), ErrInvalid, "dimension"},
		"no denominator":           {second(CompareRatios(ratio, zero)), ErrZeroDenominator, "control"},
		"constant ratio":           {second(CompareRatios(constant, constant)), ErrNoVariance, "no test"},
		"parts":                    {second(CompareAdjusted(ratio, ratio, 3)), ErrInvalid, "parts"},
		"dimensions differ":        {second(CompareAdjusted(ratio, good, 1)), ErrInvalid, "control"},
		"few for covariates":       {second(CompareAdjusted(vectors([]float64{0, 1}, []float64{1, 3}), ratio, 1)), ErrTooFew, "regression"},
		"adjusted without units":   {second(CompareAdjusted(Moments{}, ratio, 1)), ErrTooFew, "treatment"},
		"covariate is it":          {second(CompareAdjusted(leak, leak, 1)), ErrNoVariance, "metric itself"},
		"no trials":                {second(CompareProportions(Binomial{}, gate30)), ErrTooFew, "treatment"},
		"too many successes":       {second(CompareProportions(gate40, Binomial{3, 2})), ErrInvalid, "control"},
		"negative successes":       {second(CompareProportions(Binomial{-1, 2}, gate30)), ErrInvalid, "treatment"},
		"split lengths":            {second(SampleRatio([]int64{1}, []float64{1, 1})), ErrInvalid, "weights"},
		"split empty":              {second(SampleRatio([]int64{0, 0}, []float64{1, 1})), ErrTooFew, "two variants"},
		"split weight":             {second(SampleRatio([]int64{1, 1}, []float64{1, math.NaN()})), ErrInvalid, "weight"},
		"split impossible":         {second(SampleRatio([]int64{1, 1, 1}, []float64{1, 1, 0})), ErrInvalid, "broken"},
		"split count":              {second(SampleRatio([]int64{-1, 1}, []float64{1, 1})), ErrInvalid, "units"},
		"table ragged":             {second(Homogeneity([][]int64{{1, 2}, {3}})), ErrInvalid, "columns"},
		"table negative":           {second(Homogeneity([][]int64{{1, 2}, {3, -1}})), ErrInvalid, "count"},
		"table one row":            {second(Homogeneity([][]int64{{10, 20}, {0, 0}})), ErrTooFew, "variants"},
		"table one day":            {second(Homogeneity([][]int64{{10}, {20}})), ErrTooFew, "one day"},
		"table small":              {second(Homogeneity([][]int64{{1, 1}, {1, 1}})), ErrTooFew, "too small"},
		"table nothing":            {second(Homogeneity(nil)), ErrTooFew, "variants"},
	}
)

func TestNoAnswer(t *testing.T) {
	for name, c := range noAnswers {
		t.Run(name, func(t *testing.T) {
			if !errors.Is(c.err, c.want) || !strings.Contains(c.err.Error(), c.says) {
				t.Errorf("got %q, want %q and %q in it", c.err, c.want, c.says)
			}
		})
	}
}

func second[T any](_ T, err error) error { return err }

// TestOneSidedVariance: a variant without variance is known exactly, and the other decides.
func TestOneSidedVariance(t *testing.T) {
	c, err := CompareMeans(units(1, 2, 3, 4), units(2, 2, 2))
	noErrors(t, err)
	near(t, "df", c.(*pair).df, 3, 1e-12)
	if l := c.Lift(0.999); l.Shape != Bounded {
		t.Errorf("a control known exactly gives a bounded lift, got %+v", l)
	}
}

// TestZeroControl: without a control level there is a difference and no lift.
func TestZeroControl(t *testing.T) {
	c, err := CompareMeans(units(1, 2, 3, 4), units(0, 0, 0))
	noErrors(t, err)
	l := c.Lift(0.95)
	if !math.IsNaN(l.Estimate) || l.Shape == Bounded || l.Reason == "" {
		t.Errorf("lift over a control of zero: %+v", l)
	}
	if p := c.PDifference(0); math.IsNaN(p) || p != c.PLift(0) {
		t.Errorf("p %v and %v", p, c.PLift(0))
	}
}

func TestWarnings(t *testing.T) {
	few, err1 := CompareProportions(Binomial{3, 100}, Binomial{20, 100})
	many, err2 := CompareProportions(Binomial{30, 100}, Binomial{20, 100})
	small, err3 := CompareMeans(units(1, 2, 3), units(2, 4, 1))
	negative, err4 := CompareMeans(gate40Rounds, Moments{N: 100, Means: []float64{-1}, Cross: []float64{100}})
	thin := vectors([]float64{1, 1}, []float64{2, 1}, []float64{1, 9}, []float64{0, 1})
	unsteady, err5 := CompareRatios(thin, thin)
	noErrors(t, err1, err2, err3, err4, err5)
	for _, c := range []struct {
		contrast Contrast
		want     string
	}{{few, "only 3 successes"}, {small, "degrees of freedom"}, {negative, "negative"}, {unsteady, "denominator"}} {
		if got := append(c.contrast.Warnings(), c.contrast.Outside()); !strings.Contains(strings.Join(got, "\n"), c.want) {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
	if len(many.Warnings()) != 0 || many.Outside() != "" {
		t.Errorf("unexpected warnings %q", many.Warnings())
	}
}
