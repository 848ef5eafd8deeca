package simulate

import (
	"math"
	"strconv"

	"liftgate/datasets"
	"liftgate/datasets/expr"
)

// column is one column of the log. Exactly one of its functions is set, and says what its type is.
type column struct {
	words  func(c *crowd) []string                 // what code indexes; an empty first word is null
	code   func(c *crowd, r *row) int              // a text out of few
	text   func(b []byte, c *crowd, r *row) []byte // a text of its own; appends nothing for null
	number func(r *row) float64                    // NaN is null
	whole  func(r *row) int64                      // negative is null
	time   func(r *row) datasets.Instant

	required bool // never null
	ofEvent  bool // depends on the codes of the event alone, not on the shopper
}

// columns are the columns that every log can have, by name.
var columns = map[string]*column{
	"shopper_id":  shopperID,
	"merchant_id": merchantID,
	"ts":          timeColumn,
	"event":       {words: list(events), code: func(_ *crowd, r *row) int { return int(r.event) }, required: true, ofEvent: true},
	"method":      {words: list(methods), code: func(_ *crowd, r *row) int { return int(r.method) }, ofEvent: true},
	"reason":      {words: list(reasons), code: func(_ *crowd, r *row) int { return int(r.reason) }, ofEvent: true},
	"kind":        {words: list(kinds), code: func(_ *crowd, r *row) int { return int(r.kind) }, ofEvent: true},
	"outcome":     {words: list(outcomes), code: func(_ *crowd, r *row) int { return int(r.outcome) }, ofEvent: true},
	"value":       {number: func(r *row) float64 { return r.value }},
	"latency_ms":  {whole: func(r *row) int64 { return int64(r.latency) }},
	"session_id":  {text: sessionID, required: true},
	"order_id":    {text: orderID},
	"country":     {words: list(countries), code: func(c *crowd, r *row) int { return c.shoppers[r.shopper].country }, required: true},
	"device":      {words: list(devices), code: func(c *crowd, r *row) int { return c.shoppers[r.shopper].device }, required: true},
	"platform":    {words: list(platforms), code: platformOf, required: true},
}

// vocabulary is the order of the columns of events.
var vocabulary = []string{
	"shopper_id", "merchant_id", "session_id", "order_id", "ts", "event", "method", "reason", "value", "latency_ms", "kind", "outcome",
	"country", "device", "platform",
}

var (
	shopperID = &column{text: func(b []byte, c *crowd, r *row) []byte {
		return appendHex(append(b, 's'), c.shoppers[r.shopper].id)
	}, required: true}
	merchantID = &column{
		words: func(c *crowd) []string { return c.market.ids },
		code:  func(c *crowd, r *row) int { return c.shoppers[r.shopper].merchant }, required: true,
	}
	timeColumn = &column{time: func(r *row) datasets.Instant { return r.at }, required: true}
)

// variantColumn is the variant of an exposure.
func variantColumn(names []string) *column {
	return &column{words: list(names), code: func(c *crowd, r *row) int { return c.shoppers[r.shopper].variant }, required: true}
}

func list(words []string) func(*crowd) []string { return func(*crowd) []string { return words } }

func platformOf(c *crowd, r *row) int {
	return c.market.merchants[c.shoppers[r.shopper].merchant].platform
}

func sessionID(b []byte, c *crowd, r *row) []byte {
	b = appendHex(append(b, 'v'), uint64(c.shoppers[r.shopper].fate))
	return strconv.AppendUint(append(b, '-'), uint64(r.visit), 10)
}

func orderID(b []byte, c *crowd, r *row) []byte {
	if !r.ordered {
		return b
	}
	b = appendHex(append(b, 'o'), uint64(c.shoppers[r.shopper].fate))
	return strconv.AppendUint(append(b, '-'), uint64(r.visit), 10)
}

func appendHex(b []byte, id uint64) []byte {
	const digits = "0123456789abcdef"
	for shift := 60; shift >= 0; shift -= 4 {
		b = append(b, digits[id>>shift&15])
	}
	return b
}

// kind is the type that conditions see.
func (c *column) kind() expr.Type {
	switch {
	case c.time != nil:
		return expr.Time
	case c.number != nil, c.whole != nil:
		return expr.Number
	}
	return expr.Text
}

// cell is what a condition reads from a row.
func (c *column) cell(of *crowd, r *row) expr.Value {
	switch {
	case c.time != nil:
		return expr.TimeValue(int64(c.time(r)))
	case c.whole != nil:
		if v := c.whole(r); v >= 0 {
			return expr.IntValue(v)
		}
	case c.number != nil:
		if v := c.number(r); !math.IsNaN(v) {
			return expr.FloatValue(v)
		}
	case c.code != nil:
		if word := c.words(of)[c.code(of, r)]; word != "" {
			return expr.TextValue(word)
		}
	default:
		if b := c.text(nil, of, r); len(b) > 0 {
			return expr.TextValue(string(b))
		}
	}
	return expr.Value{}
}
