package serve

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/google/go-cmp/cmp"

	"liftgate/datasets/expr"
)

// logged closes the logs and gives the rows of one, a line each, with the names of the columns first.
func (s *shop) logged(dir, flag string) []string {
	s.t.Helper()
	if err := s.server.Close(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, flag, "*.arrow"))
	if err != nil {
		s.t.Fatal(err)
	}
	var lines []string
	for _, file := range files {
		lines = append(lines, s.rows(file)...)
	}
	return lines
}

func (s *shop) rows(file string) (lines []string) {
	s.t.Helper()
	f, err := os.Open(file)
	if err != nil {
		s.t.Fatal(err)
	}
	defer f.Close()
	reader, err := ipc.NewReader(f)
	if err != nil {
		s.t.Fatal(err)
	}
	defer reader.Release()
	var names []string
	for _, field := range reader.Schema().Fields() {
		names = append(names, field.Name)
	}
	lines = append(lines, strings.Join(names, " "))
	for reader.Next() {
		r := reader.Record()
		for i := range int(r.NumRows()) {
			var cells []string
			for _, column := range r.Columns() {
				if text, ok := column.(*array.String); ok && !column.IsNull(i) {
					cells = append(cells, text.Value(i))
				} else {
					cells = append(cells, column.ValueStr(i))
				}
			}
			lines = append(lines, strings.Join(cells, " "))
		}
	}
	return lines
}

func TestSingleEvaluationsAreLogged(t *testing.T) {
	dir := t.TempDir()
	forced := map[string]string{"assignment": `assignment: {eligible: 'country != "FR"', force: [{unit: tester, variant: amazon_pay}]}`}
	s := newShop(t, Options{Exposures: dir}, define("plain", forced))
	for _, context := range []string{
		inControl + `,"country":"DE"`, inControl + `,"country":"US"`, inTreatment + `,"country":7`, `"targetingKey":"s-4","country":"FR"`,
		`"targetingKey":"tester"`, `"targetingKey":"s-5","country":{}`, ``,
	} {
		s.one("plain", context)
	}
	s.ask(bulkPath, `{"context":{"targetingKey":"s-6","country":"DE"}}`)
	want := []string{
		"shopper_id variant ts country",
		"s-1 control 2026-10-05 12:00:00Z DE", "s-3 amazon_pay 2026-10-05 12:00:00Z 7", "tester amazon_pay 2026-10-05 12:00:00Z (null)",
	}
	metrics := s.get("/metrics").Body.String()
	if diff := cmp.Diff(want, s.logged(dir, "plain")); diff != "" {
		t.Error(diff)
	}
	for _, line := range []string{
		`liftgate_exposures_total{flag="plain",result="logged"} 3`, `liftgate_exposures_total{flag="plain",result="repeated"} 1`,
		`liftgate_evaluations_total{flag="plain",reason="assigned",variant="control"} 2`,
		`liftgate_evaluation_failures_total{code="INVALID_CONTEXT",flag="plain"} 1`, `liftgate_definitions_loaded 1`,
	} {
		if !strings.Contains(metrics, line+"\n") {
			t.Errorf("metrics lack %s:\n%s", line, metrics)
		}
	}
}

func TestWhichEvaluationsAreExposures(t *testing.T) {
	for expose, want := range map[Expose]int{ExposeSingle: 1, ExposeAll: 2, ExposeNone: 0} {
		dir := t.TempDir()
		s := newShop(t, Options{Exposures: dir, Expose: expose}, define("plain", nil))
		s.one("plain", inControl)
		s.ask(bulkPath, `{"context":{`+inTreatment+`}}`)
		if got := len(s.logged(dir, "plain")); got != want+min(want, 1) {
			t.Errorf("%s: %d lines", expose, got)
		}
	}
}

func TestUnitTablesHaveNoExposures(t *testing.T) {
	dir := t.TempDir()
	text := strings.Replace(define("table", map[string]string{"data": "  units: {files: u.csv, unit: shopper_id, variant: variant}"}),
		`value: {from: events, where: 'event == "order_captured"', take: any, window: [0d, 14d]}`, "value: {column: bought}", 1)
	s := newShop(t, Options{Exposures: dir}, text)
	if status, got := s.one("table", inControl); status != 200 || got["reason"] != "SPLIT" {
		t.Errorf("got %d %v", status, got)
	}
	w := s.ask("/v1/exposures", `[{"flag":"table","context":{`+inControl+`}}]`)
	if !strings.Contains(w.Body.String(), "no data.exposures") {
		t.Errorf("got %s", w.Body)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
		t.Errorf("%v, %v", entries, err)
	}
}

