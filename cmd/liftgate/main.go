package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

func main() {
	// Nearly all memory is flat tables of units, which cost the collector nothing to pass over: collecting early is free, and saves a
	// quarter of the peak. GOGC overrides it.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(40)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the process at once
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the program: it runs one command and returns the exit code. The arguments are without the program's name.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	c := newConsole(stdin, stdout, stderr)
	err := execute(ctx, c, args)
	if failed := c.answerError(); failed != nil {
		err = failed
	}
	code, message := exitCode(ctx, err)
	if message != "" {
		fmt.Fprintln(stderr, message)
	}
	return code
}

// execute finds the command and runs it.
func execute(ctx context.Context, c *console, args []string) error {
	app := newApp(c)
	ordered, err := arrange(app.Commands, args)
	if err != nil {
		return err
	}
	return app.RunContext(ctx, append([]string{app.Name}, ordered...))
}
