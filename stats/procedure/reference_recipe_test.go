package procedure

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
)

// cook makes the arrays that a case asks for out of a data file, and takes what only chose them out of its input. By recipe:
//
//	star, cookie, petersen, table   y, t and, where the recipe has them, x (covariates), cluster, w, block
//	the same with a quantile q      y, t, cluster
//	quantile                        y, t, cluster
//	colon, chargeback, cols         time, status (0 censored, 1 event, 2 competing), group (1 treatment)
//
// and without a kind: y, d, z and cluster of an instrument; event (1 seen, 0 not), age and group of a maturity-weighted rate; the columns
// of the snapshots of one experiment, in order of time; y, x and cluster of a formula.
func cook(t *testing.T, path string, in map[string]any) map[string]any {
	t.Helper()
	d := openTable(t, path)
	r, _ := in["recipe"].(map[string]any)
	kind, _ := r["kind"].(string)
	recipe := recipe{t, r}
	_, quantile := in["q"]
	switch {
	case kind == "star":
		return recipe.star(d)
	case kind == "cookie" && quantile:
		return recipe.clustered(d, "sum_game_rounds", "userid", "version", "gate_40")
	case kind == "cookie":
		return map[string]any{"y": d.numbers(t, recipe.text("y")), "t": d.is(t, "version", "gate_40")}
	case kind == "quantile":
		return recipe.clustered(d, "value", "unit", "arm", 1.0)
	case kind == "petersen":
		return petersen(t, d, quantile)
	case kind == "table":
		return recipe.table(d)
	case kind == "colon":
		return recipe.colon(d)
	case kind == "chargeback":
		return recipe.chargeback(d)
	case kind == "cols":
		return recipe.columns(d)
	case recipe.text("z") != "":
		return recipe.instrument(d)
	case in["experiment_id"] != nil:
		return snapshots(t, d, in)
	case in["formula"] != nil:
		return formula(t, d, in)
	case in["event"] != nil:
		return maturing(t, d, in["event"].(string))
	}
	t.Fatalf("no recipe %v for %s", in, path)
	return nil
}

type recipe struct {
	t    *testing.T
	keys map[string]any
}

func (r recipe) text(key string) string {
	s, _ := r.keys[key].(string)
	return s
}

func (r recipe) list(key string) []string {
	var out []string
	values, _ := r.keys[key].([]any)
	for _, v := range values {
		out = append(out, v.(string))
	}
	return out
}

// optional adds the arrays that a recipe may name.
func (r recipe) optional(d dataTable, out map[string]any) map[string]any {
	if names := r.list("x"); len(names) > 0 {
		var x [][]float64
		for _, name := range names {
			x = append(x, d.numbers(r.t, name))
		}
		out["x"] = x
	}
	if w := r.text("w"); w != "" {
		out["w"] = d.numbers(r.t, w)
	}
	if c := r.text("cluster"); c != "" {
		out["cluster"] = d.labels(r.t, c)
	}
	if b := r.text("block"); b != "" {
		out["block"] = d.labels(r.t, b)
	}
	return out
}

func (r recipe) star(d dataTable) map[string]any {
	arm, control, treatment := r.text("arm"), r.text("control"), r.text("treatment")
	d = d.where(r.t, arm, func(cell string) bool { return cell == control || cell == treatment })
	d = d.given(r.t, r.text("y")).given(r.t, r.list("x")...)
	if c := r.text("cluster"); c != "" {
		d = d.given(r.t, c)
	}
	out := r.optional(d, map[string]any{"y": d.numbers(r.t, r.text("y")), "t": d.is(r.t, arm, treatment)})
	if r.keys["block"] == true {
		out["block"] = out["cluster"]
	}
	return out
}

func (r recipe) clustered(d dataTable, y, cluster, arm string, treated any) map[string]any {
	return map[string]any{"y": d.numbers(r.t, y), "t": d.is(r.t, arm, treated), "cluster": d.labels(r.t, cluster)}
}

func petersen(t *testing.T, d dataTable, quantile bool) map[string]any {
	firms := d.numbers(t, "firm")
	odd := make([]float64, len(firms))
	for i, firm := range firms {
		odd[i] = math.Mod(firm, 2)
	}
	out := map[string]any{"y": d.numbers(t, "y"), "t": odd, "cluster": firms}
	if !quantile {
		out["x"] = [][]float64{d.numbers(t, "x")}
	}
	return out
}

func (r recipe) table(d dataTable) map[string]any {
	return r.optional(d, map[string]any{"y": d.numbers(r.t, r.text("y")), "t": d.is(r.t, r.text("t"), r.keys["treated_value"])})
}

func (r recipe) instrument(d dataTable) map[string]any {
	d = d.given(r.t, r.text("y"), r.text("d"), r.text("z"))
	return r.optional(d, map[string]any{
		"y": d.numbers(r.t, r.text("y")), "d": d.numbers(r.t, r.text("d")), "z": d.numbers(r.t, r.text("z")),
	})
}

