package serve

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
)

// read reads the request's body. What is read is bounded before it is read.
func (s *Server) read(q *query) *failure {
	limit := s.options.Limits.Body
	tooLarge := &failure{http.StatusRequestEntityTooLarge, general, fmt.Sprintf("a request has at most %d bytes", limit)}
	switch encoding := q.request.Header.Get("Content-Encoding"); {
	case encoding != "" && encoding != "identity":
		return &failure{http.StatusUnsupportedMediaType, general, "a compressed request is not read: send it as it is"}
	case q.request.ContentLength > limit:
		return tooLarge
	}
	var err error
	q.buffer, err = readAll(q.request.Body, q.buffer[:0], limit)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &failure{http.StatusRequestTimeout, general, "the request did not arrive in time"}
	case err != nil:
		return &failure{http.StatusBadRequest, general, "the request did not arrive as a whole"}
	case int64(len(q.buffer)) > limit:
		return tooLarge
	}
	q.body = string(q.buffer)
	return nil
}

// readAll reads to the end, or one byte and more beyond the limit.
func readAll(from io.Reader, into []byte, limit int64) ([]byte, error) {
	for int64(len(into)) <= limit {
		if len(into) == cap(into) {
			into = append(into, 0)[:len(into)]
		}
		n, err := from.Read(into[len(into):cap(into)])
		into = into[:len(into)+n]
		if errors.Is(err, io.EOF) {
			return into, nil
		}
		if err != nil {
			return into, err
		}
	}
	return into, nil
}

// mostKept is how large a buffer may be to be used again: one large request must not cost memory for ever.
const mostKept = 64 << 10

// recycle keeps the query's space for the next one.
func (s *Server) recycle(q *query) {
	if cap(q.buffer) > mostKept || cap(q.answer) > mostKept {
		return
	}
	clear(q.context.attributes[:cap(q.context.attributes)]) // they point into the body
	clear(q.logged[:cap(q.logged)])
	q.request, q.body = nil, ""
	s.queries.Put(q)
}
