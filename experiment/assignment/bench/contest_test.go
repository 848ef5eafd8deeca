// Package bench compares liftgate's assignment with GrowthBook's SDK for Go, in one process: whether both give the same variants,
// and how many evaluations a second each makes on one thread.
//
//	go test            the same variants, for millions of units
//	go test -bench .   evaluations a second; blocks of units in turn, so that both meet the same noise
package bench

import (
	"context"
	"encoding/json"
	"testing"

	growthbook "github.com/growthbook/growthbook-golang"

	"liftgate/datasets/expr"
	"liftgate/experiment"
	"liftgate/experiment/assignment"
)

// contest is one experiment as both sides declare it.
type contest struct {
	name     string
	liftgate *experiment.Definition
	sdk      string // JSON of the SDK's experiment, less its hashVersion
}

const eligible = `country in ["US", "DE"]`

var contests = []contest{
	{"halves", define([]uint64{500_000, 500_000}, experiment.Assignment{Salt: "checkout"}), `{"key": "checkout", "variations": [0, 1]}`},
	{
		"thirds", define([]uint64{1, 1, 1}, experiment.Assignment{Salt: "checkout-3"}),
		`{"key": "checkout-3", "variations": [0, 1, 2]}`,
	},
	{
		"uneven", define([]uint64{10_000, 330_000, 660_000}, experiment.Assignment{Salt: "uneven-1", Traffic: 777_000}),
		`{"key": "x", "seed": "uneven-1", "variations": [0, 1, 2], "weights": [0.01, 0.33, 0.66], "coverage": 0.777}`,
	},
	{
		"namespace", define([]uint64{900_000, 100_000}, experiment.Assignment{Salt: "ns", Traffic: 1, Layer: "payments", Slots: [2]int{250, 599}}),
		`{"key": "ns", "variations": [0, 1], "weights": [0.9, 0.1], "coverage": 0.000001, "namespace": ["payments", 0.25, 0.6]}`,
	},
	{
		"namespace, half of it", define([]uint64{900_000, 100_000}, experiment.Assignment{Salt: "ns", Traffic: 500_000, Layer: "payments", Slots: [2]int{250, 599}}),
		`{"key": "ns", "variations": [0, 1], "weights": [0.9, 0.1], "coverage": 0.5, "namespace": ["payments", 0.25, 0.6]}`,
	},
}

// targeted is the experiment whose speed is measured: halves of the shoppers of two countries.
var targeted = contest{
	"targeted", define([]uint64{500_000, 500_000}, experiment.Assignment{Salt: "checkout", Eligible: condition(eligible)}),
	`{"key": "checkout", "variations": [0, 1], "condition": {"country": {"$in": ["US", "DE"]}}}`,
}

func define(weights []uint64, a experiment.Assignment) *experiment.Definition {
	if a.Traffic == 0 {
		a.Traffic = 1_000_000
	}
	d := &experiment.Definition{Name: a.Salt, Assignment: &a}
	for _, w := range weights {
		d.Variants = append(d.Variants, experiment.Variant{Name: string(rune('0' + len(d.Variants))), Weight: w})
	}
	d.Control = d.Variants[0].Name
	return d
}

func condition(text string) *experiment.Condition {
	tree, problems := experiment.ParseCondition(text)
	if len(problems) > 0 {
		panic(problems[0].Message)
	}
	return &experiment.Condition{Path: "assignment.eligible", Text: text, Tree: tree}
}

// assigner is liftgate's side, by one of the hashes that a definition can name.
func (c contest) assigner(tb testing.TB, hash string) *assignment.Assigner {
	tb.Helper()
	d, section := *c.liftgate, *c.liftgate.Assignment
	section.Hash = hash
	d.Assignment = &section
	a, err := assignment.New(&d, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

// experiment is the SDK's side.
func (c contest) experiment(tb testing.TB, hashVersion int) *growthbook.Experiment {
	tb.Helper()
	e := &growthbook.Experiment{}
	if err := json.Unmarshal([]byte(c.sdk), e); err != nil {
		tb.Fatal(err)
	}
	e.HashVersion = hashVersion
	return e
}

func client(tb testing.TB) *growthbook.Client {
	tb.Helper()
	c, err := growthbook.NewClient(context.Background())
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func german(string) expr.Value { return expr.TextValue("DE") }
