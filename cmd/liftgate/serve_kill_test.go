package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"liftgate/datasets/arrowfile"
	"liftgate/experiment/result"
)

const killedDefinition = `liftgate: 1
name: express
unit: shopper
variants: [{name: control, weight: 50}, {name: amazon_pay, weight: 50}]
control: control
schedule: {start: %[1]s, end: %[2]s}
assignment: {eligible: 'country == "DE"'}
data:
  exposures: {files: log/express/*.arrow, unit: shopper_id, variant: variant, time: ts, attributes: [country]}
  events: {files: events.csv, unit: shopper_id, time: ts, complete_through: %[3]s}
metrics:
  - {name: conversion, role: success, better: higher, type: proportion,
     value: {from: events, where: 'event == "order_captured"', take: any, window: [0d, 1d]}}
`

// met is when a shopper was asked about, and answered for.
type met struct{ asked, answered time.Time }

// flood asks about one shopper after another, from several clients, until stop says so or the server is gone.
func (s *served) flood(clients int, next func() (unit string, ok bool)) map[string]met {
	var mu sync.Mutex
	var all sync.WaitGroup
	answered := map[string]met{}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	defer client.CloseIdleConnections()
	for range clients {
		all.Go(func() {
			for unit, ok := next(); ok; unit, ok = next() {
				m := met{asked: time.Now()}
				if !s.served(client, unit) {
					return
				}
				m.answered = time.Now()
				mu.Lock()
				answered[unit] = m
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return answered
}

// served tells whether a variant was given; a server that is killed gives none.
func (s *served) served(client *http.Client, unit string) bool {
	body := strings.NewReader(fmt.Sprintf(`{"context":{"targetingKey":%q,"country":"DE"}}`, unit))
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url+"/ofrep/v1/evaluate/flags/express", body)
	if err != nil {
		return false
	}
	response, err := client.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return err == nil && response.StatusCode == http.StatusOK && strings.Contains(string(text), `"reason":"SPLIT"`)
}

// loggedUnits counts the records of each unit.
func loggedUnits(t *testing.T, dir string) map[string]int {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.arrow"))
	if err != nil {
		t.Fatal(err)
	}
	units := map[string]int{}
	for _, name := range files {
		if err := countUnits(t.Context(), name, units); err != nil {
			t.Fatal(err)
		}
	}
	return units
}

func countUnits(ctx context.Context, name string, units map[string]int) error {
	r, err := arrowfile.Open(name, arrowfile.ReadOptions{Columns: []string{"shopper_id"}})
	if err != nil {
		return err
	}
	for {
		batch, err := r.Read(ctx)
		if errors.Is(err, io.EOF) {
			return r.Close()
		}
		if err != nil {
			return errors.Join(err, r.Close())
		}
		unit, err := arrowfile.Keys(batch.Column(0))
		if err != nil {
			return errors.Join(err, r.Close())
		}
		for row := range int(batch.NumRows()) {
			units[strings.Clone(unit(row))]++
		}
		batch.Release()
	}
}

// checkLost wants what a kill took to be the last that was answered: no exposure is there that began after one that is lost was answered,
// and what was answered longer ago than --sync, and the time that a busy disk may need, is there: that of the write that had begun and of
// the next one, each of which syncs twice.
func checkLost(t *testing.T, answered map[string]met, logged map[string]int, killed time.Time, interval, sync time.Duration) {
	t.Helper()
	busy := time.Second + 4*sync
	lost := 0
	earliest := killed
	for unit, m := range answered {
		if logged[unit] > 0 {
			continue
		}
		lost++
		if m.answered.Before(earliest) {
			earliest = m.answered
		}
	}
	if ago := killed.Sub(earliest); ago > interval+busy {
		t.Errorf("an exposure that was answered %v before the kill is lost; --sync is %v, and a sync takes up to %v", ago, interval, sync)
	}
	for unit, m := range answered {
		if logged[unit] > 0 && m.asked.After(earliest) && lost > 0 {
			t.Errorf("%s is logged, and another one is lost that was answered before it was asked for", unit)
		}
	}
	t.Logf("answered %d, lost %d, the first of them %v before the kill", len(answered), lost, killed.Sub(earliest).Round(time.Millisecond))
}

// slowestSync writes and syncs a file of its own until the end, and sends the longest time that took.
func slowestSync(t *testing.T, end <-chan struct{}) <-chan time.Duration {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "probe"))
	if err != nil {
		t.Fatal(err)
	}
	slowest := make(chan time.Duration, 1)
	go func() {
		var longest time.Duration
		defer func() { slowest <- longest }()
		defer f.Close()
		for {
			began := time.Now()
			if _, err := f.WriteAt([]byte(began.String()), 0); err != nil {
				return
			}
			if err := f.Sync(); err != nil {
				return
			}
			longest = max(longest, time.Since(began))
			select {
			case <-end:
				return
			case <-time.After(10 * time.Millisecond):
			}
		}
	}()
	return slowest
}

// TestServeIsKilled: SIGKILL at any moment, time and again, takes the exposures of the last interval at most; what is left is read at once,
// and a restart logs nobody twice.
func TestServeIsKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("runs servers for seconds")
	}
	folder := t.TempDir()
	day := func(n int) string { return time.Now().UTC().AddDate(0, 0, n).Format(time.DateOnly) }
	today, file, log := day(0), filepath.Join(folder, "express.yaml"), filepath.Join(folder, "log")
	for path, text := range map[string]string{
		file:                                fmt.Sprintf(killedDefinition, day(-1), day(5), day(20)),
		filepath.Join(folder, "events.csv"): "shopper_id,ts,event\ns-1," + day(1) + "T00:00:00Z,order_captured\n",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	random := rand.New(rand.NewPCG(7, 11))
	const interval = 50 * time.Millisecond
	var number atomic.Int64
	everyone := map[string]met{}
	for range 3 {
		s := startServer(t, folder, "--exposures", log, "--sync", interval.String())
		s.askAgain(everyone)
		ended, flooded := make(chan time.Time, 1), make(chan struct{})
		slowest := slowestSync(t, flooded)
		time.AfterFunc(time.Duration(1200+random.IntN(600))*time.Millisecond, func() {
			ended <- time.Now()
			s.end(syscall.SIGKILL)
		})
		answered := s.flood(8, func() (string, bool) {
			time.Sleep(2 * time.Millisecond) // thousands a second are enough, and all are asked about again
			return fmt.Sprint("s-", number.Add(1)), true
		})
		close(flooded)
		killed := <-ended
		logged := loggedUnits(t, filepath.Join(log, "express"))
		checkLost(t, answered, logged, killed, interval, <-slowest)
		for unit, m := range answered {
			everyone[unit] = m
		}
		expectAgreement(t, file, len(logged))
	}
	s := startServer(t, folder, "--exposures", log)
	s.askAgain(everyone)
	if code := s.end(syscall.SIGTERM); code != exitDone {
		t.Errorf("exit code %d", code)
	}
	logged := loggedUnits(t, filepath.Join(log, "express"))
	for unit := range everyone {
		if n := logged[unit]; n == 0 || n > 1 && day(0) == today {
			t.Fatalf("%s is logged %d times", unit, n)
		}
	}
}

// askAgain asks for everyone once more: who is logged today is not logged again, who was lost is.
func (s *served) askAgain(everyone map[string]met) {
	s.t.Helper()
	units := make(chan string, len(everyone))
	for unit := range everyone {
		units <- unit
	}
	close(units)
	answered := s.flood(8, func() (string, bool) { unit, ok := <-units; return unit, ok })
	if len(answered) != len(everyone) {
		s.t.Errorf("%d of %d are answered", len(answered), len(everyone))
	}
}

// expectAgreement has an analysis read the log and recompute all of its variants.
func expectAgreement(t *testing.T, file string, units int) {
	t.Helper()
	args := []string{"analyze", file, "--out", filepath.Join(t.TempDir(), "run"), "--format", "json"}
	out, err := exec.CommandContext(t.Context(), "liftgate", args...).Output()
	want := fmt.Sprintf("All %s logged variants agree", result.Count(int64(units)))
	if err != nil || !strings.Contains(string(out), want) {
		t.Errorf("analyze does not say %q: %v\n%s", want, err, out)
	}
}
