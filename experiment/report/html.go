package report

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"liftgate/experiment/result"
)

//go:embed page
var pageFiles embed.FS

// pageTemplate is the page with all its parts. Its files are part of the program, so a mistake in them is one in the program.
var pageTemplate = template.Must(template.New("page.html").Funcs(template.FuncMap{
	"minus":   minus,
	"parts":   parts,
	"count":   count,
	"percent": shortPercent,
	"size":    size,
	"moment":  moment,
	"short":   func(hash string) string { return hash[:min(len(hash), 12)] },
	"words":   spaced,
}).ParseFS(pageFiles, "page/*"))

// parts cuts a name after its underscores, where a line may break: names are often wider than their column.
func parts(s string) []string { return strings.SplitAfter(s, "_") }

// minus writes numbers with a typographic minus, which has the width of a plus and which no line break follows.
func minus(s string) string { return strings.ReplaceAll(s, "-", "−") }

func writeHTML(w io.Writer, r *result.Result, o Options) error {
	if err := pageTemplate.Execute(w, newPage(r, o)); err != nil {
		return fmt.Errorf("result of %s as HTML: %w", r.Experiment, err)
	}
	return nil
}
