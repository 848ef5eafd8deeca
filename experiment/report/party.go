package report

import "slices"

// party is a stakeholder and how its metrics fare.
type party struct {
	Name, Title, Wants string
	Tally              []tally
	Metrics            []metricRows
}

// tally counts rows with the same verdict.
type tally struct {
	mark
	Count int
}

var stakeholders = []struct{ Name, Title, Wants string }{
	{"shopper", "Shoppers", "want to pay fast and safely."},
	{"merchant", "Merchants", "want conversion, fewer abandoned carts, and their money on time."},
	{"amazon", "Amazon", "wants payment volume and reach."},
	{"platform", "Platforms", "want something good to offer their merchants."},
}

// parties are the stakeholders that a metric is declared for.
func parties(s *scorecard) []party {
	var out []party
	for _, who := range stakeholders {
		p := party{Name: who.Name, Title: who.Title, Wants: who.Wants}
		for _, t := range s.Tiers {
			for _, m := range t.Metrics {
				if slices.Contains(m.metric.Stakeholders, who.Name) {
					p.Metrics = append(p.Metrics, m)
				}
			}
		}
		if len(p.Metrics) > 0 {
			p.Tally = tallies(p.Metrics)
			out = append(out, p)
		}
	}
	return out
}

// tallies counts verdicts, what needs attention first.
func tallies(metrics []metricRows) []tally {
	var out []tally
	for _, m := range metrics {
		for _, r := range m.Rows {
			i := slices.IndexFunc(out, func(t tally) bool { return t.mark == r.Mark })
			if i < 0 {
				out = append(out, tally{mark: r.Mark})
				i = len(out) - 1
			}
			out[i].Count++
		}
	}
	order := map[tone]int{bad: 0, open: 1, good: 2, neutral: 3}
	slices.SortStableFunc(out, func(a, b tally) int { return order[a.Tone] - order[b.Tone] })
	return out
}
