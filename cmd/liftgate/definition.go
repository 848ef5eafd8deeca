package main

import (
	"os"

	"liftgate/experiment"
)

// notText is a size that says, without reading, that a file is no definition.
const notText = 100_000_000

// load reads and parses a definition.
func load(file string) (*experiment.Definition, error) {
	if info, err := os.Stat(file); err == nil && info.Size() > notText {
		return nil, usagef("%s has %d bytes: that is data, not a definition", file, info.Size())
	}
	source, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return experiment.Parse(file, source)
}
