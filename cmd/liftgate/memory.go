package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"liftgate/datasets/columnar"
)

// memoryOptions are how much memory an analysis may take and what it tells of that.
type memoryOptions struct {
	size    string
	spill   string
	verbose bool
	ballast []byte
}

func (o *memoryOptions) flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "memory", Usage: "take at most `SIZE`, such as 4GB or 512MiB", DefaultText: "half of what there is", Destination: &o.size},
		&cli.StringFlag{Name: "spill", Usage: "put in `DIR` what is more", DefaultText: "where the run goes", Destination: &o.spill},
		&cli.BoolFlag{Name: "verbose", Usage: "say what memory was needed for", Destination: &o.verbose},
	}
}

// codeBytes is about what the program takes that the collector knows nothing of.
const codeBytes = 40 << 20

// ballastBytes are counted by the collector and never touched, so that they take no memory: without them it would run ten times while the
// first row groups are opened.
const ballastBytes = 32 << 20

// limit is the memory that an analysis may take whose run goes to out.
func (o *memoryOptions) limit(c *console, bar *progress, out string) (m columnar.Memory, err error) {
	m.Limit = systemMemory() / 2
	if o.size != "" {
		if m.Limit, err = parseSize(o.size); err != nil {
			return m, usagef("--memory: %v", err)
		}
	}
	m.Spill = o.spill
	if m.Spill == "" {
		m.Spill = standing(filepath.Dir(out))
	} else if info, err := os.Stat(m.Spill); err != nil || !info.IsDir() {
		return m, usagef("--spill: %s is no folder", m.Spill)
	}
	m.Warn = func(text string) { bar.say(c, "warning: "+text) }
	if o.verbose {
		m.Explain = func(text string) { bar.say(c, text) }
	}
	if os.Getenv("GOGC") == "" {
		o.ballast = make([]byte, ballastBytes)
	}
	if m.Limit > 0 && os.Getenv("GOMEMLIMIT") == "" { // garbage is collected earlier when it would not fit
		debug.SetMemoryLimit(max(m.Limit-codeBytes, m.Limit/2) + int64(len(o.ballast)))
	}
	return m, nil
}

// source makes a source that keeps to the limit and whose progress the bar shows.
func (o *memoryOptions) source(c *console, bar *progress, out string, options columnar.Options) (*columnar.Source, error) {
	var err error
	if options.Memory, err = o.limit(c, bar, out); err != nil {
		return nil, err
	}
	options.Progress = func(done, total int64, what string) { bar.update(done, total, "reading "+what) }
	return columnar.New(options), nil
}

// report says how much the process has taken.
func (o *memoryOptions) report(bar *progress, c *console) {
	if peak := peakMemory(); o.verbose && peak > 0 {
		bar.say(c, "memory: the process took "+sizeText(peak)+" at most")
	}
}

// standing is the nearest folder on the way to dir that is there.
func standing(dir string) string {
	for {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "."
		}
		dir = up
	}
}

var sizeUnits = []struct {
	name  string
	bytes float64
}{
	{"kib", 1 << 10},
	{"mib", 1 << 20},
	{"gib", 1 << 30},
	{"tib", 1 << 40},
	{"kb", 1e3},
	{"mb", 1e6},
	{"gb", 1e9},
	{"tb", 1e12},
	{"b", 1},
	{"", 1},
}

// parseSize reads a number of bytes such as 4GB, 1.5GiB or 64000000.
func parseSize(text string) (int64, error) {
	lower := strings.ToLower(strings.TrimSpace(text))
	for _, u := range sizeUnits {
		number, found := strings.CutSuffix(lower, u.name)
		if !found {
			continue
		}
		x, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if bytes := x * u.bytes; err == nil && bytes >= 1 && bytes < 1<<62 {
			return int64(bytes), nil
		}
		break
	}
	return 0, fmt.Errorf("%q is no size: write a number of bytes, or one with kB, MB, GB, KiB, MiB or GiB", text)
}

// sizeText writes a number of bytes for people.
func sizeText(bytes int64) string {
	const step = 1000
	x, unit := float64(bytes), 0
	for ; x >= step && unit < 4; unit++ {
		x /= step
	}
	return fmt.Sprintf("%.3g %s", x, [...]string{"B", "kB", "MB", "GB", "TB"}[unit])
}
