package procedure

import (
	"fmt"
	"math"
	"slices"

	"liftgate/stats"
	"liftgate/stats/internal/dist"
)

func distributions() []Procedure {
	return family("distributions", slices.Concat(normalAndT(), squares(), counts())...)
}

func normalAndT() []Procedure {
	return []Procedure{
		define("normal", "tails of the standard normal distribution",
			`{"z": [1.96, -38]}`, func(in normalInput) (tails, error) {
				return tailsAt(column(in.Z), func(a []float64) (float64, float64) { return dist.NormalLogCDF(a[0]), dist.NormalLogSF(a[0]) })
			}),
		define("normal-quantile", "upper-tail quantiles of the standard normal distribution",
			`{"p": [0.025, 1e-300]}`, func(in normalQuantileInput) (upperQuantiles, error) {
				return quantilesAt(column(in.P), func(a []float64) float64 { return dist.NormalISF(a[0]) })
			}),
		define("student-t", "tails of Student's t",
			`{"points": [[2.1, 18]]}`, func(in studentInput) (tails, error) {
				return tailsAt(rows(in.Points), func(a []float64) (float64, float64) {
					return dist.StudentLogSF(-a[0], a[1]), dist.StudentLogSF(a[0], a[1])
				})
			}),
		define("student-t-quantile", "upper-tail quantiles of Student's t",
			`{"points": [[0.025, 18]]}`, func(in studentQuantileInput) (upperQuantiles, error) {
				return quantilesAt(rows(in.Points), func(a []float64) float64 { return dist.StudentISF(a[0], a[1]) })
			}),
		define("noncentral-t", "tails of the noncentral t",
			`{"points": [[2, 58, 1.94]]}`, func(in noncentralInput) (tails, error) {
				return tailsAt(rows(in.Points), func(a []float64) (float64, float64) {
					return dist.NoncentralTLogCDF(a[0], a[1], a[2]), dist.NoncentralTLogCDF(-a[0], a[1], -a[2])
				})
			}),
	}
}

func squares() []Procedure {
	return []Procedure{
		define("chi-square", "tails of the chi-square distribution",
			`{"points": [[3.84, 1]]}`, func(in chiSquareInput) (tails, error) {
				return tailsAt(rows(in.Points), func(a []float64) (float64, float64) {
					return dist.ChiSquareLogCDF(a[0], a[1]), dist.ChiSquareLogSF(a[0], a[1])
				})
			}),
		define("chi-square-quantile", "upper-tail quantiles of the chi-square distribution",
			`{"points": [[0.05, 1]]}`, func(in chiSquareQuantileInput) (upperQuantiles, error) {
				return quantilesAt(rows(in.Points), func(a []float64) float64 { return dist.ChiSquareISF(a[0], a[1]) })
			}),
		define("f", "tails of Snedecor's F",
			`{"points": [[4, 1, 10]]}`, func(in fInput) (tails, error) {
				return tailsAt(rows(in.Points), func(a []float64) (float64, float64) {
					return dist.FLogCDF(a[0], a[1], a[2]), dist.FLogSF(a[0], a[1], a[2])
				})
			}),
		define("beta", "tails of the beta distribution: the regularised incomplete beta function and its complement",
			`{"points": [[0.3, 2, 5]]}`, func(in betaInput) (tails, error) {
				return tailsAt(rows(in.Points), func(a []float64) (float64, float64) { return dist.LogBeta(a[0], a[1], a[2]) })
			}),
		define("beta-quantile", "upper-tail quantiles of the beta distribution",
			`{"points": [[0.025, 2, 5]]}`, func(in betaQuantileInput) (upperQuantiles, error) {
				return quantilesAt(rows(in.Points), func(a []float64) float64 { return dist.BetaISF(a[0], a[1], a[2]) })
			}),
	}
}

func counts() []Procedure {
	return []Procedure{
		define("binomial", "tails of the binomial distribution",
			`{"points": [[60, 100, 0.5]]}`, func(in binomialInput) (discreteTails, error) {
				return discreteTailsAt(rows(in.Points), func(a []float64) (float64, float64) {
					return dist.BinomialLogCDF(a[0], a[1], a[2]), dist.BinomialLogSF(a[0]-1, a[1], a[2])
				})
			}),
		define("poisson", "tails of the Poisson distribution",
			`{"points": [[5, 3.2]]}`, func(in poissonInput) (discreteTails, error) {
				return discreteTailsAt(rows(in.Points), func(a []float64) (float64, float64) {
					return dist.PoissonLogCDF(a[0], a[1]), dist.PoissonLogSF(a[0]-1, a[1])
				})
			}),
		define("hypergeometric", "tails of the hypergeometric distribution",
			`{"points": [[3, 50, 10, 12]]}`, func(in hypergeometricInput) (discreteTails, error) {
				return discreteTailsAt(rows(in.Points), func(a []float64) (float64, float64) {
					return dist.Urn{Population: a[1], Marked: a[2], Drawn: a[3]}.LogTails(a[0])
				})
			}),
	}
}

