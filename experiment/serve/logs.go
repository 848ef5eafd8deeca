package serve

import (
	"fmt"
	"log/slog"
	"maps"
	"math"
	"os"
	"path/filepath"

	"github.com/prometheus/client_golang/prometheus"

	"liftgate/datasets/exposurelog"
)

// stalled tells why a log cannot be written at the moment, nil when all can.
func (l *library) stalled() error {
	for _, f := range l.flags().sorted {
		if f.recorder == nil {
			continue
		}
		if err := f.recorder.log.Stats().Err; err != nil {
			return fmt.Errorf("the exposure log of %s: %w", f.name, err)
		}
	}
	return nil
}

// logNumbers are what is told about each exposure log.
var logNumbers = []struct {
	name  *prometheus.Desc
	value func(*exposurelog.Stats) int64
}{
	{aboutLog("pending", "Exposures that are logged and not durable yet."), func(s *exposurelog.Stats) int64 { return s.Pending }},
	{aboutLog("waiting", "Requests that wait for room in the log."), func(s *exposurelog.Stats) int64 { return s.Waiting }},
	{
		aboutLog("known", "Exposures of two days that are remembered, so as to be logged once."),
		func(s *exposurelog.Stats) int64 { return s.Known },
	},
	{
		aboutLog("unchecked", "Exposures that may repeat one of their day, as no more were remembered, since the log was opened."),
		func(s *exposurelog.Stats) int64 { return s.Unchecked },
	},
	{
		aboutLog("cut_bytes", "Bytes of an unfinished write that were removed when the log was opened."),
		func(s *exposurelog.Stats) int64 { return s.Cut },
	},
	{
		aboutLog("write_failures", "Attempts to write the log that failed, since it was opened."),
		func(s *exposurelog.Stats) int64 { return s.Failures },
	},
}

var logBytes = aboutLog("bytes", "Size of the exposure log's files.")

func aboutLog(what, help string) *prometheus.Desc {
	return prometheus.NewDesc("liftgate_exposure_log_"+what, help, []string{"flag"}, nil)
}

// logCollector tells how the exposure logs are doing.
type logCollector struct{ library *library }

func (logCollector) Describe(to chan<- *prometheus.Desc) {
	to <- logBytes
	for _, n := range logNumbers {
		to <- n.name
	}
}

func (c logCollector) Collect(to chan<- prometheus.Metric) {
	c.library.mu.Lock()
	open := maps.Clone(c.library.recorders.open)
	c.library.mu.Unlock()
	for flag, r := range open {
		to <- prometheus.MustNewConstMetric(logBytes, prometheus.GaugeValue, r.size(), flag)
		s := r.log.Stats()
		for _, n := range logNumbers {
			to <- prometheus.MustNewConstMetric(n.name, prometheus.GaugeValue, float64(n.value(&s)), flag)
		}
	}
}

// size is that of the files in bytes. A file that goes away meanwhile has none.
func (r *recorder) size() float64 {
	var bytes int64
	files, err := os.ReadDir(r.dir)
	if err != nil {
		return math.NaN()
	}
	for _, file := range files {
		if info, err := file.Info(); err == nil && filepath.Ext(file.Name()) == ".arrow" {
			bytes += info.Size()
		}
	}
	return float64(bytes)
}

// complainAbout logs trouble with a flag's log.
func (s *Server) complainAbout(message string, f *flag, err error) {
	s.complain(message, slog.String("flag", f.name), slog.Any("error", err))
}
