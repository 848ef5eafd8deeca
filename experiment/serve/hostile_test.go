package serve

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"liftgate/datasets/expr"
)

func TestStatuses(t *testing.T) {
	s := newShop(t, Options{Tokens: []string{"first", "second"}, Origins: []string{"https://shop.example"}}, define("plain", nil))
	bearer := []string{"Authorization", "Bearer second"}
	good := `{"context":{` + inControl + `}}`
	for _, c := range []struct {
		what, method, path, body string
		headers                  []string
		status                   int
		code                     string // of the failure
		header, value            string // of the answer
	}{
		{"bearer", "POST", flagPath + "plain", good, bearer, 200, "", "Content-Type", "application/json; charset=utf-8"},
		{"bearer in lower case", "POST", flagPath + "plain", good, []string{"Authorization", "bearer first"}, 200, "", "", ""},
		{"api key", "POST", flagPath + "plain", good, []string{"X-API-Key", "first"}, 200, "", "", ""},
		{"no token", "POST", flagPath + "plain", good, nil, 401, "GENERAL", "Www-Authenticate", `Bearer realm="liftgate"`},
		{"no token, no flag", "POST", flagPath + "none", good, nil, 401, "GENERAL", "", ""},
		{"wrong token", "POST", bulkPath, good, []string{"Authorization", "Bearer third"}, 401, "GENERAL", "", ""},
		{"basic", "POST", bulkPath, good, []string{"Authorization", "Basic first"}, 401, "GENERAL", "", ""},
		{"empty token", "GET", "/metrics", "", []string{"Authorization", "Bearer "}, 401, "GENERAL", "", ""},
		{"health needs none", "GET", "/healthz", "", nil, 200, "", "", ""},
		{"metrics", "GET", "/metrics", "", bearer, 200, "", "Content-Type", "text/plain; version=0.0.4; charset=utf-8; escaping=underscores"},
		{"configuration", "GET", "/ofrep/v1/configuration", "", bearer, 200, "", "", ""},
		{"method", "GET", flagPath + "plain", "", bearer, 405, "GENERAL", "Allow", "POST"},
		{"method of bulk", "PUT", bulkPath, good, bearer, 405, "GENERAL", "Allow", "POST"},
		{"path", "POST", "/ofrep/v1/evaluate", good, bearer, 404, "GENERAL", "", ""},
		{"no log", "POST", "/v1/exposures", "[]", bearer, 404, "GENERAL", "", ""},
		{"malformed", "POST", flagPath + "plain", `{"context":`, bearer, 400, "PARSE_ERROR", "", ""},
		{"large", "POST", flagPath + "plain", `{"x":"` + strings.Repeat("x", 64<<10) + `"}`, bearer, 413, "GENERAL", "Connection", "close"},
		{"compressed", "POST", flagPath + "plain", good, append([]string{"Content-Encoding", "gzip"}, bearer...), 415, "GENERAL", "", ""},
		{"page", "POST", flagPath + "plain", good, append([]string{"Origin", "https://shop.example"}, bearer...), 200, "", "Access-Control-Allow-Origin", "https://shop.example"},
		{"other page", "POST", flagPath + "plain", good, append([]string{"Origin", "https://evil.example"}, bearer...), 403, "GENERAL", "Access-Control-Allow-Origin", ""},
		{"preflight", "OPTIONS", bulkPath, "", []string{"Origin", "https://shop.example"}, 204, "", "Access-Control-Allow-Methods", "GET, POST"},
	} {
		r := httptest.NewRequest(c.method, c.path, strings.NewReader(c.body))
		w := s.send(r, c.headers...)
		got := map[string]any{}
		if c.code != "" {
			got = object(t, w.Body)
		} else {
			got["errorCode"] = ""
		}
		if w.Code != c.status || got["errorCode"] != c.code || w.Header().Get(c.header) != c.value {
			t.Errorf("%s: got %d %v, header %q", c.what, w.Code, got, w.Header().Get(c.header))
		}
	}
	for _, secret := range []string{"first", "second", "third", "s-1"} {
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("the log tells %q:\n%s", secret, s.log)
		}
	}
}

func TestHostileFlagKeys(t *testing.T) {
	s := newShop(t, Options{}, define("plain", nil))
	for _, key := range []string{
		"", "none", "..%2f..%2fetc%2fpasswd", "../../plain.yaml", "plain.yaml", "plain/", "%2e%2e", "a%00b", "%ff%fe", "PLAIN", "plain%20",
		`"}{`, strings.Repeat("k", 8000), "%F0%9F%9B%92", "__proto__",
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://x"+flagPath+strings.ReplaceAll(key, `"}{`, "%22%7D%7B"), strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		w := s.send(r)
		body := w.Body.String()
		if got := object(t, strings.NewReader(body)); w.Code != 404 || got["errorCode"] != "FLAG_NOT_FOUND" || !utf8.ValidString(body) || len(body) > 2000 {
			t.Errorf("%.40q: got %d %.200s", key, w.Code, body)
		}
	}
}

func TestOverload(t *testing.T) {
	s := newShop(t, Options{Limits: Limits{Requests: 1}}, define("plain", nil))
	s.server.places <- struct{}{}
	w := s.ask(flagPath+"plain", `{"context":{`+inControl+`}}`)
	if got := object(t, w.Body); w.Code != 429 || w.Header().Get("Retry-After") != "1" || got["key"] != "plain" {
		t.Errorf("got %d %v", w.Code, got)
	}
	<-s.server.places
	if w := s.ask(flagPath+"plain", `{"context":{`+inControl+`}}`); w.Code != 200 || len(s.server.places) != 0 {
		t.Errorf("later: got %d, %d places are taken", w.Code, len(s.server.places))
	}
}

