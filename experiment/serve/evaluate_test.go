package serve

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"liftgate/experiment"
)

// Units of the experiment "plain" and their variants, by the first bit of SHA-256("plain:variant\x00" + unit), computed in Python.
const (
	inControl   = `"targetingKey":"s-1"`
	inTreatment = `"targetingKey":"s-3"`
)

func TestValuesOfEveryType(t *testing.T) {
	for _, c := range []struct {
		payloads [2]string // of the control and the other variant, empty for none
		want     [2]any    // nil: no value, the client's default holds
	}{
		{[2]string{"false", "true"}, [2]any{false, true}},
		{[2]string{"1", "9007199254740993"}, [2]any{json.Number("1"), json.Number("9007199254740993")}},
		{[2]string{"0.5", "3"}, [2]any{json.Number("0.5"), json.Number("3")}},
		{[2]string{`"<a&b>"`, `"Zahlen 🛒"`}, [2]any{"<a&b>", "Zahlen 🛒"}},
		{[2]string{"{a: [1, x]}", "{b: {c: true}}"}, [2]any{
			map[string]any{"a": []any{json.Number("1"), "x"}}, map[string]any{"b": map[string]any{"c": true}},
		}},
		{[2]string{"", "{button: cart}"}, [2]any{nil, map[string]any{"button": "cart"}}},
		{[2]string{"", ""}, [2]any{"control", "amazon_pay"}},
	} {
		s := newShop(t, Options{}, define("plain", map[string]string{"variants": variants(c.payloads[0], c.payloads[1])}))
		for i, context := range []string{inControl, inTreatment} {
			status, got := s.one("plain", context)
			if diff := cmp.Diff(c.want[i], got["value"]); diff != "" || status != http.StatusOK {
				t.Errorf("%v: status %d, value (-want +got):\n%s", c.payloads, status, diff)
			}
			_, has := got["value"]
			if want := []string{"control", "amazon_pay"}[i]; has != (c.want[i] != nil) || got["variant"] != want || got["reason"] != "SPLIT" {
				t.Errorf("%v: got %v", c.payloads, got)
			}
		}
	}
}

func variants(payloads ...string) string {
	var list []string
	for i, name := range []string{"control", "amazon_pay"} {
		text := "{name: " + name + ", weight: 50"
		if payloads[i] != "" {
			text += ", payload: " + payloads[i]
		}
		list = append(list, text+"}")
	}
	return "[" + strings.Join(list, ", ") + "]"
}

func TestPayloadsOfOneType(t *testing.T) {
	for _, c := range []struct{ control, other, say string }{
		{"1", `"one"`, "the values of a flag must be of one type"},
		{"{a: 1}", "true", "the values of a flag must be of one type"},
		{"", "[1, 2]", "put the list under a key"},
	} {
		d, err := experiment.Parse("p.yaml", []byte(define("plain", map[string]string{"variants": variants(c.control, c.other)})))
		if err != nil {
			t.Fatal(err)
		}
		var problems experiment.Problems
		if _, err = newFlag(d); !errors.As(err, &problems) || !strings.Contains(err.Error(), c.say) || problems[0].Line != 4 {
			t.Errorf("%s and %s: got %v", c.control, c.other, err)
		}
	}
}

