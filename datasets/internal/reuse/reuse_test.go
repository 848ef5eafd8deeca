package reuse_test

import (
	"testing"

	"liftgate/datasets/internal/reuse"
)

func TestSlice(t *testing.T) {
	s := make([]int, 2, 8)
	if within := reuse.Slice(s, 5); len(within) != 5 || &within[0] != &s[0] {
		t.Errorf("%d cells, in memory of their own", len(within))
	}
	if beyond := reuse.Slice(s, 9); len(beyond) != 9 || &beyond[0] == &s[0] {
		t.Errorf("%d cells, in memory that is too short", len(beyond))
	}
	if none := reuse.Slice[int](nil, 0); len(none) != 0 {
		t.Errorf("%d cells", len(none))
	}
}

func TestTextAndBytes(t *testing.T) {
	b := []byte("abc")
	s := reuse.Text(b)
	b[0] = 'x'
	if s != "xbc" || string(reuse.Bytes(s)) != "xbc" {
		t.Errorf("%q does not share the memory of %q", s, b)
	}
	if reuse.Text(nil) != "" || len(reuse.Bytes("")) != 0 {
		t.Error("nothing is not empty")
	}
}
