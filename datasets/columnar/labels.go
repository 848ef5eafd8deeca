package columnar

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"liftgate/datasets"
	"liftgate/datasets/tabular"
)

// labels gives the texts of an attribute small codes. Code 0 is null.
type labels struct {
	mu    sync.RWMutex
	codes map[string]uint32
	texts []string
}

func newLabels() *labels {
	return &labels{codes: map[string]uint32{}, texts: []string{""}}
}

func (l *labels) code(s string) uint32 {
	l.mu.RLock()
	code, known := l.codes[s]
	l.mu.RUnlock()
	if known {
		return code
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if code, known := l.codes[s]; known {
		return code
	}
	code = uint32(len(l.texts))
	s = strings.Clone(s)
	l.texts = append(l.texts, s)
	l.codes[s] = code
	return code
}

// smaller is the code of the smaller text; null is the largest.
func (l *labels) smaller(a, b uint32) uint32 {
	if a == b || b == 0 {
		return a
	}
	if a == 0 {
		return b
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.texts[b] < l.texts[a] {
		return b
	}
	return a
}

// evidence puts counts by variant and code into the order of the texts.
func (l *labels) evidence(name string, counts [][]int64) datasets.Attribute {
	byText := map[string][]int64{}
	for code, s := range l.texts {
		if code == 0 {
			s = datasets.NoValue
		}
		for v := range counts {
			if code < len(counts[v]) && counts[v][code] > 0 {
				if byText[s] == nil {
					byText[s] = make([]int64, len(counts))
				}
				byText[s][v] += counts[v][code]
			}
		}
	}
	out := datasets.Attribute{Name: name, Units: make([][]int64, len(counts))}
	for s := range byText {
		out.Values = append(out.Values, s)
	}
	slices.Sort(out.Values)
	for v := range counts {
		out.Units[v] = make([]int64, len(out.Values))
		for i, s := range out.Values {
			out.Units[v][i] = byText[s][v]
		}
	}
	return out
}

// labeller codes the cells of one column, remembering the codes of a dictionary.
type labeller struct {
	code  func(string) (uint32, error)
	dict  *tabular.Dictionary
	known []uint32 // by position in dict: code + 1, 0 when not asked for yet
}

// at is the code of a cell, 0 for null.
func (l *labeller) at(c *tabular.Column, row int) (uint32, error) {
	if c.Null(row) {
		return 0, nil
	}
	all := l.knownOf(c)
	if all == nil {
		return l.label(c, row)
	}
	known := &all[c.Codes[row]]
	if *known == 0 {
		code, err := l.label(c, row)
		if err != nil {
			return 0, err
		}
		*known = code + 1
	}
	return *known - 1, nil
}

// knownOf is what is known of the codes of a column with a dictionary; nil of another.
func (l *labeller) knownOf(c *tabular.Column) []uint32 {
	if c.Codes == nil || c.Kind != tabular.Text {
		return nil
	}
	if l.dict != c.Dict {
		l.dict, l.known = c.Dict, make([]uint32, len(c.Dict.Texts))
	}
	return l.known
}

// codesOf appends the codes of rows, as at gives them, up to the first row with an error.
func codesOf[T uint16 | uint32](l *labeller, c *tabular.Column, rows []int32, out []T) ([]T, error) {
	known, n := l.knownOf(c), len(out)
	out = slices.Grow(out, len(rows))[:n+len(rows)]
	for i := 0; i < len(rows); i++ {
		if known != nil {
			if i += copyKnown(known, c.Codes, c.Valid, rows[i:], out[n+i:]); i == len(rows) {
				break
			}
		}
		code, err := l.at(c, int(rows[i]))
		if err != nil {
			return out[:n+i], err
		}
		out[n+i] = T(code)
	}
	return out, nil
}

// copyKnown gives codes of rows up to the first that is not known yet, and tells how many.
func copyKnown[T uint16 | uint32](known, codes []uint32, valid []bool, rows []int32, out []T) int {
	for i, row := range rows {
		if valid != nil && !valid[row] {
			out[i] = 0
			continue
		}
		k := known[codes[row]]
		if k == 0 {
			return i
		}
		out[i] = T(k - 1)
	}
	return len(rows)
}

func (l *labeller) label(c *tabular.Column, row int) (uint32, error) {
	if c.Kind == tabular.Text {
		s := c.Text(row)
		if !utf8.ValidString(s) {
			return 0, tabular.ErrNotUTF8
		}
		return l.code(s)
	}
	return l.code(c.Value(row).Plain())
}
