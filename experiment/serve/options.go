package serve

import (
	"io"
	"log/slog"
	"time"
)

// Options says what is served and how. Definitions and Now are needed; everything else may be left out.
type Options struct {
	Definitions []string        // files, and folders whose *.yaml and *.yml files are definitions
	Tokens      []string        // bearer tokens, any of which opens the server; none: it is open
	Origins     []string        // of web pages whose scripts may ask, such as https://shop.example; none may when empty
	Exposures   string          // folder of the exposure logs, one folder an experiment; empty: nothing is logged
	Expose      Expose          // which evaluations are logged
	Remember    int             // how many records of two days all logs know together, to log none twice; 0: 4,000,000
	Sync        time.Duration   // how long an exposure may wait to become durable; 0: 200 ms
	Certificate string          // file with the TLS certificate; empty: no TLS
	Key         string          // file with its key
	Poll        time.Duration   // how often the files are looked at; 0: every 2 seconds, negative: never
	Reload      <-chan struct{} // asks to look at the files now
	Limits      Limits
	Log         *slog.Logger // nil: nothing is told
	Now         func() time.Time
}

// Expose says which evaluations count as exposures. An exposure is the first time a unit meets its variant.
type Expose string

const (
	ExposeSingle Expose = "single" // those of one flag: who asks for one flag is about to act on it; the zero value means this
	ExposeAll    Expose = "all"    // also those of all flags at once, which clients ask for in advance
	ExposeNone   Expose = "none"   // only what clients report
)

// Limits bounds what clients can make the server do. The zero value of each field means its default.
type Limits struct {
	Body        int64         // bytes of a request; 64 KiB
	Connections int           // at the same time; 2,048
	Requests    int           // worked on at the same time; 512
	Wait        time.Duration // for room in the exposure log; 2 s
	Stop        time.Duration // for requests to end when the server stops; 10 s
}

func (o Options) withDefaults() Options {
	if o.Expose == "" {
		o.Expose = ExposeSingle
	}
	if o.Poll == 0 {
		o.Poll = 2 * time.Second
	}
	o.Remember = or(o.Remember, 4_000_000)
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	l := &o.Limits
	l.Body = or(l.Body, 64<<10)
	l.Connections = or(l.Connections, 2048)
	l.Requests = or(l.Requests, 512)
	l.Wait = or(l.Wait, 2*time.Second)
	l.Stop = or(l.Stop, 10*time.Second)
	return o
}

func or[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}
