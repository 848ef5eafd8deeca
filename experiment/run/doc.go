// Package run is a run on disk: written whole or not at all, and read only when nothing in it has changed.
//
//	RUN/  manifest.json  what the run was made from: engine, time, and hashes of every other file and of the input data
//	      definition.yaml  result.json  evidence/*.arrow  report.html
//	      audit.jsonl    human decisions; outside the manifest, and a run that has it is never replaced
//
// A run is made by a [Draft]: its files are written beside the final place and appear there at once when complete. The
// manifest is the only file that knows the time and the paths of the inputs; all others are the same bytes for the same
// definition, rows and engine.
package run
