package procedure

import (
	"maps"
	"testing"
)

var proportionReferences = map[string]reference{
	"two proportions z":                          zReference,
	"z two proportions pooled-cc":                zPublished(map[string]any{"continuity": true}),
	"z two proportions pooled-nocc":              zPublished(nil),
	"z two proportions unpooled-cc":              zPublished(map[string]any{"continuity": true, "unpooled": true}),
	"z pooled+cc diff and relative CI":           zPooledCorrected,
	"unpooled z":                                 zUnpooledPublished,
	"miettinen-nurminen diff":                    scoreReference("diff", "difference"),
	"miettinen-nurminen ratio":                   scoreReference("ratio", "ratio"),
	"miettinen-nurminen 95% diff":                pairOfCounts("score", "difference", map[string]any{"uncorrected": true}),
	"miettinen-nurminen 95% diff (with N/(N-1))": pairOfCounts("score", "difference", nil),
	"mee 95% diff":                               pairOfCounts("score", "difference", map[string]any{"uncorrected": true}),
	"newcombe wilson-score hybrid 95% diff":      pairOfCounts("newcombe", "", nil),
	"newcombe and agresti-caffo":                 newcombeReference,
	"odds ratio": directly("odds-ratio", map[string]string{
		"odds_ratio": "woolf.odds_ratio", "log_se": "woolf.log_std_error", "ci": "woolf.interval.lower woolf.interval.upper", "p_wald": "woolf.p_value",
		"haldane_or": "haldane.odds_ratio", "haldane_log_se": "haldane.log_std_error",
		"haldane_ci": "haldane.interval.lower haldane.interval.upper",
	}),
	"ni proportions farrington-manning": directly("farrington-manning", map[string]string{
		"z": "statistic", "p": "p_value", "mle_control": "restricted_control", "z_wald": "wald_statistic", "p_wald": "wald_p_value",
	}),
	"one proportion": directly("one-proportion", map[string]string{
		"wilson": "wilson.lower wilson.upper", "clopper_pearson": "clopper_pearson.lower clopper_pearson.upper",
		"jeffreys": "jeffreys.lower jeffreys.upper", "jeffreys_plain": "jeffreys_plain.lower jeffreys_plain.upper",
	}),
	"g test and chi2": directly("contingency-table", tableFields),
	"fisher exact": directly("fisher", map[string]string{
		"p": "p_value", "p_less": "p_less", "p_greater": "p_greater", "log_p": "log_p_value",
		"or_conditional": "odds_ratio", "or_ci": "lower upper",
	}),
	"fisher two-sided":                variantsOrTable("fisher", "p_value"),
	"fisher less (treatment<control)": variantsOrTable("fisher", "p_less"),
	"barnard": directly("barnard", map[string]string{
		"stat": "statistic", "p": "p_value", "p_less": "p_less", "p_greater": "p_greater",
	}),
	"barnard two-sided pooled": variantsOrTable("barnard", "p_value"),
	"barnard pooled two-sided": variantsOrTable("barnard", "p_value"),
	"boschloo": directly("boschloo", map[string]string{
		"p_less": "p_less", "p_greater": "p_greater", "p_two_doubled": "p_doubled", "p_two_fisher": "p_fisher_ordered",
	}),
	"boschloo less": variantsOrTable("boschloo", "p_less"),

	"G-test with Yates":         tableOfVariants("g_yates.p_value"),
	"G-test without correction": tableOfVariants("g.p_value"),
}

var tableFields = map[string]string{
	"df": "df", "chi2": "chi_square.statistic", "p_chi2": "chi_square.p_value", "log_p_chi2": "chi_square.log_p_value",
	"g": "g.statistic", "p_g": "g.p_value", "log_p_g": "g.log_p_value",
	"chi2_yates": "chi_square_yates.statistic", "p_chi2_yates": "chi_square_yates.p_value",
	"g_yates": "g_yates.statistic", "p_g_yates": "g_yates.p_value",
}

// with is an input with further fields.
func with(in map[string]any, more map[string]any) map[string]any {
	out := maps.Clone(in)
	maps.Copy(out, more)
	return out
}

