// Package bucket holds the assignment points of an experiment as plain data, so that whoever reads data can recompute who
// should have got which variant.
//
// A point is u(key, unit): the first 8 bytes of SHA-256(key + "\x00" + unit), big-endian, unsigned. Shares and weights are
// integers in millionths and every comparison is made in 128-bit integers, so that any language gets the same answer.
package bucket

import (
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
)

// Million is the denominator of every share.
const Million = 1_000_000

// LayerSlots is the number of slots that a layer is divided into.
const LayerSlots = 1000

// Plan says who takes part and who gets which variant, by hash alone.
type Plan struct {
	Holdout      string // name of the holdout shared with other experiments, empty for none
	HoldoutShare uint64 // in millionths
	Layer        string // name of the layer, empty for none
	Slots        [2]int // of LayerSlots, inclusive
	Salt         string
	Traffic      uint64   // in millionths
	Weights      []uint64 // of the variants, in any common unit
}

// Reason is why a unit has the variant that it has, or none.
type Reason string

const (
	Assigned Reason = "assigned"
	NoUnit   Reason = "no_unit"
	Holdout  Reason = "holdout"
	Layer    Reason = "layer"
	Traffic  Reason = "traffic"
)

// Outcome is the answer for one unit. Variant is -1 unless the reason is Assigned; only then is Point set.
type Outcome struct {
	Variant int
	Reason  Reason
	Point   uint64
}

// Assign decides for one unit, given by the UTF-8 bytes of its key as logged.
func (p *Plan) Assign(unit string) Outcome {
	if reason := p.excluded(unit); reason != "" {
		return Outcome{Variant: -1, Reason: reason}
	}
	point := Point(p.Salt+":variant", unit)
	return Outcome{Variant: p.variant(point), Reason: Assigned, Point: point}
}

func (p *Plan) excluded(unit string) Reason {
	switch {
	case unit == "":
		return NoUnit
	case p.Holdout != "" && below(Point("holdout:"+p.Holdout, unit), Million, p.HoldoutShare):
		return Holdout
	case p.Layer != "" && !p.inSlots(Point("layer:"+p.Layer, unit)):
		return Layer
	case !below(Point(p.Salt+":traffic", unit), Million, p.Traffic):
		return Traffic
	}
	return ""
}

func (p *Plan) inSlots(point uint64) bool {
	slot, _ := bits.Mul64(point, LayerSlots)
	return int(slot) >= p.Slots[0] && int(slot) <= p.Slots[1]
}

func (p *Plan) variant(point uint64) int {
	var total, upto uint64
	for _, w := range p.Weights {
		total += w
	}
	for i, w := range p.Weights {
		upto += w
		if below(point, total, upto) {
			return i
		}
	}
	return -1
}

// Point is u(key, unit).
func Point(key, unit string) uint64 {
	buf := make([]byte, 0, 128)
	buf = append(append(append(buf, key...), 0), unit...)
	sum := sha256.Sum256(buf)
	return binary.BigEndian.Uint64(sum[:8])
}

// below reports point * total < share * 2^64.
func below(point, total, share uint64) bool {
	high, _ := bits.Mul64(point, total)
	return high < share
}
