package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"liftgate/datasets"
	"liftgate/datasets/columnar"
	"liftgate/datasets/evidence"
	"liftgate/experiment"
	"liftgate/experiment/analysis"
	runs "liftgate/experiment/run"
)

// repeat makes the run again, from its evidence and, if they are at hand, from the data.
func (v *verification) repeat(ctx context.Context) error {
	if made := v.run.Manifest.Engine; made != engine {
		v.open("engine: the run was made by %s, this is %s: differences are expected", made, engine)
	}
	recipe := v.run.Manifest.Recipe
	if recipe == nil || v.run.Definition == nil {
		v.absent("the run does not say how it was made, or holds another definition")
		return nil
	}
	def, err := v.definition()
	if err != nil {
		return err
	}
	if err := v.inferAgain(ctx, def); err != nil || v.options.noData {
		return err
	}
	inputs, err := v.inputs(ctx, def)
	if err != nil {
		return err
	}
	if len(inputs) == 0 {
		v.absent("no file that it was made from is in %s; say with --data where they lie", def.Dir())
		return nil
	}
	if changed := runs.ChangedInputs(v.run.Manifest.Inputs, inputs); len(changed) > 0 {
		v.failsFor("data", changed)
		v.open("not reproduced: the data are not those that the run was made from")
		return nil
	}
	v.holds("data: %s in %s with the hashes of %s", plural(len(inputs), "file"), def.Dir(), runs.ManifestName)
	return v.analyzeAgain(ctx, def, inputs)
}

// absent tells why the run was not made again.
func (v *verification) absent(format string, args ...any) {
	tell := v.open
	if v.options.reproduce || v.options.data != "" {
		tell = v.fails
	}
	tell("not reproduced: "+format, args...)
}

// definition is that of the run, in the folder where the data should lie.
func (v *verification) definition() (*experiment.Definition, error) {
	dir := v.options.data
	if dir == "" {
		var err error
		if dir, err = v.run.Folder(); err != nil {
			return nil, err
		}
	}
	def, err := experiment.Parse(filepath.Join(dir, runs.DefinitionName), v.run.Definition)
	if err != nil {
		return nil, errors.New("the run's definition cannot be read: " + err.Error()) // the run fails, so it is no mistake of the user's
	}
	return def, nil
}

// inputs hashes the data of the run that are at hand.
func (v *verification) inputs(ctx context.Context, def *experiment.Definition) ([]runs.Input, error) {
	bar := v.console.progress()
	defer bar.end()
	source := columnar.New(columnar.Options{Workers: v.options.workers})
	var inputs []runs.Input
	for i, t := range v.tables(def) {
		bar.update(int64(i), 0, "hashing "+t.Name)
		hashed, err := hashTables(ctx, source, def.Dir(), []*datasets.Table{t})
		var none *datasets.NoFilesError
		if err != nil && !errors.As(err, &none) && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		inputs = append(inputs, hashed...)
	}
	return inputs, nil
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

// inferAgain makes the run from its own evidence.
func (v *verification) inferAgain(ctx context.Context, def *experiment.Definition) error {
	if def.Assignment != nil {
		v.open("evidence: the result is not computed again from it alone, because checks of the assignment need the data")
		return nil
	}
	return v.again(ctx, "evidence", "the result and its page follow from it", def, func(j *job) error {
		ev, err := evidence.Read(filepath.Join(v.run.Dir, runs.EvidenceName))
		if err != nil {
			return err
		}
		study, err := analysis.Reopen(def, ev)
		if err != nil {
			return err
		}
		_, _, err = j.write(ctx, study, ev, nil)
		return err
	})
}

// analyzeAgain makes the run from the data.
func (v *verification) analyzeAgain(ctx context.Context, def *experiment.Definition, inputs []runs.Input) error {
	return v.again(ctx, "reproduced", "the run follows from the data", def, func(j *job) (err error) {
		j.inputs = inputs
		if asOf := v.run.Manifest.Recipe.AsOf; asOf != nil {
			at, err := experiment.ParseInstant(*asOf, def.Schedule.Location)
			if err != nil {
				return fmt.Errorf("%s: as_of: %w", runs.ManifestName, err)
			}
			j.asOf = &at
		}
		_, _, err = j.do(ctx, v.console)
		return err
	})
}

// again makes the run in a temporary folder and compares the two, byte for byte.
func (v *verification) again(ctx context.Context, what, follows string, def *experiment.Definition, do func(*job) error) (err error) {
	temp, err := os.MkdirTemp("", "liftgate-verify-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	j := &job{
		definition: def, views: v.run.Manifest.Recipe.Evidence == fullEvidence, workers: v.options.workers, out: filepath.Join(temp, "run"),
	}
	switch err := do(j); {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		v.fails("%s: %v", what, err)
		return nil
	}
	files, findings, err := runs.Compare(ctx, v.run.Dir, j.out)
	if err != nil {
		return err
	}
	v.failsFor(what, findings)
	if len(findings) == 0 {
		v.holds("%s: %s; %s, byte for byte", what, follows, plural(files, "file"))
	}
	return nil
}
