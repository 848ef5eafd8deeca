package experiment_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"liftgate/experiment"
)

func compileSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	text, err := experiment.Schema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource("definition.json", doc); err != nil {
		t.Fatal(err)
	}
	return c.MustCompile("definition.json")
}

// asJSON is what an editor makes of YAML before it looks at the schema.
func asJSON(t testing.TB, source []byte) any {
	t.Helper()
	var content any
	if err := yaml.Unmarshal(source, &content); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(content)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestSchemaAcceptsWhatParses(t *testing.T) {
	schema := compileSchema(t)
	sources := map[string][]byte{
		"shopper":  experiment.Starter(experiment.Shopper, "a"),
		"merchant": experiment.Starter(experiment.Merchant, "b"),
	}
	for _, file := range glob(t, "testdata/good/*.yaml") {
		sources[file] = read(t, file)
	}
	for name, source := range sources {
		if err := schema.Validate(asJSON(t, source)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSchemaRefusesWrongShapes: mistakes that need no more than one key to be seen.
func TestSchemaRefusesWrongShapes(t *testing.T) {
	schema := compileSchema(t)
	for _, name := range []string{
		"unknown-key", "unknown-key-in-metric", "wrong-type-list", "wrong-type-form", "wrong-type-number-for-text", "wrong-type-boolean-for-text",
		"version", "name", "unit", "variant-one", "weight-negative", "weight-quoted", "weight-missing", "layer-slots-range", "layer-slots-count",
		"share-bare", "share-percent-decimals", "hash", "data-no-files", "data-missing-time", "data-crossover", "data-complete-through",
		"condition-flow-map", "condition-flow-list", "condition-empty", "condition-boolean", "role", "stage", "stakeholder", "better", "type", "take",
		"window-scalar", "window-syntax", "margin-negative", "margin-zero", "margin-syntax", "mde", "quantile-range", "delayed-key", "alpha", "power",
		"min-days", "risk-budget", "monitoring-method", "metric-name", "salt-nul", "empty-text", "missing-keys",
	} {
		if err := schema.Validate(asJSON(t, read(t, "testdata/bad/"+name+".yaml"))); err == nil {
			t.Errorf("%s: the schema accepts it", name)
		}
	}
}

// TestSchemaDescribesEveryKey: editors show the descriptions.
func TestSchemaDescribesEveryKey(t *testing.T) {
	text, err := experiment.Schema()
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Defs map[string]struct {
			Properties map[string]struct{ Description string }
		} `json:"$defs"`
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	if len(schema.Defs) < 15 {
		t.Errorf("only %d forms", len(schema.Defs))
	}
	for form, def := range schema.Defs {
		for key, property := range def.Properties {
			if strings.TrimSpace(property.Description) == "" {
				t.Errorf("%s.%s has no description", form, key)
			}
		}
	}
}
