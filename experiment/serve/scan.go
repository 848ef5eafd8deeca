package serve

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"liftgate/datasets/expr"
)

// deepest is how far objects and lists may be nested in a request. Contexts are flat; more is an attack on the stack.
const deepest = 32

// scanner reads JSON (RFC 8259) in one pass, strictly: what two parsers could read differently is an error, because a flag must
// not depend on which of them an attacker had in mind. So are names that stand twice in an object, half a surrogate pair and
// text that is not UTF-8.
type scanner struct {
	text  string
	at    int
	depth int
}

var errRange = errors.New("a number is too large")

func (s *scanner) fail(format string, args ...any) error {
	return fmt.Errorf("%s at byte %d", fmt.Sprintf(format, args...), s.at)
}

// peek skips white space and returns the next byte, 0 at the end.
func (s *scanner) peek() byte {
	for s.at < len(s.text) {
		switch c := s.text[s.at]; c {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return c
		}
	}
	return 0
}

func (s *scanner) expect(c byte, where string) error {
	if got := s.peek(); got != c || s.at == len(s.text) {
		return s.unexpected(fmt.Sprintf("%q is missing %s", c, where))
	}
	s.at++
	return nil
}

func (s *scanner) unexpected(what string) error {
	if s.at >= len(s.text) {
		return s.fail("%s: the text ends", what)
	}
	return s.fail("%s", what)
}

// end reports an error unless nothing follows.
func (s *scanner) end() error {
	if s.peek(); s.at < len(s.text) {
		return s.fail("something follows the end of the JSON value")
	}
	return nil
}

func (s *scanner) enter() error {
	if s.depth++; s.depth > deepest {
		return s.fail("more than %d objects and lists inside each other", deepest)
	}
	s.at++
	return nil
}

// object reads an object. It calls member for every name, at its value, which member has to read.
func (s *scanner) object(member func(name string) error) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer func() { s.depth-- }()
	if s.peek() == '}' {
		s.at++
		return nil
	}
	for {
		if s.peek() != '"' {
			return s.unexpected("a name in quotes is missing")
		}
		name, err := s.string()
		if err != nil {
			return err
		}
		if err := s.expect(':', "after a name"); err != nil {
			return err
		}
		if err := member(name); err != nil {
			return err
		}
		if s.peek() == '}' {
			s.at++
			return nil
		}
		if err := s.expect(',', "between the members of an object"); err != nil {
			return err
		}
	}
}

// list reads a list. It calls item at every item, which item has to read.
func (s *scanner) list(item func() error) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer func() { s.depth-- }()
	if s.peek() == ']' {
		s.at++
		return nil
	}
	for {
		if err := item(); err != nil {
			return err
		}
		if s.peek() == ']' {
			s.at++
			return nil
		}
		if err := s.expect(',', "between the items of a list"); err != nil {
			return err
		}
	}
}

// skip reads a value that nobody asked for. Its objects' names are not held against each other.
func (s *scanner) skip() error {
	switch s.peek() {
	case '{':
		return s.object(func(string) error { return s.skip() })
	case '[':
		return s.list(s.skip)
	}
	_, err := s.scalar()
	return err
}

// scalar reads a text, number, boolean or null.
func (s *scanner) scalar() (expr.Value, error) {
	switch c := s.peek(); {
	case c == '"':
		text, err := s.string()
		return expr.TextValue(text), err
	case c == '-' || c >= '0' && c <= '9':
		return s.number()
	case s.word("true"):
		return expr.BoolValue(true), nil
	case s.word("false"):
		return expr.BoolValue(false), nil
	case s.word("null"):
		return expr.Value{}, nil
	}
	return expr.Value{}, s.unexpected("a value is missing")
}

func (s *scanner) word(w string) bool {
	if !strings.HasPrefix(s.text[s.at:], w) {
		return false
	}
	s.at += len(w)
	return true
}

