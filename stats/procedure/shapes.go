package procedure

import (
	"encoding/json"
	"errors"

	"liftgate/stats"
)

// sums is a variant of a mean: [n, sum, sum of squares].
type sums struct{ n, sum, squares float64 }

func (s *sums) UnmarshalJSON(text []byte) error {
	var list []float64
	if err := json.Unmarshal(text, &list); err != nil {
		return err
	}
	if len(list) != 3 {
		return errors.New("three numbers are needed")
	}
	*s = sums{list[0], list[1], list[2]}
	_, err := whole(s.n)
	return err
}

func (s sums) moments() (stats.Moments, error) {
	n, err := whole(s.n)
	if err != nil {
		return stats.Moments{}, err
	}
	return stats.MomentsOfSums(n, s.sum, s.squares)
}

// count is a variant of a proportion: [successes, units].
type count struct{ successes, units float64 }

func (c *count) UnmarshalJSON(text []byte) error {
	var list []float64
	if err := json.Unmarshal(text, &list); err != nil {
		return err
	}
	if len(list) != 2 {
		return errors.New("two numbers are needed")
	}
	*c = count{list[0], list[1]}
	_, err := c.binomial()
	return err
}

func (c count) binomial() (stats.Binomial, error) {
	x, err1 := whole(c.successes)
	n, err2 := whole(c.units)
	return stats.Binomial{Successes: x, N: n}, errors.Join(err1, err2)
}

// whole is a count that was read as a number, such as 1e6.
func whole(x float64) (int64, error) {
	n := int64(x)
	if x < -1e15 || x > 1e15 || float64(n) != x {
		return 0, &InputError{Err: errors.New("a count must be a whole number below 1e15")}
	}
	return n, nil
}

// twoSums and twoCounts are the inputs of comparisons; atLevel adds the level of their intervals.
type (
	twoSums struct {
		Control   sums `json:"control" doc:"[n, sum, sum of squares] of the control"`
		Treatment sums `json:"treatment" doc:"[n, sum, sum of squares] of the treatment"`
	}
	twoCounts struct {
		Control   count `json:"control" doc:"[successes, units] of the control"`
		Treatment count `json:"treatment" doc:"[successes, units] of the treatment"`
	}
	atLevel struct {
		Level float64 `json:"level" default:"0.95" doc:"confidence level of the interval, between 0 and 1"`
	}
)

func (t twoSums) moments() (treated, control stats.Moments, err error) {
	treated, err1 := t.Treatment.moments()
	control, err2 := t.Control.moments()
	return treated, control, errors.Join(err1, err2)
}

func (t twoCounts) binomials() (treated, control stats.Binomial, err error) {
	treated, err1 := t.Treatment.binomial()
	control, err2 := t.Control.binomial()
	return treated, control, errors.Join(err1, err2)
}

func (l atLevel) check() error {
	if !(l.Level > 0 && l.Level < 1) {
		return &InputError{"level", errors.New("it must lie between 0 and 1")}
	}
	return nil
}

// comparison is a contrast at a level, against a null on the difference's scale.
type comparison struct {
	Method     string
	Difference stats.Estimate
	Lift       stats.Lift
	PValue     float64
	Outside    string
	Warnings   []string
}

func compare(c stats.Contrast, level, null float64) comparison {
	return comparison{
		Method: c.Method(), Difference: c.Difference(level), Lift: c.Lift(level), PValue: c.PDifference(null),
		Outside: c.Outside(), Warnings: c.Warnings(),
	}
}
