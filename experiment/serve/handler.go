package serve

import (
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"liftgate/datasets/expr"
)

// query is one request, with the space that the next one can use again.
type query struct {
	request *http.Request
	at      time.Time
	key     string // of the flag that is asked for, where it is one
	body    string

	buffer  []byte
	answer  []byte
	context evaluationContext
	logged  []expr.Value // attributes of an exposure
}

// endpoint is one thing to ask the server for.
type endpoint struct {
	name   string // of metrics
	method string
	public bool // needs no token
	answer func(*Server, *query) reply
}

const flagPath = "/ofrep/v1/evaluate/flags/"

var (
	single    = &endpoint{"single", http.MethodPost, false, (*Server).single}
	elsewhere = &endpoint{"none", "", false, nil}
	endpoints = map[string]*endpoint{
		"/ofrep/v1/evaluate/flags": {"bulk", http.MethodPost, false, (*Server).bulk},
		"/ofrep/v1/configuration":  {"configuration", http.MethodGet, false, (*Server).configuration},
		"/v1/exposures":            {"exposures", http.MethodPost, false, (*Server).report},
		"/metrics":                 {"metrics", http.MethodGet, false, (*Server).scrape},
		"/healthz":                 {"health", http.MethodGet, true, (*Server).health},
	}
)

// find gives the endpoint of a path and the flag's key in it. A key is looked up among the names of experiments and never is a
// path of anything, whatever it holds.
func (q *query) find(path string) *endpoint {
	if e := endpoints[path]; e != nil {
		return e
	}
	if key, ok := strings.CutPrefix(path, flagPath); ok {
		q.key = key
		return single
	}
	return elsewhere
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := s.queries.Get().(*query)
	q.request, q.at, q.key, q.body = r, s.options.Now(), "", ""
	e := q.find(r.URL.Path)
	p := s.answer(w, q, e)
	p.write(w, r)
	took := s.options.Now().Sub(q.at)
	s.metrics.observe(e, p.status, took)
	s.options.Log.LogAttrs(r.Context(), slog.LevelDebug, "request",
		slog.String("endpoint", e.name), slog.Int("status", p.status), slog.Duration("took", took))
	s.recycle(q)
}

// answer passes a request through all that may refuse it.
func (s *Server) answer(w http.ResponseWriter, q *query, e *endpoint) (p reply) {
	defer func() {
		if trouble := recover(); trouble != nil {
			s.complain("panic", slog.Any("panic", trouble), slog.String("stack", string(debug.Stack())))
			p = refuse(q.key, &failure{http.StatusInternalServerError, general, "the server has made a mistake; its log says which"})
		}
	}()
	if done, p := s.crossOrigin(w, q.request); done {
		return p
	}
	if e == elsewhere {
		return refuse("", &failure{http.StatusNotFound, general, "there is nothing at this path"})
	}
	if method := q.request.Method; method != e.method && !(method == http.MethodHead && e.method == http.MethodGet) {
		p := refuse(q.key, &failure{http.StatusMethodNotAllowed, general, "this path answers to " + e.method})
		p.allow = e.method
		return p
	}
	if !e.public && !s.guard.admits(q.request) {
		return refuse(q.key, &failure{http.StatusUnauthorized, general, "a valid bearer token is needed"})
	}
	if e.method == http.MethodGet {
		return e.answer(s, q)
	}
	return s.work(q, e)
}

// work reads the request and answers it, when there is nobody too many. The place is taken only once the request is there, so that
// slow clients take none.
func (s *Server) work(q *query, e *endpoint) reply {
	if f := s.read(q); f != nil {
		return refuse(q.key, f)
	}
	select {
	case s.places <- struct{}{}:
		defer func() { <-s.places }()
		return e.answer(s, q)
	default:
		return refuse(q.key, &failure{http.StatusTooManyRequests, general, "the server is at work for as many clients as it can"})
	}
}
