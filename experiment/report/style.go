package report

import "html/template"

// PageStyle is the style sheet of the page, for the other pages of the program.
func PageStyle() template.CSS {
	style, err := pageFiles.ReadFile("page/page.css")
	if err != nil {
		panic(err) // the file is part of the program
	}
	return template.CSS(style) //nolint:gosec // our own
}
