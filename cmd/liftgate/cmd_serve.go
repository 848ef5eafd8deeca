package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/urfave/cli/v2"

	"liftgate/experiment/serve"
)

type serveOptions struct {
	addr       string
	tokenFiles []string
	logFormat  string
	logLevel   string
	expose     string
	serve      serve.Options
}

const tokensVariable = "LIFTGATE_TOKENS"

const serveHelp = `Answers over HTTP which variant a unit gets, for every definition (*.yaml, *.yml) of the folders and files given,
the current folder when none is. It speaks the OpenFeature Remote Evaluation Protocol (OFREP), so any OpenFeature
client can ask: an experiment's name is the flag's key, a variant's payload the flag's value.

  POST /ofrep/v1/evaluate/flags/KEY   one flag; the exposure is logged
  POST /ofrep/v1/evaluate/flags       all flags, with ETag
  POST /v1/exposures                  what clients that ask for all flags have shown: [{"flag": KEY, "context": {...}}]
  GET  /metrics                       for Prometheus
  GET  /healthz                       200 while clients get answers; needs no token

The targetingKey of a context is the shopper; where merchants are randomised, the attribute that data names as
the cluster is the merchant. A unit that has no part gets the control's value, no variant, and the reason.

Tokens: clients show one as "Authorization: Bearer TOKEN" or "X-API-Key: TOKEN". They stand in files, one a line,
or in the environment variable ` + tokensVariable + `, separated by blanks; with several, each opens the server. Without
a token the server listens on this machine only (127.0.0.1, ::1, localhost).

Exposures: with --exposures DIR each experiment has a log in DIR/NAME, which analyze reads when data.exposures
says "files: DIR/NAME/*.arrow", with the columns that data.exposures names. An exposure is the first time a unit
meets its variant: asking for one flag is one, asking for all is not. It is written once a day, and is durable
--sync after it was answered at the latest. A variant that cannot be logged is not given (503).

Files are looked at every --poll, and upon SIGHUP. When a file cannot be used, the last definition of it that
could is kept, and the log says what is wrong. Ctrl-C and SIGTERM end the server: requests are finished, logs
are closed.`

func serveCommand(c *console) *cli.Command {
	var o serveOptions
	return &cli.Command{
		Name:        "serve",
		Usage:       "answers over HTTP which variant a unit gets, and logs exposures",
		ArgsUsage:   "[FOLDER|FILE...]",
		Description: serveHelp,
		Flags:       serveFlags(&o),
		Action: func(ctx *cli.Context) error {
			o.serve.Definitions = ctx.Args().Slice()
			if len(o.serve.Definitions) == 0 {
				o.serve.Definitions = []string{"."}
			}
			o.tokenFiles, o.serve.Origins = ctx.StringSlice("token-file"), ctx.StringSlice("allow-origin")
			return serveFlagsUntilStopped(ctx.Context, c, &o)
		},
	}
}

func serveFlags(o *serveOptions) []cli.Flag {
	limits := &o.serve.Limits
	return []cli.Flag{
		&cli.StringFlag{Name: "addr", Usage: "listen on `HOST:PORT`; port 0 is any that is free", Value: "127.0.0.1:8080", Destination: &o.addr},
		&cli.StringSliceFlag{Name: "token-file", Usage: "read tokens from `FILE`; may be repeated"},
		&cli.StringFlag{Name: "tls-cert", Usage: "serve HTTPS with the certificate (chain) in `FILE`, PEM", Destination: &o.serve.Certificate},
		&cli.StringFlag{Name: "tls-key", Usage: "and its key in `FILE`, PEM", Destination: &o.serve.Key},
		&cli.StringSliceFlag{Name: "allow-origin", Usage: "let scripts of web pages of `ORIGIN` ask, such as https://shop.example; may be repeated"},
		&cli.StringFlag{Name: "exposures", Usage: "log exposures in folders of `DIR`", Destination: &o.serve.Exposures},
		&cli.StringFlag{Name: "expose", Usage: "`WHICH` evaluations are exposures: single, all, or none but those that clients report", Value: "single", Destination: &o.expose},
		&cli.DurationFlag{Name: "sync", Usage: "an exposure is durable after `TIME`", Value: 200 * time.Millisecond, Destination: &o.serve.Sync},
		&cli.IntFlag{Name: "remember", Usage: "know the last `N` exposures of two days, to log none twice; each takes 110 bytes of memory at most", Value: 4_000_000, Destination: &o.serve.Remember},
		&cli.DurationFlag{Name: "poll", Usage: "look at the files every `TIME`; 0: upon SIGHUP only", Value: 2 * time.Second, Destination: &o.serve.Poll},
		&cli.Int64Flag{Name: "max-body", Usage: "a request has at most `BYTES`", Value: 64 << 10, Destination: &limits.Body},
		&cli.IntFlag{Name: "max-connections", Usage: "at most `N` connections are open", Value: 2048, Destination: &limits.Connections},
		&cli.IntFlag{Name: "max-requests", Usage: "at most `N` requests are worked on; more get 429", Value: 512, Destination: &limits.Requests},
		&cli.DurationFlag{Name: "stop-within", Usage: "finish requests within `TIME` when ended", Value: 10 * time.Second, Destination: &limits.Stop},
		&cli.StringFlag{Name: "log-format", Usage: "log to stderr as text or json `FORMAT`", Value: "text", Destination: &o.logFormat},
		&cli.StringFlag{Name: "log-level", Usage: "log from `LEVEL` on: debug (every request), info, warn, error", Value: "info", Destination: &o.logLevel},
	}
}

