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
	if c.Codes == nil || c.Kind != tabular.Text {
		return l.label(c, row)
	}
	if l.dict != c.Dict {
		l.dict, l.known = c.Dict, make([]uint32, len(c.Dict.Texts))
	}
	known := &l.known[c.Codes[row]]
	if *known == 0 {
		code, err := l.label(c, row)
		if err != nil {
			return 0, err
		}
		*known = code + 1
	}
	return *known - 1, nil
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
