package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

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
	if err != nil || inputs == nil {
		return err
	}
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

// inferAgain makes the run from its own evidence.
func (v *verification) inferAgain(ctx context.Context, def *experiment.Definition) error {
	o, known, err := v.asked(def)
	if err != nil {
		return err
	}
	if !known {
		v.open("evidence: the result is not computed again from it alone: an older version made the run, which did not note whether eligibility could be computed again")
		return nil
	}
	return v.again(ctx, "evidence", "the result and its page follow from it", def, func(j *job) error {
		ev, err := evidence.Read(filepath.Join(v.run.Dir, runs.EvidenceName))
		if err != nil {
			return err
		}
		j.asOf = o.AsOf
		study, err := analysis.Reopen(def, ev, o)
		if err != nil {
			return err
		}
		_, _, err = j.write(ctx, study, ev, nil)
		return err
	})
}

// asked is what the run's own study was told, as far as it is known: enough to infer from evidence alone.
func (v *verification) asked(def *experiment.Definition) (o analysis.Options, known bool, err error) {
	recipe := v.run.Manifest.Recipe
	if recipe.AsOf != nil {
		at, err := experiment.ParseInstant(*recipe.AsOf, def.Schedule.Location)
		if err != nil {
			return o, false, fmt.Errorf("%s: as_of: %w", runs.ManifestName, err)
		}
		o.AsOf = &at
	}
	conditional := def.Assignment != nil && def.Assignment.Eligible != nil
	if recipe.Unchecked != nil {
		o.Unchecked = *recipe.Unchecked
	}
	return o, recipe.Unchecked != nil || !conditional, nil
}

// analyzeAgain makes the run from the data.
func (v *verification) analyzeAgain(ctx context.Context, def *experiment.Definition, inputs []runs.Input) error {
	return v.again(ctx, "reproduced", "the run follows from the data", def, func(j *job) error {
		o, _, err := v.asked(def)
		if err != nil {
			return err
		}
		j.inputs, j.asOf = inputs, o.AsOf
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
