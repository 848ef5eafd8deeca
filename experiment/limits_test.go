package experiment_test

import (
	"errors"
	"strings"
	"testing"

	"liftgate/experiment"
)

// TestHostileFilesAreRefused: what could take all time or memory is not read at all.
func TestHostileFilesAreRefused(t *testing.T) {
	for name, source := range map[string]string{
		"brackets": "a: " + strings.Repeat("[", 100_000),
		"braces":   strings.Repeat("{a: ", 50_000),
		"dashes":   strings.Repeat("- ", 100_000),
		"lines":    strings.Repeat("a: b\n", 20_000),
		"bytes":    "a: " + strings.Repeat("x", 1_000_000),
		"cel":      strings.Replace(placed, `'it == ''é'' ? x : y'`, "'"+strings.Repeat("(", 10_000)+"'", 1),
		"sum":      strings.Replace(placed, `'it == ''é'' ? x : y'`, "'x"+strings.Repeat("+ y", 60_000)+"'", 1),
	} {
		if _, err := experiment.Parse("x.yaml", []byte(source)); err == nil || len(err.Error()) > 2000 {
			t.Errorf("%s: %.300v", name, err)
		}
	}
}

func TestEscapesKeepTheirPlaces(t *testing.T) {
	for _, condition := range []string{`"\x61 == 1 && é ="`, `"\u0061\t== 1 && é ="`, `"\U00000061 == 1 \
       && é ="`} {
		source := strings.Replace(placed, `'it == ''é'' ? x : y'`, condition, 1)
		_, err := experiment.Parse("x.yaml", []byte(source))
		var problems experiment.Problems
		if !errors.As(err, &problems) || len(problems) != 1 {
			t.Fatalf("%s: %v", condition, err)
		}
		if p := problems[0]; !strings.HasPrefix(string([]rune(p.Excerpt)[p.Column-1:]), "é =") {
			t.Errorf("%s: %v", condition, p)
		}
	}
}
