package bucket

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"hash/fnv"
	"math"
	"math/big"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// referencePoint is u(key, unit) read off its definition.
func referencePoint(key, unit string) *big.Int {
	sum := sha256.Sum256(bytes.Join([][]byte{[]byte(key), []byte(unit)}, []byte{0}))
	return new(big.Int).SetBytes(sum[:8])
}

// referenceBelow reports u * total < share * 2^64.
func referenceBelow(u *big.Int, total, share uint64) bool {
	left := new(big.Int).Mul(u, new(big.Int).SetUint64(total))
	right := new(big.Int).Lsh(new(big.Int).SetUint64(share), 64)
	return left.Cmp(right) < 0
}

// reference assigns by the steps of the specification, in integers without a size.
func reference(p *Plan, unit string) Outcome {
	none := func(r Reason) Outcome { return Outcome{Variant: -1, Reason: r} }
	if unit == "" {
		return none(NoUnit)
	}
	if p.Holdout != "" && referenceBelow(referencePoint("holdout:"+p.Holdout, unit), Million, p.HoldoutShare) {
		return none(Holdout)
	}
	if p.Layer != "" {
		slot := referencePoint("layer:"+p.Layer, unit)
		slot.Mul(slot, big.NewInt(1000)).Rsh(slot, 64)
		if slot.Cmp(big.NewInt(int64(p.Slots[0]))) < 0 || slot.Cmp(big.NewInt(int64(p.Slots[1]))) > 0 {
			return none(Layer)
		}
	}
	if !referenceBelow(referencePoint(p.Salt+":traffic", unit), Million, p.Traffic) {
		return none(Traffic)
	}
	u := referencePoint(p.Salt+":variant", unit)
	var total, upto uint64
	for _, w := range p.Weights {
		total += w
	}
	for i, w := range p.Weights {
		if upto += w; referenceBelow(u, total, upto) {
			return Outcome{Variant: i, Reason: Assigned, Point: u.Uint64()}
		}
	}
	return none("")
}

// referenceGrowthBook is what that SDK's code says, in floats.
func referenceGrowthBook(p *Plan, unit string) Outcome {
	none := func(r Reason) Outcome { return Outcome{Variant: -1, Reason: r} }
	hash := func(version Hash, seed, value string) float64 {
		if version == GrowthBookV1 {
			return float64(referenceFNV(value+seed)%1000) / 1000
		}
		return float64(referenceFNV(fmt.Sprint(referenceFNV(seed+value)))%10_000) / 10_000
	}
	switch {
	case unit == "":
		return none(NoUnit)
	case p.Holdout != "" && referenceBelow(referencePoint("holdout:"+p.Holdout, unit), Million, p.HoldoutShare):
		return none(Holdout)
	}
	if n := hash(GrowthBookV1, "__"+p.Layer, unit); p.Layer != "" && (n < float64(p.Slots[0])/1000 || n >= float64(p.Slots[1]+1)/1000) {
		return none(Layer)
	}
	n := hash(p.Hash, p.Salt, unit)
	for i, l := range bucketRanges(len(p.Weights), float64(p.Traffic)/1e6, shares(p.Weights)) {
		if n >= l.from && n < l.to {
			return Outcome{Variant: i, Reason: Assigned, Point: uint64(math.Round(n * float64(p.Hash.buckets())))}
		}
	}
	return none(Traffic)
}

func referenceFNV(text string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(text))
	return h.Sum32()
}

func drawPlan(t *rapid.T, hashes ...Hash) *Plan {
	share := rapid.OneOf(rapid.Uint64Range(0, Million), rapid.SampledFrom([]uint64{0, Million}))
	p := &Plan{
		Salt:         rapid.String().Draw(t, "salt"),
		Traffic:      share.Draw(t, "traffic"),
		Holdout:      rapid.SampledFrom([]string{"", "payments-2026"}).Draw(t, "holdout"),
		HoldoutShare: share.Draw(t, "holdout share"),
		Layer:        rapid.SampledFrom([]string{"", "checkout"}).Draw(t, "layer"),
		Weights:      rapid.SliceOfN(rapid.Uint64Range(0, 1e12), 1, 5).Draw(t, "weights"),
	}
	if len(hashes) > 0 {
		p.Hash = rapid.SampledFrom(hashes).Draw(t, "hash")
	}
	p.Weights[0]++ // not all zero
	first := rapid.IntRange(0, LayerSlots-1).Draw(t, "first slot")
	p.Slots = [2]int{first, rapid.IntRange(first, LayerSlots-1).Draw(t, "last slot")}
	return p
}

