package bulk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"liftgate/datasets"
	"liftgate/datasets/arrowfile"
	"liftgate/experiment"
)

// Options say what is assigned, and where to.
type Options struct {
	In  string // a file of units: Parquet, Arrow or CSV by its name's extension
	Out string // any of them too
	// Replace allows Out, and the record of a design, to be replaced.
	Replace  bool
	Workers  int                     // 0: as many as there are processors
	Progress func(done, total int64) // bytes of In; nil: nobody asks

	allocator memory.Allocator // of batches, for tests
}

// Assign assigns a file of units by hash, or by the record of a design that was drawn before, and adds the columns variant (empty
// for none), reason and point (of units that a hash gave a variant, else null). Out appears when it is complete. Units may occur
// in several rows.
func Assign(ctx context.Context, d *experiment.Definition, o Options) (s *Summary, err error) {
	decide, err := load(d)
	if err != nil {
		return nil, err
	}
	in, err := openUnits(d, o)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, in.reader.Close()) }()
	file, err := create(in, o, newFields)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Discard()) }()
	total, err := in.assignAll(ctx, d, decide, file, o)
	if err != nil {
		return nil, err
	}
	return total.summary(), file.Commit(o.Replace)
}

// units is an opened file of units.
type units struct {
	*subject
	reader arrowfile.Reader
}

func openUnits(d *experiment.Definition, o Options) (*units, error) {
	if err := arrowfile.Known(o.Out); err != nil {
		return nil, err
	}
	if _, err := os.Lstat(o.Out); err == nil && !o.Replace {
		return nil, fmt.Errorf("%s: %w (--force replaces it)", o.Out, fs.ErrExist)
	}
	reader, err := arrowfile.Open(o.In, arrowfile.ReadOptions{Allocator: o.allocator})
	if err != nil {
		return nil, err
	}
	s, err := newSubject(d, o.In, reader.Schema())
	if err != nil {
		return nil, errors.Join(err, reader.Close())
	}
	return &units{s, reader}, nil
}

// create starts the output: all columns of the input and the new ones.
func create(in *units, o Options, added []arrow.Field) (*arrowfile.File, error) {
	schema := in.reader.Schema()
	var coded []string
	for _, f := range added {
		if schema.HasField(f.Name) {
			return nil, &datasets.DataError{File: in.file, Column: f.Name, Err: errors.New("assign adds a column of this name: rename the one that is there")}
		}
		if f.Name == VariantColumn || f.Name == ReasonColumn {
			coded = append(coded, f.Name)
		}
	}
	metadata := schema.Metadata()
	whole := arrow.NewSchema(slices.Concat(schema.Fields(), added), &metadata)
	return arrowfile.Create(o.Out, whole, arrowfile.WriteOptions{Unique: []string{in.unit, PointColumn}, Coded: coded})
}

// answered is a batch with its new columns.
type answered struct {
	record arrow.Record
	*tally
}

func (u *units) assignAll(ctx context.Context, d *experiment.Definition, decide *decider, file *arrowfile.File, o Options) (*tally, error) {
	total := newTally(d)
	variants, why := dictionary(total.variants), dictionary(reasons)
	defer variants.Release()
	defer why.Release()
	p := pipeline[answered]{
		reader: u.reader, workers: o.Workers, progress: o.Progress,
		work: func(b *arrowfile.Batch) (answered, error) {
			out, err := u.assign(b, decide, total)
			if err != nil {
				return answered{}, err
			}
			added := out.arrays(variants, why)
			defer release(added)
			return answered{extended(b, newFields, added), out.tally}, nil
		},
		take: func(a answered) error {
			defer a.record.Release()
			total.merge(a.tally)
			return file.Write(a.record)
		},
		drop: func(a answered) { a.record.Release() },
	}
	return total, p.run(ctx)
}

// assign decides for every row of a batch.
func (u *units) assign(b *arrowfile.Batch, decide *decider, total *tally) (*outcomes, error) {
	p, err := u.of(b)
	if err != nil {
		return nil, err
	}
	rows := int(b.NumRows())
	out := newOutcomes(total.empty(), rows)
	for row := range rows {
		outcome, err := decide.assign(p, row)
		if err != nil {
			return nil, err
		}
		out.set(row, outcome, decide.hashed)
	}
	return out, nil
}

// extended is a batch with more columns. The caller releases it.
func extended(b *arrowfile.Batch, fields []arrow.Field, columns []arrow.Array) arrow.Record {
	fields = slices.Clone(fields)
	for i := range fields {
		fields[i].Type = columns[i].DataType()
	}
	schema := arrow.NewSchema(slices.Concat(b.Schema().Fields(), fields), nil)
	return array.NewRecord(schema, slices.Concat(b.Columns(), columns), b.NumRows())
}

func release(arrays []arrow.Array) {
	for _, a := range arrays {
		a.Release()
	}
}
