package procedure

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
)

// InputError is an input that a procedure does not take.
type InputError struct {
	Field string // empty when it is about the whole
	Err   error
}

func (e *InputError) Error() string {
	if e.Field == "" {
		return e.Err.Error()
	}
	return e.Field + ": " + e.Err.Error()
}

func (e *InputError) Unwrap() error { return e.Err }

// inputs reads the documentation of an input struct off its tags.
func inputs[In any]() []Input {
	var out []Input
	for _, f := range fields(reflect.TypeFor[In]()) {
		in := Input{Name: f.Tag.Get("json"), Doc: f.Tag.Get("doc"), Default: f.Tag.Get("default")}
		in.Required = in.Default == "" && f.Tag.Get("optional") == ""
		out = append(out, in)
	}
	return out
}

// fields are those of a struct and of the structs embedded in it.
func fields(t reflect.Type) []reflect.StructField {
	return slices.DeleteFunc(reflect.VisibleFields(t), func(f reflect.StructField) bool { return f.Anonymous })
}

func decode[In any](input []byte) (In, error) {
	var in In
	given, err := object(input)
	if err != nil {
		return in, err
	}
	v := reflect.ValueOf(&in).Elem()
	for _, f := range fields(v.Type()) {
		name := f.Tag.Get("json")
		text, ok := given[name]
		delete(given, name)
		if !ok {
			text = json.RawMessage(f.Tag.Get("default"))
		}
		switch {
		case len(text) > 0:
			if err := strict(text, v.FieldByIndex(f.Index).Addr().Interface()); err != nil {
				return in, &InputError{name, fmt.Errorf("%w (it is %s)", err, f.Tag.Get("doc"))}
			}
		case f.Tag.Get("optional") == "":
			return in, &InputError{name, fmt.Errorf("missing (it is %s)", f.Tag.Get("doc"))}
		}
	}
	for name := range given {
		return in, &InputError{name, fmt.Errorf("unknown; the fields are %s", strings.Join(names(v.Type()), ", "))}
	}
	return in, nil
}

func names(t reflect.Type) []string {
	var out []string
	for _, f := range fields(t) {
		out = append(out, f.Tag.Get("json"))
	}
	return out
}

// object splits a JSON object into its fields; a name given twice is an error.
func object(input []byte) (map[string]json.RawMessage, error) {
	d := json.NewDecoder(bytes.NewReader(input))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, &InputError{Err: errors.New("the input is not a JSON object")}
	}
	out := map[string]json.RawMessage{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, &InputError{Err: early(err)}
		}
		name := fmt.Sprint(key)
		if _, twice := out[name]; twice {
			return nil, &InputError{name, errors.New("given twice")}
		}
		var text json.RawMessage
		if err := d.Decode(&text); err != nil {
			return nil, &InputError{name, early(err)}
		}
		out[name] = text
	}
	if _, err := d.Token(); err != nil {
		return nil, &InputError{Err: early(err)}
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, &InputError{Err: errors.New("something follows the JSON object")}
	}
	return out, nil
}

// early says what an end of the input within an object means.
func early(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the JSON object ends too early")
	}
	return err
}

func strict(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	var kind *json.UnmarshalTypeError
	if !errors.As(err, &kind) {
		return err
	}
	if number, large := strings.CutPrefix(kind.Value, "number "); large {
		return fmt.Errorf("the number %s does not fit", number)
	}
	return fmt.Errorf("it cannot be of the kind %q", kind.Value)
}
