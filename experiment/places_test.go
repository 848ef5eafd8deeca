package experiment_test

import (
	"fmt"
	"strings"
	"testing"

	"liftgate/experiment"
)

const placed = `liftgate: 1
name: placed
unit: shopper
variants: [{name: a, weight: 1}, {name: b, weight: 1}]
control: a
data:
  exposures: {files: x.csv, unit: u, variant: v, time: t, attributes: [länd, device]}
  events: {files: [e.csv, "f.csv"], unit: u, time: t}
metrics:
  - name: plain
    role: success
    better: higher
    type: mean
    value: {from: events, where: event == "ä" && kind == 1, take: sum, column: 'it == ''é'' ? x : y', window: [0d, 1d]}
  - name: blocks
    role: supporting
    type: proportion
    value:
      from: events
      where: |-
        event == "ä" &&
          kind == 1
      unless: "a == \"\u00e9\" && b"
      window: [0d, 1d]
  - {name: folded, role: supporting, type: proportion, value: {from: events, window: [0d, 1d],
     where: 'event == "x"
       && kind == 1'}}
  - {name: lent, use: amazon-pay/checkout_conversion}
`

// TestProblemAt finds places by what the file has there.
func TestProblemAt(t *testing.T) {
	for _, source := range []string{placed, strings.ReplaceAll(placed, "\n", "\r\n"), "\ufeff" + placed} {
		d, err := experiment.Parse("placed.yaml", []byte(source))
		if err != nil {
			t.Fatal(err)
		}
		plain, blocks, folded := d.Metrics[0].Value, d.Metrics[1].Value, d.Metrics[2].Value
		for _, c := range []struct {
			path   string
			offset int
			want   string // the file from that place on
		}{
			{"name", 0, "placed"},
			{"data.exposures.unit", 0, "u, variant"},
			{"data.exposures.attributes[0]", 0, "länd"},
			{"data.exposures.attributes[1]", 0, "device]"},
			{"data.events.files", 0, "[e.csv"},
			{"data.events.files[1]", 0, `f.csv"`},
			{"data.exposures.files[0]", 0, "x.csv"},
			{plain.Where.Path, 0, `event == "ä"`},
			{plain.Where.Path, strings.Index(plain.Where.Text, "kind"), "kind == 1, take"},
			{plain.Column.Path, strings.Index(plain.Column.Text, "x :"), "x : y', window"},
			{blocks.Where.Path, strings.Index(blocks.Where.Text, `"ä"`), `"ä" &&`},
			{blocks.Where.Path, strings.Index(blocks.Where.Text, "kind"), "kind == 1"},
			{blocks.Unless.Path, strings.Index(blocks.Unless.Text, "b"), `b"`},
			{folded.Where.Path, strings.Index(folded.Where.Text, "kind"), "kind == 1'}}"},
			{"metrics[3].value.where", 5, "amazon-pay/checkout_conversion"},
			{"metrics[3]", 0, "{name: lent"},
			{"metrics[0].margin", 0, "name: plain"},
			{"metrics[9].value", 0, "- name: plain"},
			{"schedule.start", 0, "liftgate: 1"},
		} {
			p := d.ProblemAt(c.path, c.offset, "message")
			if got := string([]rune(p.Excerpt)[p.Column-1:]); !strings.HasPrefix(got, c.want) {
				t.Errorf("%s+%d is at %d:%d, %q, want %q", c.path, c.offset, p.Line, p.Column, got, c.want)
			}
			if p.File != "placed.yaml" || p.Message != "message" {
				t.Errorf("problem is %+v", p)
			}
		}
	}
}

func TestProblemsPrintWithACaret(t *testing.T) {
	p := experiment.Problem{File: "x.yaml", Line: 3, Column: 7, Excerpt: "\t  a: é!", Message: "wrong", Suggestion: "did you mean right?"}
	want := "x.yaml:3:7: wrong\n  a: é!\n     ^\n  did you mean right?"
	if got := p.String(); got != want {
		t.Errorf("prints\n%s\nwant\n%s", got, want)
	}
	whole := experiment.Problem{File: "x.yaml", Message: "empty"}
	if got := (experiment.Problems{p, whole}).Error(); got != want+"\nx.yaml: empty" {
		t.Errorf("prints %q", got)
	}
}

func TestLongLinesAreCutAroundTheCaret(t *testing.T) {
	line := strings.Repeat("a", 300) + "!" + strings.Repeat("b", 300)
	p := experiment.Problem{File: "x.yaml", Line: 1, Column: 301, Excerpt: line, Message: "here"}
	lines := strings.Split(p.String(), "\n")
	if caret := strings.Index(lines[2], "^"); []rune(lines[1])[caret] != '!' || len(lines[1]) > 130 {
		t.Errorf("prints\n%s", p)
	}
}

// FuzzParse: no input makes the parser panic, and its places always lie in the file.
func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"testdata/good/*.yaml", "testdata/bad/*.yaml"} {
		for _, file := range glob(f, pattern) {
			f.Add(read(f, file))
		}
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		d, err := experiment.Parse("fuzz.yaml", source)
		if (d == nil) != (err != nil) {
			t.Fatal("neither a definition nor an error, or both")
		}
		if err != nil {
			checkPlaces(t, []byte(strings.TrimPrefix(string(source), "\ufeff")), err)
			return
		}
		again, err := experiment.Parse("fuzz.yaml", source)
		if err != nil || fmt.Sprint(again.Metrics[0].Name, again.Variants) != fmt.Sprint(d.Metrics[0].Name, d.Variants) {
			t.Fatal("parsing again gives something else")
		}
	})
}
