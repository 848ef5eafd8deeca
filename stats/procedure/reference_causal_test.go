package procedure

import "testing"

var causalReferences = map[string]reference{
	"iv cace": directly("instrument", map[string]string{
		"beta": "effect.estimate", "itt": "itt", "first_stage": "first_stage", "first_stage_f": "first_stage_f",
		"se_classic": "std_errors.classic", "se_hc0": "std_errors.hc0", "se_hc1": "std_errors.hc1",
		"se_cr0": "std_errors.cr0", "se_cr1s": "std_errors.cr1s",
		"ar_shape": "anderson_rubin.shape", "ar": "anderson_rubin.lower anderson_rubin.upper",
		"ar_chi2_shape": "anderson_rubin_chi2.shape", "ar_chi2": "anderson_rubin_chi2.lower anderson_rubin_chi2.upper",
		"ar_robust_shape": "anderson_rubin_robust.shape", "ar_robust": "anderson_rubin_robust.lower anderson_rubin_robust.upper",
	}),
	"bayes beta-binomial": directly("bayes-proportions", map[string]string{
		"chance": "chance", "loss_t": "loss_treatment", "loss_c": "loss_control", "mean_control": "control_mean", "mean_treatment": "treatment_mean",
	}),
	"bayes normal":              answerBayesNormal,
	"meta dersimonian-laird":    answerMeta,
	"james-stein positive part": answerJamesStein,
}

func answerBayesNormal(t *testing.T, c vectorCase) map[string]any {
	in := c.input(t)
	asked := map[string]any{"estimate": in["est"], "std_error": in["se"]}
	if proper, given := in["proper"].(bool); !given || proper {
		asked["prior"] = []any{in["m0"], in["s0"]}
	}
	return ask(t, "bayes-effect", asked).fields(t, map[string]string{
		"mean": "mean", "sd": "sd", "ci": "lower upper", "chance": "chance", "loss_t": "loss_treatment", "loss_c": "loss_control",
	})
}

func answerMeta(t *testing.T, c vectorCase) map[string]any {
	in := c.input(t)
	return ask(t, "meta-analysis", map[string]any{"effect": in["effect"], "std_error": in["se"]}).fields(t, map[string]string{
		"q": "q", "q_p": "q_p_value", "tau2": "tau2", "i2": "i2", "fixed": "fixed", "fixed_se": "fixed_std_error",
		"estimate": "effect.estimate", "se": "effect.std_error", "ci": "effect.lower effect.upper", "p": "p_value",
	})
}

func answerJamesStein(t *testing.T, c vectorCase) map[string]any {
	in := c.input(t)
	return ask(t, "james-stein", map[string]any{"estimates": in["x"], "std_error": in["sd"]}).fields(t, map[string]string{
		"factor_zero": "zero.factor", "shrunk_zero": "zero.estimates", "factor_mean": "mean.factor", "shrunk_mean": "mean.estimates",
	})
}
