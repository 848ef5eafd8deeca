package assignment

import (
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"
	"unicode/utf8"

	"liftgate/datasets/bucket"
)

// longest is how much of a key or an attribute a sentence shows.
const longest = 64

// shown is a key in quotes.
func shown(unit string) string { return strconv.Quote(cut(unit)) }

func cut(text string) string {
	if len(text) <= longest {
		return text
	}
	end := longest
	for end > longest-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}

func eligibleText(unit string, conditions []Condition) string {
	var failed, all []string
	for _, c := range conditions {
		all = append(all, c.Text)
		if !c.Holds {
			failed = append(failed, c.Text+" does not hold, because "+sawText(c.Saw))
		}
	}
	if len(failed) > 0 {
		return shown(unit) + " is not eligible: " + strings.Join(failed, "; ") + "."
	}
	return shown(unit) + " is eligible: " + strings.Join(all, " and ") + "."
}

func sawText(seen []Seen) string {
	if len(seen) == 0 {
		return "it never does"
	}
	parts := make([]string, len(seen))
	for i, s := range seen {
		switch {
		case s.Value == "null":
			parts[i] = s.Attribute + " is missing"
		case s.Readable:
			parts[i] = s.Attribute + " is " + s.Value
		default:
			parts[i] = s.Attribute + " is " + s.Value + ", which is no " + s.Wanted
		}
	}
	return strings.Join(parts, " and ")
}

func (w *walk) hashText(h *bucket.Step) string {
	switch h.Gate {
	case bucket.Holdout:
		return w.holdoutText(h)
	case bucket.Layer:
		return w.layerText(h)
	case bucket.Traffic:
		return w.trafficText(h)
	}
	return w.variantText(h)
}

func (w *walk) holdoutText(h *bucket.Step) string {
	share := percent(w.plan.HoldoutShare)
	switch {
	case h.Hash == "":
		return fmt.Sprintf("The holdout %s holds %s of all units out.", w.plan.Holdout, share)
	case h.Passed:
		return fmt.Sprintf("%s is not held out by %s: it drew %s, and draws below %s are held out.", shown(w.unit), w.plan.Holdout, drawn(h), share)
	}
	return fmt.Sprintf("%s is held out of every experiment that names the holdout %s: it drew %s, and draws below %s are held out.",
		shown(w.unit), w.plan.Holdout, drawn(h), share)
}

func (w *walk) layerText(h *bucket.Step) string {
	slot, slots := h.Point, fmt.Sprintf("%d-%d", w.plan.Slots[0], w.plan.Slots[1])
	if h.Points == 0 {
		slot, _ = bits.Mul64(h.Point, bucket.LayerSlots)
	}
	switch {
	case h.Hash == "":
		return fmt.Sprintf("The experiment has all slots of layer %s, %s.", w.plan.Layer, slots)
	case h.Passed:
		return fmt.Sprintf("%s is in a slot of this experiment in layer %s: %d is in %s.", shown(w.unit), w.plan.Layer, slot, slots)
	}
	return fmt.Sprintf("%s is in another slot of layer %s: %d is not in %s.", shown(w.unit), w.plan.Layer, slot, slots)
}

func (w *walk) trafficText(h *bucket.Step) string {
	share := percent(w.plan.Traffic)
	switch {
	case h.Hash == "":
		return fmt.Sprintf("The traffic is %s of the units that come this far.", share)
	case h.Passed:
		return fmt.Sprintf("%s takes part: it drew %s, and draws below %s take part.", shown(w.unit), drawn(h), share)
	}
	return fmt.Sprintf("%s is outside the traffic: it drew %s, and draws below %s take part.", shown(w.unit), drawn(h), share)
}

func (w *walk) variantText(h *bucket.Step) string {
	if !h.Passed {
		return fmt.Sprintf("%s is outside the traffic: it is in bucket %d of %d, which no variant takes at a traffic of %s.",
			shown(w.unit), h.Point, h.Points, percent(w.plan.Traffic))
	}
	if h.Points > 0 {
		return fmt.Sprintf("%s gets %s: it is in bucket %d of %d, and %s takes %d-%d.",
			shown(w.unit), w.outcome.Variant, h.Point, h.Points, w.outcome.Variant, h.First, h.Last)
	}
	upto := "100%"
	if h.Last < math.MaxUint64 {
		upto = percent(millionths(h.Last + 1))
	}
	return fmt.Sprintf("%s gets %s: it drew %s, and %s takes %s to %s.",
		shown(w.unit), w.outcome.Variant, drawn(h), w.outcome.Variant, percent(millionths(h.First)), upto)
}

// drawn rounds down to what shares are made of, so that it compares with them as the point does.
func drawn(h *bucket.Step) string { return percent(millionths(h.Point)) }

func millionths(point uint64) uint64 {
	m, _ := bits.Mul64(point, bucket.Million)
	return m
}

func percent(millionths uint64) string {
	return strconv.FormatFloat(float64(millionths)/(bucket.Million/100), 'f', -1, 64) + "%"
}

func listedText(m *Listed) string {
	var where []string
	if m.Pair > 0 {
		where = append(where, fmt.Sprintf("pair %d", m.Pair))
	}
	if m.Stratum != "" {
		where = append(where, "stratum "+m.Stratum)
	}
	in := ""
	if len(where) > 0 {
		in = " in " + strings.Join(where, ", ")
	}
	switch {
	case m.Reason == Forced:
		return fmt.Sprintf("%s gets %s: it was forced when the design was drawn; forced units are left out of every analysis.", shown(m.Unit), m.Variant)
	case m.Variant == "":
		return fmt.Sprintf("%s is on the list%s, and the design gave it no variant: %s.", shown(m.Unit), in, m.Reason)
	}
	return fmt.Sprintf("%s gets %s: the design put it there%s.", shown(m.Unit), m.Variant, in)
}
