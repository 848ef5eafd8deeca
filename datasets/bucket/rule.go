package bucket

import (
	"math"
	"math/bits"
)

// Rule is a plan made ready for many units: what can be known before a unit is seen is worked out, and no hash is taken whose
// answer is known. It is immutable, safe for concurrent use, and decides without allocating.
type Rule struct {
	holdout question // asked first; whoever is inside is out
	layer   question
	traffic question
	variant draw
	ranges  []span // of the variants
}

// question is whether a unit's point lies in a span.
type question struct {
	draw
	in    span
	known bool // every unit has the same answer
	all   bool // which
	posed bool // the plan has such a gate
}

// passed is the gate that a plan does not have.
var passed = question{known: true, all: true}

// span is points from first to last, both included; none when first is after last.
type span struct{ first, last uint64 }

var nowhere = span{1, 0}

func (s span) holds(point uint64) bool { return s.first <= point && point <= s.last }

func (q *question) of(unit string) bool {
	if q.known {
		return q.all
	}
	return q.in.holds(q.point(unit))
}

// Rule makes the plan ready. Later changes of the plan do not reach it.
func (p *Plan) Rule() *Rule {
	if p.Hash == SHA256 {
		return p.sha256Rule()
	}
	return p.growthBookRule()
}

func (p *Plan) sha256Rule() *Rule {
	r := &Rule{
		holdout: p.heldOut(),
		layer:   passed,
		traffic: ask(draw{hash: SHA256, key: p.Salt + ":traffic\x00"}, portion(0, p.Traffic, Million)),
		variant: draw{hash: SHA256, key: p.Salt + ":variant\x00"},
	}
	if p.Layer != "" {
		slots := portion(uint64(p.Slots[0]), uint64(p.Slots[1])+1, LayerSlots)
		r.layer = ask(draw{hash: SHA256, key: "layer:" + p.Layer + "\x00"}, slots)
	}
	var total, upto uint64
	for _, w := range p.Weights {
		total += w
	}
	for _, w := range p.Weights {
		r.ranges = append(r.ranges, portion(upto, upto+w, total))
		upto += w
	}
	return r
}

// heldOut is the same for every hash: experiments with different ones share a holdout.
func (p *Plan) heldOut() question {
	if p.Holdout == "" {
		return question{known: true}
	}
	return ask(draw{hash: SHA256, key: "holdout:" + p.Holdout + "\x00"}, portion(0, p.HoldoutShare, Million))
}

func ask(d draw, in span) question {
	all := in.first == 0 && in.last == d.hash.buckets()-1
	return question{draw: d, in: in, known: in == nowhere || all, all: all, posed: true}
}

// portion is the points with from * 2^64 <= point * total < to * 2^64.
func portion(from, to, total uint64) span {
	if from >= to || from >= total {
		return nowhere
	}
	out := span{first: ceil64(from, total), last: math.MaxUint64}
	if to < total {
		out.last = ceil64(to, total) - 1
	}
	return out
}

// ceil64 is share * 2^64 / total, rounded up, for share < total.
func ceil64(share, total uint64) uint64 {
	q, rest := bits.Div64(share, 0, total)
	if rest > 0 {
		q++
	}
	return q
}

// Assign decides for one unit, given by the UTF-8 bytes of its key as logged.
func (r *Rule) Assign(unit string) Outcome {
	if reason := r.excluded(unit); reason != "" {
		return Outcome{Variant: -1, Reason: reason}
	}
	point := r.variant.point(unit)
	i := r.choose(point)
	if i < 0 {
		return Outcome{Variant: -1, Reason: Traffic}
	}
	return Outcome{Variant: i, Reason: Assigned, Point: point}
}

// choose is the variant whose range holds a point, or -1.
func (r *Rule) choose(point uint64) int {
	for i, s := range r.ranges {
		if s.holds(point) {
			return i
		}
	}
	return -1
}

// Enter is the part of Assign that says who takes part: [Assigned] for a unit that may be given a variant, whichever that is.
func (r *Rule) Enter(unit string) Reason {
	if reason := r.excluded(unit); reason != "" {
		return reason
	}
	if r.variant.hash == SHA256 {
		return Assigned
	}
	return r.Assign(unit).Reason
}

func (r *Rule) excluded(unit string) Reason {
	switch {
	case unit == "":
		return NoUnit
	case r.holdout.of(unit):
		return Holdout
	case !r.layer.of(unit):
		return Layer
	case !r.traffic.of(unit):
		return Traffic
	}
	return ""
}
