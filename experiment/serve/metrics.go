package serve

import (
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are the server's own numbers. Their labels come from definitions, the protocol and this package, never from requests, so
// that no client can make them many. A flag holds those that it counts in, so that a request looks none up by its labels, and one that
// is still answered after its flag is gone does not bring them back.
type metrics struct {
	registry *prometheus.Registry

	evaluations, failures, exposures, reloads *prometheus.CounterVec
	requests                                  *prometheus.HistogramVec
	loaded, broken, connections               prometheus.Gauge

	answered map[*endpoint]prometheus.Observer // of requests, for status 200
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		evaluations: counters("liftgate_evaluations_total",
			"Evaluations, by flag, variant (empty for none) and reason.", "flag", "variant", "reason"),
		failures: counters("liftgate_evaluation_failures_total",
			"Evaluations of a flag that failed, by error code.", "flag", "code"),
		exposures: counters("liftgate_exposures_total",
			"Exposures by result: logged, repeated (their day has them already) or failed.", "flag", "result"),
		reloads: counters("liftgate_reloads_total",
			"Changes of the definitions that were noticed, by result: done, or partly when a file could not be used.", "result"),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "liftgate_request_duration_seconds", Help: "Time from a request's headers to its answer.",
			Buckets: []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5},
		}, []string{"endpoint", "status"}),
		loaded: gauge("liftgate_definitions_loaded", "Definitions that are answered from."),
		broken: gauge("liftgate_definitions_broken",
			"Files whose content cannot be used; where there was an older one that could, it is."),
		connections: gauge("liftgate_connections", "Connections that are open."),
		answered:    map[*endpoint]prometheus.Observer{},
	}
	m.registry.MustRegister(
		m.evaluations, m.failures, m.exposures, m.reloads, m.requests, m.loaded, m.broken, m.connections,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	for _, e := range slices.AppendSeq([]*endpoint{single}, maps.Values(endpoints)) {
		m.answered[e] = m.requests.WithLabelValues(e.name, strconv.Itoa(http.StatusOK))
	}
	return m
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

func gauge(name, help string) prometheus.Gauge {
	return prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
}

// observe counts a request.
func (m *metrics) observe(e *endpoint, status int, took time.Duration) {
	times := m.answered[e]
	if status != http.StatusOK {
		times = m.requests.WithLabelValues(e.name, strconv.Itoa(status))
	}
	times.Observe(took.Seconds())
}

// failed gives what counts the failures of a flag.
func (m *metrics) failed(flag string) map[code]prometheus.Counter {
	by := map[code]prometheus.Counter{}
	for _, c := range []code{parseError, targetingKeyMissing, invalid, general} {
		by[c] = m.failures.WithLabelValues(flag, string(c))
	}
	return by
}

// forget removes what was counted for a flag that is gone.
func (m *metrics) forget(flag string) {
	for _, v := range []*prometheus.CounterVec{m.evaluations, m.failures, m.exposures} {
		v.DeletePartialMatch(prometheus.Labels{"flag": flag})
	}
}

// forgetVariants removes what was counted for variants that a flag has no more.
func (m *metrics) forgetVariants(before, now *flag) {
	for at := range before.answers {
		if now.answers[at] == nil {
			m.evaluations.DeleteLabelValues(before.name, at.variant, string(at.reason))
		}
	}
}

// Limits on looking at the metrics, which is not what the server is for.
const (
	mostScrapes   = 4 // at the same time
	longestScrape = 10 * time.Second
)

func (m *metrics) handler(log *slog.Logger) http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		ErrorLog:            slog.NewLogLogger(log.Handler(), slog.LevelError),
		MaxRequestsInFlight: mostScrapes,
		Timeout:             longestScrape,
	})
}

// scrape answers with the metrics.
func (s *Server) scrape(*query) reply { return reply{status: http.StatusOK, other: s.scraped} }
