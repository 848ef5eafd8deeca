package serve

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// quiet lets every kind of complaint through once a second: a flood of requests must not become one of lines.
type quiet struct {
	now  func() time.Time
	mu   sync.Mutex
	last map[string]time.Time
	held map[string]int
}

const between = time.Second

// admits tells whether to say it now, and how often it was not said since the last time.
func (q *quiet) admits(message string) (ok bool, held int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.now()
	if last, said := q.last[message]; said && now.Sub(last) < between {
		q.held[message]++
		return false, 0
	}
	if q.last == nil {
		q.last, q.held = map[string]time.Time{}, map[string]int{}
	}
	held = q.held[message]
	q.last[message], q.held[message] = now, 0
	return true, held
}

// complain logs an error, unless it was just logged.
func (s *Server) complain(message string, about ...slog.Attr) {
	ok, held := s.quiet.admits(message)
	if !ok {
		return
	}
	if held > 0 {
		about = append(about, slog.Int("not_told", held))
	}
	s.options.Log.LogAttrs(context.Background(), slog.LevelError, message, about...)
}