// number reads a number: exactly where it is an integer of 64 bits, else as the nearest float64.
func (s *scanner) number() (expr.Value, error) {
	start := s.at
	if s.text[s.at] == '-' {
		s.at++
	}
	switch digits := s.digits(); {
	case digits == 0:
		return expr.Value{}, s.unexpected("a digit is missing")
	case digits > 1 && s.text[s.at-digits] == '0':
		return expr.Value{}, s.fail("a number starts with 0")
	}
	whole := true
	if s.at < len(s.text) && s.text[s.at] == '.' {
		s.at++
		if whole = false; s.digits() == 0 {
			return expr.Value{}, s.unexpected("a digit is missing")
		}
	}
	if s.at < len(s.text) && s.text[s.at]|0x20 == 'e' {
		s.at++
		if s.at < len(s.text) && (s.text[s.at] == '+' || s.text[s.at] == '-') {
			s.at++
		}
		if whole = false; s.digits() == 0 {
			return expr.Value{}, s.unexpected("a digit is missing")
		}
	}
	if text := s.text[start:s.at]; whole {
		if i, err := strconv.ParseInt(text, 10, 64); err == nil {
			return expr.IntValue(i), nil
		}
	}
	f, err := strconv.ParseFloat(s.text[start:s.at], 64)
	if err != nil {
		return expr.Value{}, errRange
	}
	return expr.FloatValue(f), nil
}

func (s *scanner) digits() int {
	start := s.at
	for s.at < len(s.text) && s.text[s.at] >= '0' && s.text[s.at] <= '9' {
		s.at++
	}
	return s.at - start
}

// string reads a text. One without escapes is a part of the request's own text.
func (s *scanner) string() (string, error) {
	s.at++
	start := s.at
	for s.at < len(s.text) {
		switch c := s.text[s.at]; {
		case c == '"':
			s.at++
			return s.text[start : s.at-1], nil
		case c == '\\':
			return s.escaped(start)
		case c < ' ':
			return "", s.fail("a control character stands in a text")
		case c < utf8.RuneSelf:
			s.at++
		default:
			if err := s.rune(); err != nil {
				return "", err
			}
		}
	}
	return "", s.unexpected("a closing quote is missing")
}

func (s *scanner) rune() error {
	r, size := utf8.DecodeRuneInString(s.text[s.at:])
	if r == utf8.RuneError && size == 1 {
		return s.fail("a text is not UTF-8")
	}
	s.at += size
	return nil
}

// escaped reads the rest of a text from its first backslash on.
func (s *scanner) escaped(start int) (string, error) {
	var out strings.Builder
	out.WriteString(s.text[start:s.at])
	for s.at < len(s.text) {
		switch c := s.text[s.at]; {
		case c == '"':
			s.at++
			return out.String(), nil
		case c == '\\':
			r, err := s.escape()
			if err != nil {
				return "", err
			}
			out.WriteRune(r)
		case c < ' ':
			return "", s.fail("a control character stands in a text")
		default:
			from := s.at
			if err := s.rune(); err != nil {
				return "", err
			}
			out.WriteString(s.text[from:s.at])
		}
	}
	return "", s.unexpected("a closing quote is missing")
}

func (s *scanner) escape() (rune, error) {
	if s.at+1 == len(s.text) {
		s.at++
		return 0, s.unexpected("a closing quote is missing")
	}
	c := s.text[s.at+1]
	if c == 'u' {
		return s.unicode()
	}
	i := strings.IndexByte(`"\/bfnrt`, c)
	if i < 0 {
		return 0, s.fail("there is no such escape")
	}
	s.at += 2
	return rune("\"\\/\b\f\n\r\t"[i]), nil
}

// unicode reads \uXXXX, or two of them for a character beyond 16 bits.
func (s *scanner) unicode() (rune, error) {
	first, err := s.unit()
	if err != nil || !utf16.IsSurrogate(first) {
		return first, err
	}
	if !strings.HasPrefix(s.text[s.at:], `\u`) {
		return 0, s.fail("half of a surrogate pair stands alone")
	}
	second, err := s.unit()
	if err != nil {
		return 0, err
	}
	r := utf16.DecodeRune(first, second)
	if r == utf8.RuneError {
		return 0, s.fail("half of a surrogate pair stands alone")
	}
	return r, nil
}

func (s *scanner) unit() (rune, error) {
	from := s.at + 2
	if from+4 > len(s.text) {
		return 0, s.fail("\\u needs four hexadecimal digits")
	}
	u, err := strconv.ParseUint(s.text[from:from+4], 16, 16)
	if err != nil {
		return 0, s.fail("\\u needs four hexadecimal digits")
	}
	s.at = from + 4
	return rune(u), nil
}
