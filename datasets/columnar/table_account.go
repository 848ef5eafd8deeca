package columnar

import "fmt"

// explain tells what the units of a table took.
func (t *unitTable) explain(s *Source) {
	m := &s.options.Memory
	if m.Explain == nil {
		return
	}
	placed, units := 0, int64(0)
	for _, sheet := range t.sheets {
		for _, n := range sheet.units {
			placed += n
		}
	}
	for _, x := range t.indexes {
		for _, n := range x.units {
			units += int64(n)
		}
	}
	values := fmt.Sprintf("%d values x (1/8, and 1 or 8 where it is not zero)", len(t.values))
	text := fmt.Sprintf("%d units x (8 of a hash + %s + %d segments x 4", placed, values, len(t.segments))
	if t.query.Clustered {
		text = fmt.Sprintf("%d units x 8 of a hash + %d with a number other than zero x (4 of a cluster + %s", units, placed, values)
	}
	inMemory, inFile := t.depot.Held()
	m.explain(fmt.Sprintf("memory: %s + 8 for each number of the metric at hand) bytes; measured %s in memory and %s in a temporary file",
		text, mega(inMemory), mega(inFile)))
	m.explain(fmt.Sprintf("memory: beside that, the program %s and %d workers %s each", mega(programBytes), s.options.Workers, mega(workerBytes)))
}