func TestReports(t *testing.T) {
	dir := t.TempDir()
	s := newShop(t, Options{Exposures: dir}, define("plain", nil), define("closed", map[string]string{"assignment": "assignment: {traffic: 0%}"}))
	w := s.ask("/v1/exposures", `[{"flag":"plain","context":{`+inControl+`}}, {"context":{`+inControl+`},"flag":"plain","seen":[true]},
		{"flag":"closed","context":{`+inControl+`}}, {"flag":"none"}, {"flag":"plain","context":{"targetingKey":7}}]`)
	want := `{"exposures":[{"key":"plain","logged":true,"reason":"assigned"},{"key":"plain","logged":false,"reason":"assigned"},` +
		`{"key":"closed","logged":false,"reason":"traffic"},{"key":"none","errorCode":"FLAG_NOT_FOUND","errorDetails":"no experiment has this name"},` +
		`{"key":"plain","errorCode":"INVALID_CONTEXT","errorDetails":"targetingKey is a number: it must be a text"}]}`
	if got := w.Body.String(); w.Code != 200 || got != want {
		t.Errorf("got %d %s", w.Code, got)
	}
	for body, code := range map[string]string{
		``: "PARSE_ERROR", `{}`: "PARSE_ERROR", `[1]`: "PARSE_ERROR", `[{}]`: "PARSE_ERROR", `[{"flag":1}]`: "PARSE_ERROR", `[]x`: "PARSE_ERROR",
		`[{"flag":"plain","flag":"plain"}]`: "PARSE_ERROR", `[{"flag":"plain","context":[]}]`: "INVALID_CONTEXT",
		"[" + strings.Repeat(`{"flag":"x"},`, mostReports) + `{"flag":"x"}]`: "INVALID_CONTEXT",
	} {
		if w := s.ask("/v1/exposures", body); w.Code != 400 || object(t, w.Body)["errorCode"] != code {
			t.Errorf("%.40s: got %d %s", body, w.Code, w.Body)
		}
	}
	if got := len(s.logged(dir, "plain")); got != 2 {
		t.Errorf("%d lines are logged", got)
	}
}

func TestMerchantsAreLoggedAsClusters(t *testing.T) {
	dir := t.TempDir()
	s := newShop(t, Options{Exposures: dir}, define("shops", map[string]string{"unit": "merchant", "data": merchantData}), define("both", map[string]string{"data": merchantData}))
	if status, got := s.one("shops", `"targetingKey":"s-1","merchant_id":42`); status != 200 {
		t.Fatalf("got %v", got)
	}
	if status, got := s.one("both", inControl); status != 400 || got["errorCode"] != "INVALID_CONTEXT" {
		t.Errorf("a merchant that must be logged is missing: got %d %v", status, got)
	}
	lines := s.logged(dir, "shops")
	if len(lines) != 2 || lines[0] != "shopper_id variant ts merchant_id" || !strings.HasSuffix(lines[1], " 42") || !strings.HasPrefix(lines[1], "s-1 ") {
		t.Errorf("got %q", lines)
	}
}

func TestColumnsThatChange(t *testing.T) {
	dir := t.TempDir()
	s := newShop(t, Options{Exposures: dir}, define("plain", nil))
	s.one("plain", inControl)
	s.put("plain", strings.Replace(define("plain", nil), "[country]", "[device, country]", 1))
	s.server.refresh()
	s.one("plain", inTreatment+`,"device":"phone","country":"DE"`)
	want := []string{
		"shopper_id variant ts country", "s-1 control 2026-10-05 12:00:00Z (null)",
		"shopper_id variant ts device country", "s-3 amazon_pay 2026-10-05 12:00:00Z phone DE",
	}
	if diff := cmp.Diff(want, s.logged(dir, "plain")); diff != "" {
		t.Error(diff)
	}
}

