package procedure

import (
	"math"
	"testing"
)

var sequentialReferences = map[string]reference{
	"gs bounds": func(t *testing.T, c vectorCase) map[string]any {
		return ask(t, "boundaries", spendingDesign(t, c)).fields(t, map[string]string{
			"z": "upper", "cum_alpha": "cum_alpha", "stage_level": "stage_level",
		})
	},
	"Lan-DeMets OBF upper z, two-sided .05 (=.025 per side)": lanDeMets("obrien-fleming"),
	"Lan-DeMets Pocock upper z, .025 per side":               lanDeMets("pocock"),
	"O Brien-Fleming classical one-sided .025 K=3":           classicalReference,
	"gs power": func(t *testing.T, c vectorCase) map[string]any {
		in := renamed(c.input(t), map[string]string{"t": "fractions"})
		r := ask(t, "sequential-power", in)
		out := r.fields(t, map[string]string{"reject": "cross_upper", "power": "power", "expected_information": "expected_information"})
		// The last look stops in any case.
		below := r.at(t, "cross_lower").([]any)
		out["stop_futility"] = below[:len(below)-1]
		return out
	},
	"gs nonbinding futility": func(t *testing.T, c vectorCase) map[string]any {
		in := renamed(c.input(t), map[string]string{"t": "fractions"})
		in["spending"], in["beta_spending"] = spendingNamed(t, in["spending"]), spendingNamed(t, in["beta_spending"])
		r := ask(t, "futility-boundaries", in)
		lower := r.at(t, "bounds.lower").([]any)
		out := r.fields(t, map[string]string{"z": "bounds.upper", "drift": "drift", "inflation": "factor"})
		out["futility"] = lower[:len(lower)-1]
		return out
	},
	"gs final analysis": func(t *testing.T, c vectorCase) map[string]any {
		in := c.input(t)
		stage := int(in["stage"].(float64))
		list := func(name string) []any { return in[name].([]any)[:stage] }
		return ask(t, "sequential-final", map[string]any{
			"fractions": list("t"), "upper": list("upper"), "alpha": in["alpha"], "z": in["z"], "information": list("info")[stage-1],
		}).fields(t, map[string]string{
			"p_final": "p_value", "estimate_mu": "estimate", "ci": "lower upper", "naive": "naive", "rci": "repeated_lower repeated_upper",
		})
	},
	"normal mixture boundary": directly("normal-mixture", map[string]string{
		"two_sided": "two_sided", "one_sided": "one_sided", "rho_closed": "rho_closed", "rho_exact": "rho_exact",
	}),
	"two-sided normal mixture v_opt=100 alpha .05": directly("normal-mixture", map[string]string{
		"rho": "rho", "bound": "two_sided", "log_mixture": "log_mixture",
	}),
	"asymptotic confidence sequence": func(t *testing.T, c vectorCase) map[string]any {
		in := renamed(c.input(t), map[string]string{"se": "std_error", "N": "units", "N_star": "target"})
		return ask(t, "confidence-sequence", in).fields(t, map[string]string{
			"rho": "rho", "half": "half", "ci": "lower upper", "log_e": "log_e", "p_seq": "p_value",
		})
	},
	"beta-binomial confidence sequence": func(t *testing.T, c vectorCase) map[string]any {
		return ask(t, "beta-binomial-sequence", renamed(c.input(t), map[string]string{"p0": "null"})).fields(t, map[string]string{
			"ci": "lower upper", "log_e": "log_e", "p_seq": "p_value",
		})
	},
	"sequential srm": func(t *testing.T, c vectorCase) map[string]any {
		return ratioOfCounts(t, c).fields(t, map[string]string{"log_e": "log_e", "p_seq": "p_value"})
	},
	"Dirichlet mixture multinomial p = min(1, m0/m1)": func(t *testing.T, c vectorCase) map[string]any {
		return ratioOfCounts(t, c).fields(t, map[string]string{"p": "p_value"})
	},
	"log posterior predictive per batch (ssrm counts multinomial coefficient per batch)": func(t *testing.T, c vectorCase) map[string]any {
		in := renamed(c.input(t), map[string]string{"theta0": "weights", "dirichlet": "prior"})
		var mixture, null []any
		for _, b := range ask(t, "sequential-sample-ratio", in).at(t, "batches").([]any) {
			batch := b.(map[string]any)
			mixture, null = append(mixture, batch["log_mixture"]), append(null, batch["log_null"])
		}
		return map[string]any{"log_m1": mixture, "log_m0": null}
	},
	"anytime-valid regression g=2.5":         longleyReference,
	"uniform boundaries v_opt 100 alpha .05": boundariesReference,
	"gs-free z path":                         pathReference,
}

// pathReference leaves out the snapshots without a variance, of which the reference expects nothing.
func pathReference(t *testing.T, c vectorCase) map[string]any {
	in := c.input(t)
	variances := [2][]float64{in["variance_c"].([]float64), in["variance_t"].([]float64)}
	known := func(i int) bool { return !math.IsNaN(variances[0][i]) && !math.IsNaN(variances[1][i]) }
	kept := func(column string) (out []float64) {
		for i, v := range in[column].([]float64) {
			if known(i) {
				out = append(out, v)
			}
		}
		return out
	}
	got := ask(t, "confidence-sequence-path", map[string]any{
		"control_units": kept("count_c"), "control_mean": kept("mean_c"), "control_variance": kept("variance_c"),
		"treatment_units": kept("count_t"), "treatment_mean": kept("mean_t"), "treatment_variance": kept("variance_t"),
	}).fields(t, map[string]string{"z": "z", "half": "half", "p_seq": "p_value", "p_running": "running"})
	for field, values := range got {
		all, at := make([]any, len(variances[0])), 0
		for i := range all {
			if known(i) {
				all[i] = values.([]any)[at]
				at++
			}
		}
		got[field] = all
	}
	got["snapshots"] = float64(len(variances[0]))
	return got
}

