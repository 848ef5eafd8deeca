package simulate

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"liftgate/datasets"
	"liftgate/experiment"
)

// table is one source of the definition: its columns in order, and where its rows go.
type table struct {
	name    string
	names   []string
	columns []*column
	files   []string          // patterns, as in the definition
	before  *datasets.Instant // rows at or after it are left out; nil: none
	events  bool              // else exposures
}

// tablesOf lays out the sources of a definition. Sources of events all get the same stream.
func tablesOf(d *experiment.Definition) ([]*table, error) {
	if d.Data.Units != nil {
		return nil, fmt.Errorf("data.units: simulate writes event logs, not unit tables: describe the data as exposures and events")
	}
	if d.Data.Exposures == nil {
		return nil, fmt.Errorf("data: there are no exposures to simulate")
	}
	exposures, err := exposureTable(d)
	if err != nil {
		return nil, err
	}
	tables := []*table{exposures}
	for i := range d.Data.Events {
		tables = append(tables, eventTable(&d.Data.Events[i]))
	}
	return tables, nil
}

func exposureTable(d *experiment.Definition) (*table, error) {
	source := d.Data.Exposures
	t := &table{name: "exposures", files: source.Files}
	variants := make([]string, len(d.Variants))
	for i, v := range d.Variants {
		variants[i] = v.Name
	}
	t.put(source.Unit, shopperID)
	t.put(source.Variant, variantColumn(variants))
	t.put(source.Time, timeColumn)
	t.put(source.Cluster, merchantID)
	for _, name := range append(slices.Clone(source.Attributes), "country", "device", "platform") {
		c, ok := columns[name]
		if !ok || c.ofEvent || c.code == nil {
			return nil, fmt.Errorf("data.exposures.attributes: simulate knows no attribute %q, "+
				"it has country, device, platform and merchant_id", name)
		}
		t.put(name, c)
	}
	return t, nil
}

func eventTable(source *experiment.EventSource) *table {
	t := &table{name: source.Name, files: source.Files, before: source.CompleteThrough, events: true}
	t.put(source.Unit, shopperID)
	t.put(source.Cluster, merchantID)
	t.put(source.Time, timeColumn)
	for _, name := range vocabulary {
		t.put(name, columns[name])
	}
	return t
}

// put adds a column unless there is none to add or its name is taken.
func (t *table) put(name string, c *column) {
	if name != "" && !slices.Contains(t.names, name) {
		t.names = append(t.names, name)
		t.columns = append(t.columns, c)
	}
}

// column is the column of that name, nil without one.
func (t *table) column(name string) *column {
	if i := slices.Index(t.names, name); i >= 0 {
		return t.columns[i]
	}
	return nil
}

func tableNamed(tables []*table, name string) *table {
	for _, t := range tables {
		if t.name == name {
			return t
		}
	}
	return nil
}

// distinct leaves out sources that are another one over again, and fails where two different ones claim the same file.
func distinct(tables []*table) ([]*table, error) {
	var out []*table
	owner := map[string]string{}
	for _, t := range tables {
		if slices.ContainsFunc(out, t.same) {
			continue
		}
		out = append(out, t)
		for _, pattern := range t.files {
			path, err := instance(pattern, 0)
			if err != nil {
				return nil, fmt.Errorf("data.%s.files: %w", t.name, err)
			}
			if other, ok := owner[path]; ok {
				return nil, fmt.Errorf("data.%s.files: %q would hold the rows of %s too: give each its own files", t.name, pattern, other)
			}
			owner[path] = t.name
		}
	}
	return out, nil
}

func (t *table) same(o *table) bool {
	return t.events == o.events && slices.Equal(t.names, o.names) && slices.Equal(t.columns, o.columns) &&
		slices.Equal(t.files, o.files) && sameCut(t.before, o.before)
}

func sameCut(a, b *datasets.Instant) bool { return a == b || (a != nil && b != nil && *a == *b) }

// instance is the path that part i of a table gets under a pattern: "**" stands for no folder, "*" for the part's name.
func instance(pattern string, i int) (string, error) {
	switch {
	case strings.Contains(pattern, "://"):
		return "", fmt.Errorf("simulate writes to a folder, not to %q", pattern)
	case !filepath.IsLocal(pattern):
		return "", fmt.Errorf("simulate writes below its own folder only, %q lies elsewhere: use a relative path", pattern)
	case filepath.Ext(pattern) != ".parquet":
		return "", fmt.Errorf("simulate writes Parquet only: end %q in .parquet", pattern)
	case strings.ContainsAny(pattern, "?[]{}"):
		return "", fmt.Errorf("simulate cannot name a file for the pattern %q: use * instead", pattern)
	}
	elements := strings.Split(withoutDeep(pattern), "/")
	for j, e := range elements {
		first := strings.Replace(e, "*", fmt.Sprintf("part-%04d", i), 1)
		elements[j] = strings.ReplaceAll(first, "*", "")
	}
	return filepath.Join(elements...), nil
}

// withoutDeep leaves out the elements that stand for any folders, or none.
func withoutDeep(pattern string) string {
	elements := strings.Split(filepath.ToSlash(pattern), "/")
	return strings.Join(slices.DeleteFunc(elements, func(e string) bool { return e == "**" }), "/")
}

func isPattern(pattern string) bool { return strings.Contains(pattern, "*") }
