package design

import (
	"context"
	"fmt"
	"math/rand/v2"

	"liftgate/datasets/expr"
	"liftgate/experiment"
	"liftgate/experiment/assignment"
)

// Merchant is one row of the list that a design assigns. Attributes are all that the definition names: those of the eligibility
// condition, strata and balance variables. One that is missing is null; one that no merchant has is an error.
type Merchant struct {
	Key        string
	Attributes map[string]expr.Value
}

// Draw assigns a list of merchants by the definition's design. It depends on the definition and the list only, not on the list's order.
//
// Errors: an [experiment.Problems] for what the definition cannot ask of any list; otherwise one that names the merchant and the
// attribute, or says what the list lacks; that of a context which ends.
func Draw(ctx context.Context, d *experiment.Definition, list []Merchant) (*assignment.Record, error) {
	r, err := readList(d, list)
	if err != nil {
		return nil, err
	}
	if err := r.draw(ctx); err != nil {
		return nil, err
	}
	if r.record.Report, err = r.report(); err != nil {
		return nil, err
	}
	return r.record, nil
}

func (r *roll) draw(ctx context.Context) (err error) {
	rng := rand.New(rand.NewPCG(uint64(r.design.Seed), 0))
	switch r.design.Method {
	case "stratified":
		r.deal(rng)
	case "paired":
		err = r.drawPaired(ctx, rng)
	case "rerandomized":
		err = r.drawBalanced(ctx, rng)
	default:
		err = fmt.Errorf("%s.method: there is no %q", r.design.Path, r.design.Method)
	}
	if err == nil {
		r.fill()
	}
	return err
}
