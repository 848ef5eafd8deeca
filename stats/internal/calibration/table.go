package calibration

import (
	"fmt"
	"strings"
)

// Numbers counts the rates that must lie in a band.
func Numbers(rows []Row) int {
	n := 0
	for _, r := range rows {
		if r.Promised() {
			n += r.numbers()
		}
	}
	return n
}

// Line is the row as a line of the table.
func (r Row) Line(numbers int) string {
	verdict := "in band"
	switch misses := r.Misses(numbers); {
	case !r.Promised() && len(misses) > 0:
		verdict = "misses: " + strings.Join(misses, ", ")
	case len(misses) > 0:
		verdict = "**misses**: " + strings.Join(misses, ", ")
	}
	region := "inside"
	switch {
	case r.Outside >= 1-inside:
		region = "outside"
	case r.Outside > inside:
		region = fmt.Sprintf("%.0f %% outside", 100*r.Outside)
	}
	if r.Kind == Shown {
		region = "-"
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s | %s | %s | %s |", r.Regime, r.Method, r.Kind, region,
		r.FalsePositives, r.Difference, r.Lift, verdict)
}

// String is the rate in percent.
func (r Rate) String() string {
	if r.Of == 0 {
		return ""
	}
	return fmt.Sprintf("%.2f %%", 100*r.Share())
}

const preface = `# Calibration

How often the procedures of this package err, by simulation. Made by ` + "`go generate ./stats`" + `; do not edit. A test runs every tenth regime
again and compares its lines.

Every line is one method in one regime: experiments without an effect (false positives: two-sided p < 5 %%) and as many with one (how often
the 95 %% intervals of the difference and of the lift cover the truth). Methods of one regime judge the same draws. Seeds are a hash of
the regime's name.

- *nominal* methods promise 5 %% and 95 %%, *conservative* ones at most 5 %% and at least 95 %%; *shown* ones are well known and stand here
  for comparison.
- *region*: whether the regime lies inside the method's region of validity, by what it says of the simulated data itself (` + "`Outside`" + `);
  there the rates must lie in binomial bands that hold for all %d numbers of this table together with probability 99.9 %%. For 10,000
  experiments that is %.2f to %.2f %% false positives, for 2,000 %.2f to %.2f %%.
- Outside its region a method may still be right. What misses there shows why the region ends.
`

// Table is the whole document.
func Table(rows []Row) string {
	numbers := Numbers(rows)
	var out strings.Builder
	many, few := bandOf(10000, 1-Level, numbers), bandOf(2000, 1-Level, numbers)
	fmt.Fprintf(&out, preface, numbers, float64(many.low)/100, float64(many.high)/100, float64(few.low)/20, float64(few.high)/20)
	family := ""
	for _, r := range rows {
		if r.Family != family {
			family = r.Family
			fmt.Fprintf(&out, "\n## %s\n\n| regime | method | promise | region | false positives | difference covered | lift covered | verdict |\n|---|---|---|---|---|---|---|---|\n", family)
		}
		fmt.Fprintln(&out, r.Line(numbers))
	}
	return out.String()
}
