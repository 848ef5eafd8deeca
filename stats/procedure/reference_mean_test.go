package procedure

import "testing"

var meanReferences = map[string]reference{
	"welch t":                            directly("welch", meanFields),
	"pooled t":                           directly("pooled-t", meanFields),
	"z means unpooled":                   directly("z-means", meanFields),
	"welch t CI from n,sum,sumsq":        directly("welch", meanFields),
	"welch t absolute":                   directly("welch", meanFields),
	"welch t, R sleep data":              answerSleep,
	"ni and tost means":                  answerMargin,
	"tost means raw":                     answerMarginOfRows,
	"TOST +-0.5 Welch":                   answerMarginOfSleep,
	"relative lift":                      answerLift,
	"fieller":                            answerFieller,
	"Fieller / log-delta ratio of means": answerFiellerOfRows,
	"relative lift delta, Welch df of the ABSOLUTE difference": directly("lift-delta", map[string]string{
		"lift": "lift", "se": "std_error", "ci": "lower upper", "p": "p_value",
	}),

	"ratio metric delta":                            answerRatio,
	"ratio variance delta":                          answerRatioVariance,
	"ratio covariance delta":                        answerRatioCovariance,
	"ratio metric CUPED delta, theta=.5 (8+8 rows)": answerRatioCUPED,
	"cuped":           answerCUPED,
	"cuped from sums": answerCUPEDOfSums,
	"post-stratified mean": func(t *testing.T, c vectorCase) map[string]any {
		in := c.input(t)
		in["reference"] = "z"
		return ask(t, "post-stratified-means", in).fields(t, map[string]string{
			"estimate": "difference.estimate", "se": "difference.std_error", "ci": "difference.lower difference.upper", "p": "p_value",
		})
	},
}

var meanFields = map[string]string{
	"mean_control": "control", "mean_treatment": "treatment", "diff": "difference.estimate", "se": "difference.std_error",
	"df": "df", "stat": "statistic", "p": "p_value", "log_p": "log_p_value", "p_greater": "p_greater", "p_less": "p_less",
	"ci": "difference.lower difference.upper", "lower_one_sided": "lower_one_sided",
}

// sumsOf are [n, sum, sum of squares] of a list.
func sumsOf(t *testing.T, list any) []float64 {
	t.Helper()
	values, ok := list.([]any)
	if !ok {
		t.Fatalf("%v is not a list", list)
	}
	out := make([]float64, 3)
	for _, v := range values {
		x := v.(float64)
		out[0]++
		out[1] += x
		out[2] += x * x
	}
	return out
}

// numbers are the elements of a list.
func numbers(list any) (out []float64) {
	values, _ := list.([]any)
	for _, v := range values {
		x, _ := v.(float64)
		out = append(out, x)
	}
	return out
}

// The sleep data's difference is x - y.
func answerSleep(t *testing.T, c vectorCase) map[string]any {
	in := c.input(t)
	r := ask(t, "welch", map[string]any{"treatment": sumsOf(t, in["x"]), "control": sumsOf(t, in["y"]), "level": 0.9})
	return r.fields(t, map[string]string{"t": "statistic", "df": "df", "p": "p_value", "ci90": "difference.lower difference.upper"})
}

var marginFields = map[string]string{
	"diff": "estimate", "se": "std_error", "df": "df", "t_lower": "t_lower", "p_lower": "p_lower", "t_upper": "t_upper", "p_upper": "p_upper",
	"p_tost": "p_tost", "ci": "interval.lower interval.upper", "noninferior": "non_inferior", "equivalent": "equivalent",
}

func answerMargin(t *testing.T, c vectorCase) map[string]any {
	in := c.input(t)
	size := in["margin"].(float64)
	return ask(t, "margin-means", map[string]any{
		"control": in["control"], "treatment": in["treatment"], "reference": in["kind"], "alpha": in["alpha"], "lower": -size, "upper": size,
	}).fields(t, marginFields)
}

