package run

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"liftgate/datasets"
)

// DefaultDir is where a run goes that was not told where: runs/NAME/AS_OF, such as 2026-11-12 when as of is midnight UTC, else
// 20261112T083000Z (fractions of a second are left out), and runs/NAME/data for a unit table, which has none.
func DefaultDir(name string, asOf *datasets.Instant) string {
	return filepath.Join("runs", name, asOfName(asOf))
}

func asOfName(asOf *datasets.Instant) string {
	if asOf == nil {
		return "data"
	}
	if *asOf%datasets.Instant(datasets.Day) == 0 {
		return asOf.Time().Format(time.DateOnly)
	}
	return asOf.Time().Format("20060102T150405Z")
}

// Vacant reports, as an error, why a run may not be written to dir: something stands there that is no run, or is a run and
// replace is false, or is a run with an audit trail.
func Vacant(dir string, replace bool) error {
	info, err := os.Lstat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.IsDir() || !Is(dir):
		return fmt.Errorf("%s exists and is not a run; choose another folder", dir)
	}
	_, err = os.Lstat(filepath.Join(dir, AuditName))
	switch {
	case err == nil:
		return fmt.Errorf("%s holds recorded decisions (%s) and is never replaced; choose another folder", dir, AuditName)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	case !replace:
		return fmt.Errorf("%s holds a run already; replace it with --force, or choose another folder", dir)
	}
	return nil
}

// Is reports whether dir holds a run.
func Is(dir string) bool {
	_, err := readManifest(dir)
	return err == nil
}
