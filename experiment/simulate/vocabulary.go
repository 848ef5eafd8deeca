package simulate

// The words of the rows. Code 0 of the lists that start with an empty word is null.
var (
	countries      = []string{"US", "DE", "GB", "JP", "FR", "IT", "ES", "CA"}
	countryShares  = cumulate([]float64{40, 16, 14, 10, 7, 5, 4, 4})
	devices        = []string{"mobile", "desktop", "tablet"}
	deviceShares   = cumulate([]float64{60, 35, 5})
	platforms      = []string{"shopify", "woocommerce", "magento", "bigcommerce", "custom"}
	platformShares = cumulate([]float64{36, 24, 16, 10, 14})

	events = []string{
		"checkout_started", "amazon_pay_shown", "amazon_pay_clicked", "login_completed", "login_failed",
		"payment_confirmed", "session_canceled", "charge_attempted", "charge_authorized", "charge_declined", "order_captured",
		"refund", "dispute_opened", "dispute_resolved", "fraud_reported", "merchant_paid", "support_contact", "api_call", "api_error",
	}
	methods = []string{"", "card", "paypal", "apple_pay", "amazon_pay"}
	reasons = []string{
		"", "BuyerCanceled", "Expired", "AmazonCanceled", "Declined",
		"insufficient_funds", "issuer_declined", "suspected_fraud", "processor_error",
	}
	kinds    = []string{"", "chargeback", "a_to_z"}
	outcomes = []string{"", "won", "lost"}
)

// Codes into events, in its order.
const (
	checkoutStarted = iota
	amazonPayShown
	amazonPayClicked
	loginCompleted
	loginFailed
	paymentConfirmed
	sessionCanceled
	chargeAttempted
	chargeAuthorized
	chargeDeclined
	orderCaptured
	refund
	disputeOpened
	disputeResolved
	fraudReported
	merchantPaid
	supportContact
	apiCall
	apiError
)

// Codes into methods, reasons, kinds and outcomes.
const (
	noMethod = iota
	card
	paypal
	applePay
	amazonPay
)

const (
	noReason = iota
	buyerCanceled
	expired
	amazonCanceled
	declined
	insufficientFunds // the first of four reasons of a charge_declined
)

const (
	noKind = iota
	chargeback
	aToZ
)

const (
	noOutcome = iota
	won
	lost
)

// draw numbers a decision of a fate.
type draw uint64

const (
	merchantCountry draw = iota
	merchantPlatform
	merchantConversion
	merchantBasket
	merchantAffinity
	merchantTrust
	merchantSensitivity
	merchantNoise // the first of three: keep it last
)

const (
	shopperMerchant draw = iota
	shopperAbroad
	shopperCountry
	shopperDevice
	shopperRate
	shopperIntent
	shopperBasket
	shopperAffinity
	shopperRisk
	shopperVisits
	shopperVisitTime // the first of as many as there are visits: keep it last
)

const (
	startsCheckout draw = iota
	startTime
	choosesMethod
	switchesMethod
	chooseTime
	apiLatency
	apiFails
	loginFails
	loginTime
	fallsBack
	fallbackTime
	confirms
	confirmTime
	confirmLatency
	cancelReason
	authorizes
	declineReason
	retries
	retryAuthorizes
	orderValue
	captureDelayed
	captureTime
	paidTime
	refunds
	refundPartly
	refundShare
	refundTime
	defrauded
	fraudTime
	disputes
	disputeTime
	claims
	claimTime
	resolveTime
	resolveOutcome
	contacts
	contactTime
	exposureLag
	arrivesLate
	arrivalLag // the first of as many as there are rows: keep it last
)
