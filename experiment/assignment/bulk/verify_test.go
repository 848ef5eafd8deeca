package bulk

import (
	"context"
	"fmt"
	"hash/maphash"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"liftgate/datasets"
	"liftgate/datasets/expr"
	"liftgate/experiment/assignment"
)

// exposure is a row of a log: empty is null.
type exposure struct{ id, country, variant string }

var exposuresDrawn = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) exposure {
	return exposure{
		id:      rapid.SampledFrom([]string{"u1", "u2", "u3", "u4", "u5", "u6", ""}).Draw(t, "id"),
		country: rapid.SampledFrom([]string{"US", "FR", ""}).Draw(t, "country"),
		variant: rapid.SampledFrom([]string{"control", "amazon_pay", "other", "ignored", "odd", ""}).Draw(t, "variant"),
	}
}), 0, 30)

// reading is what a reader of the rules counts by hand. u3 is forced.
type reading struct {
	Verification
	moved, excluded, undeclared map[string]int64
	units                       map[string]bool // whether one disagrees
}

func (want *reading) row(a *assignment.Assigner, e exposure) {
	want.Rows++
	switch {
	case e.id == "":
		want.NoUnit++
		return
	case e.variant == "ignored":
		want.Ignored++
		return
	case e.id == "u3":
		want.Forced++
	}
	out := a.Assign(e.id, func(string) expr.Value {
		if e.country == "" {
			return expr.Value{}
		}
		return expr.TextValue(e.country)
	})
	bad := true
	switch {
	case e.variant == "odd":
		want.undeclared["odd"]++
	case e.variant == "":
		want.undeclared[datasets.NoValue]++
	case out.Variant == "":
		want.excluded[string(out.Reason)]++
	case out.Variant != e.variant:
		want.moved[e.variant+" to "+out.Variant]++
	default:
		bad = false
		want.Agree++
	}
	if bad {
		want.Disagree++
	}
	want.units[e.id] = want.units[e.id] || bad
}

// lists turns the lists of an answer into what a reading counts.
func lists(v *Verification) (moved, excluded, undeclared map[string]int64) {
	moved, excluded, undeclared = map[string]int64{}, map[string]int64{}, map[string]int64{}
	for _, m := range v.Moved {
		moved[m.Logged+" to "+m.Assigned] += m.Rows
	}
	for _, e := range v.Excluded {
		excluded[string(e.Reason)] += e.Rows
	}
	for _, u := range v.Undeclared {
		undeclared[u.Variant] += u.Rows
	}
	return moved, excluded, undeclared
}

// TestVerifyCounts: every row is in exactly one count, over all files, workers and hashes.
func TestVerifyCounts(t *testing.T) {
	dir := t.TempDir()
	for _, hash := range []string{"sha256", "growthbook-v1", "growthbook-v2"} {
		d := parse(t, dir, "assignment: {hash: "+hash+", traffic: 80%, eligible: 'country != \"FR\"', force: [{unit: u3, variant: other}]}\n")
		a, err := assignment.New(d, nil)
		if err != nil {
			t.Fatal(err)
		}
		rapid.Check(t, func(r *rapid.T) {
			want := &reading{moved: map[string]int64{}, excluded: map[string]int64{}, undeclared: map[string]int64{}, units: map[string]bool{}}
			var files []string
			for i := range rapid.IntRange(1, 3).Draw(r, "files") {
				text := "country,variant,id\n"
				for _, e := range exposuresDrawn.Draw(r, "rows") {
					want.row(a, e)
					text += e.country + "," + e.variant + "," + e.id + "\n"
				}
				files = append(files, filepath.Join(dir, fmt.Sprint(i, ".csv")))
				if err := os.WriteFile(files[i], []byte(text), 0o666); err != nil {
					r.Fatal(err)
				}
			}
			got, err := Verify(context.Background(), d, VerifyOptions{Files: files, Workers: 2})
			if err != nil {
				r.Fatal(err)
			}
			moved, excluded, undeclared := lists(got)
			if diff := cmp.Diff([]map[string]int64{want.moved, want.excluded, want.undeclared}, []map[string]int64{moved, excluded, undeclared}); diff != "" {
				r.Fatal(diff)
			}
			want.Units.Compared = int64(len(want.units))
			for _, bad := range want.units {
				if bad {
					want.Units.Disagree++
				}
			}
			got.Moved, got.Excluded, got.Undeclared, got.Offenders, got.Unchecked = nil, nil, nil, nil, nil
			if diff := cmp.Diff(&want.Verification, got); diff != "" {
				r.Fatal(diff)
			}
		})
	}
}

// TestOffenders: little evidence does not outrank much, and a broken device stands first.
func TestOffenders(t *testing.T) {
	f := newFindings(maphash.MakeSeed())
	a := f.attribute("device")
	a.count("rare", 3, 3)
	a.count("broken", 100, 90)
	a.count("fine", 1000, 10)
	a.count("perfect", 1000, 0)
	got, err := f.offenders()
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, o := range got {
		order = append(order, o.Value)
	}
	if !slices.Equal(order, []string{"broken", "rare", "fine"}) {
		t.Errorf("got %v", order)
	}
	// 0.8256343384950866 by the formula of Wilson (1927) in Python 3 floats, z = 1.959963984540054.
	if d := got[0].AtLeast - 0.8256343; d > 1e-6 || d < -1e-6 {
		t.Errorf("got %v", got[0].AtLeast)
	}
}

// TestManyValues: an attribute with more values than are told apart counts the others together and loses no row.
func TestManyValues(t *testing.T) {
	a := newAttribute("zip")
	for i := range maxValues + 500 {
		a.add(fmt.Sprint(i), 1, i%2 == 0)
	}
	rows := int64(0)
	for _, n := range a.all.rows {
		rows += n
	}
	if len(a.all.names) != maxValues+1 || a.all.names[maxValues] != otherValues || rows != maxValues+500 {
		t.Errorf("%d values, the last %q, %d rows", len(a.all.names), a.all.names[len(a.all.names)-1], rows)
	}
}

// TestTypedCondition: a condition is bound to the file's types, as an analysis binds it: a time column is compared as a time.
func TestTypedCondition(t *testing.T) {
	dir := t.TempDir()
	d := parse(t, dir, "assignment: {eligible: 'since >= \"2026-01-02\"'}\n")
	in := filepath.Join(dir, "in.csv")
	if err := os.WriteFile(in, []byte("id,since\na,2026-01-01\nb,2026-01-02\nc,\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	s, err := Assign(context.Background(), d, Options{In: in, Out: filepath.Join(dir, "out.csv")})
	if err != nil {
		t.Fatal(err)
	}
	eligible := s.Rows
	for _, c := range s.Counts {
		if c.Reason == assignment.NotEligible {
			eligible -= c.Rows
		}
	}
	if eligible != 1 {
		t.Errorf("%d of 3 are eligible, want b alone", eligible)
	}
	wrong := parse(t, dir, "assignment: {eligible: 'since > 3'}\n")
	_, err = Assign(context.Background(), wrong, Options{In: in, Out: filepath.Join(dir, "out2.csv")})
	if err == nil || !strings.Contains(err.Error(), `line 2, column "since": "2026-01-01" is not a number`) {
		t.Errorf("got %v", err)
	}
}