func (r recipe) colon(d dataTable) map[string]any {
	control, treatment := r.text("control"), r.text("treatment")
	d = d.where(r.t, "rx", func(cell string) bool { return cell == control || cell == treatment })
	d = d.where(r.t, "etype", func(cell string) bool { return equals(cell, r.keys["etype"]) })
	return map[string]any{"time": d.numbers(r.t, "time"), "status": d.numbers(r.t, "status"), "group": d.is(r.t, "rx", treatment)}
}

// chargeback follows an order to the chargeback, the refund that makes one impossible, or the end of observation.
func (r recipe) chargeback(d dataTable) map[string]any {
	end, start := d.numbers(r.t, "observed_until"), d.numbers(r.t, "order_day")
	failure, refund := d.numbers(r.t, "chargeback_delay"), d.numbers(r.t, "refund_delay")
	time, status := make([]float64, len(end)), make([]float64, len(end))
	for i := range end {
		age := end[i] - start[i]
		time[i] = age
		if refund[i] <= time[i] && r.keys["ignore_refund"] != true {
			time[i], status[i] = refund[i], 2
		}
		if failure[i] <= time[i] {
			time[i], status[i] = failure[i], 1
		}
	}
	return map[string]any{"time": time, "status": status, "group": d.is(r.t, "arm", "treatment")}
}

func (r recipe) columns(d dataTable) map[string]any {
	d = d.given(r.t, r.text("group"))
	filter, _ := r.keys["filter"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(filter)) {
		d = d.where(r.t, name, func(cell string) bool { return equals(cell, filter[name]) })
	}
	status := d.numbers(r.t, r.text("status"))
	if codes, ok := r.keys["status_map"].(map[string]any); ok {
		for i, s := range status {
			status[i] = codes[fmt.Sprint(s)].(float64)
		}
	}
	return map[string]any{
		"time": d.numbers(r.t, r.text("time")), "status": status, "group": d.is(r.t, r.text("group"), r.keys["treatment"]),
	}
}

func maturing(t *testing.T, d dataTable, event string) map[string]any {
	age, seen := d.numbers(t, "observed_until"), d.numbers(t, event)
	for i, start := range d.numbers(t, "order_day") {
		age[i] -= start
		if seen[i] <= age[i] {
			seen[i] = 1
		} else {
			seen[i] = 0
		}
	}
	return map[string]any{"event": seen, "age": age, "group": d.is(t, "arm", "treatment")}
}

// snapshots are the looks at one metric of one experiment at which both variants had units.
func snapshots(t *testing.T, d dataTable, in map[string]any) map[string]any {
	for _, key := range []string{"experiment_id", "variant_id", "metric_id"} {
		d = d.where(t, key, func(cell string) bool { return equals(cell, in[key]) })
		delete(in, key)
	}
	for _, count := range []string{"count_c", "count_t"} {
		d = d.where(t, count, func(cell string) bool { return number(t, cell) > 0 })
	}
	since := d.columns["time_since_start"]
	d.rows = slices.Clone(d.rows)
	slices.SortStableFunc(d.rows, func(a, b int) int {
		return int(math.Copysign(1, number(t, since[a])-number(t, since[b])))
	})
	out := map[string]any{}
	for _, name := range []string{"time_since_start", "count_c", "count_t", "mean_c", "mean_t", "variance_c", "variance_t"} {
		out[name] = d.numbers(t, name)
	}
	return out
}

// formula knows the one regression that a published case prints: a test score on the three classes of the STAR experiment, by school.
func formula(t *testing.T, d dataTable, in map[string]any) map[string]any {
	t.Helper()
	if in["formula"] != "math1 ~ stark (non-NA), cluster schoolidk" {
		t.Fatalf("no recipe for %v", in["formula"])
	}
	delete(in, "formula")
	d = d.given(t, "math1", "stark", "schoolidk")
	return map[string]any{
		"y": d.numbers(t, "math1"), "cluster": d.labels(t, "schoolidk"),
		"x": [][]float64{d.is(t, "stark", "small"), d.is(t, "stark", "regular+aide")},
	}
}

// groupOf gives the units of one group of another case: "logrank-aml group 0".
func groupOf(t *testing.T, reference string) map[string]any {
	t.Helper()
	id, group, ok := strings.Cut(reference, " group ")
	if !ok {
		t.Fatalf("%q names no group of a case", reference)
	}
	for _, file := range vectorFiles(t) {
		for _, c := range readVectors(t, file) {
			if c.ID == id {
				return c.keep(t, group)
			}
		}
	}
	t.Fatalf("no case %s", id)
	return nil
}

// keep cuts every array of a case that is as long as its groups to one group.
func (c vectorCase) keep(t *testing.T, group string) map[string]any {
	in := c.input(t)
	groups := in["group"].([]any)
	out := map[string]any{}
	for key, value := range in {
		list, ok := value.([]any)
		if !ok || len(list) != len(groups) {
			out[key] = value
			continue
		}
		var kept []any
		for i, v := range list {
			if fmt.Sprint(groups[i]) == group {
				kept = append(kept, v)
			}
		}
		out[key] = kept
	}
	return out
}

func readVectors(t *testing.T, file string) []vectorCase {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var cases []vectorCase
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return cases
}
