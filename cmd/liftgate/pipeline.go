package main

import (
	"context"
	"errors"
	"io"
	"time"

	"golang.org/x/sync/errgroup"

	"liftgate/datasets"
	"liftgate/datasets/columnar"
	"liftgate/datasets/state"
	"liftgate/experiment"
	"liftgate/experiment/analysis"
	"liftgate/experiment/decision"
	"liftgate/experiment/report"
	"liftgate/experiment/result"
	runs "liftgate/experiment/run"
)

// job is an analysis that becomes a run.
type job struct {
	definition *experiment.Definition
	asOf       *datasets.Instant
	views      bool         // keep evidence of every cell, day and age
	workers    int          // 0: as many as there are processors
	out        string       // empty: runs.DefaultDir
	replace    bool         // a run that stands there
	inputs     []runs.Input // of the data, when they are hashed already
	state      string       // folder of what is kept of the rows; empty: nothing is
	increment  bool         // go on from what is kept there
	memory     memoryOptions
	kept       *state.Folder
}

// do observes, infers, decides and writes the run. When it fails, nothing was written.
func (j *job) do(ctx context.Context, c *console) (dir string, res *result.Result, err error) {
	bar := c.progress()
	defer bar.end()
	if err := j.openState(); err != nil {
		return "", nil, err
	}
	defer func() { err = errors.Join(err, j.closeState()) }()
	out := j.out
	if out == "" {
		out = runs.DefaultDir(j.definition.Name, nil)
	}
	source, err := j.memory.source(c, bar, out, columnar.Options{Workers: j.workers, State: j.kept})
	if err != nil {
		return "", nil, err
	}
	study, err := analysis.Bind(ctx, j.definition, source, analysis.Options{AsOf: j.asOf, Views: j.views})
	if err != nil {
		return "", nil, err
	}
	if err := j.vacant(&study.Query); err != nil {
		return "", nil, err
	}
	ev, inputs, err := j.observe(ctx, source, &study.Query)
	if err != nil {
		return "", nil, err
	}
	if dir, res, err = j.write(ctx, study, ev, inputs); err == nil {
		j.memory.report(bar, c)
	}
	return dir, res, err
}

// write goes from evidence to the run in its place.
func (j *job) write(ctx context.Context, study *analysis.Study, ev *datasets.Evidence, inputs []runs.Input) (dir string, res *result.Result, err error) {
	if j.out == "" {
		j.out = runs.DefaultDir(j.definition.Name, ev.AsOf)
	}
	draft, err := runs.Create(j.out, j.replace)
	if err != nil {
		return "", nil, err
	}
	defer func() { err = errors.Join(err, draft.Discard()) }()
	if res, err = j.conclude(study, ev, draft); err != nil {
		return "", nil, err
	}
	manifest := runs.Manifest{Engine: engine, Created: time.Now().UTC().Format(time.RFC3339), Inputs: inputs, Recipe: j.recipe(study)}
	return j.out, res, j.commit(ctx, draft, manifest)
}

// The kinds of evidence.
const (
	fullEvidence   = "full"
	totalsEvidence = "totals"
)

// recipe is what verify needs to do the job again.
func (j *job) recipe(study *analysis.Study) *runs.Recipe {
	r := &runs.Recipe{Folder: j.definition.Dir(), Evidence: totalsEvidence}
	if j.views {
		r.Evidence = fullEvidence
	}
	if j.asOf != nil {
		at := j.asOf.String()
		r.AsOf = &at
	}
	if a := j.definition.Assignment; a != nil && a.Eligible != nil {
		why := study.Unchecked()
		r.Unchecked = &why
	}
	return r
}

// vacant refuses a place that is taken before the data are read, where the place is known by then.
func (j *job) vacant(q *datasets.Query) error {
	out := j.out
	if out == "" && (q.AsOf != nil || q.Units != nil) {
		out = runs.DefaultDir(j.definition.Name, q.AsOf)
	}
	if out == "" {
		return nil
	}
	return runs.Vacant(out, j.replace)
}

// observe reads the data and, beside that, hashes the files.
func (j *job) observe(ctx context.Context, source *columnar.Source, q *datasets.Query) (ev *datasets.Evidence, inputs []runs.Input, err error) {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		ev, err = source.Observe(ctx, q)
		return err
	})
	g.Go(func() (err error) {
		if inputs = j.inputs; inputs == nil {
			inputs, err = j.hash(ctx, source, q)
		}
		return err
	})
	err = g.Wait()
	return ev, inputs, err
}

// hash hashes all that an analysis goes by beside the definition.
func (j *job) hash(ctx context.Context, source *columnar.Source, q *datasets.Query) ([]runs.Input, error) {
	inputs, err := hashTables(ctx, source, j.definition.Dir(), tables(q), j.hashFile)
	if err != nil || q.Roster == nil {
		return inputs, err
	}
	record, err := hashRecord(ctx, j.definition)
	return append(inputs, record...), err
}

// hashRecord hashes the record of a definition's design.
func hashRecord(ctx context.Context, d *experiment.Definition) ([]runs.Input, error) {
	return runs.HashInputs(ctx, runs.DesignInput, d.Dir(), []string{d.RecordPath()})
}

// hasher gives size and hash of a file of a table.
type hasher func(ctx context.Context, t *datasets.Table, path string) (size int64, sha256 string, err error)

// hashTables hashes the files of the tables of a definition in dir.
func hashTables(ctx context.Context, source *columnar.Source, dir string, list []*datasets.Table, hash hasher) (inputs []runs.Input, err error) {
	for _, t := range list {
		files, err := source.Files(ctx, t)
		if err != nil {
			return nil, err
		}
		hashed, err := runs.ListInputs(t.Name, dir, files, func(path string) (int64, string, error) { return hash(ctx, t, path) })
		if err != nil {
			return nil, err
		}
		inputs = append(inputs, hashed...)
	}
	return inputs, nil
}

// tables lists what a query reads.
func tables(q *datasets.Query) []*datasets.Table {
	if q.Units != nil {
		return []*datasets.Table{q.Units}
	}
	return append([]*datasets.Table{q.Exposures}, q.Events...)
}

// conclude goes from evidence to decision and adds the files of the run.
func (j *job) conclude(study *analysis.Study, ev *datasets.Evidence, draft *runs.Draft) (*result.Result, error) {
	res, err := infer(study, ev, draft)
	if err != nil {
		return nil, err
	}
	res.Decision = decision.Decide(res)
	source := j.definition.Source
	var files errgroup.Group
	files.Go(func() error {
		return draft.Write(runs.DefinitionName, func(w io.Writer) error {
			_, err := w.Write(source)
			return err
		})
	})
	for name, format := range map[string]report.Format{runs.ResultName: report.JSON, runs.ReportName: report.HTML} {
		files.Go(func() error {
			return draft.Write(name, func(w io.Writer) error {
				return report.Write(w, res, report.Options{Format: format, DefinitionYAML: source})
			})
		})
	}
	return res, files.Wait()
}

// infer writes the evidence down while conclusions are drawn from it.
func infer(study *analysis.Study, ev *datasets.Evidence, draft *runs.Draft) (*result.Result, error) {
	var fingerprint string
	var writing errgroup.Group
	writing.Go(func() (err error) {
		fingerprint, err = draft.Evidence(ev)
		return err
	})
	res, err := study.Infer(ev, analysis.Stamp{Engine: engine})
	if err := errors.Join(writing.Wait(), err); err != nil {
		return nil, err
	}
	res.DataFingerprint = fingerprint
	return res, nil
}
