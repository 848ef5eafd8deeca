package analysis_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"liftgate/datasets/expr"
	"liftgate/experiment/analysis"
	"liftgate/experiment/assignment"
	"liftgate/experiment/result"
)

// TestDesignsFailClosed breaks what only designs have, in an experiment that ships otherwise (see TestDesigns).
func TestDesignsFailClosed(t *testing.T) {
	merchant := func(r []expr.Value) int { return number(t, r[len(r)-1]) }
	lost := func(which func(merchant int) bool) func(s *shop) {
		return func(s *shop) {
			s.keep(shopExposures, func(r []expr.Value) bool { return !which(merchant(r)) })
		}
	}
	swap := func(a, b *string) { *a, *b = *b, *a }
	for i, c := range []struct {
		name   string
		method string
		list   func(r *assignment.Record)
		breaks func(s *shop)
		check  string // that fails
		says   string
	}{
		{
			"merchants are lost in the treatment", "paired", nil, lost(func(m int) bool { return m%8 == 1 }),
			"sample_ratio", "control 100 of 100, amazon_pay 75 of 100",
		},
		{
			"half of the treatment is lost", "stratified", nil, lost(func(m int) bool { return m%4 == 1 }),
			"sample_ratio", "control 100 of 100, amazon_pay 50 of 100",
		},
		{
			"half of the treatment is lost", "rerandomized", nil, lost(func(m int) bool { return m%4 == 1 }),
			"sample_ratio", "control 100 of 100, amazon_pay 50 of 100",
		},
		{"the list says otherwise", "paired", func(r *assignment.Record) {
			swap(&r.Merchants[0].Variant, &r.Merchants[1].Variant)
		}, nil, "assignment", "Of 200 merchants, 2 were logged in another variant than the design's list gives, and 0 should not"},
		{"two merchants of other strata are swapped", "stratified", func(r *assignment.Record) {
			swap(&r.Merchants[0].Unit, &r.Merchants[199].Unit)
		}, nil, "assignment", "2 were logged in another variant"},
		{"pairs are not on the list", "paired", func(r *assignment.Record) {
			r.Merchants = r.Merchants[4:]
		}, nil, "assignment", "and 4 should not have taken part"},
		{"strangers are many", "paired", nil, func(s *shop) {
			for _, r := range s.Tables[shopExposures].Rows {
				if merchant(r) >= 100 {
					r[len(r)-1] = expr.TextValue("m" + strconv.Itoa(1000+merchant(r)))
				}
			}
		}, "assignment", "and 100 should not have taken part"},
	} {
		t.Run(c.name+", "+c.method, func(t *testing.T) {
			if testing.Short() && i > 0 {
				t.Skip("one of them is enough in a hurry")
			}
			s := designed(t, inMerchants(t, newShop(t, shoppers), 200), 200, c.method, c.list)
			if c.breaks != nil {
				c.breaks(s)
			}
			r := s.decide(t)
			got := check(t, r, c.check)
			if got.Status != result.Fail || !strings.Contains(got.Detail, c.says) || r.Decision.Status != result.Invalid {
				t.Errorf("%s: %s; %s", got.Status, got.Detail, r.Decision.Status)
			}
		})
	}
}

// TestLostAlike: merchants that are lost whatever their variant break nothing. Those who are not on the list count neither as listed nor as
// lost.
func TestLostAlike(t *testing.T) {
	if testing.Short() {
		t.Skip("two analyses")
	}
	s := designed(t, inMerchants(t, newShop(t, shoppers), 200), 200, "paired", func(r *assignment.Record) {
		r.Merchants = r.Merchants[2:] // m0 and m1
	})
	s.keep(shopExposures, func(r []expr.Value) bool { m := number(t, r[len(r)-1]); return m != 3 && m != 6 })
	r := s.decide(t)
	if c := check(t, r, "clusters"); c.Status != result.Warn || !strings.Contains(c.Detail, "2 merchants of the design's list not analysed, 2 pairs incomplete") {
		t.Errorf("%s: %s", c.Status, c.Detail)
	}
	if c := check(t, r, "sample_ratio"); c.Status != result.Pass || !strings.Contains(c.Detail, "control 98 of 99, amazon_pay 98 of 99") || *c.Statistic != 0 {
		t.Errorf("%s: %s", c.Status, c.Detail)
	}
}

// TestDesignProblems: without the record of the design, or with one that no draw has made, there is no analysis, and the message says where to
// look.
func TestDesignProblems(t *testing.T) {
	s := designed(t, inMerchants(t, newShop(t, 200), 20), 20, "paired", func(r *assignment.Record) { r.Report.Merchants = 20 })
	record := regexp.MustCompile(`record: "(.*)"`).FindStringSubmatch(s.yaml)[1]
	good, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.tryDecide(analysis.Options{}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ says, old, replacement string }{
		{"there is no record of the design", "list.json", "other.json"},
		{"assignment.design.seed is 2", "seed: 1", "seed: 2"},
		{"name is elsewhere here and shop in the record", "name: shop", "name: elsewhere"},
		{"cannot be used", "/list.json", ""},
	} {
		other := &shop{yaml: s.yaml, Data: s.Data}
		other.replace(t, c.old, c.replacement)
		refused(t, other, c.says)
	}
	first := regexp.MustCompile(`(?m)^ *\{"unit":"m0".*\n`)
	for _, c := range []struct{ says, of, replacement string }{
		{"the record was changed after it was drawn", `"experiment": "shop"`, `"experiment": "elsewhere"`},
		{"the record was changed after it was drawn", `("unit":"m0",.*"balance":\[)\d+`, "${1}7"},
		{"block 1 has 0 of its 2 merchants in control", `"unit":"m0","variant":"control"`, `"unit":"m0","variant":"amazon_pay"`},
		{"19 have a variant by the draw, and the report says 20", first.String(), ""},
		{"block 0 of 20 merchants", `"block":\d+,`, ""},
		{"block 1 has 20 merchants", `"pair":\d+,"block":\d+`, `"pair":1,"block":1`},
		{"0 values of 1 balance variables", `,"balance":\[\d+\]`, ""},
		{"pair 1 in block 1 of a stratified design", `"method": "paired"`, `"method": "stratified"`},
		{"unexpected end", `(?s)"unit":"m7".*`, ""},
	} {
		text := regexp.MustCompile(c.of).ReplaceAll(good, []byte(c.replacement))
		if string(text) == string(good) {
			t.Fatalf("nothing in the record is %s", c.of)
		}
		edited := filepath.Join(t.TempDir(), "edited.json")
		if err := os.WriteFile(edited, text, 0o600); err != nil {
			t.Fatal(err)
		}
		other := &shop{yaml: s.yaml, Data: s.Data}
		other.replace(t, record, edited)
		refused(t, other, c.says)
	}
}

func refused(t *testing.T, s *shop, says string) {
	t.Helper()
	_, err := s.tryDecide(analysis.Options{})
	if err == nil || !strings.Contains(err.Error(), says) || !strings.HasPrefix(err.Error(), "shop.yaml:") {
		t.Errorf("%s: %v", says, err)
	}
}
