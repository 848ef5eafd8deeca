package serve

import (
	"bytes"
	"encoding/json"
	"fmt"

	"liftgate/experiment"
)

// values gives the value of every variant as JSON, in the order of the definition. Where no variant has a payload, a value is the
// variant's name; where some have one, nil stands for those that have none: the client keeps the default of its own code.
//
// A flag has one type, so all payloads must be of one. The error is experiment.Problems.
func values(d *experiment.Definition) ([][]byte, error) {
	out := make([][]byte, len(d.Variants))
	var first string
	var problems experiment.Problems
	for i, v := range d.Variants {
		if v.Payload == nil {
			continue
		}
		kind := kindOf(v.Payload)
		encoded, err := encode(v.Payload)
		switch {
		case kind == "":
			problems = append(problems, payloadProblem(d, i,
				"a flag's value is a boolean, a text, a number or a group of keys, not a list: put the list under a key, as in {items: [...]}"))
		case err != nil:
			problems = append(problems, payloadProblem(d, i, fmt.Sprintf("this payload has no JSON form: %v", err)))
		case first == "":
			first = kind
		case kind != first:
			problems = append(problems, payloadProblem(d, i, fmt.Sprintf(
				"this payload is %s and the one of an earlier variant %s: the values of a flag must be of one type", kind, first)))
		}
		out[i] = encoded
	}
	if len(problems) > 0 {
		return nil, problems
	}
	if first == "" {
		for i, v := range d.Variants {
			out[i] = appendText(nil, v.Name)
		}
	}
	return out, nil
}

func payloadProblem(d *experiment.Definition, variant int, message string) experiment.Problem {
	return d.ProblemAt(fmt.Sprintf("variants[%d].payload", variant), 0, message)
}

// kindOf names the type of a flag with such a value, empty for values that no flag has.
func kindOf(payload any) string {
	switch payload.(type) {
	case bool:
		return "a boolean"
	case string:
		return "a text"
	case int64, float64:
		return "a number"
	case map[string]any:
		return "a group of keys"
	}
	return ""
}

// encode writes JSON with the names of an object in order, so that equal payloads are equal bytes.
func encode(payload any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(payload)
	return bytes.TrimSpace(b.Bytes()), err
}