// TestAttributesHaveTheConditionsTypes, so that an analysis can ask the condition of the log again.
func TestAttributesHaveTheConditionsTypes(t *testing.T) {
	dir := t.TempDir()
	definition := strings.Replace(define("plain", map[string]string{"assignment": `assignment: {eligible: 'age > 3 && loyal'}`}),
		"[country]", "[age, loyal, country]", 1)
	s := newShop(t, Options{Exposures: dir}, definition)
	for context, want := range map[string]int{
		inControl + `,"age":"18.5","loyal":"true","country":false`:      200,
		inControl + `,"age":9007199254740993,"loyal":true`:              400,
		`"targetingKey":"s-3","age":4,"loyal":true,"country":0.1`:       200,
		`"targetingKey":"s-4","age":"old","loyal":true,"country":"DE"`:  400,
		`"targetingKey":"s-5","age":null,"loyal":true,"country":"none"`: 200, // is not eligible
	} {
		if status, got := s.one("plain", context); status != want {
			t.Errorf("%s: got %d %v", context, status, got)
		}
	}
	lines := s.logged(dir, "plain")
	slices.Sort(lines)
	want := []string{
		"s-1 control 2026-10-05 12:00:00Z 18.5 true false", "s-3 amazon_pay 2026-10-05 12:00:00Z 4 true 0.1", "shopper_id variant ts age loyal country",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Error(diff)
	}
}

// breakDisk makes writing the log of a flag fail, until it is mended.
func (s *shop) breakDisk(dir, flag string) (mend func()) {
	s.t.Helper()
	folder := filepath.Join(dir, flag)
	away := folder + ".away"
	if err := os.Rename(folder, away); err != nil {
		s.t.Fatal(err)
	}
	return func() {
		if err := os.Rename(away, folder); err != nil {
			s.t.Fatal(err)
		}
	}
}

// TestChangesWhileTheDiskFails: exposures that were answered outlive changes of the columns and the end of their flag.
func TestChangesWhileTheDiskFails(t *testing.T) {
	dir := t.TempDir()
	s := newShop(t, Options{Exposures: dir, Sync: time.Millisecond, Limits: Limits{Wait: 20 * time.Millisecond}}, define("plain", nil), define("gone", nil))
	mendPlain, mendGone := s.breakDisk(dir, "plain"), s.breakDisk(dir, "gone")
	s.one("plain", inControl)
	s.one("gone", inControl)
	s.put("plain", strings.Replace(define("plain", nil), "[country]", "[device, country]", 1))
	s.remove("gone")
	for range 3 {
		s.server.refresh()
	}
	if got := s.served(); got != `plain="control"` || len(s.server.library.recorders.open) != 2 || len(s.server.library.flags().byName["plain"].columns.Attributes) != 1 {
		t.Errorf("%s is served; logs %v", got, s.server.library.recorders.open)
	}
	if text := s.log.String(); !strings.Contains(text, "the exposure log of gone") || !strings.Contains(text, "cannot be written now") {
		t.Errorf("the log does not tell what is wrong:\n%s", text)
	}
	s.one("plain", inTreatment)
	mendPlain()
	mendGone()
	s.server.options.Limits.Wait, s.server.library.recorders.wait = time.Minute, time.Minute
	s.server.refresh()
	if open := s.server.library.recorders.open; len(open) != 1 || len(s.server.library.flags().byName["plain"].columns.Attributes) != 2 {
		t.Errorf("logs %v", open)
	}
	want := []string{"shopper_id variant ts country", "s-1 control 2026-10-05 12:00:00Z (null)", "s-3 amazon_pay 2026-10-05 12:00:00Z (null)"}
	if diff := cmp.Diff(want, s.logged(dir, "plain")); diff != "" {
		t.Error(diff)
	}
	if lines := s.logged(dir, "gone"); len(lines) != 2 || !strings.HasPrefix(lines[1], "s-1 ") {
		t.Errorf("%q", lines)
	}
}

