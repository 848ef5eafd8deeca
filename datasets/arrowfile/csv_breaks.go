package arrowfile

import (
	"bytes"
	"io"
)

// breaks keeps the line ends inside quotation marks, of which encoding/csv makes \n: it gives \r\r\n for \r\n there, of which one \r is
// left.
type breaks struct {
	src    io.Reader
	rest   []byte // read, and not yet given
	chunk  []byte
	quoted bool
	last   byte
}

func (b *breaks) Read(to []byte) (int, error) {
	if len(b.rest) == 0 {
		if b.chunk == nil {
			b.chunk = make([]byte, 1<<16)
		}
		n, err := b.src.Read(b.chunk)
		if n == 0 {
			return 0, err
		}
		b.rest = b.kept(b.chunk[:n]) // an error comes again
	}
	n := copy(to, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

func (b *breaks) kept(chunk []byte) []byte {
	if b.last != '\r' && bytes.IndexByte(chunk, '\r') < 0 {
		b.quoted = b.quoted != (bytes.Count(chunk, []byte{'"'})%2 == 1)
		return chunk
	}
	out := make([]byte, 0, len(chunk)+len(chunk)/8)
	for _, c := range chunk {
		switch {
		case c == '"':
			b.quoted = !b.quoted
		case c == '\n' && b.last == '\r' && b.quoted:
			out = append(out, '\r')
		}
		out, b.last = append(out, c), c
	}
	return out
}
