package sourcetest

import (
	"testing"

	"pgregory.net/rapid"

	"liftgate/datasets"
)

// drawn is a random case. A failure prints it in the form that Parse reads.
type drawn struct {
	data  Data
	query *datasets.Query
}

func (c drawn) GoString() string { return "\n" + describe(c.data, c.query) }

var randomCases = rapid.Custom(func(t *rapid.T) drawn {
	d, q := drawCase(t)
	return drawn{d, q}
})

// randomViews ask for views, too.
var randomViews = rapid.Custom(func(t *rapid.T) drawn {
	d, q := drawCase(t)
	draw{T: t}.views(q)
	return drawn{d, q}
})

// runRandom compares the source with the reference on random data.
func runRandom(t *testing.T, open Open, cases *rapid.Generator[drawn]) {
	rapid.Check(t, func(rt *rapid.T) {
		c := cases.Draw(rt, "case")
		if _, difference := compare(t.Context(), open(t, c.data), c.query, c.data); difference != "" {
			rt.Fatal(difference)
		}
	})
}