// brokenBody fails while it is read.
type brokenBody struct{ err error }

func (b brokenBody) Read([]byte) (int, error) { return 0, b.err }

func TestBodiesThatDoNotArrive(t *testing.T) {
	s := newShop(t, Options{}, define("plain", nil))
	for err, want := range map[error]int{os.ErrDeadlineExceeded: 408, io.ErrUnexpectedEOF: 400, errors.New("reset"): 400} {
		w := s.send(httptest.NewRequest(http.MethodPost, bulkPath, brokenBody{err}))
		if object(t, w.Body)["errorCode"] != "GENERAL" || w.Code != want {
			t.Errorf("%v: got %d", err, w.Code)
		}
	}
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	if _, err := z.Write(make([]byte, 10<<20)); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	if w := s.send(httptest.NewRequest(http.MethodPost, bulkPath, &zipped)); w.Code != 400 {
		t.Errorf("a bomb: got %d", w.Code)
	}
}

func TestPanicIsAnAnswer(t *testing.T) {
	s := newShop(t, Options{}, define("plain", nil))
	s.server.library.flags().byName["plain"].assigner = nil
	for range 3 {
		if status, got := s.one("plain", inControl); status != 500 || got["errorCode"] != "GENERAL" {
			t.Errorf("got %d %v", status, got)
		}
	}
	if n := strings.Count(s.log.String(), "msg=panic"); n != 1 {
		t.Errorf("the log tells it %d times within a second", n)
	}
}

var bodies = []string{
	`{"context":{"targetingKey":"s-1"}}`, `{"context":{"targetingKey":"\ud83d\uded2","age":18.5e0,"x":[1,{"a":null}],"b":true}}`,
	``, ` `, `null`, `[]`, `"x"`, `{`, `{}`, `{"context":null}`, `{"context":1}`, `{"context":{}}x`, `{"context":{},"context":{}}`,
	`{"context":{"a":01}}`, `{"context":{"a":NaN}}`, `{"context":{"a":-}}`, `{"context":{"a":1.}}`, `{"context":{"a":1e}}`, `{"a":"\x"}`,
	`{"a":"\ud800"}`, `{"a":"\ud800A"}`, "{\"a\":\"\xff\"}", "{\"a\":\"\n\"}", `{"a":tru}`, `{"a":1,}`, `{"a" 1}`, `{a:1}`, `[1,]`,
	`{"a":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`, `{"a":"\u00e9\n\"\\\/\b\f\r\t"}`, `{"context":{"a":-0,"b":9223372036854775808}}`,
}

// FuzzBodies: whatever comes in, JSON comes out, with a status of the protocol, and nothing is accepted that is not JSON.
func FuzzBodies(f *testing.F) {
	for _, b := range bodies {
		f.Add([]byte(b))
	}
	folder := f.TempDir()
	text := define("plain", map[string]string{"assignment": `assignment: {eligible: 'age > 17 || country == "US"'}`})
	if err := os.WriteFile(folder+"/plain.yaml", []byte(text), 0o600); err != nil {
		f.Fatal(err)
	}
	server, err := New(Options{Definitions: []string{folder}, Now: func() time.Time { return noon }})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, path := range []string{flagPath + "plain", bulkPath} {
			w := httptest.NewRecorder()
			server.ServeHTTP(w, httptest.NewRequest(http.MethodPost, path, bytes.NewReader(body)))
			if !json.Valid(w.Body.Bytes()) || w.Code != 200 && w.Code != 400 && w.Code != 413 {
				t.Fatalf("%q: %d %s", body, w.Code, w.Body)
			}
			if w.Code == 200 && !json.Valid(body) {
				t.Fatalf("%q is not JSON and is answered", body)
			}
		}
	})
}

// FuzzScanner: what the scanner takes, encoding/json takes and reads the same way; what it refuses is not JSON, or one of the few
// things that it refuses on purpose.
func FuzzScanner(f *testing.F) {
	for _, b := range bodies {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := scanner{text: text}
		err := s.skip()
		if err == nil {
			err = s.end()
		}
		valid := json.Valid([]byte(text)) && utf8.ValidString(text)
		switch {
		case err == nil && !valid:
			t.Fatalf("%q is taken and is not JSON", text)
		case err != nil && valid && !onPurpose(err):
			t.Fatalf("%q is refused: %v", text, err)
		}
		s = scanner{text: text}
		var want any
		got, err := s.scalar()
		if err != nil || s.end() != nil || json.Unmarshal([]byte(text), &want) != nil {
			return
		}
		if !sameScalar(got, want) {
			t.Fatalf("%q is read as %v, want %v", text, got, want)
		}
	})
}

func onPurpose(err error) bool {
	return errors.Is(err, errRange) || strings.Contains(err.Error(), "surrogate") || strings.Contains(err.Error(), "inside each other")
}

func sameScalar(got expr.Value, want any) bool {
	switch w := want.(type) {
	case nil:
		return got.Null()
	case bool:
		return got.Type == expr.Bool && got.Bool == w
	case string:
		return got.Type == expr.Text && got.Text == w
	case float64:
		return got.Type == expr.Number && got.Number() == w
	}
	return false
}