func answerMarginOfRows(t *testing.T, c vectorCase) map[string]any {
	in := c.input(t)
	bounds := numbers(in["bounds"])
	got := map[string]any{}
	for _, by := range []string{"welch", "pooled"} {
		got[by] = ask(t, "margin-means", map[string]any{
			"control": sumsOf(t, in["control"]), "treatment": sumsOf(t, in["treatment"]), "lower": bounds[0], "upper": bounds[1],
			"alpha": 0.05, "reference": by,
		}).fields(t, map[string]string{
			"p": "p_tost", "t_lower": "t_lower", "p_lower": "p_lower", "t_upper": "t_upper", "p_upper": "p_upper", "df": "df",
			"ci90": "interval.lower interval.upper",
		})
	}
	return got
}

func answerMarginOfSleep(t *testing.T, c vectorCase) map[string]any {
	in := c.input(t)
	bounds := numbers(in["bounds"])
	return ask(t, "margin-means", map[string]any{
		"treatment": sumsOf(t, in["x"]), "control": sumsOf(t, in["y"]), "lower": bounds[0], "upper": bounds[1],
	}).fields(t, marginFields)
}

func answerLift(t *testing.T, c vectorCase) map[string]any {
	in := c.input(t)
	by := func(name, reference string) result {
		in["reference"] = reference
		return ask(t, name, in)
	}
	z, welch := by("lift-delta", "z"), by("lift-delta", "welch")
	got := map[string]any{
		"lift": z.at(t, "lift"), "delta_se": z.at(t, "std_error"), "df_abs": welch.at(t, "df"),
		"delta_ci_z": z.at(t, "lower upper"), "delta_p_z": z.at(t, "p_value"),
		"delta_ci_t": welch.at(t, "lower upper"), "delta_p_t": welch.at(t, "p_value"),
	}
	if lift, ok := got["lift"].(float64); !ok || lift <= -1 {
		return got // a negative ratio has no logarithm
	}
	logZ, logWelch, own := by("lift-log-delta", "z"), by("lift-log-delta", "welch"), by("lift-log-delta", "own")
	got["log_se"], got["logdelta_ci_z"], got["logdelta_p_z"] = logZ.at(t, "std_error"), logZ.at(t, "lower upper"), logZ.at(t, "p_value")
	got["logdelta_ci_t"] = logWelch.at(t, "lower upper")
	got["df_log"], got["logdelta_ci_t_own_df"] = own.at(t, "df"), own.at(t, "lower upper")
	return got
}

func answerFieller(t *testing.T, c vectorCase) map[string]any {
	in := c.input(t)
	name := "lift-fieller"
	asked := map[string]any{"control": in["control"], "treatment": in["treatment"], "reference": in["crit"]}
	if _, sums := in["control"]; !sums {
		name = "lift-fieller-estimates"
		asked = map[string]any{
			"treatment": in["mean_t"], "control": in["mean_c"], "treatment_variance": in["var_mean_t"], "control_variance": in["var_mean_c"],
			"covariance": in["cov"],
		}
	}
	if level, ok := in["level"]; ok {
		asked["level"] = level
	}
	return ask(t, name, asked).fields(t, map[string]string{"shape": "shape", "g": "g", "crit": "critical", "lift": "lift", "lift_bounds": "lower upper"})
}

// The first list is the numerator; figures are ratios, lift + 1.
func answerFiellerOfRows(t *testing.T, c vectorCase) map[string]any {
	in := c.input(t)
	ratios := func(name, reference string) []any {
		r := ask(t, name, map[string]any{"treatment": sumsOf(t, in["y1"]), "control": sumsOf(t, in["y2"]), "reference": reference})
		var out []any
		for _, field := range []string{"lower", "upper", "lift"} {
			out = append(out, 1+r.at(t, field).(float64))
		}
		return out
	}
	plain := ratios("lift-delta", "z")
	return map[string]any{
		"ratio": plain[2], "fieller_z": ratios("lift-fieller", "z")[:2], "fieller_pooled_t21": ratios("lift-fieller", "pooled")[:2],
		"delta_normal": plain[:2], "logdelta_welch": ratios("lift-log-delta", "own")[:2],
	}
}

