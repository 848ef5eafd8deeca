package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// served is "liftgate serve" as a process.
type served struct {
	t       *testing.T
	process *exec.Cmd
	url     string
	log     chan string // its lines
}

func startServer(t *testing.T, args ...string) *served {
	t.Helper()
	s := &served{t: t, process: exec.CommandContext(t.Context(), "liftgate", append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...), log: make(chan string, 1000)}
	stderr, err := s.process.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.process.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(s.log)
		for lines := bufio.NewScanner(stderr); lines.Scan(); {
			s.log <- lines.Text()
		}
	}()
	_, after, _ := strings.Cut(s.await("msg=listening"), "address=")
	s.url, _, _ = strings.Cut(after, " ")
	return s
}

// await reads the log up to a line with that text.
func (s *served) await(text string) string {
	s.t.Helper()
	var read []string
	timeout := time.After(time.Minute)
	for {
		select {
		case line, ok := <-s.log:
			if read = append(read, line); strings.Contains(line, text) {
				return line
			}
			if !ok {
				s.t.Fatalf("the log ends without %q:\n%s", text, strings.Join(read, "\n"))
			}
		case <-timeout:
			s.t.Fatalf("the log does not tell %q:\n%s", text, strings.Join(read, "\n"))
		}
	}
}

func (s *served) ask(unit string) (status int, answer string) {
	s.t.Helper()
	return s.evaluate("express", fmt.Sprintf(`{"targetingKey":%q,"country":"DE"}`, unit))
}

func (s *served) evaluate(flag, context string) (status int, answer string) {
	s.t.Helper()
	return s.request(http.MethodPost, "/ofrep/v1/evaluate/flags/"+flag, `{"context":`+context+`}`)
}

func (s *served) request(method, path, body string) (status int, answer string) {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// awaitDurable waits until every exposure is on disk.
func (s *served) awaitDurable() {
	s.t.Helper()
	var metrics string
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if _, metrics = s.request(http.MethodGet, "/metrics", ""); strings.Contains(metrics, "\nliftgate_exposure_log_pending{flag=\"express\"} 0\n") {
			return
		}
	}
	s.t.Fatalf("exposures are not durable:\n%s", metrics)
}

// end sends a signal and gives the exit code, -1 when the signal itself ended the process.
func (s *served) end(signal os.Signal) int {
	s.t.Helper()
	if err := s.process.Process.Signal(signal); err != nil {
		s.t.Fatal(err)
	}
	for range s.log { // until the process closes it
	}
	_ = s.process.Wait() // its code is asked for
	return s.process.ProcessState.ExitCode()
}

const servedDefinition = `liftgate: 1
name: express
unit: shopper
variants: [{name: control, weight: 50, payload: 1}, {name: amazon_pay, weight: 50, payload: 2}]
control: control
assignment: {eligible: 'country == "DE"'}
data:
  exposures: {files: log/express/*.arrow, unit: shopper_id, variant: variant, time: ts, attributes: [country]}
  events: {files: events.csv, unit: shopper_id, time: ts}
metrics:
  - {name: conversion, role: success, better: higher, type: proportion,
     value: {from: events, where: 'event == "order_captured"', take: any, window: [0d, 14d]}}
`

// TestServeLogsWhatItAnswers: after SIGTERM, and after SIGKILL once --sync has passed, the log holds every variant that was given, and
// the definition agrees with it.
func TestServeLogsWhatItAnswers(t *testing.T) {
	if testing.Short() {
		t.Skip("a process under load")
	}
	folder := t.TempDir()
	file, log := filepath.Join(folder, "express.yaml"), filepath.Join(folder, "log")
	put := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put(servedDefinition)
	unit := 0
	for _, c := range []struct {
		signal os.Signal
		code   int
	}{{syscall.SIGTERM, exitDone}, {syscall.SIGKILL, -1}, {os.Interrupt, exitDone}} {
		s := startServer(t, folder, "--exposures", log, "--sync", "10ms")
		for range 20 {
			unit++
			if status, answer := s.ask(fmt.Sprint("s-", unit)); status != http.StatusOK || !strings.Contains(answer, `"reason":"SPLIT"`) {
				t.Fatalf("got %d %s", status, answer)
			}
		}
		if c.signal == syscall.SIGKILL {
			s.awaitDurable()
		}
		if code := s.end(c.signal); code != c.code {
			t.Errorf("%v: exit code %d, want %d", c.signal, code, c.code)
		}
		out, err := exec.CommandContext(t.Context(), "liftgate", "assign", file, "--verify", "data").CombinedOutput()
		if want := fmt.Sprint(unit, " "); err != nil || !strings.Contains(string(out), want) {
			t.Errorf("%v: %d exposures were answered; verify says %v\n%s", c.signal, unit, err, out)
		}
	}
}

func TestServeReloadsOnHangup(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "express.yaml")
	if err := os.WriteFile(file, []byte(servedDefinition), 0o600); err != nil {
		t.Fatal(err)
	}
	s := startServer(t, folder, "--poll", "0")
	for _, step := range []struct{ old, new, told, answer string }{
		{"payload: 1}", "payload: 1.5}", "definitions have changed", `"value":1.5`},
		{"control: control", "control: [", "a definition cannot be used", `"value":1.5`},
	} {
		if err := os.WriteFile(file, []byte(strings.Replace(servedDefinition, step.old, step.new, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := s.process.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		s.await(step.told)
		if _, answer := s.ask("s-1"); !strings.Contains(answer, step.answer) {
			t.Errorf("after %s: got %s", step.new, answer)
		}
	}
	if code := s.end(syscall.SIGTERM); code != exitDone {
		t.Errorf("exit code %d", code)
	}
}
