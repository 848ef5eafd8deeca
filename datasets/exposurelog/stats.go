package exposurelog

// Stats are counts of records since Open, but for what they say otherwise.
type Stats struct {
	Added    int64 // taken by Add
	Synced   int64 // of Added: durable
	Pending  int64 // of Added: not durable yet
	Lost     int64 // of Added: given up by Close, as they could not be written
	Repeated int64 // not taken, as the day had them
	// Unchecked counts those of Added that may repeat one of their day, as Options.Remember was reached.
	Unchecked int64
	Waiting   int64 // calls of Add that wait for room now
	Failures  int64 // attempts to write that failed
	Cut       int64 // bytes of an unfinished write that Open removed
	Known     int64 // records that are remembered now

	Err error // of the last attempt to write; nil when it succeeded
}

// Stats tells how the log is doing.
func (l *Log) Stats() Stats {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.stats
	s.Pending = s.Added - s.Synced - s.Lost
	s.Known = int64(l.daily.len())
	return s
}
