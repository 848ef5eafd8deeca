package assignment

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"liftgate/datasets/bucket"
	"liftgate/experiment"
)

// sdkRun is one of GrowthBook's test vectors for running an experiment: a JSON array. Where they are from, and their licence, stands in
// their file.
type sdkRun struct {
	name       string
	context    map[string]json.RawMessage
	experiment map[string]json.RawMessage
	want       json.RawMessage
	in         bool
}

func (c *sdkRun) UnmarshalJSON(text []byte) error {
	return json.Unmarshal(text, &[]any{&c.name, &c.context, &c.experiment, &c.want, &c.in})
}

// yaml is the experiment as a definition; false when a definition cannot say the same.
func (c *sdkRun) yaml(t *testing.T) (definition string, ok bool) {
	t.Helper()
	hash, salt, rest := "growthbook-v1", string(c.experiment["key"]), ""
	weights := make([]json.RawMessage, len(c.variations(t)))
	for key, value := range c.experiment {
		switch key {
		case "key", "variations", "hashAttribute":
		case "hashVersion":
			hash = "growthbook-v" + string(value)
		case "seed":
			salt = string(value)
		case "coverage":
			rest += fmt.Sprintf("  traffic: %s\n", value)
		case "weights":
			into(t, value, &weights)
		case "namespace":
			var name string
			var from, to float64
			into(t, value, &[]any{&name, &from, &to})
			rest += fmt.Sprintf("  layer: {name: %s, slots: [%.0f, %.0f]}\n", name, from*1000, to*1000-1)
		default:
			return "", false
		}
	}
	if len(weights) < 2 {
		return "", false
	}
	var variants []string
	for i, w := range weights {
		if w == nil {
			w = json.RawMessage("1")
		}
		variants = append(variants, fmt.Sprintf("{name: v%d, weight: %s}", i, w))
	}
	return fmt.Sprintf(`liftgate: 1
name: sdk
unit: shopper
variants: [%s]
control: v0
assignment:
  salt: %s
  hash: %s
%sdata: {units: {files: units.csv, unit: id, variant: variant}}
metrics: [{name: paid, role: success, better: higher, type: proportion, value: {column: paid}}]
`, strings.Join(variants, ", "), salt, hash, rest), true
}

func (c *sdkRun) variations(t *testing.T) (out []json.RawMessage) {
	t.Helper()
	into(t, c.experiment["variations"], &out)
	return out
}

// unit is the key that the experiment hashes; empty when there is none.
func (c *sdkRun) unit(t *testing.T) (unit string) {
	t.Helper()
	attribute := "id"
	if name, ok := c.experiment["hashAttribute"]; ok {
		into(t, name, &attribute)
	}
	attributes := map[string]json.RawMessage{}
	if text, ok := c.context["attributes"]; ok {
		into(t, text, &attributes)
	}
	if text, ok := attributes[attribute]; ok {
		into(t, text, &unit)
	}
	return unit
}

func into(t *testing.T, text json.RawMessage, place any) {
	t.Helper()
	if err := json.Unmarshal(text, place); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

// TestGrowthBookRunThroughDefinitions: what a definition can say of GrowthBook's experiments, it decides as their SDKs do. Package bucket
// tries the cases with ranges, too.
func TestGrowthBookRunThroughDefinitions(t *testing.T) {
	text, err := os.ReadFile("../../datasets/bucket/testdata/growthbook-sdk-cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases struct{ Run []sdkRun }
	into(t, text, &cases)
	ran := 0
	for _, c := range cases.Run {
		yaml, ok := c.yaml(t)
		if !ok || len(c.context) > 1 || (len(c.context) == 1 && c.context["attributes"] == nil) {
			continue // needs another feature of the SDK, or explicit ranges
		}
		ran++
		d, err := experiment.Parse("sdk.yaml", []byte(yaml))
		if err != nil {
			t.Fatalf("%s: %v\n%s", c.name, err, yaml)
		}
		a, err := New(d, nil)
		if err != nil {
			t.Fatal(err)
		}
		out := a.Assign(c.unit(t), nil)
		if (out.Reason == bucket.Assigned) != c.in {
			t.Errorf("%s: %+v, want to take part: %v", c.name, out, c.in)
		}
		if want := slices.IndexFunc(c.variations(t), func(v json.RawMessage) bool { return string(v) == string(c.want) }); c.in && out.Variant != fmt.Sprint("v", want) {
			t.Errorf("%s: %s, want v%d", c.name, out.Variant, want)
		}
	}
	if ran != 49 {
		t.Errorf("%d cases ran, want 49", ran)
	}
}
