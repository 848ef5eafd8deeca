package procedure

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
)

var clusterReferences = map[string]reference{
	"cluster robust": func(t *testing.T, c vectorCase) map[string]any {
		return ask(t, "cluster-regression", c.input(t)).fields(t, map[string]string{
			"beta": "coefficients.1.estimate", "se_cr0": "coefficients.1.cr0", "se_cr1": "coefficients.1.cr1", "se_cr1s": "coefficients.1.cr1_s",
			"se_cr2": "coefficients.1.cr2", "df_cr2": "coefficients.1.df", "p_cr2": "coefficients.1.p_value",
		})
	},
	"hajek cluster ratio": directly("hajek", map[string]string{
		"ratio_control": "control.ratio", "ratio_treatment": "treatment.ratio", "diff": "difference.estimate", "se": "difference.std_error",
		"se_cr0": "std_error_cr0", "p": "p_value", "ci": "difference.lower difference.upper",
	}),
	"wild cluster bootstrap": wildReference,
	"matched pairs variance": directly("matched-pairs", map[string]string{
		"estimate": "estimate", "imai_se": "std_error", "t": "t", "p_t": "p_value", "tau2": "tau2", "lambda2": "lambda2", "nu2": "nu2",
		"unpaired_se": "std_error_unpaired", "brs_se": "std_error_brs", "brs_p": "p_value_brs",
	}),
	"matched pairs of clusters": directly("matched-cluster-pairs", map[string]string{
		"estimate": "estimate", "se": "std_error", "hajek_estimate": "estimate_hajek", "hajek_se": "std_error_hajek",
	}),
	"icc and design effect": directly("intraclass-correlation", map[string]string{
		"msb": "between", "msw": "within", "n0": "size", "icc": "icc", "deff_kish": "design_effect", "deff_mean": "design_effect_mean",
		"cv2": "cv2", "f": "f",
	}),
	"randomisation exact": directly("randomisation-test", map[string]string{
		"stat": "statistic", "assignments": "assignments", "n_two": "two_sided", "n_greater": "greater", "p_two": "p_two_sided", "p_greater": "p_greater",
	}),
	"CR2+Satterthwaite":            publishedStar,
	"CR2/CR1S/HC2":                 publishedSines,
	"WCR11 wild cluster bootstrap": publishedCollapsed,
}

// wildReference is of ordinary least squares: where the data have weights, the reference leaves them out.
func wildReference(t *testing.T, c vectorCase) map[string]any {
	in := c.input(t)
	delete(in, "w")
	if null, ok := in["h0"]; ok {
		delete(in, "h0")
		in["null"] = null
	}
	in["draws"] = 1 << 26 // every sign vector
	return ask(t, "wild-cluster-bootstrap", in).fields(t, map[string]string{
		"beta": "estimate", "t": "t", "draws": "draws", "n_strict": "strict", "n_ties": "ties", "p_strict": "p_strict", "p_ties": "p_ties",
	})
}

func publishedStar(t *testing.T, c vectorCase) map[string]any {
	in := c.input(t)
	r := ask(t, "cluster-regression", map[string]any{"y": in["y"], "x": in["x"], "cluster": in["cluster"]})
	return r.fields(t, map[string]string{
		"beta":    "coefficients.0.estimate coefficients.1.estimate coefficients.2.estimate",
		"se_cr2":  "coefficients.0.cr2 coefficients.1.cr2 coefficients.2.cr2",
		"df":      "coefficients.0.df coefficients.1.df coefficients.2.df",
		"se_cr1s": "coefficients.0.cr1_s coefficients.1.cr1_s coefficients.2.cr1_s",
	})
}

// publishedSines has its data as formulas; each row is a cluster of its own for hc2.
func publishedSines(t *testing.T, c vectorCase) map[string]any {
	var in struct{ Cluster []int }
	if err := json.Unmarshal(c.Input, &in); err != nil {
		t.Fatal(err)
	}
	var y, x []float64
	rows := make([]int, 20)
	for i := range 10 {
		y, x = append(y, math.Cos(float64(i))), append(x, math.Sin(float64(i+1)))
	}
	for i := range 10 {
		y, x = append(y, math.Tan(float64(i+1))), append(x, math.Sin(float64(i+2)))
	}
	for i := range rows {
		rows[i] = i
	}
	const first, second = "coefficients.0.", "coefficients.1."
	both := func(field string) string { return first + field + " " + second + field }
	out := ask(t, "cluster-regression", map[string]any{"y": y, "x": [][]float64{x}, "cluster": in.Cluster}).fields(t, map[string]string{
		"beta": both("estimate"), "se_cr1s": both("cr1_s"), "se_cr2": both("cr2"), "df_satterthwaite": both("df"), "df_ik": both("df_random"),
	})
	single := ask(t, "cluster-regression", map[string]any{"y": y, "x": [][]float64{x}, "cluster": rows})
	out["hc2"], out["hc2_df"] = single.at(t, both("cr2")), single.at(t, both("df"))
	return out
}

// publishedCollapsed regresses a share by year and group on group, period and their product.
func publishedCollapsed(t *testing.T, c vectorCase) map[string]any {
	var in struct {
		Shares map[string][2]float64 `json:"hasinsurance_by_year_selfemployed"`
	}
	if err := json.Unmarshal(c.Input, &in); err != nil {
		t.Fatal(err)
	}
	var y, self, post, both []float64
	var years []string
	for year, shares := range in.Shares {
		later := 0.0
		if year >= "1988" {
			later = 1
		}
		for group, share := range shares {
			y, years = append(y, share), append(years, year)
			self, post, both = append(self, float64(group)), append(post, later), append(both, float64(group)*later)
		}
	}
	rows := map[string]any{"y": y, "t": both, "x": [][]float64{post, self}, "cluster": years, "null": 0.04, "draws": 1 << 26}
	rademacher := ask(t, "wild-cluster-bootstrap", rows)
	rows["weights"] = "webb"
	webb := ask(t, "wild-cluster-bootstrap", rows)
	share := func(field string) string {
		return fmt.Sprintf("%v/%v", rademacher.at(t, field), rademacher.at(t, "draws"))
	}
	return map[string]any{
		"t": webb.at(t, "t"), "p_webb_full_strict": webb.at(t, "p_strict"), "p_webb_full_ties": webb.at(t, "p_ties"),
		"rademacher_strict": share("strict"), "rademacher_ties": share("ties"),
	}
}
