package state

import (
	"encoding/json"
	"testing"
)

func example() *index {
	return &index{
		Engine: "engine", Definition: hashOf(nil), Rows: []rowsFile{{"rows-1.bin", 30}, {"rows-12.bin", 5}},
		Tables: []*tableIndex{{Name: "events", Fingerprint: "f", Files: []*fileIndex{{
			Path: "events/a.parquet", Size: 7, Modified: 8, Settled: true, SHA256: "hash", Latest: &Latest{At: 9, Any: true},
			Parts: []partIndex{{0, 0, []Block{{0, 10, "x"}, {20, 10, "y"}}}, {2, 1, []Block{}}},
		}}}},
	}
}

func TestIndexContradictions(t *testing.T) {
	for name, spoil := range map[string]func(*index){
		"rows elsewhere":  func(x *index) { x.Rows[0].Name = "../rows-1.bin" },
		"rows 0":          func(x *index) { x.Rows[0].Name = "rows-0.bin" },
		"rows below 0":    func(x *index) { x.Rows[0].Bytes = -1 },
		"table twice":     func(x *index) { x.Tables = append(x.Tables, x.Tables[0]) },
		"no table":        func(x *index) { x.Tables[0] = nil },
		"file twice":      func(x *index) { x.Tables[0].Files = append(x.Tables[0].Files, x.Tables[0].Files[0]) },
		"part twice":      func(x *index) { x.Tables[0].Files[0].Parts[1].Number = 0 },
		"no rows":         func(x *index) { x.Tables[0].Files[0].Parts[0].Rows = 2 },
		"block before":    func(x *index) { x.Tables[0].Files[0].Parts[0].Blocks[0].At = -1 },
		"block behind":    func(x *index) { x.Tables[0].Files[0].Parts[0].Blocks[0].At = 21 },
		"block too large": func(x *index) { x.Tables[0].Files[0].Parts[0].Blocks[1].Bytes = 1 << 62 },
	} {
		x := example()
		spoil(x)
		raw, err := x.encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := decodeIndex(raw); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// FuzzIndex: arbitrary bytes are an error or an index that is consistent.
func FuzzIndex(f *testing.F) {
	raw, err := example().encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw, false)
	body, err := json.Marshal(example())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(body, true)
	f.Fuzz(func(t *testing.T, raw []byte, wrap bool) {
		if wrap && json.Valid(raw) {
			if raw, err = json.Marshal(envelope{V1, hashOf(raw), raw}); err != nil {
				t.Fatal(err)
			}
		}
		x, err := decodeIndex(raw)
		if err != nil {
			return
		}
		if err := x.check(); err != nil {
			t.Fatal(err)
		}
		if _, err := x.encode(); err != nil {
			t.Fatal(err)
		}
	})
}