func answerRatio(t *testing.T, c vectorCase) map[string]any {
	in := c.input(t)
	in["reference"] = "z"
	return ask(t, "ratio-metrics", in).fields(t, map[string]string{
		"ratio_control": "control", "ratio_treatment": "treatment", "se_control": "control_std_error", "se_treatment": "treatment_std_error",
		"diff": "difference.estimate", "se": "difference.std_error", "p": "p_value", "ci": "difference.lower difference.upper",
		"lift": "delta.lift", "lift_se": "delta.std_error", "lift_ci": "delta.lower delta.upper",
		"log_se": "log_delta.std_error", "lift_log_ci": "log_delta.lower log_delta.upper",
	})
}

func answerRatioVariance(t *testing.T, c vectorCase) map[string]any {
	in := c.input(t)
	v := numbers(in["var"])
	return ask(t, "ratio-covariance", map[string]any{
		"first": in["mean"], "second": in["mean"], "covariances": []any{[]any{v[0], in["cov"]}, []any{in["cov"], v[1]}},
	}).fields(t, map[string]string{"ratio_var": "covariance"})
}

func answerRatioCovariance(t *testing.T, c vectorCase) map[string]any {
	in := c.input(t)
	means, cov := in["means"].(map[string]any), in["cov"].(map[string]any)
	return ask(t, "ratio-covariance", map[string]any{
		"first": []any{means["a"], means["b"]}, "second": []any{means["c"], means["d"]},
		"covariances": []any{[]any{cov["ac"], cov["ad"]}, []any{cov["bc"], cov["bd"]}},
	}).fields(t, map[string]string{"ratio_cov": "covariance"})
}

func answerRatioCUPED(t *testing.T, c vectorCase) map[string]any {
	in := c.input(t)
	units := func(variant string) map[string]any {
		v := in[variant].(map[string]any)
		return map[string]any{"y": v["m_post"], "d": v["d_post"], "y_before": v["m_pre"], "d_before": v["d_pre"]}
	}
	return ask(t, "cuped-ratio-metrics", map[string]any{
		"control": units("control"), "treatment": units("treatment"), "theta": in["theta"],
	}).fields(t, map[string]string{"lift": "delta.lift", "se": "delta.std_error"})
}

func answerCUPED(t *testing.T, c vectorCase) map[string]any {
	given := c.input(t)
	in := map[string]any{"y": given["y"], "t": given["t"], "x": given["x"]}
	got := ask(t, "cuped", in).fields(t, map[string]string{
		"unadjusted_diff": "unadjusted.difference.estimate", "unadjusted_se": "unadjusted.difference.std_error", "theta_total": "slopes",
		"cuped_diff": "adjusted.difference.estimate", "cuped_se": "adjusted.difference.std_error", "cuped_df": "adjusted.df",
		"cuped_p": "adjusted.p_value", "vr": "variance_removed",
	})
	for prefix, name := range map[string]string{"pooled": "pooled-regression", "lin": "lin-regression"} {
		r := ask(t, name, in)
		got[prefix+"_effect"], got[prefix+"_se"] = r.at(t, "difference.estimate"), r.at(t, "std_errors.classic")
		for _, kind := range []string{"hc1", "hc2", "hc3"} {
			got[prefix+"_se_"+kind] = r.at(t, "std_errors."+kind)
		}
		got["theta_"+prefix] = r.at(t, "slopes")
	}
	return got
}

func answerCUPEDOfSums(t *testing.T, c vectorCase) map[string]any {
	in := c.input(t)
	got := map[string]any{}
	for field, theta := range map[string]string{"theta_total": "total", "theta_within": "within", "gb_theta": "summed"} {
		in["theta"] = theta
		r := ask(t, "cuped-from-sums", in)
		one := r.fields(t, map[string]string{"diff": "adjusted.difference.estimate", "se": "adjusted.difference.std_error", "df": "adjusted.df"})
		one["theta"] = r.at(t, "slopes.0")
		got[field] = one
	}
	return got
}
