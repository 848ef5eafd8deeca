package bucket

import (
	"math"
	"reflect"
	"slices"
	"testing"
)

var sdkVersions = map[int]Hash{1: GrowthBookV1, 2: GrowthBookV2}

func TestGrowthBookCasesAreAllThere(t *testing.T) {
	c := readSDKCases(t)
	got := []int{len(c.Hash), len(c.GetEqualWeights), len(c.GetBucketRange), len(c.ChooseVariation), len(c.InNamespace), len(c.Run)}
	if want := []int{15, 6, 13, 13, 16, 73}; !slices.Equal(got, want) {
		t.Errorf("%v cases, want %v", got, want)
	}
}

func TestGrowthBookHash(t *testing.T) {
	for _, c := range readSDKCases(t).Hash {
		hash, known := sdkVersions[c.version]
		if known != (c.want != nil) {
			t.Errorf("version %d: known is %v", c.version, known)
		}
		if !known {
			continue
		}
		if got := float64(draw{hash: hash, key: c.seed}.point(c.value)) / float64(hash.buckets()); got != *c.want {
			t.Errorf("hash(%q, %q, %d) = %v, want %v", c.seed, c.value, c.version, got, *c.want)
		}
	}
}

// round8 is how the SDK's own tests compare floats that their JSON does not hold exactly.
func round8(x float64) float64 { return math.Round(x*1e8) / 1e8 }

func TestGrowthBookEqualWeights(t *testing.T) {
	for _, c := range readSDKCases(t).GetEqualWeights {
		got := equalWeights(c.n)
		for i := range got {
			got[i] = round8(got[i])
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%d: %v, want %v", c.n, got, c.want)
		}
	}
}

func TestGrowthBookBucketRanges(t *testing.T) {
	for _, c := range readSDKCases(t).GetBucketRange {
		var got [][2]float64
		for _, l := range bucketRanges(c.n, c.coverage, c.weights) {
			got = append(got, [2]float64{round8(l.from), round8(l.to)})
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestBucketRangesRoundTheProductFirst: the ends are those of Python 3.11, where 0.2 + 0.1 * 0.2 and so on round twice. On machines that
// multiply and add in one step the second would be 0.22.
func TestBucketRangesRoundTheProductFirst(t *testing.T) {
	got := bucketRanges(5, 0.1, slices.Repeat([]float64{0.2}, 5))
	want := []limits{
		{0, 0.020000000000000004},
		{0.2, 0.22000000000000003},
		{0.4, 0.42000000000000004},
		{0.6000000000000001, 0.6200000000000001},
		{0.8, 0.8200000000000001},
	}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestWeightsAreSharesOrAsWritten: 1 to 1 is half each; what adds up to about 1 stays as it is, as that SDK has it; anything else does not
// fall back to equal weights, because a definition's weights have any unit.
func TestWeightsAreSharesOrAsWritten(t *testing.T) {
	for _, c := range []struct {
		weights []uint64
		want    []float64
	}{
		{[]uint64{1, 1}, []float64{0.5, 0.5}},
		{[]uint64{Million, Million, Million}, []float64{1. / 3, 1. / 3, 1. / 3}},
		{[]uint64{400_000, 599_900}, []float64{0.4, 0.5999}},
		{[]uint64{333_000, 333_000, 333_000}, []float64{0.333, 0.333, 0.333}},
		{[]uint64{400_000, 100_000}, []float64{0.8, 0.2}},
		{nil, []float64{}},
	} {
		if got := shares(c.weights); !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, want %v", c.weights, got, c.want)
		}
	}
}

func TestGrowthBookChooseVariation(t *testing.T) {
	for _, c := range readSDKCases(t).ChooseVariation {
		for version, hash := range sdkVersions {
			point := math.Round(c.fraction * float64(hash.buckets()))
			if got := growthBookRule(hash, "", c.ranges).choose(uint64(point)); got != c.want {
				t.Errorf("%s, version %d: %d, want %d", c.name, version, got, c.want)
			}
		}
	}
}

func TestGrowthBookInNamespace(t *testing.T) {
	for _, c := range readSDKCases(t).InNamespace {
		ask := namespace(c.namespace.name, c.namespace.limits)
		if got := ask.of(c.unit); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestBucketsAreThoseOfTheFloats: the whole buckets of a range are those that the SDK's comparison of floats finds one by one.
func TestBucketsAreThoseOfTheFloats(t *testing.T) {
	for n := 1; n <= 7; n++ {
		for coverage := range 101 {
			for _, l := range bucketRanges(n, float64(coverage)/100, nil) {
				s := l.buckets(1000)
				for b := range uint64(1000) {
					fraction := float64(b) / 1000
					if want := fraction >= l.from && fraction < l.to; s.holds(b) != want {
						t.Fatalf("bucket %d of %v: %v, want %v", b, l, !want, want)
					}
				}
			}
		}
	}
}

func (e *sdkExperiment) rule() *Rule {
	seed, coverage, ranges := e.Seed, 1.0, e.Ranges
	if seed == "" {
		seed = e.Key
	}
	if e.Coverage != nil {
		coverage = *e.Coverage
	}
	if ranges == nil {
		ranges = bucketRanges(len(e.Variations), coverage, e.Weights)
	}
	r := growthBookRule(sdkVersions[e.HashVersion], seed, ranges)
	if e.Namespace != nil {
		r.layer = namespace(e.Namespace.name, e.Namespace.limits)
	}
	return r
}

// otherFeatures are what makes a case of run one that is not about bucketing, by the key that asks for it.
var otherFeatures = map[string]string{
	"enabled": "switching the SDK off", "url": "overriding by query string", "forcedVariations": "forcing from the context",
	"qaMode": "the SDK's QA mode", "features": "prerequisite flags", "savedGroups": "saved groups",
	"force": "forcing from the experiment", "condition": "targeting in GrowthBook's own language", "active": "inactive experiments",
	"filters": "filters by ranges of several hashes", "parentConditions": "prerequisite flags",
}

func (c *runCase) otherFeature() string {
	keys := slices.Clone(c.experiment.keys)
	for key := range c.context {
		keys = append(keys, key)
	}
	slices.Sort(keys) // so that a case with two such keys always counts for the same
	for _, key := range keys {
		if why, ok := otherFeatures[key]; ok {
			return why
		}
	}
	if len(c.experiment.Variations) < 2 {
		return "experiments with one variant, which a definition cannot have"
	}
	return ""
}

func TestGrowthBookRun(t *testing.T) {
	ran, skipped := 0, map[string]int{}
	for _, c := range readSDKCases(t).Run {
		if why := c.otherFeature(); why != "" {
			skipped[why]++
			continue
		}
		ran++
		attributes, _ := c.context["attributes"].(map[string]any)
		unit, _ := attributes[c.experiment.HashAttribute].(string)
		out := c.experiment.rule().Assign(unit)
		if (out.Reason == Assigned) != c.in || c.in != c.hashed {
			t.Errorf("%s: %+v, want to take part: %v", c.name, out, c.in)
		}
		if c.in && !reflect.DeepEqual(c.experiment.Variations[max(out.Variant, 0)], c.want) {
			t.Errorf("%s: variation %d, want %v", c.name, out.Variant, c.want)
		}
	}
	t.Logf("%d cases of run; not about bucketing: %v", ran, skipped)
	if ran != 52 {
		t.Errorf("%d cases of run were tried, want 52", ran)
	}
}
