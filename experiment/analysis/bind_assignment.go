package analysis

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"liftgate/datasets/expr"
	"liftgate/experiment"
	"liftgate/experiment/assignment"
)

// addAssignment lets the source recompute the logged variants where the definition says how they came about: by a hash, or by a design whose
// outcome was recorded.
func (b *binder) addAssignment(s *Study) error {
	a := b.definition.Assignment
	switch {
	case a == nil:
		return nil
	case a.Design != nil:
		b.addRoster(s, a.Design)
	default:
		plan, err := assignment.Plan(b.definition)
		if err != nil {
			return err
		}
		s.Query.Plan = plan
	}
	b.addEligible(s, a.Eligible)
	return nil
}

// addRoster reads the list that the design assigned.
func (b *binder) addRoster(s *Study, design *experiment.Design) {
	record, err := assignment.ReadRecord(b.definition.RecordPath())
	if errors.Is(err, fs.ErrNotExist) {
		b.fail(design.Path, 0, "there is no record of the design, %s: run `liftgate assign %s --units LIST --out OUT` first, or say where it lies with record:",
			design.Record, filepath.Base(b.definition.File))
		return
	}
	if err != nil {
		b.fail(design.Path, 0, "the design's record cannot be used: %v", err)
		return
	}
	var problems experiment.Problems
	switch err := record.Fits(b.definition); {
	case errors.As(err, &problems):
		b.problems = append(b.problems, problems...)
	case err != nil:
		b.fail(design.Path, 0, "%v", err)
	default:
		s.record, s.Query.Roster = record, record.Roster(s.Query.Variants)
	}
}

// addEligible binds the condition to the columns of the exposures, or units. It was meant for the attributes that a unit is assigned by: what
// the logged rows do not have cannot be checked there.
func (b *binder) addEligible(s *Study, c *experiment.Condition) {
	source := ""
	switch d := &b.definition.Data; {
	case d.Exposures != nil:
		source = d.Exposures.Name
	case d.Units != nil:
		source = d.Units.Name
	}
	columns, read := b.columns[source]
	if c == nil || !read {
		return
	}
	bound, mistakes := c.Tree.Bind(func(name string) (expr.Type, bool) {
		t, ok := columns[name]
		return t, ok
	}, expr.Bool)
	if len(mistakes) == 0 {
		s.Query.Eligible = bound
		return
	}
	var why []string
	for _, m := range mistakes {
		if m.Column != "" {
			why = append(why, fmt.Sprintf("%s has no column %q", source, m.Column))
		} else {
			why = append(why, m.Message)
		}
	}
	s.unchecked = strings.Join(why, ", ")
}