// spendingDesign turns a level of one side into the procedure's, and names the spending function.
func spendingDesign(t *testing.T, c vectorCase) map[string]any {
	t.Helper()
	in := renamed(sides(c.input(t)), map[string]string{"t": "fractions"})
	number, ok := in["sides"].(float64)
	if !ok {
		number = 1
	}
	in["sides"] = number
	in["alpha"] = in["alpha_side"].(float64) * number
	delete(in, "alpha_side")
	if s, ok := in["spending"]; ok {
		in["spending"] = spendingNamed(t, s)
	}
	return in
}

// spendingNamed gives a spending function the procedures' name.
func spendingNamed(t *testing.T, s any) map[string]any {
	t.Helper()
	out := renamed(s.(map[string]any), nil)
	names := map[any]string{"OBF": "obrien-fleming", "Pocock": "pocock", "HSD": "hsd", "power": "power"}
	name, ok := names[out["type"]]
	if !ok {
		t.Fatalf("unknown spending function %v", out["type"])
	}
	out["type"] = name
	return out
}

func lanDeMets(spending string) reference {
	return func(t *testing.T, c vectorCase) map[string]any {
		in := spendingDesign(t, c)
		in["spending"] = map[string]any{"type": spending}
		return ask(t, "boundaries", in).fields(t, map[string]string{"z": "upper"})
	}
}

func classicalReference(t *testing.T, c vectorCase) map[string]any {
	in := c.input(t)
	looks := int(in["K"].(float64))
	fractions := make([]float64, looks)
	for i := range fractions {
		fractions[i] = float64(i+1) / float64(looks)
	}
	return ask(t, "classical-boundaries", map[string]any{"fractions": fractions, "alpha": in["alpha_side"], "sides": 1}).
		fields(t, map[string]string{"z": "upper"})
}

func ratioOfCounts(t *testing.T, c vectorCase) result {
	t.Helper()
	in := renamed(c.input(t), map[string]string{"theta0": "weights", "dirichlet": "prior"})
	in["batches"] = []any{in["counts"]}
	delete(in, "counts")
	return ask(t, "sequential-sample-ratio", in)
}

func longleyReference(t *testing.T, c vectorCase) map[string]any {
	in := c.input(t)
	out := map[string][]any{}
	r := ask(t, "anytime-regression", map[string]any{"y": in["TOTEMP"], "x": []any{in["GNP"], in["UNEMP"]}, "g": 2.5})
	for _, path := range []string{"coefficients.0.", "coefficients.1.", "coefficients.2."} {
		out["p"] = append(out["p"], r.at(t, path+"p_value"))
		out["ci"] = append(out["ci"], r.at(t, path+"lower "+path+"upper"))
		out["p_hc0"] = append(out["p_hc0"], r.at(t, path+"robust_p_value"))
	}
	return map[string]any{"p": out["p"], "ci": out["ci"], "p_hc0": out["p_hc0"]}
}

// boundariesReference has its inputs from the test that printed the figures: v_opt = v = 100, s = 10 and scales that its names give.
func boundariesReference(t *testing.T, _ vectorCase) map[string]any {
	at := func(extra map[string]any) map[string]any {
		in := map[string]any{"v": 100, "v_opt": 100, "s": 10}
		for k, v := range extra {
			in[k] = v
		}
		return in
	}
	interval := func(x, n, target float64) any {
		return ask(t, "bernoulli-sequence", map[string]any{"x": x, "n": n, "target": target}).at(t, "lower upper")
	}
	const both = "log_mixture bound"
	return map[string]any{
		"one_sided_normal": ask(t, "normal-mixture", at(nil)).at(t, "log_mixture_one_sided one_sided"),
		"gamma_exp_c2":     ask(t, "gamma-exponential-mixture", at(map[string]any{"c": 2})).at(t, both),
		"gamma_poisson_2":  ask(t, "gamma-poisson-mixture", at(map[string]any{"c": 2})).at(t, both),
		"betabin_two":      ask(t, "sub-bernoulli-mixture", at(map[string]any{"g": 0.2, "h": 0.8})).at(t, both),
		"betabin_one":      ask(t, "sub-bernoulli-mixture", at(map[string]any{"g": 0.2, "h": 0.8, "one_sided": true})).at(t, both),
		"polystitch":       ask(t, "stitching", map[string]any{"v": 100, "start": 10, "c": 3}).at(t, "bound"),
		"emp_lil":          ask(t, "empirical-lil", map[string]any{"n": 1000, "start": 100}).at(t, "bound"),
		"bern_700_1000":    interval(700, 1000, 100),
		"bern_15_50":       interval(15, 50, 50),
		"bern_100_200":     interval(100, 200, 1),
	}
}