func TestReasons(t *testing.T) {
	s := newShop(
		t, Options{},
		define("plain", nil),
		define("forced", map[string]string{"assignment": "assignment: {force: [{unit: tester, variant: amazon_pay}]}"}),
		define("closed", map[string]string{"assignment": "assignment: {traffic: 0%}", "variants": variants("1", "2")}),
		define("kept", map[string]string{"assignment": "assignment: {holdout: {name: h, share: 100%}}"}),
		define("slots", map[string]string{"assignment": "assignment: {layer: {name: l, slots: [0, 0]}}"}),
		define("targeted", map[string]string{"assignment": `assignment: {eligible: 'country == "US"'}`}),
	)
	for _, c := range []struct{ flag, context, reason, variant, why string }{
		{"plain", inTreatment, "SPLIT", "amazon_pay", "assigned"},
		{"forced", `"targetingKey":"tester"`, "TARGETING_MATCH", "amazon_pay", "forced"},
		{"closed", inTreatment, "DEFAULT", "", "traffic"},
		{"kept", inTreatment, "DEFAULT", "", "holdout"},
		{"slots", inTreatment, "DEFAULT", "", "layer"},
		{"targeted", inTreatment, "DEFAULT", "", "not_eligible"},
		{"targeted", inTreatment + `,"country":"DE"`, "DEFAULT", "", "not_eligible"},
	} {
		status, got := s.one(c.flag, c.context)
		about := got["metadata"].(map[string]any)
		variant, _ := got["variant"].(string)
		if status != 200 || got["reason"] != c.reason || variant != c.variant || about["reason"] != c.why || about["experiment"] != c.flag {
			t.Errorf("%s: got %d %v, want %+v", c.flag, status, got, c)
		}
		if point, has := about["point"]; has != (c.why == "assigned") {
			t.Errorf("%s: point is %v", c.flag, point)
		}
	}
	if _, got := s.one("closed", inTreatment); got["value"] != json.Number("1") {
		t.Errorf("a unit without a variant has %v, not the control's value", got["value"])
	}
}

func TestContexts(t *testing.T) {
	eligible := map[string]string{"assignment": `assignment: {eligible: 'age >= 18 && country in ["US"] && (!has(cart) || since < "2027-01-01")'}`}
	merchants := map[string]string{"unit": "merchant", "data": merchantData}
	s := newShop(t, Options{}, define("plain", nil), define("adults", eligible), define("shops", merchants))
	long := strings.Repeat("x", longestID)
	for _, c := range []struct {
		flag, context string
		code          string // empty: no failure
		say           string
	}{
		{"plain", ``, "TARGETING_KEY_MISSING", "no targetingKey"},
		{"plain", `"targetingKey":""`, "TARGETING_KEY_MISSING", ""},
		{"plain", `"targetingKey":null`, "TARGETING_KEY_MISSING", ""},
		{"plain", `"targetingKey":7`, "INVALID_CONTEXT", "a number: it must be a text"},
		{"plain", `"targetingKey":["s"]`, "INVALID_CONTEXT", "an object or a list"},
		{"plain", `"targetingKey":"` + long + `"`, "", ""},
		{"plain", `"targetingKey":"` + long + `x"`, "INVALID_CONTEXT", "1025 bytes"},
		{"plain", `"targetingKey":"s","unknown":{"a":[1,{}]},"other":null`, "", ""},
		{"plain", `"targetingKey":"s","targetingKey":"t"`, "PARSE_ERROR", "twice"},
		{"plain", `"targetingKey":"s","country":{}`, "INVALID_CONTEXT", `"country" is an object or a list; plain logs it`},
		{"adults", `"targetingKey":"s","age":18,"country":"US"`, "", ""},
		{"adults", `"targetingKey":"s","age":"18","country":"US"`, "", ""},
		{"adults", `"targetingKey":"s","age":null`, "", ""},
		{"adults", `"targetingKey":"s","age":"old"`, "INVALID_CONTEXT", `"age" is a text`},
		{"adults", `"targetingKey":"s","age":true`, "INVALID_CONTEXT", `"age" is a boolean; the condition of adults compares it as a number`},
		{"adults", `"targetingKey":"s","age":[18]`, "INVALID_CONTEXT", `"age" is an object or a list`},
		{"adults", `"targetingKey":"s","cart":{"items":3}`, "", ""},
		{"adults", `"targetingKey":"s","age":1e999`, "INVALID_CONTEXT", "too large"},
		{"shops", `"targetingKey":"s"`, "INVALID_CONTEXT", `needs the attribute "merchant_id"`},
		{"shops", `"targetingKey":"s","merchant_id":""`, "INVALID_CONTEXT", `needs the attribute "merchant_id"`},
		{"shops", `"targetingKey":"s","merchant_id":1.5`, "INVALID_CONTEXT", "a text or an integer"},
		{"shops", `"targetingKey":"s","merchant_id":"m-1"`, "", ""},
		{"shops", `"merchant_id":"m-1"`, "TARGETING_KEY_MISSING", ""},
	} {
		status, got := s.one(c.flag, c.context)
		code, _ := got["errorCode"].(string)
		details, _ := got["errorDetails"].(string)
		want := map[bool]int{true: 200, false: 400}[c.code == ""]
		if status != want || code != c.code || !strings.Contains(details, c.say) || got["key"] != c.flag {
			t.Errorf("%s {%.80s}: got %d %v", c.flag, c.context, status, got)
		}
	}
	_, text := s.one("shops", `"targetingKey":"s","merchant_id":"42"`)
	_, number := s.one("shops", `"targetingKey":"t","merchant_id":42`)
	if diff := cmp.Diff(text, number); diff != "" {
		t.Errorf("a merchant has another variant as a number, or for another shopper:\n%s", diff)
	}
}

