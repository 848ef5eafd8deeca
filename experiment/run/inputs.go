package run

import (
	"fmt"
	"path"
	"slices"
)

// ChangedInputs compares the data that a run read with the data that are there. What matters is content: a file that lies elsewhere
// by now is the same file.
func ChangedInputs(was, now []Input) []Finding {
	was, now = slices.Clone(was), slices.Clone(now)
	pair(&was, &now, func(a, b Input) bool { return a == b })
	pair(&was, &now, func(a, b Input) bool { return a.sameContent(b) })
	var findings []Finding
	changed := func(a, b Input) { findings = append(findings, Finding{a.Path, a.change(b)}) }
	match(&was, &now, func(a, b Input) bool { return a.Table == b.Table && a.Path == b.Path }, changed)
	match(&was, &now, func(a, b Input) bool { return a.Table == b.Table && path.Base(a.Path) == path.Base(b.Path) }, changed)
	for _, a := range was {
		findings = append(findings, Finding{a.Path, "is missing"})
	}
	for _, b := range now {
		findings = append(findings, Finding{b.Path, "was not there when the run read " + b.Table})
	}
	return findings
}

func (i Input) sameContent(b Input) bool {
	return i.Table == b.Table && i.Size == b.Size && i.SHA256 == b.SHA256
}

func (i Input) change(now Input) string {
	if i.Size == now.Size {
		return fmt.Sprintf("has changed since the run read it: its %d bytes are others", i.Size)
	}
	return fmt.Sprintf("has changed since the run read it: it had %d bytes, now %d", i.Size, now.Size)
}

// pair takes out of both lists what belongs together.
func pair(was, now *[]Input, same func(a, b Input) bool) {
	match(was, now, same, func(Input, Input) {})
}

// match takes out of both lists what belongs together, each at most once, and tells.
func match(was, now *[]Input, same func(a, b Input) bool, tell func(a, b Input)) {
	*was = slices.DeleteFunc(*was, func(a Input) bool {
		i := slices.IndexFunc(*now, func(b Input) bool { return same(a, b) })
		if i < 0 {
			return false
		}
		tell(a, (*now)[i])
		*now = slices.Delete(*now, i, i+1)
		return true
	})
}
