package simulate

import (
	"math"

	"liftgate/datasets"
)

// shopper is one shopper at one merchant: what lasts from visit to visit, so that a shopper's past tells about the future.
type shopper struct {
	fate     fate
	id       uint64 // printed in hexadecimal
	merchant int
	country  int
	device   int
	rate     float64 // visits a day
	intent   float64 // log-odds of starting and finishing a checkout
	basket   float64 // log of the order value
	affinity float64 // log of Amazon Pay's weight among the methods
	risk     float64 // standard normal; high means declines, fraud and disputes

	exposed datasets.Instant // first exposure, notExposed without one
	variant int              // of the definition, noVariant for a shopper who is not exposed
}

const (
	notExposed = datasets.Instant(math.MaxInt64)
	noVariant  = -1
)

// newShopper derives a shopper from a fate and the uniform number that chooses the merchant.
func (m *market) newShopper(f fate, at float64) shopper {
	home := pick(m.size, at)
	s := shopper{
		fate: f, id: uint64(f), merchant: home,
		country:  m.merchants[home].country,
		device:   pick(deviceShares, f.uniform(shopperDevice)),
		rate:     0.06 * math.Exp(1.1*f.normal(shopperRate)-1.1*1.1/2),
		intent:   1.1 * f.normal(shopperIntent),
		basket:   0.6 * f.normal(shopperBasket),
		affinity: 0.7 * f.normal(shopperAffinity),
		risk:     f.normal(shopperRisk),
		exposed:  notExposed, variant: noVariant,
	}
	if f.happens(shopperAbroad, m.abroad) {
		s.country = pick(countryShares, f.uniform(shopperCountry))
	}
	return s
}
