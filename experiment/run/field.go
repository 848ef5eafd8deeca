package run

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// firstField names the first field in which two JSON documents differ, in the order of writing, such as
// "metrics[2].lift: 0.1, now 0.2". It is empty when none does, or one of them is no JSON.
func firstField(was, now []byte) string {
	d := differ{json.NewDecoder(bytes.NewReader(was)), json.NewDecoder(bytes.NewReader(now))}
	d.was.UseNumber()
	d.now.UseNumber()
	found, err := d.value("")
	if err != nil {
		return ""
	}
	return found
}

// differ reads two documents token by token, side by side.
type differ struct{ was, now *json.Decoder }

func (d *differ) tokens() (a, b json.Token, err error) {
	if a, err = d.was.Token(); err != nil {
		return nil, nil, err
	}
	b, err = d.now.Token()
	return a, b, err
}

// value compares the next value of both, which lies at path.
func (d *differ) value(path string) (string, error) {
	a, b, err := d.tokens()
	switch {
	case err != nil:
		return "", err
	case a != b:
		return fmt.Sprintf("%s: %s, now %s", path, show(a), show(b)), nil
	case a != json.Delim('{') && a != json.Delim('['):
		return "", nil
	}
	for i := 0; d.was.More() && d.now.More(); i++ {
		member := fmt.Sprintf("%s[%d]", path, i)
		if a == json.Delim('{') {
			keyA, keyB, err := d.tokens()
			if err != nil {
				return "", err
			}
			if keyA != keyB {
				return fmt.Sprintf("%s, where now %s is", join(path, keyA), join(path, keyB)), nil
			}
			member = join(path, keyA)
		}
		if found, err := d.value(member); found != "" || err != nil {
			return found, err
		}
	}
	if d.was.More() != d.now.More() {
		return path + ", which has more in one than in the other", nil
	}
	_, _, err = d.tokens() // the end of both
	return "", err
}

func join(path string, key json.Token) string {
	if path == "" {
		return fmt.Sprint(key)
	}
	return fmt.Sprintf("%s.%s", path, key)
}

func show(t json.Token) string {
	switch v := t.(type) {
	case nil:
		return "null"
	case string:
		return fmt.Sprintf("%q", v)
	case json.Delim:
		return map[json.Delim]string{'{': "an object", '[': "a list", '}': "nothing", ']': "nothing"}[v]
	}
	return fmt.Sprint(t)
}
