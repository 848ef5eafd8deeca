package experiment

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// How many unquoted conditions are looked past to find what else is wrong, and how many bytes are read again for them.
const (
	mostRepairs = 20
	mostReread  = 1 << 19
)

// parse reads the source as YAML. Where an unquoted condition makes that impossible, it is reported, and the rest is read as
// if it were quoted, so that all problems come out at once.
func (r *reader) parse() *ast.File {
	source, tries := r.source, mostReread/max(len(r.source), 1)
	for range mostRepairs {
		file, mistake := parseYAML(source)
		var repaired string
		if tries--; mistake == nil {
			if repaired = r.blameTag(source, file); repaired == "" || tries <= 0 {
				return file
			}
		} else if repaired = r.blameCondition(source, mistake, &tries); repaired == "" {
			r.report(mistake.at, "not valid YAML: "+mistake.message, mistake.advice())
			return nil
		}
		source = repaired
	}
	return nil
}

// yamlMistake is why a text is not YAML.
type yamlMistake struct {
	at      place
	message string
}

// advice says what to do about a mistake that people make often.
func (m *yamlMistake) advice() string {
	if strings.Contains(m.message, "\t") {
		return "indent with spaces, not with tabs"
	}
	return ""
}

// parseYAML takes a panic of the YAML parser for a mistake of the text: what it cannot read is not a definition.
func parseYAML(source string) (file *ast.File, mistake *yamlMistake) {
	defer func() {
		if p := recover(); p != nil {
			file, mistake = nil, &yamlMistake{message: fmt.Sprint(p)}
		}
	}()
	file, err := parser.ParseBytes([]byte(source), 0, parser.AllowDuplicateMapKey())
	if err == nil {
		return file, nil
	}
	var positioned yaml.Error
	if errors.As(err, &positioned) {
		return nil, &yamlMistake{at: placeOf(positioned.GetToken()), message: positioned.GetMessage()}
	}
	return nil, &yamlMistake{message: err.Error()}
}

// blameTag looks for an unquoted condition whose ! YAML takes for a tag, which then claims whatever comes next. It reports the
// condition and returns the source with a text of the same width in its place, or nothing.
func (r *reader) blameTag(source string, file *ast.File) (repaired string) {
	var found tagFinder
	for _, doc := range file.Docs {
		if _, directive := doc.Body.(*ast.DirectiveNode); doc.Body != nil && !directive {
			ast.Walk(&found, doc.Body)
		}
	}
	text := &reader{source: source}
	var conditions []unquoted
	line := 0
	for _, tag := range found.tags {
		at := placeOf(tag.GetToken())
		if at.line != line {
			line, conditions = at.line, text.unquotedConditions(at.line)
		}
		for _, c := range conditions {
			if c.at == at {
				r.report(at, "YAML takes the ! of this condition for a tag", c.hint())
				return c.masked(source)
			}
		}
	}
	return ""
}

type tagFinder struct{ tags []*ast.TagNode }

func (f *tagFinder) Visit(n ast.Node) ast.Visitor {
	if tag, ok := n.(*ast.TagNode); ok {
		f.tags = append(f.tags, tag)
	}
	return f
}

// blameCondition looks on the line of a mistake for an unquoted condition that causes it: the mistake goes away, or elsewhere,
// when it is quoted. It reports the condition and returns the source with a text of the same width in its place, or nothing.
// Every try costs one of those that are left.
func (r *reader) blameCondition(source string, mistake *yamlMistake, tries *int) (repaired string) {
	text := &reader{source: source}
	for _, c := range text.unquotedConditions(mistake.at.line) {
		if *tries--; *tries < 0 {
			return ""
		}
		tried := c.masked(source)
		if _, still := parseYAML(tried); still == nil || *still != *mistake {
			r.report(c.at, "YAML cannot read this condition without quotes", c.hint())
			return tried
		}
	}
	return ""
}
