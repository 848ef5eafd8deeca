package columnar_test

import (
	"fmt"
	"testing"

	"liftgate/datasets"
	"liftgate/datasets/bucket"
	"liftgate/datasets/expr"
	"liftgate/datasets/sourcetest"
)

// onRoster compares the shops with a list of shops, of which some are right, and lets those count that were met in one country at first.
func onRoster(query makeQuery) makeQuery {
	return func(t testing.TB, d sourcetest.Data) *datasets.Query {
		q := query(t, d)
		q.Roster = &datasets.Roster{}
		for i := range 70 {
			q.Roster.Keys = append(q.Roster.Keys, fmt.Sprint("shop-", i))
			q.Roster.Variants = append(q.Roster.Variants, i*5%3-1)
			q.Roster.Blocks = append(q.Roster.Blocks, i/4)
			var balance []float64
			if q.Roster.Variants[i] >= 0 {
				balance = []float64{float64(i), 1 / float64(i+1)}
			}
			q.Roster.Balance = append(q.Roster.Balance, balance)
		}
		q.Eligible = bound(t, d.Tables[0], &expr.Node{Op: expr.Ne, Args: []*expr.Node{
			{Op: expr.Column, Name: "country"}, {Op: expr.Literal, Value: expr.TextValue("DE")},
		}}, expr.Bool)
		return q
	}
}

func TestRostersThatNoDataCanBeComparedWith(t *testing.T) {
	d := inShops(shop(6, 10, 10))
	for _, table := range d.Tables {
		newShape(1, "csv", table).write(t, table)
	}
	for want, spoil := range map[string]func(q *datasets.Query){
		"a plan and a roster": func(q *datasets.Query) { q.Plan = &bucket.Plan{} },
		"69 variants":         func(q *datasets.Query) { q.Roster.Variants = q.Roster.Variants[1:] },
		"69 blocks":           func(q *datasets.Query) { q.Roster.Blocks = q.Roster.Blocks[1:] },
		"69 balances":         func(q *datasets.Query) { q.Roster.Balance = q.Roster.Balance[1:] },
		`key "shop-2" is`:     func(q *datasets.Query) { q.Roster.Keys[3] = "shop-2" },
		`key "" is empty`:     func(q *datasets.Query) { q.Roster.Keys[3] = "" },
		`"shop-3" variant 2`:  func(q *datasets.Query) { q.Roster.Variants[3] = 2 },
		`of 2 in block -1`:    func(q *datasets.Query) { q.Roster.Blocks[4] = -1 },
		"1 balanced numbers":  func(q *datasets.Query) { q.Roster.Balance[4] = []float64{1} },
		"0 balanced numbers":  func(q *datasets.Query) { q.Roster.Balance[4] = nil },
		`"shop-3" variant -2`: func(q *datasets.Query) { q.Roster.Variants[3] = -2 },
	} {
		q := onRoster(clustered(shopQuery))(t, d)
		spoil(q)
		expectProblem(t, q, want)
	}
}
