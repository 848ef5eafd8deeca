package dist

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

// tailFunctions give the logarithms named in testdata/tails.json.
var tailFunctions = map[string]map[string]func(a []float64) float64{
	"normal": {
		"log_cdf": func(a []float64) float64 { return NormalLogCDF(a[0]) },
		"log_sf":  func(a []float64) float64 { return NormalLogSF(a[0]) },
	},
	"student": {"log_sf": func(a []float64) float64 { return StudentLogSF(a[0], a[1]) }},
	"chi-square": {
		"log_cdf": func(a []float64) float64 { return ChiSquareLogCDF(a[0], a[1]) },
		"log_sf":  func(a []float64) float64 { return ChiSquareLogSF(a[0], a[1]) },
	},
	"f": {
		"log_cdf": func(a []float64) float64 { return FLogCDF(a[0], a[1], a[2]) },
		"log_sf":  func(a []float64) float64 { return FLogSF(a[0], a[1], a[2]) },
	},
	"beta": {
		"log_lower": func(a []float64) float64 { lower, _ := LogBeta(a[0], a[1], a[2]); return lower },
		"log_upper": func(a []float64) float64 { _, upper := LogBeta(a[0], a[1], a[2]); return upper },
	},
	"binomial": {
		"log_cdf": func(a []float64) float64 { return BinomialLogCDF(a[0], a[1], a[2]) },
		"log_ge":  func(a []float64) float64 { return BinomialLogSF(a[0]-1, a[1], a[2]) },
		"log_pmf": func(a []float64) float64 { return BinomialLogPMF(a[0], a[1], a[2]) },
	},
	"poisson": {
		"log_cdf": func(a []float64) float64 { return PoissonLogCDF(a[0], a[1]) },
		"log_ge":  func(a []float64) float64 { return PoissonLogSF(a[0]-1, a[1]) },
	},
	"hypergeometric": {
		"log_cdf": func(a []float64) float64 { atMost, _ := Urn{a[1], a[2], a[3]}.LogTails(a[0]); return atMost },
		"log_ge":  func(a []float64) float64 { _, atLeast := Urn{a[1], a[2], a[3]}.LogTails(a[0]); return atLeast },
		"log_pmf": func(a []float64) float64 { return Urn{a[1], a[2], a[3]}.LogPMF(a[0]) },
	},
	"noncentral t": {
		"log_cdf": func(a []float64) float64 { return NoncentralTLogCDF(a[0], a[1], a[2]) },
		"log_sf":  func(a []float64) float64 { return NoncentralTLogCDF(-a[0], a[1], -a[2]) },
	},
}

// TestTails against 60 digits. The error that counts is the tail's own, so the logarithm's absolute one; beyond the range of a double
// it is the logarithm's relative one.
func TestTails(t *testing.T) {
	data, err := os.ReadFile("testdata/tails.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []map[string]any
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	worst := map[string]float64{}
	for _, c := range cases {
		name := c["distribution"].(string)
		var args []float64
		for _, a := range c["args"].([]any) {
			args = append(args, a.(float64))
		}
		for field, f := range tailFunctions[name] {
			var want float64
			if err := json.Unmarshal([]byte(c[field].(string)), &want); err != nil {
				t.Fatal(err)
			}
			got := f(args)
			if got == want {
				continue
			}
			miss := math.Abs(got-want) / math.Max(math.Min(1, math.Abs(want)), math.Abs(want)/745)
			worst[name] = math.Max(worst[name], miss)
			if !(miss < 1e-10) {
				t.Errorf("%s%v %s: got %.17g, want %.17g (%.2g)", name, args, field, got, want, miss)
			}
		}
	}
	t.Logf("worst relative errors: %v", worst)
}
