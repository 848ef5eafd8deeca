package bulk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"liftgate/datasets"
	"liftgate/datasets/arrowfile"
	"liftgate/datasets/bucket"
	"liftgate/experiment"
	"liftgate/experiment/assignment"
	"liftgate/experiment/assignment/design"
)

// MaxList is how many merchants a list may have.
const MaxList = 1_000_000

// Drawn is an assignment by a design.
type Drawn struct {
	Summary
	Record *assignment.Record
	Path   string // of the record
}

// PlaceRecord is where Draw writes the record of a design: where the definition says, or beside out when it leaves that open.
func PlaceRecord(d *experiment.Definition, out string) string {
	if name := d.Assignment.Design.Record; name == d.Name+".design.json" {
		return filepath.Join(filepath.Dir(out), name)
	}
	return d.RecordPath()
}

// Draw assigns a list of merchants by the definition's design and adds the columns variant, reason, point (null), stratum and
// pair. Out and the record of the design appear together when both are complete. Where there is a record that says otherwise, it is
// an error unless o.Replace: merchants may have met the variants that it gave them.
func Draw(ctx context.Context, d *experiment.Definition, o Options) (out *Drawn, err error) {
	place := PlaceRecord(d, o.Out)
	in, err := openUnits(d, o)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, in.reader.Close()) }()
	list, err := in.readList(ctx, d, o)
	if list != nil {
		defer list.release()
	}
	if err != nil {
		return nil, err
	}
	record, err := design.Draw(ctx, d, list.merchants)
	if err != nil {
		return nil, err
	}
	total, err := in.writeDrawn(ctx, d, list, record, place, o)
	if err != nil {
		return nil, err
	}
	return &Drawn{Summary: *total.summary(), Record: record, Path: place}, nil
}

// list is a whole file of merchants.
type list struct {
	batches   []*arrowfile.Batch
	keys      []string          // of all rows
	merchants []design.Merchant // those with a key
}

func (l *list) release() {
	for _, b := range l.batches {
		b.Release()
	}
}

// readList reads every merchant with what the design asks of it.
func (u *units) readList(ctx context.Context, d *experiment.Definition, o Options) (*list, error) {
	asked, err := u.ask(d)
	if err != nil {
		return nil, err
	}
	l := &list{}
	seen := map[string]string{} // places
	for {
		b, err := u.reader.Read(ctx)
		if errors.Is(err, io.EOF) {
			return l, nil
		}
		if err != nil {
			return l, err
		}
		l.batches = append(l.batches, b)
		if o.Progress != nil {
			o.Progress(u.reader.Progress())
		}
		if err := u.addMerchants(l, b, asked, seen); err != nil {
			return l, err
		}
	}
}

func (u *units) addMerchants(l *list, b *arrowfile.Batch, asked []wanted, seen map[string]string) error {
	p, err := u.of(b)
	if err != nil {
		return err
	}
	for row := range int(b.NumRows()) {
		key := strings.Clone(p.key(row))
		if l.keys = append(l.keys, key); key == "" {
			continue
		}
		if before, twice := seen[key]; twice {
			return &datasets.DataError{
				File: u.file, Place: b.Place(row), Column: u.unit,
				Err: fmt.Errorf("%q is on the list twice (first in %s): a design assigns each merchant once", key, before),
			}
		}
		if len(l.merchants) == MaxList {
			return &datasets.DataError{File: u.file, Place: b.Place(row), Err: fmt.Errorf("a design assigns at most %d merchants", MaxList)}
		}
		seen[key] = b.Place(row)
		attributes, err := p.attributes(row, asked)
		if err != nil {
			return err
		}
		l.merchants = append(l.merchants, design.Merchant{Key: key, Attributes: attributes})
	}
	return nil
}

// writeDrawn adds what the record says of every merchant.
func (u *units) writeDrawn(ctx context.Context, d *experiment.Definition, l *list, r *assignment.Record, place string, o Options) (t *tally, err error) {
	file, err := create(u, o, drawnFields)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Discard()) }()
	listed := make(map[string]*assignment.Listed, len(r.Merchants))
	for i := range r.Merchants {
		listed[r.Merchants[i].Unit] = &r.Merchants[i]
	}
	t = newTally(d)
	variants, why := dictionary(t.variants), dictionary(reasons)
	defer variants.Release()
	defer why.Release()
	next := 0
	for _, b := range l.batches {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		rows := l.keys[next:][:b.NumRows()]
		next += len(rows)
		columns := drawn(rows, listed, t, variants, why)
		whole := extended(b, drawnFields, columns)
		release(columns)
		err := file.Write(whole)
		whole.Release()
		if err != nil {
			return nil, err
		}
	}
	return t, commitBoth(file, r, place, o.Replace)
}

// drawnFields are the columns of a design's outcome.
var drawnFields = slices.Concat(newFields, []arrow.Field{
	{Name: StratumColumn, Type: arrow.BinaryTypes.String},
	{Name: PairColumn, Type: arrow.PrimitiveTypes.Int32, Nullable: true},
})

// drawn gives the new columns of some merchants. The caller releases them.
func drawn(keys []string, listed map[string]*assignment.Listed, t *tally, variants, why arrow.Array) []arrow.Array {
	out := newOutcomes(t, len(keys))
	strata, pairs := array.NewStringBuilder(memory.DefaultAllocator), array.NewInt32Builder(memory.DefaultAllocator)
	defer strata.Release()
	defer pairs.Release()
	for i, key := range keys {
		entry := listed[key]
		if entry == nil {
			entry = &assignment.Listed{Reason: bucket.NoUnit}
		}
		out.set(i, assignment.Outcome{Variant: entry.Variant, Reason: entry.Reason}, false)
		strata.Append(entry.Stratum)
		if entry.Pair > 0 {
			pairs.Append(int32(entry.Pair))
		} else {
			pairs.AppendNull()
		}
	}
	return append(out.arrays(variants, why), strata.NewArray(), pairs.NewArray())
}

// commitBoth lets the assignment and its record appear together, or neither. A record that is replaced comes back when the
// assignment cannot take its place.
func commitBoth(file *arrowfile.File, r *assignment.Record, place string, replace bool) (err error) {
	if err := file.Finish(); err != nil {
		return err
	}
	if _, err := os.Lstat(place); err == nil && !replace {
		if err := r.Write(place); err != nil {
			return fmt.Errorf("%w (--force does it, and moves them)", err)
		}
		return file.Commit(false)
	}
	aside, err := os.MkdirTemp(filepath.Dir(place), "."+filepath.Base(place)+".partial-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(aside)) }()
	fresh, old := filepath.Join(aside, "new"), filepath.Join(aside, "old")
	if err := r.Write(fresh); err != nil {
		return err
	}
	if replace {
		if err := os.Rename(place, old); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := os.Rename(fresh, place); err != nil {
		return errors.Join(err, back(old, place))
	}
	if err := file.Commit(replace); err != nil {
		return errors.Join(err, os.Remove(place), back(old, place))
	}
	return nil
}

func back(old, place string) error {
	if err := os.Rename(old, place); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
