package serve

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/netutil"
	"golang.org/x/sync/errgroup"
)

// patience is how long a client may take. A request is small and so is an answer: who needs longer holds a connection for its own sake.
type patience struct{ header, read, write, idle time.Duration }

var usualPatience = patience{header: 5 * time.Second, read: 10 * time.Second, write: 20 * time.Second, idle: time.Minute}

const headerSize = 16 << 10

// Serve answers until the context ends and looks for changes of the definitions meanwhile. Then it takes no more connections, lets
// requests finish, closes the exposure logs, and returns nil when nothing was lost. The listener is closed in any case.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	server, err := s.httpServer()
	if err != nil {
		return errors.Join(err, listener.Close(), s.Close(ctx))
	}
	listener = netutil.LimitListener(listener, s.options.Limits.Connections)
	group, running := errgroup.WithContext(ctx)
	group.Go(func() error {
		serve := func() error { return server.Serve(listener) }
		if server.TLSConfig != nil {
			serve = func() error { return server.ServeTLS(listener, "", "") }
		}
		if err := serve(); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	group.Go(func() error { return s.stop(running, server) })
	group.Go(func() error { s.watch(running); return nil })
	err = group.Wait()
	s.options.Log.Info("stopping: requests have ended, the exposure logs are being closed")
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.options.Limits.Stop)
	defer cancel()
	return errors.Join(err, s.Close(last))
}

// stop waits for the end and lets requests finish. Those that do not are cut off.
func (s *Server) stop(running context.Context, server *http.Server) error {
	<-running.Done()
	s.stopping.Store(true)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(running), s.options.Limits.Stop)
	defer cancel()
	err := server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		s.options.Log.Warn("requests were cut off: they did not end in time", "seconds", s.options.Limits.Stop.Seconds())
		return server.Close()
	}
	return err
}

func (s *Server) httpServer() (*http.Server, error) {
	server := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: s.patience.header,
		ReadTimeout:       s.patience.read,
		WriteTimeout:      s.patience.write,
		IdleTimeout:       s.patience.idle,
		MaxHeaderBytes:    headerSize,
		ErrorLog:          slog.NewLogLogger(s.options.Log.Handler(), slog.LevelDebug), // what clients did wrong
		ConnState:         s.countConnection,
		Protocols:         new(http.Protocols),
	}
	server.Protocols.SetHTTP1(true) // HTTP/2 would multiply the limit of connections by that of its streams
	if s.options.Certificate == "" {
		return server, nil
	}
	var err error
	server.TLSConfig, err = s.certificate.config(s.options.Certificate, s.options.Key)
	return server, err
}

func (s *Server) countConnection(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		s.metrics.connections.Inc()
	case http.StateClosed, http.StateHijacked:
		s.metrics.connections.Dec()
	case http.StateActive, http.StateIdle:
	}
}

// watch looks for changes.
func (s *Server) watch(ctx context.Context) {
	var poll <-chan time.Time
	if s.options.Poll > 0 {
		ticker := time.NewTicker(s.options.Poll)
		defer ticker.Stop()
		poll = ticker.C
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-poll:
		case <-s.options.Reload:
		}
		s.refresh()
	}
}

// refresh looks at the files once and tells what it has found.
func (s *Server) refresh() {
	log := s.options.Log
	if err := s.certificate.refresh(); err != nil {
		s.complain("the certificate cannot be read, the old one is kept", slog.Any("error", err))
	}
	if err := s.library.stalled(); err != nil {
		s.complain("exposures wait in memory, as far as there is room", slog.Any("error", err))
	}
	c, err := s.library.look()
	if err != nil {
		s.complain("the definitions cannot be looked at as they should", slog.Any("error", err))
	}
	if c == nil || c.empty() {
		return
	}
	result := "done"
	for _, problem := range c.problems {
		result = "partly"
		log.Error("a definition cannot be used; where there was an older one, it is kept", "problem", problem.Error())
	}
	s.metrics.reloads.WithLabelValues(result).Inc()
	log.Info("definitions have changed", "read", c.read, "removed", c.removed, "served", len(s.library.flags().sorted))
}
