package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"liftgate/experiment/result"
)

// Format names a way of writing a result.
type Format string

const (
	Table    Format = "table"
	Markdown Format = "markdown"
	HTML     Format = "html"
	JSON     Format = "json"
	CSV      Format = "csv"
	Arrow    Format = "arrow"
)

// Formats lists every format.
var Formats = []Format{Table, Markdown, HTML, JSON, CSV, Arrow}

// ParseFormat returns the format of that name.
func ParseFormat(name string) (Format, error) {
	if f := Format(name); slices.Contains(Formats, f) {
		return f, nil
	}
	names := make([]string, len(Formats))
	for i, f := range Formats {
		names[i] = string(f)
	}
	return "", fmt.Errorf("unknown format %q: use one of %s", name, strings.Join(names, ", "))
}

// Options says how to write. The zero value is a table without colours, 100 columns wide.
type Options struct {
	Format         Format  // Table when empty
	Color          bool    // ANSI colours, table only
	Width          int     // columns of the terminal, table only: 100 when 0, at least 80
	DefinitionYAML []byte  // the definition's source, shown by HTML when present
	Inputs         []Input // the files that were read, shown by HTML when present
}

// Input is one file that an analysis read.
type Input struct {
	Source string // exposures, events, units, ...
	Path   string
	Bytes  int64
	SHA256 string // hexadecimal
}

// Write writes the result in one format. Only JSON, CSV and Arrow carry every number at full precision.
func Write(w io.Writer, r *result.Result, o Options) error {
	switch o.Format {
	case Table, "":
		return writeTable(w, r, o)
	case Markdown:
		return writeMarkdown(w, r)
	case HTML:
		return writeHTML(w, r, o)
	case JSON:
		return writeJSON(w, r)
	case CSV:
		return writeCSV(w, r)
	case Arrow:
		return writeArrow(w, r)
	}
	_, err := ParseFormat(string(o.Format))
	return err
}