// drawUnit draws any bytes: keys of nothing, of many blocks of SHA-256, with zero bytes and with what is no UTF-8.
func drawUnit() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.String(),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
		rapid.Map(rapid.IntRange(0, 2000), func(n int) string { return strings.Repeat("x", n) }),
	)
}

func TestAssignEqualsTheSpecificationInBigIntegers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPlan(t)
		rule := p.Rule()
		for _, unit := range rapid.SliceOfN(drawUnit(), 1, 20).Draw(t, "units") {
			if got, want := rule.Assign(unit), reference(p, unit); got != want {
				t.Fatalf("%q: %+v, want %+v", unit, got, want)
			}
		}
	})
}

func TestAssignEqualsGrowthBookInFloats(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPlan(t, GrowthBookV1, GrowthBookV2)
		rule := p.Rule()
		for _, unit := range rapid.SliceOfN(drawUnit(), 1, 20).Draw(t, "units") {
			if got, want := rule.Assign(unit), referenceGrowthBook(p, unit); got != want {
				t.Fatalf("%q: %+v, want %+v", unit, got, want)
			}
		}
	})
}

// TestStepsTellTheOutcome: the last step is the one that decided, all before it were passed, and every number speaks for its answer.
func TestStepsTellTheOutcome(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPlan(t, SHA256, GrowthBookV1, GrowthBookV2)
		rule := p.Rule()
		unit := drawUnit().Draw(t, "unit")
		out, steps := rule.Assign(unit), rule.Steps(unit)
		if enter := rule.Enter(unit); enter != out.Reason {
			t.Fatalf("enters with %s, assigned with %s", enter, out.Reason)
		}
		if unit == "" {
			if len(steps) > 0 || out.Reason != NoUnit {
				t.Fatalf("%+v, %+v", out, steps)
			}
			return
		}
		for i, s := range steps {
			if last := i == len(steps)-1; s.Passed != (!last || out.Reason == Assigned) {
				t.Fatalf("step %d of %+v, outcome %+v", i, steps, out)
			}
			inside := s.First <= s.Point && s.Point <= s.Last
			if s.Hash != "" && inside != (s.Passed != (s.Gate == Holdout)) {
				t.Fatalf("%+v", s)
			}
		}
		last := steps[len(steps)-1]
		if outside := last.Gate == Assigned && out.Reason == Traffic; last.Gate != out.Reason && !outside {
			t.Fatalf("%+v, outcome %+v", last, out)
		}
		if out.Reason == Assigned && last.Point != out.Point {
			t.Fatalf("%+v, outcome %+v", last, out)
		}
	})
}

func TestDecidingAllocatesNothing(t *testing.T) {
	p := &Plan{Holdout: "h", HoldoutShare: 1, Layer: "l", Slots: [2]int{0, 998}, Salt: "salt", Traffic: Million - 1, Weights: []uint64{1, 1}}
	for _, hash := range []Hash{SHA256, GrowthBookV1, GrowthBookV2} {
		p.Hash = hash
		rule := p.Rule()
		unit := "shopper-0123456789"
		if n := testing.AllocsPerRun(100, func() { rule.Assign(unit) }); n > 0 {
			t.Errorf("hash %d: %v allocations", hash, n)
		}
	}
}

func TestAKeyOfAMegabyteIsNotCopied(t *testing.T) {
	rule := (&Plan{Salt: "salt", Traffic: Million, Weights: []uint64{1, 1}}).Rule()
	unit := strings.Repeat("key\x00\xff", 200_000)
	if got, want := rule.Assign(unit), reference(&Plan{Salt: "salt", Traffic: Million, Weights: []uint64{1, 1}}, unit); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if n := testing.AllocsPerRun(5, func() { rule.Assign(unit) }); n > 2 {
		t.Errorf("%v allocations", n)
	}
}

// Computed with Python: int.from_bytes(hashlib.sha256(key + b"\0" + unit).digest()[:8], "big").
func TestPointOfKnownUnits(t *testing.T) {
	for _, c := range []struct {
		key, unit string
		want      uint64
	}{
		{"amazon-pay-express-1:variant", "shopper-1", 0xfd466861b1ecbd4d},
		{"layer:checkout", "7", 0xd36ef39a2f11b302},
		{"", "", 0x6e340b9cffb37a98},
		{"größe:traffic", "käufer", 0xaab95e43b1f3cb0f},
	} {
		if got := (draw{hash: SHA256, key: c.key + "\x00"}).point(c.unit); got != c.want {
			t.Errorf("point(%q, %q) = %d, want %d", c.key, c.unit, got, c.want)
		}
	}
}

