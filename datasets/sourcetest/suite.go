package sourcetest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"liftgate/datasets"
)

// Open gives a source over the data: it writes each table somewhere and sets Dir and Files of its Spec, which the queries
// refer to. It is called once for each case; a format that cannot hold the data of a case, such as CSV an empty text that is
// not null, may skip it with t.Skip.
type Open func(t testing.TB, d Data) datasets.Source

// Run holds a source to the rules of package datasets.
func Run(t *testing.T, open Open) {
	t.Run("rules", func(t *testing.T) {
		for _, c := range allCases() {
			t.Run(c.name, func(t *testing.T) { c.run(t, open) })
		}
	})
	t.Run("contract", func(t *testing.T) { runContract(t, open) })
	t.Run("random", func(t *testing.T) { runRandom(t, open, randomCases) })
}

// RunViews holds a source that answers Query.Views to what datasets/views.go says of them.
func RunViews(t *testing.T, open Open) {
	t.Run("rules", func(t *testing.T) {
		for _, c := range viewRules() {
			t.Run(c.name, func(t *testing.T) { c.run(t, open) })
		}
	})
	t.Run("random", func(t *testing.T) { runRandom(t, open, randomViews) })
}

// compare lets the source and the reference answer the same query. It returns the source's evidence, nil when both fail, and how
// the two differ, empty when they do not.
func compare(ctx context.Context, source datasets.Source, q *datasets.Query, d Data) (ev *datasets.Evidence, difference string) {
	want, wantErr := Reference(q, d)
	got, gotErr := source.Observe(ctx, q)
	var dataError *datasets.DataError
	switch {
	case wantErr != nil && !errors.As(wantErr, &dataError):
		return nil, fmt.Sprintf("the query is not valid: %v", wantErr)
	case wantErr != nil && gotErr == nil:
		return nil, fmt.Sprintf("no error, want one like: %v", wantErr)
	case wantErr != nil && !errors.As(gotErr, &dataError):
		return nil, fmt.Sprintf("the error is no *datasets.DataError: %v (%T), want one like: %v", gotErr, gotErr, wantErr)
	case wantErr != nil:
		return nil, ""
	case gotErr != nil:
		return nil, fmt.Sprintf("unexpected error: %v", gotErr)
	}
	if diff := Diff(want, got); diff != "" {
		return nil, "evidence differs from the reference (-want +got):\n" + diff
	}
	return got, ""
}
