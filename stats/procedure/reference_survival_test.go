package procedure

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

var survivalReferences = map[string]reference{
	"kaplan-meier":           kaplanMeierReference,
	"cumulative incidence":   incidenceReference,
	"maturity-weighted rate": matureReference,
	"log-rank": func(t *testing.T, c vectorCase) map[string]any {
		in := c.input(t)
		in["status"] = in["event"]
		delete(in, "event")
		return ask(t, "log-rank", in).fields(t, map[string]string{"chi2": "chi_square", "p": "p_value", "expected0": "expected_control"})
	},
	"KM maintained arm S(9), se, S(48), se": func(t *testing.T, c vectorCase) map[string]any {
		return ask(t, "kaplan-meier", maintained(t, c)).fields(t, map[string]string{
			"s9": "control.0.survival", "se9": "control.0.std_error", "s48": "control.1.survival", "se48": "control.1.std_error",
		})
	},
}

// maintained reads the group that the case refers to, "ID group 0", off the other case.
func maintained(t *testing.T, c vectorCase) map[string]any {
	var in struct{ Ref string }
	if err := json.Unmarshal(c.Input, &in); err != nil {
		t.Fatal(err)
	}
	id, group, _ := strings.Cut(in.Ref, " group ")
	other := publishedCase(t, id).input(t)
	other["status"], other["times"] = other["event"], []int{9, 48}
	delete(other, "event")
	if group != "0" {
		t.Fatalf("no group %q", group)
	}
	return other
}

func publishedCase(t *testing.T, id string) vectorCase {
	data, err := os.ReadFile("testdata/published.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []vectorCase
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(cases, func(c vectorCase) bool { return c.ID == id })
	if i < 0 {
		t.Fatalf("no case %s", id)
	}
	return cases[i]
}

func kaplanMeierReference(t *testing.T, c vectorCase) map[string]any {
	out := ask(t, "kaplan-meier", c.input(t))
	got := out.fields(t, map[string]string{
		"rmst_control": "restricted_mean.control.mean", "rmst_se_control": "restricted_mean.control.std_error",
		"rmst_treatment": "restricted_mean.treatment.mean", "rmst_se_treatment": "restricted_mean.treatment.std_error",
		"rmst_diff": "restricted_mean.difference.estimate", "rmst_diff_se": "restricted_mean.difference.std_error",
		"logrank_chi2": "log_rank.chi_square", "logrank_p": "log_rank.p_value",
		"logrank_observed_treatment": "log_rank.observed", "logrank_expected_treatment": "log_rank.expected",
		"rmst_diff_ci": "restricted_mean.difference.lower restricted_mean.difference.upper",
	})
	for _, group := range []string{"control", "treatment"} {
		got["surv_"+group] = out.each(t, group, "survival")
		got["se_"+group] = out.each(t, group, "std_error")
		got["loglog_ci_"+group] = out.each(t, group, "lower upper")
	}
	got["diff"], got["diff_se"] = out.each(t, "difference", "estimate"), out.each(t, "difference", "std_error")
	return got
}

func incidenceReference(t *testing.T, c vectorCase) map[string]any {
	in := c.input(t)
	out := ask(t, "cumulative-incidence", in)
	got := map[string]any{
		"diff": out.each(t, "difference", "estimate"), "diff_se_greenwood": out.each(t, "difference", "std_error"),
		"diff_ci": out.each(t, "difference", "lower upper"),
	}
	for _, group := range []string{"control", "treatment"} {
		got["cif_"+group] = out.each(t, group, "incidence")
		got["var_greenwood_"+group] = out.each(t, group, "variance")
		got["var_cmprsk_"+group] = out.each(t, group, "gray_variance")
	}
	delete(in, "times")
	test := ask(t, "gray", in)
	maps.Copy(got, test.fields(t, map[string]string{"gray_stat": "event.statistic", "gray_p": "event.p_value"}))
	got["gray_stat_competing"] = nil
	if test["competing"] != nil {
		got["gray_stat_competing"] = test.at(t, "competing.statistic")
	}
	return got
}

// each reads a path off every member of a list of results.
func (r result) each(t *testing.T, list, path string) []any {
	t.Helper()
	members, ok := r.at(t, list).([]any)
	if !ok {
		t.Fatalf("%s is no list", list)
	}
	out := []any{}
	for _, m := range members {
		out = append(out, result(m.(map[string]any)).at(t, path))
	}
	return out
}

func matureReference(t *testing.T, c vectorCase) map[string]any {
	out := ask(t, "mature-rate", matureInputOf(t, c))
	got := out.fields(t, map[string]string{
		"diff": "difference.estimate", "diff_se": "difference.std_error", "diff_ci": "difference.lower difference.upper",
		"log_se": "log_delta.std_error",
	})
	got["ratio"] = 1 + out.at(t, "log_delta.lift").(float64)
	got["ratio_ci"] = []any{1 + out.at(t, "log_delta.lower").(float64), 1 + out.at(t, "log_delta.upper").(float64)}
	for _, group := range []string{"control", "treatment"} {
		for field, name := range map[string]string{"rate": "rate", "se": "std_error", "events": "events", "weight": "weight"} {
			got[field+"_"+group] = out.at(t, group+"."+name)
		}
	}
	return got
}

// matureInputOf reads orders with their delays off the case's file.
func matureInputOf(t *testing.T, c vectorCase) map[string]any {
	var in map[string]any
	if err := json.Unmarshal(c.Input, &in); err != nil {
		t.Fatal(err)
	}
	path, err := dataFile(in["file"].(string))
	if errors.Is(err, errNoData) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	d := openTable(t, path)
	ended, started, delay := d.numbers(t, "observed_until"), d.numbers(t, "order_day"), d.numbers(t, in["event"].(string))
	age, seen := make([]float64, len(ended)), make([]float64, len(ended))
	for i := range age {
		age[i] = ended[i] - started[i]
		if delay[i] <= age[i] {
			seen[i] = 1
		}
	}
	return map[string]any{
		"age": age, "seen": seen, "group": d.is(t, "arm", "treatment"), "scale": in["scale"], "shape": in["shape"],
	}
}
