package sourcetest

import (
	"errors"
	"testing"

	"liftgate/datasets"
)

// Make gives a source over the data: it writes each table somewhere and sets Dir and Files of its Spec, which the queries
// refer to. It is called once for each case; a format that cannot hold the data of a case, such as CSV an empty text that is
// not null, may skip it with t.Skip.
type Make func(t testing.TB, d Data) datasets.Source

// Run holds a source to the rules of package datasets.
func Run(t *testing.T, make Make) {
	t.Run("rules", func(t *testing.T) {
		for _, c := range allCases() {
			t.Run(c.name, func(t *testing.T) { c.run(t, make) })
		}
	})
	t.Run("random", func(t *testing.T) { runRandom(t, make) })
}

// reporter is what testing.T and rapid.T have in common.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// compare lets the source and the reference answer the same query and returns the source's evidence, nil after an error.
func compare(t reporter, base testing.TB, source datasets.Source, q *datasets.Query, d Data) *datasets.Evidence {
	t.Helper()
	want, wantErr := Reference(q, d)
	got, gotErr := source.Observe(base.Context(), q)
	var dataError *datasets.DataError
	switch {
	case wantErr != nil && !errors.As(wantErr, &dataError):
		t.Fatalf("the query is not valid: %v", wantErr)
	case wantErr != nil && gotErr == nil:
		t.Fatalf("no error, want one like: %v", wantErr)
	case wantErr != nil && !errors.As(gotErr, &dataError):
		t.Fatalf("the error is no *datasets.DataError: %T: %v (want one like: %v)", gotErr, gotErr, wantErr)
	case wantErr == nil && gotErr != nil:
		t.Fatalf("unexpected error: %v", gotErr)
	case wantErr != nil:
		return nil
	}
	if diff := Diff(want, got); diff != "" {
		t.Fatalf("evidence differs from the reference (-want +got):\n%s", diff)
	}
	return got
}
