package main

import (
	"context"
	"fmt"
	"path/filepath"

	"liftgate/datasets"
	"liftgate/datasets/state"
	runs "liftgate/experiment/run"
)

// openState takes the folder in which the job keeps what it reads, if it does.
func (j *job) openState() (err error) {
	if j.state == "" {
		return nil
	}
	if err := j.stateApart(); err != nil {
		return err
	}
	j.kept, err = state.Open(j.state, state.Options{
		Definition: j.definition.Source, Engine: engine, Increment: j.increment, Hash: runs.HashFile,
	})
	return err
}

// stateApart refuses a state in a run, which is replaced with it and handed on, and a run in a state, which would then hold something else.
func (j *job) stateApart() error {
	place := j.out
	if place == "" {
		place = filepath.Dir(runs.DefaultDir(j.definition.Name, nil))
	}
	for _, pair := range [...][2]string{{place, j.state}, {j.state, place}} {
		within, err := isWithin(pair[0], pair[1])
		if err != nil {
			return err
		}
		if within {
			return usagef("--state: %s lies in %s, and a state is kept apart from runs; choose another folder", pair[1], pair[0])
		}
	}
	return nil
}

// isWithin tells whether path is dir, or lies in it.
func isWithin(dir, path string) (bool, error) {
	from, err := filepath.Abs(dir)
	if err != nil {
		return false, err
	}
	to, err := filepath.Abs(path)
	if err != nil {
		return false, err
	}
	rel, err := filepath.Rel(from, to)
	return err == nil && filepath.IsLocal(rel), nil
}

func (j *job) closeState() error {
	if j.kept == nil {
		return nil
	}
	return j.kept.Close()
}

// hashFile hashes a file of the data, unless the state knows it.
func (j *job) hashFile(ctx context.Context, t *datasets.Table, path string) (size int64, sha256 string, err error) {
	if j.kept == nil {
		return hashWhole(ctx, t, path)
	}
	return j.kept.Hash(ctx, t.Name, t.Dir, path)
}

// hashWhole hashes a file.
func hashWhole(ctx context.Context, _ *datasets.Table, path string) (size int64, sha256 string, err error) {
	return runs.HashFile(ctx, path)
}

// commit puts the run, and then what was read for it, into their places.
func (j *job) commit(ctx context.Context, draft *runs.Draft, m runs.Manifest) error {
	if j.kept == nil {
		return draft.Commit(ctx, m)
	}
	if err := j.kept.Seal(ctx); err != nil {
		return err
	}
	if err := draft.Commit(ctx, m); err != nil {
		return err
	}
	if err := j.kept.Commit(); err != nil {
		return fmt.Errorf("%s is written, but not all of the state: %w", j.out, err)
	}
	return nil
}
