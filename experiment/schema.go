package experiment

import "encoding/json"

// Schema is the JSON Schema (2020-12) of a definition. It is made of the same shapes that Parse reads with, so that it knows
// every key that Parse knows, and no other; rules that look at more than one key are Parse's alone.
func Schema() ([]byte, error) {
	defs := jsonSchema{}
	root := definitionForm.schema(defs)
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "liftgate experiment definition, version 1"
	root["$defs"] = defs
	out, err := json.MarshalIndent(root, "", "  ")
	return append(out, '\n'), err
}
