package procedure

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strings"
	"unicode"
)

// encode writes a result as JSON: fields in order, named in snake case unless a json tag says otherwise; numbers that do not exist as null,
// infinite ones as "inf" and "-inf". Only exported fields count; embedded structs are part of the struct around them.
func encode(result any) ([]byte, error) {
	var out bytes.Buffer
	if err := write(&out, reflect.ValueOf(result)); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func write(out *bytes.Buffer, v reflect.Value) error {
	switch v.Kind() {
	case reflect.Invalid:
		out.WriteString("null")
		return nil
	case reflect.Float64:
		return writeNumber(out, v.Float())
	case reflect.Pointer, reflect.Interface:
		return write(out, v.Elem())
	case reflect.Struct:
		out.WriteByte('{')
		if err := writeFields(out, v, new(int)); err != nil {
			return err
		}
		out.WriteByte('}')
		return nil
	case reflect.Slice, reflect.Array:
		return writeList(out, v)
	default:
		text, err := json.Marshal(v.Interface())
		out.Write(text)
		return err
	}
}

func writeNumber(out *bytes.Buffer, x float64) error {
	switch {
	case math.IsNaN(x):
		out.WriteString("null")
	case math.IsInf(x, 1):
		out.WriteString(`"inf"`)
	case math.IsInf(x, -1):
		out.WriteString(`"-inf"`)
	default:
		text, err := json.Marshal(x + 0) // no negative zero
		out.Write(text)
		return err
	}
	return nil
}

func writeList(out *bytes.Buffer, v reflect.Value) error {
	out.WriteByte('[')
	for i := range v.Len() {
		if i > 0 {
			out.WriteByte(',')
		}
		if err := write(out, v.Index(i)); err != nil {
			return err
		}
	}
	out.WriteByte(']')
	return nil
}

func writeFields(out *bytes.Buffer, v reflect.Value, written *int) error {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct {
			if err := writeFields(out, v.Field(i), written); err != nil {
				return err
			}
			continue
		}
		if !f.IsExported() {
			continue
		}
		if *written > 0 {
			out.WriteByte(',')
		}
		*written++
		fmt.Fprintf(out, "%q:", fieldName(f))
		if err := write(out, v.Field(i)); err != nil {
			return err
		}
	}
	return nil
}

func fieldName(f reflect.StructField) string {
	if name := f.Tag.Get("json"); name != "" {
		return name
	}
	return snake(f.Name)
}

// snake writes a Go name in the words of JSON: LogPValue is log_p_value.
func snake(name string) string {
	var out strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		starts := i > 0 && unicode.IsUpper(r) && (!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1]))
		if starts {
			out.WriteByte('_')
		}
		out.WriteRune(unicode.ToLower(r))
	}
	return out.String()
}
