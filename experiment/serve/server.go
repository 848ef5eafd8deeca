package serve

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
)

// Server answers for a set of definitions. It is an http.Handler; Serve adds what keeps it up against clients that misbehave.
type Server struct {
	options  Options
	library  *library
	metrics  *metrics
	guard    guard
	origins  map[string]bool
	places   chan struct{} // of requests that are worked on
	queries  sync.Pool
	stopping atomic.Bool
	quiet    quiet
	scraped  http.Handler // the metrics
	patience patience

	certificate certificate
}

// New reads the definitions and opens the exposure logs. Its error tells everything that is wrong; what is wrong with a definition is
// experiment.Problems. Close the server, or let Serve do it.
func New(o Options) (*Server, error) {
	o = o.withDefaults()
	s := &Server{
		options: o, metrics: newMetrics(), guard: newGuard(o.Tokens), origins: map[string]bool{},
		places: make(chan struct{}, o.Limits.Requests), quiet: quiet{now: o.Now}, patience: usualPatience,
	}
	s.scraped = s.metrics.handler(o.Log)
	s.queries.New = func() any { return &query{buffer: make([]byte, 0, 2<<10), answer: make([]byte, 0, 2<<10)} }
	for _, origin := range o.Origins {
		s.origins[origin] = true
	}
	var err error
	if s.library, err = newLibrary(&o, s.metrics); err != nil {
		return nil, err
	}
	if err := s.open(); err != nil {
		return nil, errors.Join(err, s.Close(context.Background()))
	}
	return s, nil
}

// open looks at the files for the first time, when everything must be right.
func (s *Server) open() error {
	c, err := s.library.look()
	switch {
	case err != nil:
		return err
	case len(c.problems) > 0:
		return errors.Join(c.problems...)
	case len(c.read) == 0:
		return fmt.Errorf("there is no definition (*.yaml, *.yml) in %s", strings.Join(s.options.Definitions, ", "))
	}
	return nil
}

// Close makes every exposure durable, for as long as ctx lasts, and closes the logs. An error tells how many are lost.
func (s *Server) Close(ctx context.Context) error {
	s.library.mu.Lock()
	defer s.library.mu.Unlock()
	return s.library.recorders.closeAll(ctx)
}
