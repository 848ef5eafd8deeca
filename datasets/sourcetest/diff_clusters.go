package sourcetest

import (
	"slices"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"liftgate/datasets"
	"liftgate/stats"
)

// inOrderOf gives got with its clusters in the order of want's as far as they can be told to be the same ones: the order within a
// variant depends on a source's hashing.
func inOrderOf(want, got *datasets.Evidence) *datasets.Evidence {
	if len(want.Exposure.Clusters) != len(got.Exposure.Clusters) || len(want.Blocks) != len(got.Blocks) {
		return got
	}
	left := make([]int, len(got.Exposure.Clusters))
	for i := range left {
		left[i] = i
	}
	order := make([]int, 0, len(left))
	for i := range want.Exposure.Clusters {
		at := slices.IndexFunc(left, func(j int) bool { return sameCluster(want, i, got, j) })
		if at < 0 {
			return got
		}
		order = append(order, left[at])
		left = slices.Delete(left, at, at+1)
	}
	out := *got
	out.Exposure.Clusters = inOrder(got.Exposure.Clusters, order)
	out.Views = viewsInOrder(got.Views, order)
	out.Blocks = slices.Clone(got.Blocks)
	for b := range out.Blocks {
		if c := out.Blocks[b].Clusters; c != nil {
			out.Blocks[b].Clusters = &datasets.ClusterMoments{
				Total: inOrder(c.Total, order), Uncapped: inOrder(c.Uncapped, order), WithoutTop: inOrder(c.WithoutTop, order),
			}
		}
	}
	return &out
}

func inOrder[T any](all []T, order []int) []T {
	if len(all) != len(order) {
		return all
	}
	var out []T
	for _, i := range order {
		out = append(out, all[i])
	}
	return out
}

// sameCluster compares all that is known of cluster i with all that is known of cluster j.
func sameCluster(want *datasets.Evidence, i int, got *datasets.Evidence, j int) bool {
	if !cmp.Equal(want.Exposure.Clusters[i], got.Exposure.Clusters[j], cmpopts.EquateEmpty()) {
		return false
	}
	if !sameInViews(want.Views, i, got.Views, j) {
		return false
	}
	for b := range want.Blocks {
		w, g := want.Blocks[b].Clusters, got.Blocks[b].Clusters
		if (w == nil) != (g == nil) {
			return false
		}
		if w != nil && !(sameAt(w.Total, i, g.Total, j) && sameAt(w.Uncapped, i, g.Uncapped, j) && sameAt(w.WithoutTop, i, g.WithoutTop, j)) {
			return false
		}
	}
	return true
}

func sameAt(want []stats.Moments, i int, got []stats.Moments, j int) bool {
	if i >= len(want) || j >= len(got) {
		return len(want) == len(got)
	}
	return sameMoments(want[i], got[j])
}
