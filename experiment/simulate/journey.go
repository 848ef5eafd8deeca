package simulate

import (
	"math"

	"liftgate/datasets"
)

// journey is one visit on its way from cart to order under the effect of a variant.
type journey struct {
	log
	who  *shopper
	shop *merchant
	effect
	now datasets.Instant
}

// walk appends the events of a visit that begins at the cart at the given time.
func (c *crowd) walk(who int, visit int, at datasets.Instant, e effect) {
	s := &c.shoppers[who]
	j := &journey{
		log:    log{crowd: c, index: int32(who), visit: uint16(visit), fate: s.fate.child(uint64(visit))},
		who:    s,
		shop:   &c.market.merchants[s.merchant],
		effect: e, now: at,
	}
	if !j.fate.happens(startsCheckout, logistic(-0.45+j.shop.conversion+s.intent-mobilePenalty(s))) {
		return
	}
	j.later(5, startTime)
	j.add(j.now, checkoutStarted)
	j.showAmazonPay()
	switch method := j.method(); method {
	case noMethod:
	case amazonPay:
		j.payWithAmazon()
	default:
		j.later(40, chooseTime)
		j.confirm(method)
	}
}

func mobilePenalty(s *shopper) float64 {
	if devices[s.device] == "mobile" {
		return 0.25
	}
	return 0
}

// later moves the clock by a time that is exponential with the given mean in seconds.
func (j *journey) later(mean float64, k draw) {
	j.now = j.now.Add(seconds(0.2 - mean*math.Log(j.fate.uniform(k))))
}

func (j *journey) showAmazonPay() {
	j.add(j.now, amazonPayShown)
	r := j.add(j.now.Add(seconds(0.05)), apiCall)
	r.latency = int32(80 * math.Exp(0.5*j.fate.normal(apiLatency)))
	if j.fate.happens(apiFails, 0.004) {
		j.add(j.now.Add(seconds(0.1)), apiError)
	}
}

// method is how the shopper wants to pay, noMethod for one who leaves. The variant draws shoppers to Amazon Pay, some from
// leaving and the rest from other methods, so both the attraction and the share that is truly new are what the scenario
// says, up to the limits of probability.
func (j *journey) method() uint8 {
	leave := logistic(-0.9 - 0.5*j.shop.conversion - 0.6*j.who.intent)
	weights := j.weights()
	total := weights[3]
	u := j.fate.uniform(choosesMethod)
	preferred := uint8(noMethod)
	if u >= leave {
		preferred = uint8(card + pick(weights[:], (u-leave)/(1-leave)))
	}
	drawn := j.attraction * j.shop.sensitivity
	others := (1 - leave) * weights[2] / total
	switch {
	case preferred == amazonPay || drawn == 0:
	case preferred == noMethod && j.fate.happens(switchesMethod, drawn*j.incremental/leave),
		preferred != noMethod && j.fate.happens(switchesMethod, drawn*(1-j.incremental)/others):
		return amazonPay
	}
	return preferred
}

// weights are the cumulative weights of card, PayPal, Apple Pay and Amazon Pay.
func (j *journey) weights() [4]float64 {
	apple := 0.05
	if devices[j.who.device] == "mobile" {
		apple = 0.15
	}
	w := [4]float64{0.52, 0.52 + 0.22, 0.52 + 0.22 + apple}
	w[3] = w[2] + 0.2*math.Exp(j.shop.affinity+j.who.affinity-0.3)
	return w
}

func (j *journey) payWithAmazon() {
	j.later(15, chooseTime)
	j.add(j.now, amazonPayClicked).method = amazonPay
	j.later(20, loginTime)
	if j.fate.happens(loginFails, 0.03+j.loginFailure) {
		j.add(j.now, loginFailed).method = amazonPay
		j.afterFailedLogin()
		return
	}
	j.add(j.now, loginCompleted).method = amazonPay
	j.confirm(amazonPay)
}

func (j *journey) afterFailedLogin() {
	if j.fate.happens(contacts, 0.06) {
		j.add(j.now.Add(days(j.fate.uniform(contactTime))), supportContact)
	}
	if j.fate.happens(fallsBack, 0.45) {
		j.later(30, fallbackTime)
		j.confirm(card)
		return
	}
	j.cancel(amazonCanceled)
}

// confirm is the last decision of the shopper. Only Amazon Pay logs it: what happens on other methods' pages is not seen.
func (j *journey) confirm(method uint8) {
	j.later(25, confirmTime)
	if !j.fate.happens(confirms, 0.955) {
		reason := uint8(buyerCanceled)
		if j.fate.happens(cancelReason, 0.3) {
			reason = expired
			j.now = j.now.Add(datasets.Hour / 2)
		}
		j.cancelAs(method, reason)
		return
	}
	if method == amazonPay {
		r := j.add(j.now, paymentConfirmed)
		r.method, r.latency = method, int32(850*math.Exp(0.45*j.fate.normal(confirmLatency)+j.latency))
	}
	j.charge(method)
}

func (j *journey) cancel(reason uint8) { j.cancelAs(amazonPay, reason) }

// cancelAs ends an Amazon Pay session; other methods end without an event.
func (j *journey) cancelAs(method, reason uint8) {
	if method != amazonPay {
		return
	}
	r := j.add(j.now, sessionCanceled)
	r.method, r.reason = method, reason
}
