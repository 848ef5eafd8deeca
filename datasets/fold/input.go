package fold

import (
	"context"

	"liftgate/datasets"
	"liftgate/datasets/internal/depot"
)

// Input is what evidence is made of when all is read.
type Input struct {
	Query   *datasets.Query
	AsOf    *datasets.Instant // nil in a unit table
	Workers int
	// Members are the units of a partition. They are asked for once, by several workers.
	Members func(partition int) *Members
	Lines   []Lines                            // by value of the query; nil in a unit table
	Labels  [][]string                         // by attribute: the texts of the codes; code 0 is no text
	Listed  func(found int32) datasets.Cluster // what is known of a cluster beforehand; nil unless the query is clustered
	Depot   *depot.Depot                       // that the members lie in; nil: memory
	Units   *datasets.UnitValues               // takes the values of the units one by one; nil: nobody asks for them
}

// Lines says which timelines of the members tell of a value: of the rows that enter it, and of those that make it zero. -1: none, as it is
// known when the unit is exposed, or no row makes it zero.
type Lines struct{ Rows, Spares int }

// Into fills in what evidence says of units' values: the clusters, the rows of each unit, the blocks and the views.
func Into(ctx context.Context, ev *datasets.Evidence, in *Input) (err error) {
	f := newFold(in)
	ev.Exposure.Clusters = f.clusters()
	for i := range ev.Events {
		ev.Events[i].PerUnit = f.perUnit(i)
	}
	f.views = newViews(f, in.Labels, &ev.Exposure)
	if ev.Blocks, err = f.blocks(ctx); err != nil {
		return err
	}
	ev.Views = f.views.evidence()
	return nil
}
