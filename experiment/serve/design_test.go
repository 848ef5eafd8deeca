package serve

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"liftgate/datasets/bucket"
	"liftgate/experiment/assignment"
)

// TestDesignsRecord: a flag waits for the record of its design, follows it, and keeps it when it goes away. No hash chose, so there is no
// point.
func TestDesignsRecord(t *testing.T) {
	s := newShop(t, Options{}, define("plain", nil))
	s.put("shops", define("shops", map[string]string{
		"unit": "merchant", "data": merchantData, "assignment": "assignment: {design: {method: stratified, strata: [country], seed: 1}}",
	}))
	record := filepath.Join(s.folder, "shops.design.json")
	write := func(text string) func() {
		return func() {
			if err := os.WriteFile(record, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, step := range []struct {
		what    string
		do      func()
		variant string // of merchant m-1; empty for no flag
	}{
		{"no record", func() {}, ""},
		{"a record", write(drawn(t, "control")), "control"},
		{"another one", write(drawn(t, "amazon_pay")), "amazon_pay"},
		{"half of one", write(drawn(t, "control")[:100]), "amazon_pay"},
		{"none again", func() { os.Remove(record) }, "amazon_pay"},
	} {
		step.do()
		s.server.refresh()
		status, got := s.one("shops", `"targetingKey":"s-1","merchant_id":"m-1"`)
		if step.variant == "" {
			if status != 404 || !strings.Contains(s.log.String(), "shops.design.json") {
				t.Errorf("%s: got %d %v; the log says\n%s", step.what, status, got, s.log)
			}
			continue
		}
		about, _ := got["metadata"].(map[string]any)
		if _, has := about["point"]; status != 200 || got["variant"] != step.variant || got["reason"] != "SPLIT" || has {
			t.Errorf("%s: got %d %v", step.what, status, got)
		}
	}
	if _, got := s.one("shops", `"targetingKey":"s-1","merchant_id":"m-9"`); got["reason"] != "DEFAULT" {
		t.Errorf("a merchant that is not listed got %v", got)
	}
}

// drawn is the text of the record of a design of one merchant, m-1, with the variant that it got.
func drawn(t *testing.T, variant string) string {
	t.Helper()
	r := &assignment.Record{
		Schema: "liftgate.design/v1", Experiment: "shops", Control: "control",
		Design:    assignment.Asked{Method: "stratified", Strata: []string{"country"}, Seed: 1},
		Variants:  []assignment.Share{{Name: "control", Weight: 1}, {Name: "amazon_pay", Weight: 1}},
		Merchants: []assignment.Listed{{Unit: "m-1", Variant: variant, Reason: bucket.Assigned, Stratum: "DE", Block: 1}},
	}
	path := filepath.Join(t.TempDir(), "drawn.json")
	if err := r.Write(path); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