// TestTypesOfAttributes: an attribute is logged as the type that the condition compares it as, so that the log can be asked the same.
func TestTypesOfAttributes(t *testing.T) {
	dir := t.TempDir()
	s := newShop(t, Options{Exposures: dir}, define("plain", map[string]string{
		"assignment": `assignment: {eligible: '(cart >= 1 || !has(cart)) && (member || true) && (both == "1" || both == 2 || !has(both)) && has(any)'}`,
		"data": `  exposures: {files: x/*.arrow, unit: shopper_id, variant: variant, time: ts, attributes: [cart, member, both, any, free]}
  events: {files: events/*.parquet, unit: shopper_id, time: ts}`,
	}))
	want := map[string]expr.Type{"cart": expr.Number, "member": expr.Bool, "both": expr.Text, "any": expr.Text, "free": expr.Text}
	for _, a := range s.server.library.flags().byName["plain"].columns.Attributes {
		if a.Type != want[a.Name] {
			t.Errorf("%s is a %s", a.Name, a.Type)
		}
	}
	for i, c := range []struct {
		context, want string
		status        int
	}{
		{`"cart":"1e3","member":"true","both":2,"any":"","free":10`, "1000 true 2  10", 200},
		{`"cart":9007199254740992,"member":null,"both":"1","any":true,"free":""`, "9.007199254740992e+15 (null) 1 true ", 200},
		{`"any":7,"free":10.5`, "(null) (null) (null) 7 10.5", 200},
		{`"any":7,"cart":9007199254740993`, "too many digits", 400},
		{`"any":7,"cart":"many"`, "no such reading", 400},
		{`"any":7,"free":[1]`, "logs it as one value", 400},
	} {
		w := s.ask(flagPath+"plain", fmt.Sprintf(`{"context":{"targetingKey":"s-%d",%s}}`, i, c.context))
		if w.Code != c.status || c.status != 200 && !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s: got %d %s", c.context, w.Code, w.Body)
		}
	}
	lines := s.logged(dir, "plain")
	if len(lines) != 4 {
		t.Fatalf("%q", lines)
	}
	for i, want := range []string{"1000 true 2  10", "9.007199254740992e+15 (null) 1 true ", "(null) (null) (null) 7 10.5"} {
		if !strings.HasSuffix(lines[i+1], "00Z "+want) {
			t.Errorf("got %q, want %q", lines[i+1], want)
		}
	}
}

// TestWhatAllLogsRemember: two logs share the room.
func TestWhatAllLogsRemember(t *testing.T) {
	s := newShop(t, Options{Exposures: t.TempDir(), Remember: 1}, define("a", nil), define("b", nil))
	for range 2 {
		s.one("a", inControl)
		s.one("b", inControl)
	}
	metrics := s.get("/metrics").Body.String()
	for _, line := range []string{
		`liftgate_exposure_log_known{flag="a"} 1`, `liftgate_exposure_log_known{flag="b"} 0`, `liftgate_exposure_log_unchecked{flag="a"} 0`,
		`liftgate_exposure_log_unchecked{flag="b"} 2`, `liftgate_exposure_log_waiting{flag="a"} 0`, `liftgate_exposure_log_cut_bytes{flag="a"} 0`,
		`liftgate_exposures_total{flag="a",result="repeated"} 1`, `liftgate_exposures_total{flag="b",result="repeated"} 0`,
	} {
		if !strings.Contains(metrics, line+"\n") {
			t.Errorf("metrics lack %s:\n%s", line, metrics)
		}
	}
}

// TestClosedLog: a variant that cannot be logged is not given.
func TestClosedLog(t *testing.T) {
	s := newShop(t, Options{Exposures: t.TempDir(), Limits: Limits{Wait: 10 * time.Millisecond}}, define("plain", nil))
	if err := s.server.library.flags().byName["plain"].recorder.log.Close(); err != nil {
		t.Fatal(err)
	}
	s.server.library.recorders.open = nil
	for _, path := range []string{flagPath + "plain", "/v1/exposures"} {
		body := map[bool]string{true: `{"context":{` + inControl + `}}`, false: `[{"flag":"plain","context":{` + inControl + `}}]`}[path[1] == 'o']
		w := s.ask(path, body)
		if got := object(t, w.Body); w.Code != http.StatusServiceUnavailable || got["errorCode"] != "GENERAL" || w.Header().Get("Retry-After") != "1" || got["value"] != nil {
			t.Errorf("%s: got %d %v", path, w.Code, got)
		}
	}
	if strings.Contains(s.log.String(), "s-1") {
		t.Errorf("the log tells who was asked about:\n%s", s.log)
	}
	if w := s.ask(bulkPath, `{"context":{`+inControl+`}}`); w.Code != 200 {
		t.Errorf("bulk: got %d", w.Code)
	}
}

func TestFolderThatCannotBeLoggedTo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "a.yaml"), []byte(define("plain", nil)), 0o600); err != nil {
		t.Fatal(err)
	}
	o := Options{Definitions: []string{folder}, Exposures: file, Now: func() time.Time { return noon }}
	if _, err := New(o); err == nil || !strings.Contains(err.Error(), "the exposure log of plain") {
		t.Errorf("got %v", err)
	}
	o.Exposures = t.TempDir()
	first, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := New(o); err == nil || !strings.Contains(err.Error(), "another process") {
		t.Errorf("two servers log to one folder: %v", err)
	}
	if err := errors.Join(first.Close(context.Background())); err != nil {
		t.Fatal(err)
	}
}
