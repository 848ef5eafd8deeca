package bucket

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
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

func drawPlan(t *rapid.T) *Plan {
	share := rapid.Uint64Range(0, Million)
	p := &Plan{
		Salt:         rapid.String().Draw(t, "salt"),
		Traffic:      share.Draw(t, "traffic"),
		Holdout:      rapid.SampledFrom([]string{"", "payments-2026"}).Draw(t, "holdout"),
		HoldoutShare: share.Draw(t, "holdout share"),
		Layer:        rapid.SampledFrom([]string{"", "checkout"}).Draw(t, "layer"),
		Weights:      rapid.SliceOfN(rapid.Uint64Range(0, 1e12), 1, 5).Draw(t, "weights"),
	}
	p.Weights[0]++ // not all zero
	first := rapid.IntRange(0, LayerSlots-1).Draw(t, "first slot")
	p.Slots = [2]int{first, rapid.IntRange(first, LayerSlots-1).Draw(t, "last slot")}
	return p
}

func TestAssignEqualsTheSpecificationInBigIntegers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPlan(t)
		for _, unit := range rapid.SliceOfN(rapid.String(), 1, 20).Draw(t, "units") {
			if got, want := p.Assign(unit), reference(p, unit); got != want {
				t.Fatalf("%q: %+v, want %+v", unit, got, want)
			}
		}
	})
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
		if got := Point(c.key, c.unit); got != c.want {
			t.Errorf("Point(%q, %q) = %d, want %d", c.key, c.unit, got, c.want)
		}
	}
}

// A comparison in float64 would get these wrong.
func TestBelowIsExactAtTheBorder(t *testing.T) {
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
		if got := below(c.point, c.total, c.share); got != c.want {
			t.Errorf("below(%d, %d, %d) = %v", c.point, c.total, c.share, got)
		}
	}
}

func TestRaisingTrafficNeverMovesAUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPlan(t)
		more := *p
		more.Traffic = rapid.Uint64Range(p.Traffic, Million).Draw(t, "more traffic")
		for i := range 50 {
			before, after := p.Assign(strconv.Itoa(i)), more.Assign(strconv.Itoa(i))
			if before.Reason == Assigned && before != after {
				t.Fatalf("unit %d moved from %+v to %+v", i, before, after)
			}
			if before.Reason != Traffic && before != after {
				t.Fatalf("unit %d: %+v became %+v", i, before, after)
			}
		}
	})
}

func TestDisjointSlotsNeverShareAUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		last := rapid.IntRange(0, LayerSlots-2).Draw(t, "last slot of one")
		one := &Plan{Layer: "checkout", Slots: [2]int{0, last}, Salt: "one", Traffic: Million, Weights: []uint64{1}}
		other := &Plan{Layer: "checkout", Slots: [2]int{last + 1, LayerSlots - 1}, Salt: "other", Traffic: Million, Weights: []uint64{1}}
		for i := range 100 {
			a, b := one.Assign(strconv.Itoa(i)).Reason, other.Assign(strconv.Itoa(i)).Reason
			if (a == Assigned) == (b == Assigned) {
				t.Fatalf("unit %d is %s in one and %s in the other", i, a, b)
			}
		}
	})
}

const population = 200_000

// chiSquare is the p-value of counts against shares.
func chiSquare(counts []int, shares []float64) float64 {
	n := 0
	for _, c := range counts {
		n += c
	}
	var x float64
	for i, c := range counts {
		want := shares[i] * float64(n)
		x += (float64(c) - want) * (float64(c) - want) / want
	}
	return distuv.ChiSquared{K: float64(len(counts) - 1)}.Survival(x)
}

// The units are fixed, so these tests pass always or never.
func TestSharesAreThoseOfThePlan(t *testing.T) {
	p := &Plan{
		Holdout: "payments-2026", HoldoutShare: 50_000, Layer: "checkout", Slots: [2]int{100, 599},
		Salt: "amazon-pay-express-1", Traffic: 800_000, Weights: []uint64{50, 30, 20},
	}
	counts := map[string]int{}
	for i := range population {
		o := p.Assign(fmt.Sprint("shopper-", i))
		counts[fmt.Sprint(o.Reason, o.Variant)]++
	}
	in := 0.95 * 0.5
	names := []string{"holdout-1", "layer-1", "traffic-1", "assigned0", "assigned1", "assigned2"}
	shares := []float64{0.05, 0.95 * 0.5, in * 0.2, in * 0.8 * 0.5, in * 0.8 * 0.3, in * 0.8 * 0.2}
	var got []int
	for _, name := range names {
		got = append(got, counts[name])
	}
	if len(counts) != len(names) {
		t.Fatalf("outcomes %v", counts)
	}
	if pv := chiSquare(got, shares); pv < 1e-3 {
		t.Errorf("%v against %v: p = %g", counts, shares, pv)
	}
}

func TestPointsAreUniform(t *testing.T) {
	const cells = 100
	counts := make([]int, cells)
	for i := range population {
		counts[Point("salt:variant", strconv.Itoa(i))/(math.MaxUint64/cells+1)]++
	}
	if pv := chiSquare(counts, slices.Repeat([]float64{1. / cells}, cells)); pv < 1e-3 {
		t.Errorf("p = %g", pv)
	}
}

func TestExperimentsAreIndependent(t *testing.T) {
	first := &Plan{Salt: "one", Traffic: Million, Weights: []uint64{1, 1}}
	second := &Plan{Salt: "two", Traffic: Million, Weights: []uint64{1, 1}}
	counts := make([]int, 4)
	for i := range population {
		unit := strconv.Itoa(i)
		counts[2*first.Assign(unit).Variant+second.Assign(unit).Variant]++
	}
	if pv := chiSquare(counts, []float64{0.25, 0.25, 0.25, 0.25}); pv < 1e-3 {
		t.Errorf("%v: p = %g", counts, pv)
	}
}

func BenchmarkAssign(b *testing.B) {
	p := &Plan{Salt: "amazon-pay-express-1", Traffic: Million, Weights: []uint64{1, 1}}
	for b.Loop() {
		p.Assign("shopper-0123456789")
	}
}
