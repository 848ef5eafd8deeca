package columnar_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"liftgate/datasets"
	"liftgate/datasets/columnar"
)

// written holds files of other programs, one for each thing that a format can do.
var written = filepath.Join("..", "tabular", "testdata")

// cells gives the distinct cells of columns of a unit table, as texts, in the order of the texts.
func cells(t *testing.T, dir, files string, columns []string) map[string][]string {
	t.Helper()
	ev, err := columnar.New(columnar.Options{Workers: 2}).Observe(context.Background(), attributes(t, dir, files, columns))
	if err != nil {
		t.Fatalf("%s: %v", files, err)
	}
	got := map[string][]string{}
	for _, a := range ev.Exposure.Attributes {
		got[a.Name] = a.Values
	}
	return got
}

// attributes asks who has which cells. Wall clocks are those of Berlin.
func attributes(t *testing.T, dir, files string, columns []string) *datasets.Query {
	t.Helper()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip(err)
	}
	return &datasets.Query{
		Units: &datasets.Table{
			Name: "units", Dir: dir, Files: []string{files}, Unit: "unit", Variant: "variant", Attributes: columns, Location: berlin,
		},
		Variants: []string{"control", "treatment"}, Location: time.UTC,
	}
}

// TestKeysOfTypes: a unit's key is a text or an integer.
func TestKeysOfTypes(t *testing.T) {
	for columns, want := range map[string]string{
		"f16 f32 f64 boolean d128 d128_whole d256 d32 d64 date32 date64":     "where a text or an integer is needed",
		"local_s local_ms local_us local_ns utc_s utc_ms utc_us new_york_ns": "where a text or an integer is needed",
		"i8 i16 i32 i64 u8 u16 u32 u64 coded_numbers":                        "twice", // the first and the last unit have one key
		"text large_text text_view bytes large_bytes bytes_view uuid":        "twice",
		"coded_i8 coded_i16 coded_i32 coded_i64":                             "twice",
		"nothing":                                                            "",
	} {
		for _, c := range strings.Fields(columns) {
			q := attributes(t, written, "types.parquet", nil)
			q.Units.Unit = c
			_, err := columnar.New(columnar.Options{}).Observe(context.Background(), q)
			if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
				t.Errorf("units of %s: %v", c, err)
			}
		}
	}
}
