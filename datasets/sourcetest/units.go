package sourcetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"liftgate/datasets"
	"liftgate/stats"
)

// RunUnits holds a source that gives single units, as a datasets.UnitSource, to the rules of that.
func RunUnits(t *testing.T, open Open) {
	t.Run("rules", func(t *testing.T) {
		for _, c := range allCases() {
			t.Run(c.name, func(t *testing.T) {
				d, q := c.build(t)
				if difference := compareUnits(t, open(t, d), q, d); difference != "" {
					t.Fatalf("%s\n%s", difference, describe(d, q))
				}
			})
		}
	})
	t.Run("random", func(t *testing.T) {
		rapid.Check(t, func(rt *rapid.T) {
			c := randomCases.Draw(rt, "case")
			if difference := compareUnits(t, open(t, c.data), c.query, c.data); difference != "" {
				rt.Fatal(difference)
			}
		})
	})
}

// compareUnits says how the units of a source differ from those of the reference, or contradict the source's own evidence.
func compareUnits(t *testing.T, source datasets.Source, q *datasets.Query, d Data) string {
	s, ok := source.(datasets.UnitSource)
	if !ok {
		return fmt.Sprintf("%T gives no units", source)
	}
	want, wantErr := referenceUnits(q, d)
	got, gotErr := s.Units(t.Context(), q)
	switch {
	case (wantErr == nil) != (gotErr == nil):
		return fmt.Sprintf("error %v, want %v", gotErr, wantErr)
	case wantErr != nil:
		return ""
	}
	if diff := Diff(want.Evidence, got.Evidence); diff != "" {
		return "the evidence beside the units differs (-want +got):\n" + diff
	}
	if diff := cmp.Diff(printed(want), printed(got)); diff != "" {
		return "units differ from the reference (-want +got):\n" + diff
	}
	return contradiction(q, got)
}

// printed are units as text, in an order that does not depend on that of their keys.
func printed(u *datasets.UnitValues) []string {
	rows := make([]map[int][]float64, len(u.Blocks))
	for b := range u.Blocks {
		rows[b] = map[int][]float64{}
		for i, x := range u.Blocks[b].Rows {
			rows[b][int(u.Blocks[b].RowUnits[i])] = append(rows[b][int(u.Blocks[b].RowUnits[i])], x)
		}
	}
	out := make([]string, len(u.Variants))
	for i, v := range u.Variants {
		var line strings.Builder
		fmt.Fprintf(&line, "variant %d", v)
		for b := range u.Blocks {
			if !u.Blocks[b].Has(i) {
				line.WriteString(" | absent")
				continue
			}
			line.WriteString(" |")
			for _, column := range u.Blocks[b].Columns {
				fmt.Fprintf(&line, " %.9g", unsigned(column[i]))
			}
			slices.Sort(rows[b][i])
			for _, x := range rows[b][i] {
				fmt.Fprintf(&line, " row %.9g", unsigned(x))
			}
		}
		out[i] = line.String()
	}
	slices.Sort(out)
	return out
}

// unsigned gives zero one sign.
func unsigned(x float64) float64 {
	if x == 0 {
		return 0
	}
	return x
}

// contradiction says where moments over units are not those of the evidence.
func contradiction(q *datasets.Query, u *datasets.UnitValues) string {
	for b := range q.Blocks {
		ev := &u.Evidence.Blocks[b]
		if q.Blocks[b].Quantile != nil || ev.Failed != "" {
			continue
		}
		byVariant := grouped(&u.Blocks[b], u.Variants, len(q.Variants))
		if diff := cmp.Diff(ev.Total, byVariant, comparing()); diff != "" {
			return fmt.Sprintf("%s: moments over the units are not those of the evidence (-evidence +units):\n%s", ev.Metric, diff)
		}
		if !q.Clustered {
			continue
		}
		byCluster := grouped(&u.Blocks[b], u.Clusters, len(u.Evidence.Exposure.Clusters))
		if diff := cmp.Diff(ev.Clusters.Total, byCluster, comparing()); diff != "" {
			return fmt.Sprintf("%s: moments over the units of clusters are not those of the evidence (-evidence +units):\n%s", ev.Metric, diff)
		}
	}
	return ""
}

func grouped(b *datasets.BlockUnits, group []int32, groups int) []stats.Moments {
	vectors := make([][][]float64, groups)
	for i, g := range group {
		if !b.Has(i) {
			continue
		}
		var x []float64
		for _, column := range b.Columns {
			x = append(x, column[i])
		}
		vectors[g] = append(vectors[g], x)
	}
	out := make([]stats.Moments, groups)
	for g := range out {
		out[g] = moments(vectors[g])
	}
	return out
}

// referenceUnits gives the units row by row.
func referenceUnits(q *datasets.Query, d Data) (*datasets.UnitValues, error) {
	ev, log, err := answer(q, d)
	if err != nil {
		return nil, err
	}
	out := &datasets.UnitValues{Evidence: ev}
	place, cluster := map[*unit]int{}, map[*randomised]int32{}
	for i, r := range log.randomised {
		cluster[r] = int32(i)
	}
	for i, u := range log.units {
		place[u] = i
		out.Variants = append(out.Variants, int32(u.variant))
		if q.Clustered {
			out.Clusters = append(out.Clusters, cluster[u.randomised])
		}
	}
	for b := range q.Blocks {
		units, err := measurement{enrolment: log, block: &q.Blocks[b]}.unitValues(&ev.Blocks[b], place)
		if err != nil {
			return nil, err
		}
		out.Blocks = append(out.Blocks, units)
	}
	return out, nil
}

// unitValues are the units of a block, given each one's place.
func (m measurement) unitValues(ev *datasets.BlockEvidence, place map[*unit]int) (out datasets.BlockUnits, err error) {
	if ev.Failed != "" {
		return out, nil
	}
	members, err := m.gather(&datasets.BlockEvidence{Incomplete: make([]int64, len(m.query.Variants)), Null: make([]int64, len(m.query.Variants))})
	if err != nil {
		return out, err
	}
	out.Absent = make([]bool, len(place))
	for i := range out.Absent {
		out.Absent[i] = true
	}
	rows := m.query.Values[m.block.Parts[0]].Take == datasets.Rows
	if !rows {
		out.Columns = make([][]float64, len(m.block.Parts)+len(m.block.Covariates))
		for c := range out.Columns {
			out.Columns[c] = make([]float64, len(place))
		}
	}
	for _, u := range members {
		at := place[u.unit]
		out.Absent[at] = false
		if rows {
			for _, x := range u.x {
				out.Rows, out.RowUnits = append(out.Rows, x), append(out.RowUnits, int32(at))
			}
			continue
		}
		for c, x := range inside(ev, u.x) {
			out.Columns[c][at] = x
		}
	}
	return out, nil
}
