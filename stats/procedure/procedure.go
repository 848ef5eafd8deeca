package procedure

import (
	"fmt"
	"slices"
)

// Procedure is one statistical procedure.
type Procedure struct {
	Name    string // lower-case letters, digits and hyphens
	Family  string
	Summary string // one line, with the source of the method
	Example string // an input that runs
	Inputs  []Input

	run func(input []byte) (any, error)
}

// Input is one field of a procedure's input.
type Input struct {
	Name    string
	Doc     string // shape and unit
	Default string // JSON; empty when there is none
	// Required fields have no default and may not be left out.
	Required bool
}

// define makes a procedure of a function from an input struct to a result struct. The fields of In carry `json`, `doc` and, unless they are
// required, `default` (JSON) or `optional:"true"` tags.
func define[In, Out any](name, summary, example string, compute func(In) (Out, error)) Procedure {
	return Procedure{
		Name: name, Summary: summary, Example: example, Inputs: inputs[In](),
		run: func(input []byte) (any, error) {
			in, err := decode[In](input)
			if err != nil {
				return nil, err
			}
			return compute(in)
		},
	}
}

// family gives its name to procedures.
func family(name string, members ...Procedure) []Procedure {
	for i := range members {
		members[i].Family = name
	}
	return members
}

// Find gives the procedure with a name.
func Find(name string) (Procedure, bool) {
	all := All()
	i := slices.IndexFunc(all, func(p Procedure) bool { return p.Name == name })
	if i < 0 {
		return Procedure{}, false
	}
	return all[i], true
}

// Run computes the procedure on a JSON object and gives a JSON object back. It fails with an *InputError when the input is not what the
// procedure takes, and with an error of package stats when the numbers allow no answer.
func (p Procedure) Run(input []byte) ([]byte, error) {
	out, err := p.run(input)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.Name, err)
	}
	return encode(out)
}
