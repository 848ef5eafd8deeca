package columnar

import (
	"context"

	"liftgate/datasets"
	"liftgate/datasets/internal/depot"
)

// foldInput is what evidence is made of when all is read.
type foldInput struct {
	query   *datasets.Query
	asOf    *datasets.Instant // nil in a unit table
	workers int
	// members are the units of a partition. They are asked for once, by several workers.
	members func(partition int) *members
	lineOf  []lineOf                           // by value of the query; nil in a unit table
	labels  [][]string                         // by attribute: the texts of the codes; code 0 is no text
	listed  func(found int32) datasets.Cluster // what is known of a cluster beforehand; nil unless the query is clustered
	depot   *depot.Depot                       // that the members lie in; nil: memory
	units   *datasets.UnitValues               // takes the values of the units one by one; nil: nobody asks for them
}

// lineOf says which timelines of the members tell of a value: of the rows that enter it, and of those that make it zero. -1: none, as it is
// known when the unit is exposed, or no row makes it zero.
type lineOf struct{ rows, spares int }

// foldInto fills in what evidence says of units' values: the clusters, the rows of each unit, the blocks and the views.
func foldInto(ctx context.Context, ev *datasets.Evidence, in *foldInput) (err error) {
	f := newFold(in)
	ev.Exposure.Clusters = f.clusters()
	for i := range ev.Events {
		ev.Events[i].PerUnit = f.perUnit(i)
	}
	f.views = newViews(f, in.labels, &ev.Exposure)
	if ev.Blocks, err = f.blocks(ctx); err != nil {
		return err
	}
	ev.Views = f.views.evidence()
	return nil
}
