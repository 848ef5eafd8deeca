package analysis

import (
	"fmt"
	"strings"

	"liftgate/experiment/result"
)

// assignment compares logged variants with those that the definition assigns: by its hash, or by the record of its design.
func (n *inference) assignment() result.Check {
	c := result.Check{Check: "assignment", Status: result.Pass, Blocks: true}
	r := n.evidence.Exposure.Recomputed
	c.Statistic = number(float64(r.Moved + r.Excluded))
	by, mend := "definition's assignment", "Check that the service uses this definition's salt, weights and unit key; if the data are from an older definition, analyse them with it."
	if n.Query.Roster != nil {
		by = "design's list"
		mend = "Check that the service assigns by this list and key; if the list was drawn anew while the experiment ran, analyse the data with the record that they were assigned by."
	}
	if r.Moved+r.Excluded > 0 {
		c.Status = result.Fail
		c.Detail = fmt.Sprintf("Of %s, %s were logged in another variant than the %s gives, and %s should not have taken part. %s%s",
			many(r.Compared, n.counted()), result.Count(r.Moved), by, result.Count(r.Excluded), n.eligibility(), mend)
		return c
	}
	c.Detail = strings.TrimSpace(fmt.Sprintf("All %s logged variants agree with the %s. %s", result.Count(r.Compared), by, n.eligibility()))
	return c
}

// eligibility says what became of the condition for taking part, in a sentence with a space behind it.
func (n *inference) eligibility() string {
	a := n.Definition.Assignment
	switch {
	case a == nil || a.Eligible == nil:
		return ""
	case n.Query.Eligible != nil:
		return "Eligibility was computed again from the logged rows. "
	default:
		return fmt.Sprintf("Eligibility could not be computed again: %s. ", n.unchecked)
	}
}
