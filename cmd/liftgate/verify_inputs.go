package main

import (
	"context"
	"errors"
	"io/fs"
	"slices"

	"liftgate/datasets"
	"liftgate/datasets/columnar"
	"liftgate/experiment"
	runs "liftgate/experiment/run"
)

// atHand is something that the run was made from.
type atHand struct {
	what     string
	was, now []runs.Input
}

// inputs hashes what the run was made from and compares it with what the run read. It is nil, and why was told, when it is not at hand or
// has changed.
func (v *verification) inputs(ctx context.Context, def *experiment.Definition) ([]runs.Input, error) {
	data, design := atHand{what: "data"}, atHand{what: "design"}
	for _, in := range v.run.Manifest.Inputs {
		if in.Table == runs.DesignInput {
			design.was = append(design.was, in)
		} else {
			data.was = append(data.was, in)
		}
	}
	var err error
	if data.now, err = v.data(ctx, def); err != nil {
		return nil, err
	}
	if design.now, err = record(ctx, def, design.was); err != nil {
		return nil, err
	}
	same := true
	for _, h := range []atHand{design, data} {
		if len(h.was) == 0 || len(h.now) == 0 && len(data.now) == 0 {
			continue
		}
		changed := runs.ChangedInputs(h.was, h.now)
		v.failsFor(h.what, changed)
		if len(changed) == 0 {
			v.holds("%s: %s in %s with the hashes of %s", h.what, plural(len(h.now), "file"), def.Dir(), runs.ManifestName)
		}
		same = same && len(changed) == 0
	}
	switch {
	case len(data.now) == 0:
		v.absent("no file that it was made from is in %s; say with --data where they lie", def.Dir())
		return nil, nil
	case !same:
		v.open("not reproduced: the data are not those that the run was made from")
		return nil, nil
	}
	return slices.Concat(data.now, design.now), nil
}

// data hashes the rows of the run that are at hand.
func (v *verification) data(ctx context.Context, def *experiment.Definition) ([]runs.Input, error) {
	bar := v.console.progress()
	defer bar.end()
	source := columnar.New(columnar.Options{Workers: v.options.workers})
	var inputs []runs.Input
	for i, t := range v.tables(def) {
		bar.update(int64(i), 0, "hashing "+t.Name)
		hashed, err := hashTables(ctx, source, def.Dir(), []*datasets.Table{t}, hashWhole)
		var none *datasets.NoFilesError
		if err != nil && !errors.As(err, &none) && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		inputs = append(inputs, hashed...)
	}
	return inputs, nil
}

// record hashes the record of the definition's design, when the run read one and it is at hand.
func record(ctx context.Context, def *experiment.Definition, was []runs.Input) ([]runs.Input, error) {
	if len(was) == 0 || def.Assignment == nil || def.Assignment.Design == nil {
		return nil, nil
	}
	now, err := hashRecord(ctx, def)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return now, err
}

// tables lists the sources of a definition that the run has read.
func (v *verification) tables(def *experiment.Definition) []*datasets.Table {
	read := map[string]bool{}
	for _, in := range v.run.Manifest.Inputs {
		read[in.Table] = true
	}
	var list []*datasets.Table
	add := func(s *experiment.Source) {
		if read[s.Name] {
			list = append(list, &datasets.Table{Name: s.Name, Dir: def.Dir(), Files: s.Files})
		}
	}
	if def.Data.Units != nil {
		add(&def.Data.Units.Source)
	}
	if def.Data.Exposures != nil {
		add(&def.Data.Exposures.Source)
	}
	for i := range def.Data.Events {
		add(&def.Data.Events[i].Source)
	}
	return list
}
