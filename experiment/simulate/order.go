package simulate

import (
	"math"

	"liftgate/datasets"
)

// charge tries to take the money, once more when the first attempt is declined and the shopper does not give up.
func (j *journey) charge(method uint8) {
	value := cents(42 * math.Exp(j.shop.basket+j.who.basket+0.5*j.fate.normal(orderValue)))
	odds := 3.2 + j.shop.trust - 0.5*j.who.risk
	if method == amazonPay {
		odds += 0.35 + j.authorization
	}
	if j.attempt(method, value, j.fate.happens(authorizes, logistic(odds))) {
		j.capture(method, value)
		return
	}
	if j.fate.happens(retries, 0.4) {
		j.now = j.now.Add(seconds(60))
		if j.attempt(method, value, j.fate.happens(retryAuthorizes, 0.6)) {
			j.capture(method, value)
			return
		}
	}
	j.cancelAs(method, declined)
}

func (j *journey) attempt(method uint8, value float64, ok bool) bool {
	j.now = j.now.Add(seconds(1))
	j.addOrder(j.now, chargeAttempted, method, value)
	j.now = j.now.Add(seconds(1))
	if ok {
		j.addOrder(j.now, chargeAuthorized, method, value)
		return true
	}
	j.addOrder(j.now, chargeDeclined, method, value).reason = insufficientFunds + uint8(4*j.fate.uniform(declineReason))
	return false
}

// capture books the order: most within minutes, the rest when the goods are shipped.
func (j *journey) capture(method uint8, value float64) {
	if j.fate.happens(captureDelayed, 0.1) {
		j.now = j.now.Add(days(0.2 + 1.5*j.fate.uniform(captureTime)))
	} else {
		j.later(30, captureTime)
	}
	j.addOrder(j.now, orderCaptured, method, value)
	paid := j.now.Add(days(1 + 5*j.fate.uniform(paidTime)))
	j.addOrder(paid, merchantPaid, method, cents(value*0.971))
	if j.fate.happens(contacts, 0.012) {
		j.add(j.now.Add(days(10*j.fate.uniform(contactTime))), supportContact)
	}
	j.giveBack(method, value)
	j.lose(method, value)
}

func (j *journey) giveBack(method uint8, value float64) {
	if !j.fate.happens(refunds, 0.06) {
		return
	}
	if j.fate.happens(refundPartly, 0.3) {
		value *= j.fate.uniform(refundShare)
	}
	j.addOrder(j.delayed(refundTime, 9, 0.8, 60), refund, method, cents(value))
}

// lose adds what may go wrong with an order later: fraud, chargebacks, claims under the A-to-z guarantee. A chargeback follows
// most frauds.
func (j *journey) lose(method uint8, value float64) {
	shift := 0.7 * j.who.risk
	if method == amazonPay {
		shift += j.dispute - 0.3
	}
	fraud := j.fate.happens(defrauded, logistic(-7.1+shift))
	if fraud {
		j.addOrder(j.delayed(fraudTime, 18, 0.9, 120), fraudReported, method, value)
	}
	odds := -6.3 + shift
	if fraud {
		odds = 0.5
	}
	switch {
	case j.fate.happens(disputes, logistic(odds)):
		j.contest(method, value, chargeback, j.delayed(disputeTime, 34, 0.55, 120))
	case method == amazonPay && j.fate.happens(claims, logistic(-6.2+shift)):
		j.contest(method, value, aToZ, j.delayed(claimTime, 20, 0.6, 75))
	}
}

func (j *journey) contest(method uint8, value float64, kind uint8, at datasets.Instant) {
	r := j.addOrder(at, disputeOpened, method, value)
	r.kind = kind
	r = j.addOrder(at.Add(days(5+40*j.fate.uniform(resolveTime))), disputeResolved, method, value)
	r.kind, r.outcome = kind, lost
	if j.fate.happens(resolveOutcome, 0.35) {
		r.outcome = won
	}
}

// delayed is the time of a late outcome: log-normal after the order with the given median in days, truncated (not clipped)
// at the most days.
func (j *journey) delayed(k draw, median, sigma, most float64) datasets.Instant {
	reach := normalCDF(math.Log(most/median) / sigma)
	z := math.Sqrt2 * math.Erfinv(2*reach*j.fate.uniform(k)-1)
	return j.now.Add(days(median * math.Exp(sigma*z)))
}

func normalCDF(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }
