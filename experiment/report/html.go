package report

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"liftgate/experiment/result"
)

//go:embed page/*.html page/page.css
var pageFiles embed.FS

// pageTemplate is the page with all its parts. Its files are part of the program, so a mistake in them is one in the program.
var pageTemplate = template.Must(template.New("page.html").Funcs(template.FuncMap{
	"minus":   minus,
	"name":    name,
	"count":   count,
	"percent": shortPercent,
	"size":    size,
	"moment":  moment,
	"short":   func(hash string) string { return hash[:min(len(hash), 12)] },
	"words":   spaced,
}).ParseFS(pageFiles, "page/*.html"))

// name lets a line break after the underscores of a name, which is often wider than its column.
func name(s string) template.HTML {
	return template.HTML(strings.ReplaceAll(template.HTMLEscapeString(s), "_", "_<wbr>")) //nolint:gosec // escaped on this line
}

// minus writes numbers with a typographic minus, which has the width of a plus and which no line break follows.
func minus(s string) string { return strings.ReplaceAll(s, "-", "−") }

func writeHTML(w io.Writer, r *result.Result, o Options) error {
	css, err := pageFiles.ReadFile("page/page.css")
	if err != nil {
		return fmt.Errorf("style of the page: %w", err)
	}
	if err := pageTemplate.Execute(w, newPage(r, o, template.CSS(css))); err != nil {
		return fmt.Errorf("result of %s as HTML: %w", r.Experiment, err)
	}
	return nil
}
