package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"liftgate/datasets/bucket"
	"liftgate/datasets/expr"
	"liftgate/experiment"
	"liftgate/experiment/assignment"
)

// assignOne prints the variants of single units.
func assignOne(c *console, def *experiment.Definition, o *assignOptions) error {
	a, err := assignment.Load(def)
	if err != nil {
		return err
	}
	attributes, err := readAttributes(a, o.attributes)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(c.stdout)
	encoder.SetEscapeHTML(false) // conditions are full of < and &
	for _, id := range o.ids {
		e := a.Explain(id, attributes)
		if o.format == "json" {
			err = encoder.Encode(answerOf(def, &e))
		} else {
			_, err = fmt.Fprintf(c.stdout, "%s: %s (%s)\n  %s\n", printableID(id), orNone(e.Outcome.Variant), e.Outcome.Reason, e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// assigned is one unit's answer in JSON.
type assigned struct {
	Unit        string            `json:"unit"`
	Variant     *string           `json:"variant"` // null: none
	Reason      bucket.Reason     `json:"reason"`
	Point       *string           `json:"point"` // null unless a hash chose the variant
	Explanation string            `json:"explanation"`
	Steps       []assignment.Step `json:"steps"`
}

func answerOf(def *experiment.Definition, e *assignment.Explanation) assigned {
	out := assigned{Unit: e.Unit, Reason: e.Outcome.Reason, Explanation: e.String(), Steps: e.Steps}
	if e.Outcome.Variant != "" {
		out.Variant = &e.Outcome.Variant
	}
	if listed := def.Assignment != nil && def.Assignment.Design != nil; e.Outcome.Reason == bucket.Assigned && !listed {
		point := strconv.FormatUint(e.Outcome.Point, 10)
		out.Point = &point
	}
	return out
}

func orNone(variant string) string {
	if variant == "" {
		return "no variant"
	}
	return variant
}

// printableID keeps a key from spoiling the terminal or flooding it.
func printableID(id string) string {
	const longest = 80
	if runes := []rune(id); len(runes) > longest {
		id = string(runes[:longest]) + "…"
	}
	if quoted := strconv.Quote(id); id == "" || quoted != `"`+id+`"` {
		return quoted
	}
	return id
}

// readAttributes reads --attr. A name that the condition does not read, or a value that it cannot read, is a usage error: the
// answer would be about another unit than the one that was meant.
func readAttributes(a *assignment.Assigner, given []string) (assignment.Attributes, error) {
	var names []string
	for _, used := range a.Attributes() {
		if !slices.Contains(names, used.Name) {
			names = append(names, used.Name)
		}
	}
	values := map[string]expr.Value{}
	for _, text := range given {
		name, value, found := strings.Cut(text, "=")
		_, twice := values[name]
		switch {
		case !found:
			return nil, usagef("--attr is NAME=VALUE, such as country=DE, not %s", text)
		case len(names) == 0:
			return nil, usagef("--attr %s: assignment.eligible reads no attributes, so %q says nothing", text, name)
		case !slices.Contains(names, name):
			return nil, unknownAttribute(name, names)
		case twice:
			return nil, usagef("--attr %s is given twice", name)
		case value == "":
			values[name] = expr.Value{}
			continue
		}
		values[name] = expr.TextValue(value)
		for _, used := range a.Attributes() {
			if used.Name == name && !assignment.Readable(values[name], used.Type) {
				return nil, usagef("--attr %s: assignment.eligible reads %s as a %s, and %q is none", text, name, used.Type, value)
			}
		}
	}
	return func(name string) expr.Value { return values[name] }, nil
}

func unknownAttribute(name string, names []string) error {
	if s := experiment.Suggest(name, names); s != "" {
		return usagef("unknown attribute %q of --attr; %s", name, s)
	}
	return usagef("unknown attribute %q of --attr; assignment.eligible reads %s", name, strings.Join(names, ", "))
}