type (
	normalInput struct {
		Z []float64 `json:"z" doc:"list of points"`
	}
	normalQuantileInput struct {
		P []float64 `json:"p" doc:"list of upper-tail probabilities"`
	}
	studentInput struct {
		Points [][2]float64 `json:"points" doc:"list of [t, degrees of freedom]"`
	}
	studentQuantileInput struct {
		Points [][2]float64 `json:"points" doc:"list of [upper-tail probability, degrees of freedom]"`
	}
	noncentralInput struct {
		Points [][3]float64 `json:"points" doc:"list of [t, degrees of freedom, noncentrality]"`
	}
	chiSquareInput struct {
		Points [][2]float64 `json:"points" doc:"list of [x, degrees of freedom]"`
	}
	chiSquareQuantileInput struct {
		Points [][2]float64 `json:"points" doc:"list of [upper-tail probability, degrees of freedom]"`
	}
	fInput struct {
		Points [][3]float64 `json:"points" doc:"list of [x, degrees of freedom of the numerator, of the denominator]"`
	}
	betaInput struct {
		Points [][3]float64 `json:"points" doc:"list of [x, a, b]"`
	}
	betaQuantileInput struct {
		Points [][3]float64 `json:"points" doc:"list of [upper-tail probability, a, b]"`
	}
	binomialInput struct {
		Points [][3]float64 `json:"points" doc:"list of [k, trials, success probability]"`
	}
	poissonInput struct {
		Points [][2]float64 `json:"points" doc:"list of [k, mean]"`
	}
	hypergeometricInput struct {
		Points [][4]float64 `json:"points" doc:"list of [k, population, marked, drawn]"`
	}
)

// tails at each point: P(X <= x), P(X > x) and their natural logarithms.
type tails struct{ CDF, SF, LogCDF, LogSF []float64 }

// discreteTails at each point: P(X <= k), P(X >= k) and their natural logarithms.
type discreteTails struct{ AtMost, AtLeast, LogAtMost, LogAtLeast []float64 }

type upperQuantiles struct{ Quantile []float64 }

func column(x []float64) [][]float64 {
	out := make([][]float64, len(x))
	for i, v := range x {
		out[i] = []float64{v}
	}
	return out
}

func rows[Row [2]float64 | [3]float64 | [4]float64](points []Row) [][]float64 {
	out := make([][]float64, len(points))
	for i, p := range points {
		for j := range len(p) {
			out[i] = append(out[i], p[j])
		}
	}
	return out
}

func tailsAt(points [][]float64, logTails func([]float64) (lower, upper float64)) (tails, error) {
	var out tails
	for _, p := range points {
		if err := computable(p); err != nil {
			return tails{}, err
		}
		lower, upper := logTails(p)
		if math.IsNaN(lower) || math.IsNaN(upper) {
			return tails{}, fmt.Errorf("%w: %v lies outside the domain", stats.ErrInvalid, p)
		}
		out.LogCDF, out.LogSF = append(out.LogCDF, lower), append(out.LogSF, upper)
		out.CDF, out.SF = append(out.CDF, math.Exp(lower)), append(out.SF, math.Exp(upper))
	}
	return out, nil
}

func discreteTailsAt(points [][]float64, logTails func([]float64) (atMost, atLeast float64)) (discreteTails, error) {
	for _, p := range points {
		if p[0] != math.Trunc(p[0]) {
			return discreteTails{}, fmt.Errorf("%w: k is %v, not a whole number", stats.ErrInvalid, p[0])
		}
	}
	t, err := tailsAt(points, logTails)
	return discreteTails{AtMost: t.CDF, AtLeast: t.SF, LogAtMost: t.LogCDF, LogAtLeast: t.LogSF}, err
}

func quantilesAt(points [][]float64, quantile func([]float64) float64) (upperQuantiles, error) {
	var out upperQuantiles
	for _, p := range points {
		if err := computable(p); err != nil {
			return upperQuantiles{}, err
		}
		q := quantile(p)
		if math.IsNaN(q) {
			return upperQuantiles{}, fmt.Errorf("%w: %v lies outside the domain", stats.ErrInvalid, p)
		}
		out.Quantile = append(out.Quantile, q)
	}
	return out, nil
}

// computable bounds the parameters behind the point itself: sums over a distribution grow with the root of its size.
func computable(point []float64) error {
	const largest = 1e15
	for _, parameter := range point[1:] {
		if math.Abs(parameter) > largest {
			return fmt.Errorf("%w: a parameter of %v, they are computed up to %v", stats.ErrInvalid, parameter, largest)
		}
	}
	return nil
}
