package columnar

import "fmt"

// explain tells what the units of a table took.
func (t *unitTable) explain(s *Source) {
	m := &s.options.Memory
	if m.Explain == nil {
		return
	}
	units := 0
	for _, sheet := range t.sheets {
		for _, n := range sheet.units {
			units += n
		}
	}
	inMemory, inFile := t.depot.Held()
	m.explain(fmt.Sprintf("memory: %d units x (8 of a hash + %d values x (1/8, and 1 or 8 where it is not zero) + %d segments x 4 + 8 for each number of the metric at hand) bytes; measured %s in memory and %s in a temporary file",
		units, len(t.values), len(t.segments), mega(inMemory), mega(inFile)))
	m.explain(fmt.Sprintf("memory: beside that, the program %s and %d workers %s each", mega(programBytes), s.options.Workers, mega(workerBytes)))
}
