package serve

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
)

// single answers for one flag, and logs the exposure: who asks for one flag is about to act on it.
func (s *Server) single(q *query) reply {
	f := s.library.flags().byName[q.key]
	if f == nil {
		return refuse(q.key, &failure{http.StatusNotFound, flagNotFound, "no experiment has this name"})
	}
	if err := readRequest(q.body, &q.context); err != nil {
		return f.failed(unreadable(err))
	}
	e, failed := f.evaluate(&q.context)
	if failed == nil && s.options.Expose != ExposeNone {
		failed = s.expose(q, f, &e)
	}
	if failed != nil {
		return f.failed(failed)
	}
	e.answer.count.Inc()
	q.answer = e.answer.appendTo(q.answer[:0], e.outcome.Point)
	return reply{status: http.StatusOK, body: q.answer}
}

func (f *flag) failed(failed *failure) reply {
	f.failures[failed.code].Inc()
	return refuse(f.name, failed)
}

// bulk answers for all flags, by name. A flag that has no answer is an entry with an error. The tag is that of the answer itself: it
// changes when, and only when, the answer does.
func (s *Server) bulk(q *query) reply {
	if err := readRequest(q.body, &q.context); err != nil {
		return refuse("", unreadable(err))
	}
	if _, failed := q.context.shopper(); failed != nil {
		return refuse("", failed)
	}
	q.answer = append(q.answer[:0], `{"flags":[`...)
	for i, f := range s.library.flags().sorted {
		if i > 0 {
			q.answer = append(q.answer, ',')
		}
		e, failed := f.evaluate(&q.context)
		if failed == nil && s.options.Expose == ExposeAll {
			failed = s.expose(q, f, &e)
		}
		switch {
		case failed == nil:
			e.answer.count.Inc()
			q.answer = e.answer.appendTo(q.answer, e.outcome.Point)
		case failed.status == http.StatusServiceUnavailable:
			return refuse("", failed)
		default:
			f.failures[failed.code].Inc()
			q.answer = appendFailure(q.answer, f.name, failed)
		}
	}
	q.answer = append(q.answer, `]}`...)
	return tagged(q, q.answer)
}

// tagged answers with a tag, or without a body when the client has the same one already.
func tagged(q *query, body []byte) reply {
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:16]) + `"`
	if holds(q.request.Header.Values("If-None-Match"), tag) {
		return reply{status: http.StatusNotModified, tag: tag}
	}
	return reply{status: http.StatusOK, body: body, tag: tag}
}

// holds compares entity tags weakly (RFC 9110, section 8.8.3.2): proxies mark tags as weak.
func holds(headers []string, tag string) bool {
	for _, header := range headers {
		for one := range strings.SplitSeq(header, ",") {
			if one = strings.TrimPrefix(strings.TrimSpace(one), "W/"); one == tag || one == "*" {
				return true
			}
		}
	}
	return false
}

// configuration tells providers how to ask.
func (s *Server) configuration(q *query) reply {
	return tagged(q, []byte(`{"name":"liftgate","capabilities":{`+
		`"cacheInvalidation":{"polling":{"enabled":true,"minPollingIntervalMs":1000}},`+
		`"flagEvaluation":{"supportedTypes":["int","float","string","boolean","object"]},`+
		`"caching":{"enabled":false}}}`))
}

// health tells whether clients get answers.
func (s *Server) health(*query) reply {
	var status string
	switch {
	case s.stopping.Load():
		status = "stopping"
	case s.library.stalled() != nil:
		status = "the exposure log cannot be written"
	default:
		return reply{status: http.StatusOK, body: []byte(`{"status":"ok"}`)}
	}
	return reply{status: http.StatusServiceUnavailable, body: append(appendText([]byte(`{"status":`), status), '}')}
}
