// Package exposurelog keeps what a service hands out: a log on disk of who met which variant and when, which an analysis reads as
// data.exposures.
//
// A log is a folder of one experiment, files: exposures/NAME/*.arrow in its definition. Each file is an Arrow IPC stream of the columns
// that the definition names: unit, variant, time (microseconds, UTC), cluster where there is one, and attributes, which may be null. It is
// a whole and valid stream at any moment, for a reader while the log is open as for one after a crash, with nothing to be done first: a
// write never touches what readers see, until its first eight bytes, written last, make it part of the stream. So nobody needs to convert
// or to close anything before an analysis, and what an open log shows is its first records, in the order in which they were added.
//
// Attributes have types, so that a condition can be asked of the log as it was asked of the service. Numbers are floats of 64 bits, which
// hold what JSON has for most programs. An integer that such a float would change (some above 2^53) is refused rather than rounded.
//
// # What is promised
//
// Records that are added gather for Options.Sync, 200 ms unless told otherwise, or until half of the buffer is full, and are then written
// as one record batch and synced (fsync); only then are they made part of the stream, and synced again. A process that is killed, or a
// power cut, takes no record that Flush has waited for, and of the others those of the last Sync at most, plus the time that a write under
// way needed (under a millisecond on a good disk; Stats.Pending counts them). Never is a record there twice, or half of one.
//
// A disk that is full or fails is tried again, after Sync at first and after 5 s at most; what was added waits in memory and Add blocks
// when Options.Buffer is full. Nothing is dropped, and nothing doubled once the disk works again. Stats.Err tells the trouble. Memory is
// bounded: what waits takes about three times Buffer when the disk stands still, and what is remembered 60 to 110 bytes a record of
// Options.Remember, or of the Memory that several logs share.
//
// At most one record a day, in UTC, is kept of a unit (a pair of cluster and unit where there are clusters) and a variant: of the two days
// that records were last added for, so that neither midnight nor a clock that is put right matters, and also after a restart, as Open
// reads what the files of the last two days hold. The variant belongs to what is compared because a unit that meets another one on the
// same day is a crossover, which an analysis has to see. Attributes do not. Beyond Options.Remember a record that may be a repetition is
// logged all the same, and counted: an analysis counts repetitions and goes by the first, while nothing makes up for a record that is
// missing. There is no clock in a log: days are those of Exposure.At.
//
// # Limits
//
// One process writes to a folder, which a lock ensures (flock; not on Windows). Several services log to a folder each, and the definition
// lists them all; a unit that meets two of them is logged by both.
//
// At Options.FileSize and when the day changes, a file gets an end of stream, is never written to again, and another follows. Its name,
// 20261122T235605Z-000001.arrow, has the time of the record that began it; records that were added around midnight may lie in the file of
// the day after. Files are neither compressed nor rewritten, so that a batch can be checked against the bytes that it has and what was
// durable once stays as it is: a record takes its texts and 4 bytes for each, 8 for the time, and a batch about half a kilobyte, which a
// longer Sync saves where few records come.
//
// After a change of Columns, the type of an attribute included, the log goes on in a new file, and what the day had under the old
// columns is logged once more. An analysis needs the columns that it uses in all of the files, with their types, and names one that
// lacks any: give the changed experiment a folder of its own.
//
// A file that was cut (by a copy that was broken off, say) is mended when Open goes on with it: what follows its last whole message is
// removed and counted in Stats.Cut. Until then an analysis fails and says that the file is cut short. Damage within a file is never cut
// away: Open names the place and leaves it to a person.
//
// Reference: Apache Arrow columnar format 1.4, IPC streaming format.
package exposurelog
