package procedure

import (
	_ "embed"
	"reflect"
	"strings"
	"sync"
)

// Output is one field of a procedure's answer.
type Output struct {
	Name string // dots lead into objects, [] into lists
	Doc  string
}

// Outputs are the fields of the answer to the procedure's example that need words beside their names.
func (p Procedure) Outputs() ([]Output, error) {
	result, err := p.run([]byte(p.Example))
	if err != nil {
		return nil, err
	}
	return outputs("", reflect.ValueOf(result)), nil
}

func outputs(prefix string, v reflect.Value) []Output {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return outputs(prefix, v.Elem())
	case reflect.Slice, reflect.Array:
		if v.Len() == 0 {
			return nil
		}
		return outputs(prefix+"[]", v.Index(0))
	case reflect.Struct:
		return fieldsOf(prefix, v)
	}
	return nil
}

func fieldsOf(prefix string, v reflect.Value) []Output {
	var out []Output
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct {
			out = append(out, fieldsOf(prefix, v.Field(i))...)
			continue
		}
		if !f.IsExported() {
			continue
		}
		name := strings.TrimPrefix(prefix+"."+fieldName(f), ".")
		if doc := fieldDoc(v.Type(), f.Name); doc != "" {
			out = append(out, Output{name, doc})
		}
		out = append(out, outputs(name, v.Field(i))...)
	}
	return out
}

// fieldTexts are the comments on the fields of result structs: package.Type.Field, a tab, and the text. A test writes them.
//
//go:embed fields.txt
var fieldTexts string

var fieldDocs = sync.OnceValue(func() map[string]string {
	docs := map[string]string{}
	for line := range strings.Lines(fieldTexts) {
		name, text, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		docs[name] = text
	}
	return docs
})

// fieldDoc is the comment on a struct's field; nothing where there is none.
func fieldDoc(t reflect.Type, field string) string {
	name, _, _ := strings.Cut(t.Name(), "[") // type parameters
	return fieldDocs()[t.PkgPath()+"."+name+"."+field]
}