func zReference(t *testing.T, c vectorCase) map[string]any {
	in := c.input(t)
	got := ask(t, "two-proportions-z", in).fields(t, map[string]string{
		"diff": "difference", "se_pooled": "std_error_pooled", "se_unpooled": "std_error_unpooled",
		"stat_pooled": "statistic", "p_pooled": "p_value", "log_p_pooled": "log_p_value", "ci_pooled": "interval.lower interval.upper",
	})
	maps.Copy(got, ask(t, "two-proportions-z", with(in, map[string]any{"unpooled": true})).fields(t, map[string]string{
		"stat_unpooled": "statistic", "p_unpooled": "p_value", "log_p_unpooled": "log_p_value", "ci_unpooled": "interval.lower interval.upper",
	}))
	return got
}

func zPublished(options map[string]any) reference {
	return func(t *testing.T, c vectorCase) map[string]any {
		return ask(t, "two-proportions-z", with(c.input(t), options)).fields(t, map[string]string{"p": "p_value"})
	}
}

func zPooledCorrected(t *testing.T, c vectorCase) map[string]any {
	return ask(t, "two-proportions-z", with(c.input(t), map[string]any{"continuity": true})).fields(t, map[string]string{
		"diff_ci": "interval.lower interval.upper", "rel_ci": "lift_interval.lower lift_interval.upper",
	})
}

func zUnpooledPublished(t *testing.T, c vectorCase) map[string]any {
	in := c.input(t)
	got := ask(t, "two-proportions-z", with(in, map[string]any{"unpooled": true})).fields(t, map[string]string{
		"diff": "difference", "ci": "interval.lower interval.upper", "p_z": "p_value",
	})
	got["p_chi2"] = ask(t, "two-proportions-z", in).at(t, "p_value")
	return got
}

func scoreReference(estimate, scale string) reference {
	return func(t *testing.T, c vectorCase) map[string]any {
		in := c.input(t)
		limits := scale + ".lower " + scale + ".upper"
		got := ask(t, "score", in).fields(t, map[string]string{estimate: scale + ".estimate", "ci": limits})
		if got["ratio"] == nil { // without any success the reference takes 0/0 for infinite
			got["ratio"] = "inf"
		}
		got["ci_no_factor"] = ask(t, "score", with(in, map[string]any{"uncorrected": true})).at(t, limits)
		return got
	}
}

// pairOfCounts answers published intervals of a - b.
func pairOfCounts(name, scale string, options map[string]any) reference {
	return func(t *testing.T, c vectorCase) map[string]any {
		in := c.input(t)
		limits := "lower upper"
		if scale != "" {
			limits = scale + ".lower " + scale + ".upper"
		}
		r := ask(t, name, with(map[string]any{"treatment": in["a"], "control": in["b"]}, options))
		return map[string]any{"ci": r.at(t, limits)}
	}
}

func newcombeReference(t *testing.T, c vectorCase) map[string]any {
	in := c.input(t)
	got := ask(t, "newcombe", in).fields(t, map[string]string{"diff": "estimate", "newcombe": "lower upper"})
	got["agresti_caffo"] = ask(t, "agresti-caffo", in).at(t, "lower upper")
	return got
}

// tableOfVariants makes the two-by-two table of a case with two variants.
func tableOfVariants(path string) reference {
	return func(t *testing.T, c vectorCase) map[string]any {
		in := c.input(t)
		var table [][]float64
		for _, variant := range []string{"control", "treatment"} {
			v := in[variant].([]any)
			table = append(table, []float64{v[1].(float64) - v[0].(float64), v[0].(float64)})
		}
		return map[string]any{"p": ask(t, "contingency-table", map[string]any{"table": table}).at(t, path)}
	}
}

// variantsOrTable answers published p-values of two variants, or of a table as SciPy takes it: its columns are the treatment and the
// control, its first row counts successes.
func variantsOrTable(name, path string) reference {
	return func(t *testing.T, c vectorCase) map[string]any {
		in := c.input(t)
		if table, ok := in["table"].([]any); ok {
			successes, failures := table[0].([]any), table[1].([]any)
			variant := func(i int) []float64 {
				return []float64{successes[i].(float64), successes[i].(float64) + failures[i].(float64)}
			}
			in = map[string]any{"treatment": variant(0), "control": variant(1)}
		}
		return map[string]any{"p": ask(t, name, in).at(t, path)}
	}
}
