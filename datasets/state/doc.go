// Package state keeps what an analysis has read of files in a folder outside its run, so that the next one reads only files that are new.
//
// A source asks for each part of a file whether it was kept, and gets back the very blocks of bytes that it wrote when it last read that
// part; what they mean is the source's business. What this package answers for is that they are still true: the definition and the program
// are those that they were made by, every file that was read lies where it lay with the bytes that it had, and no block has been damaged.
// Otherwise there is an error that says what to do, never an answer from what no longer holds.
//
// # Format, liftgate.state/v1
//
//	DIR/
//	  state.json     what is kept of which file, and where
//	  rows-N.bin     the blocks that the N-th analysis added, one behind the other
//	  lock           held while an analysis uses the folder
//
// A file is known by its table and its path; that it has not changed is shown by its size and time of modification, or where those differ,
// or are so recent that a later change might not show, by its SHA-256. Nothing that is there is ever changed: an analysis adds a file of
// blocks, and Commit, when all else has succeeded, replaces state.json by renaming. What a crash leaves behind is not listed there, and the
// next analysis removes it.
//
// # Limits
//
// What a source keeps has no keys in clear, but it is about single shoppers all the same: the folder is made for its owner alone (0700), and
// belongs with personal data. A file that has changed, or is gone, needs all to be read again. Network file systems may lack the lock.
package state
