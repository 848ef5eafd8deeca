package assignment

import (
	"encoding/json"
	"os"
	"strconv"
	"testing"

	"liftgate/datasets/bucket"
	"liftgate/experiment"
)

// vectors were computed by testdata/vectors.py, which shares no code with the project. PORTING.md describes them.
type vectors struct {
	Plans []portablePlan
	Cases []portableCase
}

type portablePlan struct {
	Name, Salt, Layer, Holdout string
	Traffic                    uint64
	Slots                      [2]int
	HoldoutShare               uint64 `json:"holdout_share"`
	Variants                   []portableVariant
	Force                      map[string]string
}

type portableVariant struct {
	Name   string
	Weight uint64
}

func (v *portableVariant) UnmarshalJSON(pair []byte) error {
	return json.Unmarshal(pair, &[]any{&v.Name, &v.Weight})
}

type portableCase struct {
	Plan, Unit, Variant string
	Reason              bucket.Reason
	Point               string // decimal; empty when the choice of a variant is not reached
}

func readVectors(t *testing.T) vectors {
	t.Helper()
	text, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func (p portablePlan) definition() *experiment.Definition {
	d := &experiment.Definition{Name: p.Name, Assignment: &experiment.Assignment{
		Salt: p.Salt, Hash: "sha256", Traffic: p.Traffic, Layer: p.Layer, Slots: p.Slots, Holdout: p.Holdout, HoldoutShare: p.HoldoutShare,
	}}
	for _, v := range p.Variants {
		d.Variants = append(d.Variants, experiment.Variant{Name: v.Name, Weight: v.Weight})
	}
	for unit, variant := range p.Force {
		d.Assignment.Force = append(d.Assignment.Force, experiment.Forced{Unit: unit, Variant: variant})
	}
	return d
}

func TestVectors(t *testing.T) {
	v := readVectors(t)
	assigners := map[string]*Assigner{}
	for _, p := range v.Plans {
		a, err := New(p.definition(), nil)
		if err != nil {
			t.Fatal(err)
		}
		assigners[p.Name] = a
	}
	for _, c := range v.Cases {
		want := Outcome{Variant: c.Variant, Reason: c.Reason}
		if c.Point != "" {
			point, err := strconv.ParseUint(c.Point, 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			want.Point = point
		}
		if got := assigners[c.Plan].Assign(c.Unit, nil); got != want {
			t.Errorf("%s: %q: got %+v, want %+v", c.Plan, c.Unit, got, want)
		}
	}
}