func TestConditionsReadTheUnitByItsColumn(t *testing.T) {
	s := newShop(t, Options{}, define("testers", map[string]string{"assignment": `assignment: {eligible: 'shopper_id.startsWith("test-")'}`}))
	for context, want := range map[string]string{`"targetingKey":"test-1"`: "SPLIT", `"targetingKey":"s-1"`: "DEFAULT"} {
		if _, got := s.one("testers", context); got["reason"] != want {
			t.Errorf("%s: got %v", context, got)
		}
	}
}

func TestBulk(t *testing.T) {
	s := newShop(t, Options{}, define("b", nil), define("a", map[string]string{"assignment": "assignment: {eligible: 'age > 3'}"}))
	ask := func(context string, headers ...string) (int, string, map[string]any) {
		w := s.ask(bulkPath, `{"context":{"targetingKey":"s-1",`+context+`}}`, headers...)
		if w.Code == http.StatusNotModified {
			return w.Code, w.Header().Get("ETag"), nil
		}
		return w.Code, w.Header().Get("ETag"), object(t, w.Body)
	}
	status, tag, got := ask(`"age":"?"`)
	flags := got["flags"].([]any)
	first, second := flags[0].(map[string]any), flags[1].(map[string]any)
	if status != 200 || first["key"] != "a" || first["errorCode"] != "INVALID_CONTEXT" || second["key"] != "b" || second["reason"] != "SPLIT" {
		t.Errorf("a bad flag spoils others: %d %v", status, got)
	}
	for _, known := range []string{tag, "W/" + tag, `"x", ` + tag, "*"} {
		if status, again, _ := ask(`"age":"?"`, "If-None-Match", known); status != http.StatusNotModified || again != tag {
			t.Errorf("If-None-Match: %s: got %d %s", known, status, again)
		}
	}
	_, ten, _ := ask(`"age":10`)
	if status, same, _ := ask(`"age":11,"page":"x"`, "If-None-Match", ten); status != http.StatusNotModified || same != ten {
		t.Error("the tag changes although the answer does not")
	}
	if status, other, _ := ask(`"age":1`, "If-None-Match", ten); status != 200 || other == ten {
		t.Error("the tag does not change although the answer does")
	}
	for body, want := range map[string]string{`{}`: "TARGETING_KEY_MISSING", `{`: "PARSE_ERROR", `{"context":[]}`: "INVALID_CONTEXT"} {
		w := s.ask(bulkPath, body)
		if got := object(t, w.Body); w.Code != 400 || got["errorCode"] != want {
			t.Errorf("%s: got %d %v", body, w.Code, got)
		}
	}
}
