package procedure

import (
	"maps"
	"testing"
)

var rankReferences = map[string]reference{
	"order statistic ci":          directly("quantile-exact-ranks", map[string]string{"l": "lower", "u": "upper", "coverage": "coverage"}),
	"quantile difference cluster": quantileReference,
	"mann-whitney": func(t *testing.T, c vectorCase) map[string]any {
		out := askSamples(t, c, "mann-whitney")
		got := out.fields(t, map[string]string{
			"u": "u", "p_asym": "asymptotic.two_sided", "p_asym_cc": "corrected.two_sided",
		})
		if out["exact"] != nil {
			got["p_exact"] = out.at(t, "exact.two_sided")
			got["p_less_exact"] = out.at(t, "exact.less")
			got["p_greater_exact"] = out.at(t, "exact.greater")
		}
		return got
	},
	"mann-whitney two-sided asym": func(t *testing.T, c vectorCase) map[string]any {
		return askSamples(t, c, "mann-whitney").fields(t, map[string]string{"U": "u", "p": "corrected.two_sided"})
	},
	"mann-whitney two-sided exact": func(t *testing.T, c vectorCase) map[string]any {
		return askSamples(t, c, "mann-whitney").fields(t, map[string]string{"U": "u", "p": "exact.two_sided"})
	},
	"hodges-lehmann": func(t *testing.T, c vectorCase) map[string]any {
		out := askSamples(t, c, "hodges-lehmann")
		got := out.fields(t, map[string]string{"estimate": "estimate"})
		if out["method"] == "exact" {
			got["ci_exact"] = out.at(t, "lower upper")
		}
		return got
	},
	"kolmogorov-smirnov": func(t *testing.T, c vectorCase) map[string]any {
		return askSamples(t, c, "kolmogorov-smirnov").fields(t, map[string]string{"d": "d", "p_asym": "asymptotic", "p_exact": "exact"})
	},
}

// askSamples asks about cases in which x is the treatment and y the control.
func askSamples(t *testing.T, c vectorCase, name string) result {
	in := c.input(t)
	in["treatment"], in["control"] = in["x"], in["y"]
	delete(in, "x")
	delete(in, "y")
	return ask(t, name, in)
}

// quantileReference draws often enough for standard errors within 1 %, and fewer times where there are many rows.
func quantileReference(t *testing.T, c vectorCase) map[string]any {
	in := c.input(t)
	out := ask(t, "quantile", in)
	got := out.fields(t, map[string]string{
		"diff": "wald.estimate", "wald_se": "wald.std_error", "wald_ci": "wald.lower wald.upper",
	})
	in["draws"], in["scheme"] = 10000, "multinomial"
	if y, ok := in["y"].([]float64); ok && len(y) > 20000 {
		in["draws"] = 4000
	}
	drawn := ask(t, "bootstrap-quantile", in)
	maps.Copy(got, drawn.fields(t, map[string]string{
		"boot_se": "difference.std_error", "boot_se_control": "control.std_error", "boot_se_treatment": "treatment.std_error",
	}))
	for _, group := range []string{"control", "treatment"} {
		maps.Copy(got, out.fields(t, map[string]string{
			"q_" + group: group + ".value", "se_p_" + group: group + ".share_std_error", "ci_order_" + group: group + ".lower " + group + ".upper",
		}))
	}
	return got
}