// serveFlagsUntilStopped serves until the context ends, which is a success.
func serveFlagsUntilStopped(ctx context.Context, c *console, o *serveOptions) error {
	if err := o.complete(c); err != nil {
		return err
	}
	stopReloads := o.reloadOnHangup()
	defer stopReloads()
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(serveGarbage)
	}
	listener, err := serve.Listen(ctx, o.addr, len(o.serve.Tokens) > 0)
	switch {
	case errors.Is(err, serve.ErrAddress):
		return usagef("--addr %v", err)
	case errors.Is(err, serve.ErrOpen):
		return usagef("%v: give --token-file or %s, or listen on 127.0.0.1", err, tokensVariable)
	case err != nil:
		return err
	}
	server, err := serve.New(o.serve)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	o.announce(listener.Addr())
	if err := server.Serve(ctx, listener); err != nil {
		return finalError{err}
	}
	return nil
}

// serveGarbage is how much memory may be garbage, in percent of what is in use. A server uses little, so that main's setting would have
// it collect all the time.
const serveGarbage = 200

// announce tells where clients find the server.
func (o *serveOptions) announce(at net.Addr) {
	scheme := "http"
	if o.serve.Certificate != "" {
		scheme = "https"
	}
	log := o.serve.Log
	log.Info("listening", "address", fmt.Sprintf("%s://%s", scheme, at), "exposures", o.serve.Exposures)
	if tcp, ok := at.(*net.TCPAddr); ok && !tcp.IP.IsLoopback() && scheme == "http" {
		log.Warn("tokens and contexts travel in clear: give --tls-cert and --tls-key, or put a server that speaks TLS in front")
	}
}

// complete checks the options and reads what they name.
func (o *serveOptions) complete(c *console) error {
	s := &o.serve
	for _, limit := range []struct {
		option string
		value  int64
	}{
		{"max-body", s.Limits.Body},
		{"max-connections", int64(s.Limits.Connections)},
		{"max-requests", int64(s.Limits.Requests)},
		{"sync", int64(s.Sync)},
		{"remember", int64(s.Remember)},
		{"stop-within", int64(s.Limits.Stop)},
	} {
		if limit.value <= 0 {
			return usagef("--%s must be above zero", limit.option)
		}
	}
	if s.Poll < 0 {
		return usagef("--poll must not be below zero")
	}
	if s.Poll == 0 {
		s.Poll = -1
	}
	if (s.Certificate == "") != (s.Key == "") {
		return usagef("--tls-cert and --tls-key belong together")
	}
	var err error
	if s.Expose, err = pick("--expose", o.expose, serve.ExposeSingle, serve.ExposeAll, serve.ExposeNone); err != nil {
		return err
	}
	s.Now = time.Now
	if s.Log, err = o.logger(c); err != nil {
		return err
	}
	s.Tokens, err = o.tokens()
	return err
}

func (o *serveOptions) logger(c *console) (*slog.Logger, error) {
	name, err := pick("--log-level", o.logLevel, "debug", "info", "warn", "error")
	if err != nil {
		return nil, err
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(name)); err != nil {
		return nil, err
	}
	format, err := pick("--log-format", o.logFormat, "text", "json")
	if err != nil {
		return nil, err
	}
	options := &slog.HandlerOptions{Level: level}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(c.stderr, options)), nil
	}
	return slog.New(slog.NewTextHandler(c.stderr, options)), nil
}

// tokens reads the tokens. They never stand on a command line, which every user of a machine can see.
func (o *serveOptions) tokens() ([]string, error) {
	tokens := strings.Fields(os.Getenv(tokensVariable))
	for _, file := range o.tokenFiles {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		found := 0
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSpace(line)
			if line == "" || line[0] == '#' {
				continue
			}
			if strings.ContainsAny(line, " \t") {
				return nil, fmt.Errorf("%s: a token has no blanks, and stands in a line of its own", file)
			}
			tokens, found = append(tokens, line), found+1
		}
		if found == 0 {
			return nil, fmt.Errorf("%s holds no token", file)
		}
	}
	return tokens, nil
}

// reloadOnHangup has SIGHUP look at the files, until the returned function is called.
func (o *serveOptions) reloadOnHangup() (stop func()) {
	hangups, reload, done := make(chan os.Signal, 1), make(chan struct{}), make(chan struct{})
	signal.Notify(hangups, syscall.SIGHUP)
	go func() {
		for {
			select {
			case <-done:
				return
			case <-hangups:
			}
			select {
			case <-done:
				return
			case reload <- struct{}{}:
			}
		}
	}()
	o.serve.Reload = reload
	return func() {
		signal.Stop(hangups)
		close(done)
	}
}
