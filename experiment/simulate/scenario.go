package simulate

import (
	"fmt"
	"sort"
	"strings"
)

// DefaultScenario is used when Options.Scenario is empty.
const DefaultScenario = "tradeoff"

// scenario is a world: its merchants, and what a treatment does in it.
type scenario struct {
	name   string
	effect effect
}

// effect is what a treatment does to a shopper. The zero effect does nothing.
type effect struct {
	attraction    float64 // additional share of checkouts that choose Amazon Pay
	incremental   float64 // share of those that would have left without an order
	loginFailure  float64 // added to the probability that a login fails
	authorization float64 // added to the log-odds that a charge by Amazon Pay is authorized
	latency       float64 // added to the logarithm of an Amazon Pay confirmation's latency
	dispute       float64 // added to the log-odds of fraud and disputes on an Amazon Pay order
}

var effects = map[string]effect{
	"none": {},
	// More orders, nearly half of those drawn to Amazon Pay truly new, at the price of a shakier login.
	"tradeoff": {attraction: 0.15, incremental: 0.45, loginFailure: 0.025, authorization: 0.1, latency: 0.02},
	// Draws shoppers away from what works for them to a login that often fails.
	"harm": {attraction: 0.05, incremental: 0.02, loginFailure: 0.15, authorization: -0.8, latency: 0.2, dispute: 0.9},
}

// Scenarios lists the names that Options.Scenario may have.
func Scenarios() []string {
	names := make([]string, 0, len(effects))
	for name := range effects {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func scenarioNamed(name string) (*scenario, error) {
	if name == "" {
		name = DefaultScenario
	}
	e, ok := effects[name]
	if !ok {
		return nil, fmt.Errorf("there is no scenario %q: choose one of %s", name, strings.Join(Scenarios(), ", "))
	}
	return &scenario{name: name, effect: e}, nil
}

// scaled is the effect at a share of its strength. The share of orders that are truly new stays as it is.
func (e effect) scaled(share float64) effect {
	e.attraction *= share
	e.loginFailure *= share
	e.authorization *= share
	e.latency *= share
	e.dispute *= share
	return e
}