// A comparison in float64 would get these wrong.
func TestPortionIsExactAtItsBorders(t *testing.T) {
	for _, c := range []struct {
		point, total, share uint64
		want                bool
	}{
		{0, Million, 0, false},
		{0, Million, 1, true},
		{math.MaxUint64, Million, Million, true},
		{math.MaxUint64, Million, Million - 1, false},
		{1<<63 - 1, Million, Million / 2, true},
		{1 << 63, Million, Million / 2, false},
		{math.MaxUint64, math.MaxUint64, math.MaxUint64, true},
		{math.MaxUint64 / 3, 3, 1, true},
		{math.MaxUint64/3 + 1, 3, 1, false},
	} {
		if got := portion(0, c.share, c.total).holds(c.point); got != c.want {
			t.Errorf("%d of %d holds %d: %v", c.share, c.total, c.point, got)
		}
		if got := portion(c.share, c.total, c.total).holds(c.point); got == c.want {
			t.Errorf("%d of %d and the rest both hold %d: %v", c.share, c.total, c.point, got)
		}
	}
}

// TestRampsNeverMoveAUnit: over any ups and downs of the traffic a unit has one variant whenever it has any, those who take part at one
// traffic take part at every higher one, and nobody else notices.
func TestRampsNeverMoveAUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPlan(t, SHA256, GrowthBookV1, GrowthBookV2)
		ramp := rapid.SliceOfN(rapid.Uint64Range(0, Million), 2, 6).Draw(t, "ramp")
		rules := make([]*Rule, len(ramp))
		for i, traffic := range ramp {
			p.Traffic = traffic
			rules[i] = p.Rule()
		}
		for i := range 50 {
			unit := strconv.Itoa(i)
			for a := range ramp {
				for b := range ramp {
					before, after := rules[a].Assign(unit), rules[b].Assign(unit)
					more := ramp[b] >= ramp[a]
					if (before.Reason != Traffic && more || after.Reason != Traffic && before.Reason != Traffic) && before != after {
						t.Fatalf("unit %d: %+v at %d became %+v at %d", i, before, ramp[a], after, ramp[b])
					}
				}
			}
		}
	})
}

func TestDisjointSlotsNeverShareAUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hash := rapid.SampledFrom([]Hash{SHA256, GrowthBookV1, GrowthBookV2}).Draw(t, "hash")
		var rules []*Rule
		for first := 0; first < LayerSlots; {
			last := rapid.IntRange(first, LayerSlots-1).Draw(t, "last slot")
			p := &Plan{Hash: hash, Layer: "checkout", Slots: [2]int{first, last}, Salt: strconv.Itoa(first), Traffic: Million, Weights: []uint64{1}}
			rules = append(rules, p.Rule())
			first = last + 1
		}
		for range 100 {
			unit := drawUnit().Filter(func(s string) bool { return s != "" }).Draw(t, "unit")
			in := 0
			for _, r := range rules {
				if r.Assign(unit).Reason == Assigned {
					in++
				}
			}
			if in != 1 {
				t.Fatalf("unit %q is in %d of the %d experiments that share a layer", unit, in, len(rules))
			}
		}
	})
}

// TestAHoldoutIsShared: whoever one experiment holds out, every other with that holdout and as large a share does, by whatever hash.
func TestAHoldoutIsShared(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		small := drawPlan(t, SHA256, GrowthBookV1, GrowthBookV2)
		large := drawPlan(t, SHA256, GrowthBookV1, GrowthBookV2)
		small.Holdout, large.Holdout = "payments-2026", "payments-2026"
		large.HoldoutShare = rapid.Uint64Range(small.HoldoutShare, Million).Draw(t, "larger share")
		for i := range 50 {
			unit := strconv.Itoa(i)
			if small.Assign(unit).Reason == Holdout && large.Assign(unit).Reason != Holdout {
				t.Fatalf("unit %s is held out of one experiment alone", unit)
			}
		}
	})
}

func BenchmarkAssign(b *testing.B) {
	three := Plan{Salt: "amazon-pay-express-1", Traffic: Million - 1, Layer: "checkout", Slots: [2]int{0, 998}, Weights: []uint64{1, 1}}
	one := three
	one.Traffic, one.Layer = Million, ""
	v1, v2 := one, one
	v1.Hash, v2.Hash = GrowthBookV1, GrowthBookV2
	for _, c := range []struct {
		name string
		plan *Plan
	}{{"sha256/hashes=1", &one}, {"sha256/hashes=3", &three}, {"growthbook-v1", &v1}, {"growthbook-v2", &v2}} {
		rule := c.plan.Rule()
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				rule.Assign("shopper-0123456789")
			}
		})
	}
}
