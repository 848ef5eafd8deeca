package procedure

import (
	"maps"
	"testing"
)

var planningReferences = map[string]reference{
	"power t": directly("power-t", map[string]string{"power": "power", "power_one_sided": "power_one_sided"}),
	"two-sample t power": func(t *testing.T, c vectorCase) map[string]any {
		in := c.input(t)
		in["n1"], in["n2"] = in["n"], in["n"]
		delete(in, "n")
		return ask(t, "power-t", in).fields(t, map[string]string{"power": "power"})
	},
	"sample size t":          directly("sample-size-t", map[string]string{"n": "control"}),
	"two-sample t n per arm": directly("sample-size-t", map[string]string{"n": "control"}),
	"cluster randomized 2 arms, J clusters in all, n per cluster, f standardized difference": func(t *testing.T, c vectorCase) map[string]any {
		in := c.input(t)
		return ask(t, "power-clusters", map[string]any{
			"effect": in["f"], "size": in["n"], "icc": in["icc"], "clusters": in["J"].(float64) / 2,
		}).fields(t, map[string]string{"power": "power"})
	},
	"sample size proportions": func(t *testing.T, c vectorCase) map[string]any {
		return ask(t, "sample-size-proportions", sides(c.input(t))).fields(t, map[string]string{
			"n1_unpooled": "unpooled.control", "n1_pooled": "score.control", "n1_arcsine": "arcsine.control",
		})
	},
	"sample size means normal": sampleSizeMeansReference,
	"sample size ratio metric": func(t *testing.T, c vectorCase) map[string]any {
		in := renamed(c.input(t), map[string]string{"my": "mean_y", "md": "mean_d", "vy": "var_y", "vd": "var_d", "cyd": "cov"})
		return ask(t, "sample-size-ratio", in).fields(t, map[string]string{"unit_variance": "unit_variance", "n_per_arm": "control"})
	},
	"guardrail power": directly("guardrail-power", map[string]string{
		"power_each": "power_each", "power_joint": "power_joint", "n_bonferroni": "n_bonferroni", "n_product": "n_independent",
	}),
}

// sampleSizeMeansReference gives sizes with and without clusters, and the detectable effect at another size.
func sampleSizeMeansReference(t *testing.T, c vectorCase) map[string]any {
	in := renamed(sides(c.input(t)), map[string]string{"sd_c": "sd_control", "sd_t": "sd_treatment"})
	clusters := map[string]any{}
	for from, to := range map[string]string{"icc": "icc", "mbar": "size", "cv": "cv"} {
		if v, ok := in[from]; ok {
			clusters[to] = v
			delete(in, from)
		}
	}
	at, hasSize := in["n_mde"]
	delete(in, "n_mde")
	out := ask(t, "sample-size-means", in).fields(t, map[string]string{"n_control": "control"})
	if hasSize {
		detect := maps.Clone(in)
		delete(detect, "effect")
		delete(detect, "margin")
		detect["n"] = at
		out["mde"] = ask(t, "detectable-effect", detect).at(t, "effect")
	}
	if len(clusters) > 0 {
		maps.Copy(in, clusters)
		maps.Copy(out, ask(t, "sample-size-means", in).fields(t, map[string]string{
			"deff": "design_effect", "n_control_clustered": "control", "clusters_control": "control_clusters",
		}))
	}
	return out
}

// sides renames the number of sides.
func sides(in map[string]any) map[string]any {
	return renamed(in, map[string]string{"sided": "sides"})
}

// renamed gives fields that are there other names.
func renamed(in map[string]any, names map[string]string) map[string]any {
	out := maps.Clone(in)
	for from, to := range names {
		if v, ok := in[from]; ok {
			delete(out, from)
			out[to] = v
		}
	}
	return out
}
