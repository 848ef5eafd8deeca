package main

import (
	"context"
	"errors"
	"io"
	"time"

	"golang.org/x/sync/errgroup"

	"liftgate/datasets"
	"liftgate/datasets/columnar"
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
}

// do observes, infers, decides and writes the run. When it fails, nothing was written.
func (j *job) do(ctx context.Context, c *console) (dir string, res *result.Result, err error) {
	bar := c.progress()
	defer bar.end()
	reading := func(done, total int64, what string) { bar.update(done, total, "reading "+what) }
	source := columnar.New(columnar.Options{Workers: j.workers, Progress: reading})
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
	return j.write(ctx, study, ev, inputs)
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
	manifest := runs.Manifest{Engine: engine, Created: time.Now().UTC().Format(time.RFC3339), Inputs: inputs, Recipe: j.recipe()}
	return j.out, res, draft.Commit(ctx, manifest)
}

// The kinds of evidence.
const (
	fullEvidence   = "full"
	totalsEvidence = "totals"
)

// recipe is what verify needs to do the job again.
func (j *job) recipe() *runs.Recipe {
	r := &runs.Recipe{Folder: j.definition.Dir(), Evidence: totalsEvidence}
	if j.views {
		r.Evidence = fullEvidence
	}
	if j.asOf != nil {
		at := j.asOf.String()
		r.AsOf = &at
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
			inputs, err = hashTables(ctx, source, j.definition.Dir(), tables(q))
		}
		return err
	})
	err = g.Wait()
	return ev, inputs, err
}

// hashTables hashes the files of the tables of a definition in dir.
func hashTables(ctx context.Context, source *columnar.Source, dir string, list []*datasets.Table) (inputs []runs.Input, err error) {
	for _, t := range list {
		files, err := source.Files(ctx, t)
		if err != nil {
			return nil, err
		}
		hashed, err := runs.HashInputs(ctx, t.Name, dir, files)
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
	fingerprint, err := draft.Evidence(ev)
	if err != nil {
		return nil, err
	}
	res, err := study.Infer(ev, analysis.Stamp{Engine: engine, Fingerprint: fingerprint})
	if err != nil {
		return nil, err
	}
	res.Decision = decision.Decide(res)
	source := j.definition.Source
	err = draft.Write(runs.DefinitionName, func(w io.Writer) error {
		_, err := w.Write(source)
		return err
	})
	for _, f := range []struct {
		name   string
		format report.Format
	}{{runs.ResultName, report.JSON}, {runs.ReportName, report.HTML}} {
		if err != nil {
			break
		}
		err = draft.Write(f.name, func(w io.Writer) error {
			return report.Write(w, res, report.Options{Format: f.format, DefinitionYAML: source})
		})
	}
	return res, err
}
