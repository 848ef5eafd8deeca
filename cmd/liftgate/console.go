package main

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/term"
)

// console is where a command reads and writes.
type console struct {
	stdin  io.Reader
	stdout *answer
	stderr io.Writer
	quiet  bool
}

func newConsole(stdin io.Reader, stdout, stderr io.Writer) *console {
	return &console{stdin: stdin, stdout: &answer{w: stdout}, stderr: stderr}
}

// answer is stdout. It remembers its first error, so that an answer that was not delivered is never a success.
type answer struct {
	w   io.Writer
	err error
}

func (a *answer) Write(p []byte) (int, error) {
	if a.err != nil {
		return 0, a.err
	}
	n, err := a.w.Write(p)
	a.err = err
	return n, err
}

func (c *console) answerError() error {
	if c.stdout.err != nil {
		return fmt.Errorf("writing the answer: %w", c.stdout.err)
	}
	return nil
}

// note tells the user something on stderr, unless quiet.
func (c *console) note(format string, args ...any) {
	if !c.quiet {
		fmt.Fprintf(c.stderr, format+"\n", args...)
	}
}

// color reports whether the answer may have colours: on a terminal, unless NO_COLOR is set (no-color.org).
func (c *console) color() bool {
	return isTerminal(c.stdout.w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// width is that of the terminal, or 100.
func (c *console) width() int {
	if f, ok := c.stdout.w.(*os.File); ok {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
			return w
		}
	}
	return 100
}

// isTerminal looks at where something is written to or read from.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
