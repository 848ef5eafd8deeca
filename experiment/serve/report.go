package serve

import (
	"fmt"
	"net/http"

	"liftgate/datasets/bucket"
)

// mostReports is how many exposures one request may report.
const mostReports = 1000

// report logs exposures that a client tells: it was given all variants in advance and has now shown some. The request is a list of
// {"flag": KEY, "context": {...}}. The variant is not told, it follows from the context. What was logged stays logged when the
// request fails later on, and telling it again does nothing.
func (s *Server) report(q *query) reply {
	if s.library.recorders.dir == "" {
		return refuse("", &failure{http.StatusNotFound, general, "this server logs no exposures"})
	}
	sc := scanner{text: q.body}
	q.answer = append(q.answer[:0], `{"exposures":[`...)
	count := 0
	item := func() error {
		if count++; count > mostReports {
			return invalidContext(fmt.Sprintf("a request reports at most %d exposures", mostReports))
		}
		if count > 1 {
			q.answer = append(q.answer, ',')
		}
		return s.reportOne(q, &sc)
	}
	if sc.peek() != '[' {
		return refuse("", unreadable(sc.unexpected("a list of exposures is missing")))
	}
	err := sc.list(item)
	if err == nil {
		err = sc.end()
	}
	if err != nil {
		return refuse("", unreadable(err))
	}
	q.answer = append(q.answer, `]}`...)
	return reply{status: http.StatusOK, body: q.answer}
}

// reportOne logs one exposure and answers for it. An error is one of the whole request.
func (s *Server) reportOne(q *query, sc *scanner) error {
	key, err := sc.readReport(&q.context)
	if err != nil {
		return err
	}
	reason, added, failed := s.recordReport(q, key)
	switch {
	case failed == nil:
		q.answer = append(appendText(append(q.answer, `{"key":`...), key), `,"logged":`...)
		q.answer = fmt.Appendf(q.answer, `%t,"reason":%q}`, added, reason)
	case failed.status == http.StatusServiceUnavailable:
		return failed
	default:
		q.answer = appendFailure(q.answer, key, failed)
	}
	return nil
}

// recordReport logs the exposure of the query's context to a flag, where the unit has a variant.
func (s *Server) recordReport(q *query, key string) (reason bucket.Reason, added bool, failed *failure) {
	f := s.library.flags().byName[key]
	if f == nil {
		return "", false, &failure{http.StatusNotFound, flagNotFound, "no experiment has this name"}
	}
	if f.recorder == nil {
		return "", false, &failure{http.StatusBadRequest, general, "the definition has no data.exposures to log to"}
	}
	e, failed := f.evaluate(&q.context)
	if failed == nil && e.answer.exposes {
		added, failed = s.record(q, f, &e)
	}
	if failed != nil {
		f.failures[failed.code].Inc()
	}
	return e.outcome.Reason, added, failed
}

// readReport reads {"flag": KEY, "context": {...}} at the scanner's place.
func (s *scanner) readReport(c *evaluationContext) (key string, err error) {
	c.attributes = c.attributes[:0]
	if s.peek() != '{' {
		return "", s.unexpected("an object with flag and context is missing")
	}
	seen := map[string]bool{}
	err = s.object(func(name string) error {
		if seen[name] {
			return s.fail("a name stands twice")
		}
		switch name {
		case "flag":
			seen[name] = true
			if s.peek() != '"' {
				return s.unexpected("the flag must be a text")
			}
			key, err = s.string()
			return err
		case "context":
			seen[name] = true
			return s.readContext(c)
		}
		return s.skip()
	})
	if err == nil && key == "" {
		err = s.fail("a report without a flag ends")
	}
	return key, err
}
