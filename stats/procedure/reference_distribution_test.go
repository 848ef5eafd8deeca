package procedure

var (
	continuous = map[string]string{"cdf": "cdf", "sf": "sf", "log_sf": "log_sf"}
	discrete   = map[string]string{"cdf": "at_most", "ge": "at_least", "log_cdf": "log_at_most", "log_ge": "log_at_least"}
	inverse    = map[string]string{"isf": "quantile"}
)

var distributionReferences = map[string]reference{
	"normal tails":       directly("normal", continuous),
	"normal quantile":    directly("normal-quantile", inverse),
	"student t tail":     directly("student-t", continuous),
	"student t quantile": directly("student-t-quantile", inverse),
	"noncentral t":       directly("noncentral-t", continuous),
	"chi-square tail":    directly("chi-square", continuous),
	"F tail":             directly("f", continuous),
	"regularised incomplete beta": directly("beta", map[string]string{
		"lower": "cdf", "upper": "sf", "log_lower": "log_cdf", "log_upper": "log_sf",
	}),
	"binomial tails":       directly("binomial", discrete),
	"poisson tails":        directly("poisson", discrete),
	"hypergeometric tails": directly("hypergeometric", discrete),
}
