package experiment

import "liftgate/datasets"

// defaultMaturity is the share of late outcomes that must be known when a definition does not say.
const defaultMaturity = 0.9

func (b *builder) delayed(n *node) *Delayed {
	d := &Delayed{
		Start:     b.keyed(n.child("start")),
		Failure:   b.keyed(n.child("failure")),
		Horizon:   or[datasets.Span](n, "horizon", 0),
		Maturity:  or(n.child("maturity"), "share", defaultMaturity),
		DecidesOn: or(n, "decides_on", "per_order"),
	}
	competing, _ := get[[]any](n, "competing")
	for _, item := range competing {
		d.Competing = append(d.Competing, b.keyed(item.(*node)))
	}
	if h := n.child("horizon"); h != nil && h.value != nil && d.Horizon <= 0 {
		b.fail(h, "the horizon must be longer than nothing, such as 120d")
	}
	if b.unitTable() {
		b.fail(n.child("type"), "a delayed metric needs events: a unit table has none")
	}
	return d
}

func (b *builder) keyed(n *node) KeyedRows {
	if n == nil || n.value == nil {
		return KeyedRows{}
	}
	return KeyedRows{Rows: b.rows(n), Key: or(n, "key", "")}
}
