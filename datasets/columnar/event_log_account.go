package columnar

import "fmt"

// account is what an event log took, for those who want to know why it took so much.
type account struct {
	found, analysed        int64 // units
	foundBytes             int64 // that they took while exposures were read
	arrangedBytes, rows    int64 // while events were read, and of it what was kept of rows
	groups, eventGroups    int   // of partitions, where rows went through files; 0: they did not
	exposures, events      int64 // bytes of rows in files
	inDepot, inDepotMemory int64 // bytes of units in a file and in memory
}

// noteFound takes down partitions whose exposures are read.
func (a *account) noteFound(parts []*partition) {
	bytes := int64(0)
	for _, p := range parts {
		a.found += int64(p.exposed.count)
		bytes += p.bytes()
	}
	a.foundBytes = max(a.foundBytes, bytes)
}

// noteRead takes down partitions whose events are read.
func (a *account) noteRead(parts []*partition) {
	bytes, rows := int64(0), int64(0)
	for _, p := range parts {
		a.analysed += int64(p.enrolled.count())
		bytes += p.bytes()
		rows += p.rowBytes()
	}
	if bytes > a.arrangedBytes {
		a.arrangedBytes, a.rows = bytes, rows
	}
}

// explain tells the formula with the numbers of this query, and what it came to.
func (l *eventLog) explain(a *account) {
	m := &l.options.Memory
	if m.Explain == nil {
		return
	}
	exposed := l.exposedBytes()
	m.explain(fmt.Sprintf("memory: while exposures were read: %d units x %d bytes = %s%s, and up to as much of rows that repeat units, or %s; measured %s in the end",
		a.found, exposed, mega(a.found*exposed), a.share(a.groups), mega(int64(l.enrolment.patience)*partitions*exposed), mega(a.foundBytes)))
	arranged := l.arrangedBytes()
	m.explain(fmt.Sprintf("memory: while events were read: %d analysed units x (16 to find them + %d of a record) bytes = %s%s, and %s of rows that are kept for views, quantiles and distinct values; measured %s",
		a.analysed, arranged-16, mega(a.analysed*arranged), a.share(a.eventGroups), mega(a.rows), mega(a.arrangedBytes)))
	folded := l.foldedBytes()
	m.explain(fmt.Sprintf("memory: when all was read: %d analysed units x %d bytes = %s, and the rows", a.analysed, folded, mega(a.analysed*folded)))
	m.explain(fmt.Sprintf("memory: beside that, the program %s and %d workers %s each", mega(programBytes), l.options.Workers, mega(workerBytes)))
	if a.groups > 0 {
		m.explain(fmt.Sprintf("memory: through temporary files in %s: %s of exposures, read in %d parts, and again with %s of events in %d; of units at the end %s in a file and %s in memory",
			m.folder(), mega(a.exposures), a.groups, mega(a.events), a.eventGroups, mega(a.inDepot), mega(a.inDepotMemory)))
	}
}

// share says that not all of it was there at once.
func (a *account) share(groups int) string {
	if groups == 0 {
		return ""
	}
	return fmt.Sprintf(", in %d parts", groups)
}

func mega(bytes int64) string { return fmt.Sprintf("%.1f MB", float64(bytes)/1e6) }
