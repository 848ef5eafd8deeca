package simulate

import (
	"fmt"
	"math"
)

// merchantCount and the Zipf-Mandelbrot head give the largest merchant 3 % of the shoppers and half of them to the largest 130.
const (
	merchantCount = 5000
	zipfHead      = 4.0
)

// merchant is a shop with its own habits. They make shoppers of one merchant alike: the source of intra-cluster correlation.
type merchant struct {
	country     int
	platform    int
	conversion  float64    // log-odds of starting a checkout, against the average merchant
	basket      float64    // log of the order value, against the average merchant
	affinity    float64    // log of Amazon Pay's weight among the methods
	trust       float64    // log-odds of authorization
	sensitivity float64    // factor on the treatment's attraction, 1 on average
	noise       [3]float64 // of what a list says about it
}

// market is the scenario's fixed merchants.
type market struct {
	merchants []merchant
	ids       []string
	size      []float64 // cumulative share of shoppers
	abroad    float64   // share of shoppers who may be of another country
}

func newMarket(s *scenario) *market {
	m := &market{merchants: make([]merchant, merchantCount), ids: make([]string, merchantCount), abroad: 0.12}
	weights := make([]float64, merchantCount)
	family := fateOf("merchants of " + s.name)
	for i := range m.merchants {
		f := family.child(uint64(i))
		weights[i] = 1 / (float64(i) + zipfHead)
		m.ids[i] = fmt.Sprintf("m%04d", i+1)
		m.merchants[i] = merchant{
			country:     pick(countryShares, f.uniform(merchantCountry)),
			platform:    pick(platformShares, f.uniform(merchantPlatform)),
			conversion:  0.35 * f.normal(merchantConversion),
			basket:      0.5 * f.normal(merchantBasket),
			affinity:    0.4 * f.normal(merchantAffinity),
			trust:       0.3 * f.normal(merchantTrust),
			sensitivity: math.Exp(0.25*f.normal(merchantSensitivity) - 0.25*0.25/2),
			noise:       [3]float64{f.normal(merchantNoise), f.normal(merchantNoise + 1), f.normal(merchantNoise + 2)},
		}
	}
	m.size = cumulate(weights)
	return m
}
