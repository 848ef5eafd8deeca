package main

import (
	"io"
	"slices"
	"strings"
	"testing"
)

func TestArrange(t *testing.T) {
	commands := newApp(newConsole(strings.NewReader(""), io.Discard, io.Discard)).Commands
	for _, c := range []struct{ in, want string }{
		{"analyze f --out run --force", "analyze --out run --force -- f"},
		{"analyze --out run f --force", "analyze --out run --force -- f"},
		{"analyze --out=run --force f", "analyze --out=run --force -- f"},
		{"--quiet analyze f", "analyze --quiet -- f"},
		{"analyze -quiet f", "analyze -quiet -- f"},
		{"analyze f --out --force", "analyze --out --force -- f"}, // as everywhere, a value may look like an option
		{"check -- --no-data", "check -- --no-data"},
		{"check --no-data -- a -- b", "check --no-data -- a -- b"},
		{"check -", "check -- -"},
		{"simulate f --seed 7 --out d g", "simulate --seed 7 --out d -- f g"},
		{"analyze f --out run -h", "analyze --help"},
		{"help analyze", "analyze --help"},
		{"help", "--help"},
		{"-h", "--help"},
		{"--version", "version"},
	} {
		got, err := arrange(commands, strings.Fields(c.in))
		if err != nil || !slices.Equal(got, strings.Fields(c.want)) {
			t.Errorf("%s: %q, %v, want %s", c.in, got, err, c.want)
		}
	}
	for in, want := range map[string]string{
		"":                  "no command given",
		"--out":             "no command given, only --out",
		"anlyze f":          `unknown command "anlyze"; did you mean "analyze"?`,
		"help anlyze":       `unknown command "anlyze"; did you mean "analyze"?`,
		"analyze f --outt":  `unknown option of analyze "--outt"; did you mean "--out"?`,
		"analyze f -x=1":    `unknown option of analyze "-x"`,
		"analyze f --out":   "option --out needs a value",
		"version --no-data": `unknown option of version "--no-data"`,
	} {
		if got, err := arrange(commands, strings.Fields(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %q, %v, want %s", in, got, err, want)
		}
	}
}
