package exposurelog_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"liftgate/datasets"
	"liftgate/datasets/columnar"
	"liftgate/datasets/exposurelog"
	"liftgate/datasets/expr"
)

// typed is a log with an attribute of each type.
func typed(dir string) exposurelog.Options {
	o := options(dir)
	o.Columns.Attributes = []exposurelog.Attribute{
		{Name: "any"},
		{Name: "country", Type: expr.Text},
		{Name: "cart", Type: expr.Number},
		{Name: "member", Type: expr.Bool},
		{Name: "since", Type: expr.Time},
	}
	return o
}

func typedShopper(unit string, attributes ...expr.Value) *exposurelog.Exposure {
	e := shopper(unit, "control", at(0))
	e.Attributes = attributes
	return e
}

// What an analysis reads is what was logged: types, nulls, and texts without characters, which are no nulls.
func TestTypedAttributes(t *testing.T) {
	o := typed(t.TempDir())
	l := open(t, o)
	null := expr.Value{}
	since := expr.TimeValue(at(time.Hour + 7*time.Microsecond).Time().UnixMicro())
	add(t, l, typedShopper("a", expr.TextValue("x"), expr.TextValue(""), expr.IntValue(10), expr.BoolValue(true), since), true)
	add(t, l, typedShopper("b", null, expr.TextValue("DE"), expr.FloatValue(10.5), expr.BoolValue(false), null), true)
	add(t, l, typedShopper("c", null, null, null, null, null), true)
	add(t, l, typedShopper("d", null, null, expr.IntValue(-1<<53), null, expr.TimeValue(-1)), true)
	closeLog(t, l)
	l = open(t, o) // goes on in the same file
	add(t, l, typedShopper("a", null, null, null, null, null), false)
	add(t, l, typedShopper("e", null, null, expr.IntValue(math.MinInt64), null, null), true)
	closeLog(t, l)
	if n := len(files(t, o.Dir)); n != 1 {
		t.Errorf("%d files", n)
	}
	q := query(o.Dir)
	q.Exposures.Attributes = []string{"any", "country", "cart", "member", "since"}
	got := map[string][]string{}
	for _, a := range observe(t, q).Attributes {
		got[a.Name] = a.Values
	}
	want := map[string][]string{
		"any":     {datasets.NoValue, "x"},
		"country": {"", datasets.NoValue, "DE"},
		"cart":    {datasets.NoValue, "-9.007199254740992e+15", "-9.223372036854776e+18", "10", "10.5"},
		"member":  {datasets.NoValue, "false", "true"},
		"since":   {datasets.NoValue, "1969-12-31T23:59:59.999999Z", "2026-09-28T01:00:00.000007Z"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	columns, err := columnar.New(columnar.Options{}).Schema(t.Context(), q.Exposures)
	if err != nil {
		t.Fatal(err)
	}
	var types []string
	for _, c := range columns[3:] {
		types = append(types, c.Type.String())
	}
	if s := strings.Join(types, " "); s != "text text number boolean time" {
		t.Errorf("types %s", s)
	}
}

// A value that the column cannot hold exactly would be judged differently later on.
func TestValuesThatColumnsCannotHold(t *testing.T) {
	o := typed(t.TempDir())
	l := open(t, o)
	for _, c := range []struct {
		at    int
		value expr.Value
		want  string
	}{
		{0, expr.IntValue(1), `"any" is a number in a column of type text`},
		{2, expr.TextValue("10"), `"cart" is a text in a column of type number`},
		{2, expr.IntValue(1<<53 + 1), `"cart" is an integer with too many digits`},
		{2, expr.IntValue(math.MaxInt64), `"cart" is an integer with too many digits`},
		{2, expr.FloatValue(math.NaN()), `"cart" is no finite number`},
		{2, expr.FloatValue(math.Inf(-1)), `"cart" is no finite number`},
		{3, expr.IntValue(1), `"member" is a number in a column of type boolean`},
		{4, expr.TextValue("2026-10-01"), `"since" is a text in a column of type time`},
	} {
		e := typedShopper("secret", make([]expr.Value, 5)...)
		e.Attributes[c.at] = c.value
		if added, err := l.Add(t.Context(), e); added || err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%v: %v, %v", c.value, added, err)
		}
	}
	closeLog(t, l)
}

// A condition that comes to compare an attribute as a number gives it another type: a new file.
func TestAttributeGetsAnotherType(t *testing.T) {
	o := typed(t.TempDir())
	l := open(t, o)
	add(t, l, typedShopper("a", make([]expr.Value, 5)...), true)
	closeLog(t, l)
	o.Columns.Attributes[0].Type = expr.Number
	l = open(t, o)
	add(t, l, typedShopper("b", expr.IntValue(7), expr.Value{}, expr.Value{}, expr.Value{}, expr.Value{}), true)
	closeLog(t, l)
	if n := len(files(t, o.Dir)); n != 2 {
		t.Errorf("%d files", n)
	}
}
