package report

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"

	"liftgate/experiment/result"
)

// writeJSON writes result.json (v1): indented, one trailing newline, lists and maps never null.
func writeJSON(w io.Writer, r *result.Result) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(withoutNil(reflect.ValueOf(*r)).Interface()); err != nil {
		return fmt.Errorf("result of %s as JSON: %w", r.Experiment, err)
	}
	return nil
}

// withoutNil copies v with empty lists and maps in place of nil ones, so that readers need no case for null. A nil pointer
// stays: it is a number that does not exist.
func withoutNil(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			out.Field(i).Set(withoutNil(v.Field(i)))
		}
	case reflect.Slice:
		out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			out.Index(i).Set(withoutNil(v.Index(i)))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(withoutNil(v.Elem()))
		}
	case reflect.Map:
		out.Set(reflect.MakeMap(v.Type()))
		for _, key := range v.MapKeys() {
			out.SetMapIndex(key, withoutNil(v.MapIndex(key)))
		}
	default:
		out.Set(v)
	}
	return out
}
