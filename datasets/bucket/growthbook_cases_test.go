package bucket

import (
	"encoding/json"
	"os"
	"testing"
)

// sdkCases are GrowthBook's own test vectors; the file says where they are from and under which licence. Each case is a JSON array.
type sdkCases struct {
	Hash            []hashCase
	GetEqualWeights []weightsCase
	GetBucketRange  []rangeCase
	ChooseVariation []chooseCase
	InNamespace     []namespaceCase
	Run             []runCase
}

type hashCase struct {
	seed, value string
	version     int
	want        *float64 // nil for a version that does not exist
}

type weightsCase struct {
	n    int
	want []float64
}

type rangeCase struct {
	name     string
	n        int
	coverage float64
	weights  []float64
	want     [][2]float64
}

type chooseCase struct {
	name     string
	fraction float64
	ranges   []limits
	want     int
}

type namespaceCase struct {
	name, unit string
	namespace  sdkNamespace
	want       bool
}

type runCase struct {
	name       string
	context    map[string]any
	experiment sdkExperiment
	want       any // the variation's value
	in, hashed bool
}

type sdkNamespace struct {
	name string
	limits
}

// fields are the places that the elements of a JSON array go to.
type fields []any

func (f fields) read(text []byte) error {
	list := []any(f)
	return json.Unmarshal(text, &list)
}

func (c *hashCase) UnmarshalJSON(text []byte) error {
	return fields{&c.seed, &c.value, &c.version, &c.want}.read(text)
}

func (c *weightsCase) UnmarshalJSON(text []byte) error { return fields{&c.n, &c.want}.read(text) }

func (c *rangeCase) UnmarshalJSON(text []byte) error {
	var arguments json.RawMessage
	if err := (fields{&c.name, &arguments, &c.want}).read(text); err != nil {
		return err
	}
	return fields{&c.n, &c.coverage, &c.weights}.read(arguments)
}

func (c *chooseCase) UnmarshalJSON(text []byte) error {
	return fields{&c.name, &c.fraction, &c.ranges, &c.want}.read(text)
}

func (c *namespaceCase) UnmarshalJSON(text []byte) error {
	return fields{&c.name, &c.unit, &c.namespace, &c.want}.read(text)
}

func (c *runCase) UnmarshalJSON(text []byte) error {
	return fields{&c.name, &c.context, &c.experiment, &c.want, &c.in, &c.hashed}.read(text)
}

func (n *sdkNamespace) UnmarshalJSON(text []byte) error {
	return fields{&n.name, &n.from, &n.to}.read(text)
}

func (l *limits) UnmarshalJSON(text []byte) error { return fields{&l.from, &l.to}.read(text) }

// sdkExperiment is the part of GrowthBook's experiments that is about bucketing.
type sdkExperiment struct {
	keys          []string // that the case gives
	Key, Seed     string
	Variations    []any
	Weights       []float64
	Coverage      *float64
	Namespace     *sdkNamespace
	Ranges        []limits
	HashVersion   int
	HashAttribute string
}

func (e *sdkExperiment) UnmarshalJSON(text []byte) error {
	var given map[string]any
	if err := json.Unmarshal(text, &given); err != nil {
		return err
	}
	*e = sdkExperiment{HashVersion: 1, HashAttribute: "id"}
	for key := range given {
		e.keys = append(e.keys, key)
	}
	type plain sdkExperiment
	return json.Unmarshal(text, (*plain)(e))
}

func readSDKCases(t *testing.T) *sdkCases {
	t.Helper()
	text, err := os.ReadFile("testdata/growthbook-sdk-cases.json")
	if err != nil {
		t.Fatal(err)
	}
	cases := &sdkCases{}
	if err := json.Unmarshal(text, cases); err != nil {
		t.Fatal(err)
	}
	return cases
}
