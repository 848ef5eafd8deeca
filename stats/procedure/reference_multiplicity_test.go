package procedure

import "testing"

var multiplicityReferences = map[string]reference{
	"multiplicity":    everyAdjustment,
	"BH adjusted p":   adjusts("benjamini-hochberg"),
	"BH":              adjusts("benjamini-hochberg"),
	"Holm adjusted p": adjusts("holm"),
	"Holm":            adjusts("holm"),
	"romano-wolf": func(t *testing.T, c vectorCase) map[string]any {
		in := c.input(t)
		r := ask(t, "romano-wolf", map[string]any{"statistics": in["t"], "draws": in["draws"]})
		return r.fields(t, map[string]string{"adj": "adjusted"})
	},
	"srm chi2":                             directly("sample-ratio", map[string]string{"chi2": "statistic", "df": "df", "p": "p_value", "log_p": "log_p"}),
	"chi-square SRM 50/50":                 directly("sample-ratio", map[string]string{"p": "p_value"}),
	"srm exact multinomial":                directly("sample-ratio-exact", map[string]string{"p": "p_value", "outcomes": "outcomes"}),
	"exact binomial SRM 53 vs 47, ratio 1": directly("sample-ratio-exact", map[string]string{"p": "p_value"}),
	"normal SRM no continuity":             directly("sample-ratio-normal", map[string]string{"p": "p_value"}),
	"normal SRM with continuity": func(t *testing.T, c vectorCase) map[string]any {
		in := c.input(t)
		in["continuity"] = true
		return ask(t, "sample-ratio-normal", in).fields(t, map[string]string{"p": "p_value"})
	},
}

func adjusts(name string) reference { return directly(name, map[string]string{"adj": "adjusted"}) }

func everyAdjustment(t *testing.T, c vectorCase) map[string]any {
	out := map[string]any{}
	for field, name := range map[string]string{
		"bonferroni": "bonferroni", "holm": "holm", "hochberg": "hochberg", "hommel": "hommel", "sidak": "sidak", "holm_sidak": "holm-sidak",
		"bh": "benjamini-hochberg", "by": "benjamini-yekutieli",
	} {
		out[field] = ask(t, name, c.input(t))["adjusted"]
	}
	for _, field := range []string{"sidak", "holm_sidak"} {
		out[field] = atSixtyDigits(out[field].([]any))
	}
	return out
}

// atSixtyDigits is what 1 - (1-p)^m is in the arithmetic of 60 digits that made the reference numbers: nothing below 1e-60. With 700
// digits, and with expm1 and log1p, it is m p for small p, as here: 5e-300 of p = 1e-300 and m = 5.
func atSixtyDigits(adjusted []any) []any {
	out := make([]any, len(adjusted))
	for i, p := range adjusted {
		out[i] = p
		if p.(float64) < 1e-60 {
			out[i] = 0.0
		}
	}
	return out
}
