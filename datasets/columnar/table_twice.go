package columnar

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"liftgate/datasets"
	"liftgate/datasets/tabular"
)

// verifier looks at the keys of units whose hashes came more than once.
type verifier struct {
	suspects map[uint64]bool
	mu       sync.Mutex
	seen     map[int][]sighting // by number of the part
}

// sighting is a row of such a unit.
type sighting struct {
	unit, cluster string
	line          int // of a CSV file
}

// note keeps the rows of suspects.
func (v *verifier) note(r *tableReader, b *tabular.Batch, units, clusters *tabular.Column) error {
	for i, h := range r.hasher.hashes {
		if !v.suspects[h] {
			continue
		}
		var s sighting
		var err error
		row := r.row(i)
		if s.unit, err = ownText(units, row, r.buf); err != nil {
			return err
		}
		if r.index != nil {
			if s.cluster, err = ownText(clusters, row, r.buf); err != nil {
				return err
			}
		}
		if b.Lines != nil {
			s.line = b.Lines[row]
		}
		v.mu.Lock()
		v.seen[r.part.number] = append(v.seen[r.part.number], s)
		v.mu.Unlock()
	}
	return nil
}

func ownText(c *tabular.Column, row int, buf []byte) (string, error) {
	s, err := keyText(c, row, buf)
	return strings.Clone(s), err
}

// listedTwice reads the keys once more, given the hashes that came more than once, and names the row of the first unit that is listed
// again, when there is one.
func (s *Source) listedTwice(ctx context.Context, t *unitTable, suspects []uint64) error {
	if len(suspects) == 0 {
		return nil
	}
	v := &verifier{suspects: map[uint64]bool{}, seen: map[int][]sighting{}}
	for _, h := range suspects {
		v.suspects[h] = true
	}
	parts, _, err := s.scanUnits(ctx, t, v)
	if err != nil {
		return err
	}
	type pair struct{ unit, cluster string }
	known := map[pair]bool{}
	for _, p := range parts {
		for _, at := range v.seen[p.number] {
			if k := (pair{at.unit, at.cluster}); !known[k] {
				known[k] = true
				continue
			}
			out := &datasets.DataError{File: p.origin.path, Place: p.origin.place, Column: t.table.Unit, Err: t.twice(at)}
			if at.line > 0 {
				out.Place = fmt.Sprintf("line %d", at.line)
			}
			return out
		}
	}
	return nil
}

func (t *unitTable) twice(at sighting) error {
	if t.query.Clustered {
		return fmt.Errorf("a unit of cluster %q is listed twice", at.cluster)
	}
	return fmt.Errorf("unit %q is listed twice", at.unit)
}
