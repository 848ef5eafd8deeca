package serve

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// run serves on a free port until the returned function is called, which gives the error of Serve.
func (s *shop) run() (address string, stop func() error) {
	s.t.Helper()
	listener, err := Listen(s.t.Context(), "127.0.0.1:0", false)
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(s.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.server.Serve(ctx, listener) }()
	s.t.Cleanup(cancel)
	return listener.Addr().String(), func() error {
		cancel()
		return <-ended
	}
}

func (s *shop) post(address, body string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, "http://"+address+flagPath+"plain", strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	return http.DefaultClient.Do(request)
}

func dial(t *testing.T, address, send string) net.Conn {
	t.Helper()
	var d net.Dialer
	c, err := d.DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if _, err := io.WriteString(c, send); err != nil {
		t.Error(err)
	}
	return c
}

func TestSlowClientsAreCutOff(t *testing.T) {
	s := newShop(t, Options{}, define("plain", nil))
	s.server.patience = patience{header: 50 * time.Millisecond, read: 100 * time.Millisecond, write: time.Second, idle: 50 * time.Millisecond}
	address, stop := s.run()
	post := "POST " + flagPath + "plain HTTP/1.1\r\nHost: x\r\n"
	var group sync.WaitGroup
	for what, c := range map[string]struct{ send, want string }{
		"silence":          {"", ""},
		"half a header":    {post, ""},
		"half a body":      {post + "Content-Length: 100\r\n\r\n{", "HTTP/1.1 408 "},
		"half a chunk":     {post + "Transfer-Encoding: chunked\r\n\r\n64\r\n{", "HTTP/1.1 408 "},
		"idle afterwards":  {post + "Content-Length: 2\r\n\r\n{}", "HTTP/1.1 400 "},
		"endless header":   {post + "X: " + strings.Repeat("x", 32<<10), "HTTP/1.1 431 "},
		"no HTTP":          {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n", "HTTP/1.1 400 "},
		"HTTP/2 preface":   {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/1.1 "},
		"lying about size": {post + "Content-Length: 999999999999\r\n\r\n{", "HTTP/1.1 413 "},
	} {
		group.Go(func() {
			answer, err := io.ReadAll(dial(t, address, c.send)) // until the server closes
			var reset *net.OpError
			if err != nil && !errors.As(err, &reset) || !strings.HasPrefix(string(answer), c.want) {
				t.Errorf("%s: got %q, %v", what, answer, err)
			}
		})
	}
	group.Wait()
	if err := stop(); err != nil {
		t.Error(err)
	}
}

// TestFlood opens many connections that do nothing. The server holds as many as it may, and answers again once they are cut off.
func TestFlood(t *testing.T) {
	leaks := goleak.IgnoreCurrent()
	s := newShop(t, Options{Limits: Limits{Connections: 20}}, define("plain", nil))
	s.server.patience.header = 30 * time.Millisecond
	address, stop := s.run()
	for range 100 {
		dial(t, address, "POST ")
	}
	if n := s.metric("liftgate_connections"); n > 20 {
		t.Errorf("%v connections are held", n)
	}
	response, err := s.post(address, `{"context":{`+inControl+`}}`)
	if err != nil {
		t.Fatal(err)
	}
	if response.Body.Close(); response.StatusCode != http.StatusOK {
		t.Errorf("got %s", response.Status)
	}
	http.DefaultClient.CloseIdleConnections()
	if err := stop(); err != nil {
		t.Error(err)
	}
	goleak.VerifyNone(t, leaks) // waits for those that were cut off
	if n := s.metric("liftgate_connections"); n != 0 {
		t.Errorf("%v connections are counted after the end", n)
	}
}

// TestStopFinishesRequests: a request that has come is answered, its exposure is on disk, and a client that takes too long is cut off.
func TestStopFinishesRequests(t *testing.T) {
	dir, grace := t.TempDir(), 2*time.Second
	if testing.Short() {
		grace /= 2
	}
	s := newShop(t, Options{Exposures: dir, Sync: time.Hour, Limits: Limits{Stop: grace}}, define("plain", nil))
	address, stop := s.run()
	body := `{"context":{` + inControl + `}}`
	c := dial(t, address, fmt.Sprintf("POST %splain HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", flagPath, len(body), body[:5]))
	stuck := dial(t, address, "POST "+flagPath+"plain HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
	await(t, "both clients", func() bool { return s.metric("liftgate_connections") == 2 })
	go func() {
		await(t, "the end", s.server.stopping.Load)
		_, _ = io.WriteString(c, body[5:])
	}()
	if err := stop(); err != nil {
		t.Error(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	if answer.Body.Close(); answer.StatusCode != http.StatusOK {
		t.Errorf("got %s", answer.Status)
	}
	if rest, _ := io.ReadAll(stuck); len(rest) > 0 {
		t.Errorf("the client that took too long got %q", rest)
	}
	if got := len(s.logged(dir, "plain")); got != 2 {
		t.Errorf("%d lines are logged", got)
	}
}

// await waits for what is bound to happen, on a machine that is busy with other things too.
func await(t *testing.T, what string, happened func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !happened(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Errorf("%s did not come", what)
			return
		}
	}
}

func TestHealth(t *testing.T) {
	s := newShop(t, Options{Exposures: t.TempDir()}, define("plain", nil))
	if w := s.get("/healthz"); w.Code != 200 || w.Body.String() != `{"status":"ok"}` {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	s.server.stopping.Store(true)
	if w := s.get("/healthz"); w.Code != 503 {
		t.Errorf("got %d %s while stopping", w.Code, w.Body)
	}
}

func TestListen(t *testing.T) {
	for _, c := range []struct {
		address string
		guarded bool
		open    bool // is refused because it is open
		say     string
	}{
		{address: "127.0.0.1:0"},
		{address: "localhost:0"},
		{address: "[::1]:0"},
		{address: "127.8.9.1:0"},
		{address: "[::ffff:127.0.0.1]:0"},
		{address: "0.0.0.0:0", open: true},
		{address: ":0", open: true},
		{address: "[::]:0", open: true},
		{address: "192.0.2.1:0", open: true},
		{address: "[2001:db8::1]:0", open: true},
		{address: "[::ffff:192.0.2.1]:0", open: true},
		{address: "0.0.0.0:0", guarded: true},
		{address: "localhost", say: "HOST:PORT"},
		{address: "127.0.0.1:x", say: "port from 0 to 65535"},
		{address: "127.0.0.1:70000", say: "port from 0 to 65535"},
	} {
		listener, err := Listen(t.Context(), c.address, c.guarded)
		if err == nil {
			listener.Close()
		} else if strings.Contains(err.Error(), "cannot assign") {
			continue // the machine has no IPv6
		}
		if errors.Is(err, ErrOpen) != c.open || c.say != "" && (err == nil || !strings.Contains(err.Error(), c.say)) || c.say == "" && !c.open && err != nil {
			t.Errorf("%s: got %v", c.address, err)
		}
	}
}
