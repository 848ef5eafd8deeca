package serve

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// largestDefinition is more than any definition has, so that a wrong file does not fill the memory.
const largestDefinition = 1 << 20

// find lists the definitions' files that are there now.
func (l *library) find() ([]string, error) {
	var found []string
	for _, file := range l.files {
		if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
			found = append(found, file) // reading tells what else is wrong with it
		}
	}
	for _, folder := range l.folders {
		inside, err := findIn(folder)
		if err != nil {
			return nil, err
		}
		found = append(found, inside...)
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}

// findIn lists the definitions of a folder, not those of folders in it. Names that start with a dot are those of editors and of
// files on their way.
func findIn(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, e := range entries {
		name := e.Name()
		if ext := filepath.Ext(name); !e.IsDir() && !strings.HasPrefix(name, ".") && (ext == ".yaml" || ext == ".yml") {
			found = append(found, filepath.Join(folder, name))
		}
	}
	return found, nil
}

// readDefinition reads a file of a sensible size.
func readDefinition(file string) ([]byte, error) {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a file", file)
	case info.Size() > largestDefinition:
		return nil, fmt.Errorf("%s has %d bytes: that is data, not a definition", file, info.Size())
	}
	return os.ReadFile(file)
}
