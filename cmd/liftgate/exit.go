package main

import (
	"context"
	"errors"
	"fmt"

	"liftgate/experiment"
	"liftgate/experiment/result"
)

// The exit codes; help.go tells them to users.
const (
	exitDone        = 0
	exitFailed      = 1   // the content of a file, or the run, failed
	exitUsage       = 2   // usage, or anything with a position in the definition
	exitShip        = 10  // analyze --exit-code: SHIP
	exitOther       = 11  // analyze --exit-code: any other decision
	exitInterrupted = 130 // Ctrl-C or SIGTERM
)

// usageError is a mistake on the command line.
type usageError struct{ message string }

func (e *usageError) Error() string { return e.message }

func usagef(format string, args ...any) error {
	return &usageError{fmt.Sprintf(format, args...)}
}

// decisionError ends a command that is done with the code of its decision. It prints nothing.
type decisionError string

func (s decisionError) Error() string { return string(s) }

// finalError is why a command that runs until it is interrupted did not end well.
type finalError struct{ error }

func (e finalError) Unwrap() error { return e.error }

// exitCode is the one place where errors become exit codes, and the message that goes with them.
func exitCode(ctx context.Context, err error) (code int, message string) {
	var (
		usage    *usageError
		problems experiment.Problems
		decision decisionError
		final    finalError
	)
	switch {
	case err == nil:
		return exitDone, ""
	case errors.As(err, &decision):
		if decision == result.Ship {
			return exitShip, ""
		}
		return exitOther, ""
	case errors.As(err, &final):
		return exitFailed, "liftgate: " + err.Error()
	case ctx.Err() != nil:
		return exitInterrupted, "liftgate: interrupted; nothing was written"
	case errors.As(err, &problems):
		return exitUsage, err.Error()
	case errors.As(err, &usage):
		return exitUsage, "liftgate: " + usage.message
	}
	return exitFailed, "liftgate: " + err.Error()
}
