package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// typedDefinition compares attributes of its exposures as numbers, booleans and texts; times are compared as the texts that they are written as.
const typedDefinition = `liftgate: 1
name: express
unit: shopper
variants: [{name: control, weight: 50}, {name: amazon_pay, weight: 50}]
control: control
schedule: {start: %[1]s, end: %[2]s}
assignment: {traffic: 90%%, eligible: 'cart >= 50 && cart < 1000.5 && member && since < "2026-01-01T00:00:00Z" && country != "FR"'}
data:
  exposures: {files: log/express/*.arrow, unit: shopper_id, variant: variant, time: ts, attributes: [country, cart, member, since, pages]}
  events: {files: events.csv, unit: shopper_id, time: ts, complete_through: %[3]s}
metrics:
  - {name: conversion, role: success, better: higher, type: proportion,
     value: {from: events, where: 'event == "order_captured"', take: any, window: [0d, 1d]}}
`

// TestTypedAttributesComeBack: what serve was asked about in numbers, booleans and times is logged so that assign --verify and an
// analysis come to the same answers from the log alone.
func TestTypedAttributesComeBack(t *testing.T) {
	folder := t.TempDir()
	put := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	day := func(n int) string { return time.Now().UTC().AddDate(0, 0, n).Format(time.DateOnly) }
	file := put("express.yaml", fmt.Sprintf(typedDefinition, day(-1), day(5), day(20)))
	events := "shopper_id,ts,event\n"
	s := startServer(t, folder, "--exposures", filepath.Join(folder, "log"))
	assigned, outside := 0, 0
	for i := range 240 {
		context := fmt.Sprintf(`{"targetingKey":"s-%d","country":%q,"cart":%s,"member":%s,"since":%q,"pages":%d}`, i,
			[]string{"DE", "", "FR", "AT"}[i%4], []string{"50", "10", `"999.75"`, "1000.5", "2e2"}[i%5], []string{"true", "true", `"true"`, "false"}[i/4%4],
			[]string{"2025-12-31T23:59:59.999999Z", "2019-05-05", "2026-01-01T00:00:00Z"}[i%3], i%7)
		status, answer := s.evaluate("express", context)
		switch {
		case status != http.StatusOK:
			t.Fatalf("%s: got %d %s", context, status, answer)
		case strings.Contains(answer, `"reason":"SPLIT"`):
			events += fmt.Sprintf("s-%d,%sT00:00:00Z,%s\n", i, day(1), []string{"order_captured", "visit"}[i%2])
			assigned++
		default:
			outside++
		}
	}
	if status, answer := s.evaluate("express", `{"targetingKey":"s","country":"DE","cart":9007199254740993,"member":true}`); status != http.StatusOK {
		t.Errorf("an integer that is out of range takes no part, and is not logged: got %d %s", status, answer)
	}
	if code := s.end(syscall.SIGTERM); code != exitDone {
		t.Errorf("exit code %d", code)
	}
	if assigned < 20 || outside < 20 {
		t.Fatalf("%d assigned, %d not: the test is empty", assigned, outside)
	}
	put("events.csv", events)
	out, err := exec.CommandContext(t.Context(), "liftgate", "assign", file, "--verify", "data").CombinedOutput()
	if err != nil || !strings.Contains(string(out), fmt.Sprint(assigned, " ")) || strings.Contains(string(out), "not judged") {
		t.Errorf("verify of %d exposures: %v\n%s", assigned, err, out)
	}
	run := filepath.Join(folder, "run")
	out, err = exec.CommandContext(t.Context(), "liftgate", "analyze", file, "--out", run, "--format", "json").CombinedOutput()
	if err != nil {
		t.Fatalf("analyze: %v\n%s", err, out)
	}
	want := fmt.Sprintf("All %d logged variants agree with the definition's assignment. Eligibility was computed again from the logged rows.", assigned)
	if !strings.Contains(strings.ReplaceAll(string(out), `\u0026`, "&"), want) {
		t.Errorf("analyze does not say %q:\n%s", want, out)
	}
}
