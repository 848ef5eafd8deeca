package serve

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// shop is a folder of definitions and a server over it.
type shop struct {
	t      *testing.T
	folder string
	server *Server
	log    *lockedBuffer
}

// define writes a definition. Its parts are lines of YAML: unit, variants and the rest each have a default.
func define(name string, parts map[string]string) string {
	part := func(key, otherwise string) string {
		if p, ok := parts[key]; ok {
			return p
		}
		return otherwise
	}
	return fmt.Sprintf(`liftgate: 1
name: %s
unit: %s
variants: %s
control: control
%s
data:
%s
metrics:
  - {name: conversion, role: success, better: higher, type: proportion,
     value: {from: events, where: 'event == "order_captured"', take: any, window: [0d, 14d]}}
`, name, part("unit", "shopper"), part("variants", "[{name: control, weight: 50}, {name: amazon_pay, weight: 50}]"),
		part("assignment", ""), part("data", `  exposures: {files: x/*.arrow, unit: shopper_id, variant: variant, time: ts, attributes: [country]}
  events: {files: events/*.parquet, unit: shopper_id, time: ts}`))
}

const merchantData = `  exposures: {files: x/*.arrow, unit: shopper_id, variant: variant, time: ts, cluster: merchant_id}
  events: {files: events/*.parquet, unit: shopper_id, time: ts, cluster: merchant_id}`

// noon is when everything happens.
var noon = time.Date(2026, 10, 5, 12, 0, 0, 0, time.UTC)

func newShop(t *testing.T, o Options, definitions ...string) *shop {
	t.Helper()
	s := &shop{t: t, folder: t.TempDir(), log: &lockedBuffer{}}
	for _, d := range definitions {
		s.put(nameIn(d), d)
	}
	o.Definitions = []string{s.folder}
	o.Log = slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if o.Now == nil {
		o.Now = func() time.Time { return noon }
	}
	server, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(t.Context()); err != nil && t.Context().Err() == nil {
			t.Error(err)
		}
	})
	s.server = server
	return s
}

func nameIn(definition string) string {
	_, rest, _ := strings.Cut(definition, "\nname: ")
	name, _, _ := strings.Cut(rest, "\n")
	return name
}

// put writes a file as programs should: a reader sees the old or the new one.
func (s *shop) put(name, definition string) {
	s.t.Helper()
	draft := filepath.Join(s.folder, "."+name)
	if err := os.WriteFile(draft, []byte(definition), 0o600); err != nil {
		s.t.Fatal(err)
	}
	if err := os.Rename(draft, filepath.Join(s.folder, name+".yaml")); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) remove(name string) {
	s.t.Helper()
	if err := os.Remove(filepath.Join(s.folder, name+".yaml")); err != nil {
		s.t.Fatal(err)
	}
}

const bulkPath = "/ofrep/v1/evaluate/flags"

// ask posts a body. Headers are pairs of names and values.
func (s *shop) ask(path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	return s.send(r, headers...)
}

func (s *shop) send(r *http.Request, headers ...string) *httptest.ResponseRecorder {
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.server.ServeHTTP(w, r)
	return w
}

func (s *shop) get(path string, headers ...string) *httptest.ResponseRecorder {
	return s.send(httptest.NewRequest(http.MethodGet, path, http.NoBody), headers...)
}

// metric gives one of the server's numbers.
func (s *shop) metric(series string) float64 {
	s.t.Helper()
	_, after, ok := strings.Cut(s.get("/metrics").Body.String(), "\n"+series+" ")
	text, _, _ := strings.Cut(after, "\n")
	value, err := strconv.ParseFloat(text, 64)
	if !ok || err != nil {
		s.t.Fatalf("there is no metric %s", series)
	}
	return value
}

// one evaluates a flag for a context of some members in JSON.
func (s *shop) one(flag, members string) (status int, answer map[string]any) {
	s.t.Helper()
	w := s.ask(flagPath+flag, `{"context":{`+members+`}}`)
	return w.Code, object(s.t, w.Body)
}

func object(t *testing.T, from io.Reader) (o map[string]any) {
	t.Helper()
	text, err := io.ReadAll(from)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&o); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return o
}

// lockedBuffer can be written to and read from at once.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
