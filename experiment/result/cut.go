package result

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// NotDecided is the state of a result that is about a part of the experiment. It is no decision, and has no treatments: whether to launch
// is decided on the whole, by rules that count every test, and a part is one of many that could have been looked at.
const NotDecided = "NOT-DECIDED"

// Whole reports whether the result is about the whole experiment.
func (c Cut) Whole() bool { return len(c.Segments) == 0 && c.Day == nil && c.Age == nil }

// String names the part for a reader, as country = DE, up to 2026-10-14, age 7 days; it is empty for the whole.
func (c Cut) String() string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(c.Segments)) {
		parts = append(parts, name+" = "+c.Segments[name])
	}
	if c.Day != nil {
		parts = append(parts, "up to "+*c.Day)
	}
	if c.Age != nil {
		age := fmt.Sprintf("age %d days", *c.Age)
		if *c.Age == 1 {
			age = "age 1 day"
		}
		parts = append(parts, age)
	}
	return strings.Join(parts, ", ")
}
