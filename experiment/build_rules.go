package experiment

import "liftgate/datasets"

func (b *builder) decision(n *node) {
	b.d.Decision = Decision{
		Alpha:     or(n, "alpha", 0.05),
		Power:     or(n, "power", 0.8),
		MinDays:   int(or(n, "min_days", int64(7))),
		HarmAlpha: or(n, "harm_alpha", 0.01),
	}
	if m, ok := get[*node](n, "risk_budget"); ok {
		b.d.Decision.RiskBudget = &Money{Amount: or(m, "amount", 0.0), Currency: or(m, "currency", "")}
	}
}

func (b *builder) monitoring(n *node) {
	m := &b.d.Monitoring
	m.Method = or(n, "method", "fixed")
	m.Spending = or(n, "spending", "")
	looks, _ := get[[]any](n, "looks")
	for i, v := range looks {
		look := v.(datasets.Span)
		if look <= 0 || i > 0 && look <= m.Looks[i-1] {
			b.fail(n.child("looks"), "looks must be after the start and in order, each later than the one before")
			break
		}
		m.Looks = append(m.Looks, look)
	}
	if m.Method == "group-sequential" {
		if m.Spending == "" {
			m.Spending = "obrien-fleming"
		}
		if n.child("looks") == nil {
			b.suggest(n, "add looks: [7d, 14d, 28d]", "group-sequential monitoring needs its looks")
		}
		return
	}
	b.onlyWith(n, "method: group-sequential", "spending", "looks")
}
