package evidence

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// SumsName is the file that lists the SHA-256 of the evidence files, so that damage is found before Arrow's reader meets it.
// `sha256sum -c` reads it.
const SumsName = "SHA256SUMS"

// Fingerprint is the SHA-256, in hexadecimal, over a line "HEX  NAME" for each evidence file (*.arrow) of a folder, in bytewise
// order of the names, HEX being the SHA-256 of the file. In the folder, `sha256sum *.arrow | sha256sum` prints it (LC_ALL=C).
func Fingerprint(dir string) (string, error) {
	lines, err := sums(dir)
	if err != nil {
		return "", fmt.Errorf("evidence: %w", err)
	}
	sum := sha256.Sum256([]byte(strings.Join(lines, "")))
	return hex.EncodeToString(sum[:]), nil
}

// sums lists the lines of the evidence files that are there.
func sums(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir) // ordered by name
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, entry := range entries {
		if filepath.Ext(entry.Name()) != extension {
			continue
		}
		sum, err := hashFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			return nil, err
		}
		lines = append(lines, sumLine(sum, entry.Name()))
	}
	if lines == nil {
		return nil, fmt.Errorf("%s holds no evidence files", dir)
	}
	return lines, nil
}

func sumLine(sum, name string) string { return fmt.Sprintf("%s  %s\n", sum, name) }

func hashFile(path string) (sum string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func writeSums(dir string) error {
	lines, err := sums(dir)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, SumsName), []byte(strings.Join(lines, "")), 0o644)
}

// checkSums compares the files of tables with the sums written beside them, and tells which there are.
func checkSums(dir string, tables []string) (there map[string]bool, err error) {
	listed, err := os.ReadFile(filepath.Join(dir, SumsName))
	if err != nil {
		return nil, err
	}
	there = map[string]bool{}
	for _, table := range tables {
		name := table + extension
		sum, err := hashFile(filepath.Join(dir, name))
		if optional(table) && errors.Is(err, fs.ErrNotExist) && !strings.Contains(string(listed), sumLine("", name)) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if !strings.Contains(string(listed), sumLine(sum, name)) {
			return nil, fmt.Errorf("%s is damaged or changed: its SHA-256 is not the one in %s", name, SumsName)
		}
		there[table] = true
	}
	return there, nil
}
